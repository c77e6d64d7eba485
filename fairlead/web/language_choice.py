"""`POST /language`: another language from now on, and the same page again."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from fairlead.web import languages, seams
from fairlead.web.problem_page import Page
from fairlead.web.redirects import safe_path


@method_decorator(never_cache, name="dispatch")
class Choose(Page):
    def post(self, request: HttpRequest) -> HttpResponse:
        """`language` is a code that is offered; others change nothing. `next` is a path of this site."""
        code = request.POST.get("language", "")
        response = HttpResponseRedirect(safe_path(request.POST.get("next")) or "/")
        if code in languages.offered():
            languages.keep(request, code)
            languages.kept(request, response)
            for note in seams.language_chosen:
                note(request, code)
        return response
