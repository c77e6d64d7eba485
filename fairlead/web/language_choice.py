"""`POST /language`: another language from now on, and the same page again."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from fairlead.web import languages, seams
from fairlead.web.problem_page import Page
from fairlead.web.redirects import safe_path


@method_decorator(never_cache, name="dispatch")
class Choose(Page):
    def post(self, request: HttpRequest) -> HttpResponse:
        """`language` is a code that is offered; others change nothing. `next` is a path of this site.

        What stands behind the path is the browser's to say: a page's query may hold tokens and a stranger's words,
        which no page repeats.
        """
        code = request.POST.get("language", "")
        response = HttpResponseRedirect(_back(request))
        if code in languages.offered():
            languages.keep(request, code)
            languages.kept(request, response)
            for note in seams.language_chosen:
                note(request, code)
        return response


def _back(request: HttpRequest) -> str:
    """The path that the form names, with the query that its page had where the browser tells it."""
    target = safe_path(request.POST.get("next")) or "/"
    came_from = request.headers.get("Referer", "")
    if came_from.startswith(request.build_absolute_uri("/")) and "?" not in target:
        path, query = urlsplit(came_from).path, urlsplit(came_from).query
        if path == urlsplit(target).path and query:
            return safe_path(f"{path}?{query}") or target
    return target
