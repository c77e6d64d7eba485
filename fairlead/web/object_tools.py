"""What is done to one row of the administration, from its own page: a link, a page that tells it, a button.

GET asks, POST does. A tool is offered, and its page answers, only to whoever may use it on this row as it is now.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import Form, TextInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from fairlead.refusal import Refused

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Tool:
    """`label` is a verb with its object. `says` tells in sentences what will happen to the row.

    `do` returns what was done as a sentence, or the page that shows it. It raises Refused with what stands against it.
    """

    slug: str
    label: Words
    says: Callable[[Any], Sequence[Words]]
    do: Callable[[HttpRequest, Any], Words | HttpResponse]
    offered: Callable[[HttpRequest, Any], bool]


class ObjectTools(admin.ModelAdmin):
    change_form_template = "fairlead/object_page.html"
    tools: tuple[Tool, ...] = ()

    def get_urls(self) -> list[URLPattern]:
        # Before the rows' own paths, which take all of it for a primary key.
        place = path("<path:object_id>/do/<slug:slug>/", self.admin_site.admin_view(self.use), name=self._named("tool"))
        return [place, *super().get_urls()]

    def links(self, request: HttpRequest, row: Any) -> list[tuple[Words, str]]:
        """What the row's page offers this person: words and address."""
        return [
            (tool.label, reverse(f"admin:{self._named('tool')}", args=[row.pk, tool.slug]))
            for tool in self.tools
            if tool.offered(request, row)
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id)) if object_id else None
        more = {"tools": self.links(request, row)} if row is not None else {}
        return super().changeform_view(request, object_id, form_url, {**more, **(extra_context or {})})

    def use(self, request: HttpRequest, object_id: str, slug: str) -> HttpResponse:
        row = self.seen(request, object_id)
        tool = next((each for each in self.tools if each.slug == slug), None)
        if tool is None:
            raise Http404
        if not tool.offered(request, row):
            raise PermissionDenied
        if request.method == "POST":
            try:
                done = tool.do(request, row)
            except Refused as refused:
                done = HttpResponseRedirect(self.address(row))
                messages.error(request, gettext(refused.detail))
            if isinstance(done, HttpResponse):
                return done
            messages.success(request, str(done))
            return HttpResponseRedirect(self.address(row))
        context = {"title": tool.label, "row": row, "says": tool.says(row), "label": tool.label}
        return self.page(request, "fairlead/confirm.html", context, row=row)

    def form_page(self, request: HttpRequest, form: Form, *, title: Words, row: Any = None) -> HttpResponse:
        """A form of our own in the look of the administration."""
        for field in form.fields.values():
            if isinstance(field.widget, TextInput):
                field.widget.attrs.setdefault("class", "vTextField")
        return self.page(
            request, "fairlead/form_page.html", {"title": title, "form": form, "media": form.media}, row=row
        )

    def page(self, request: HttpRequest, template: str, context: dict[str, Any], *, row: Any = None) -> HttpResponse:
        here = {"opts": self.opts, "original": row, "back": self.address(row)}
        response = TemplateResponse(request, template, {**self.admin_site.each_context(request), **here, **context})
        response["Cache-Control"] = "no-store"
        return response

    def seen(self, request: HttpRequest, object_id: str) -> Any:
        """The row, for whoever may see it. Raises PermissionDenied or Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        return row

    def address(self, row: Any) -> str:
        """The row's page; the list's without one."""
        if row is None:
            return reverse(f"admin:{self._named('changelist')}")
        return reverse(f"admin:{self._named('change')}", args=[row.pk])

    def _named(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"


def deletes(model: type[Model], request: HttpRequest) -> bool:
    """Whether this is a page on which rows of `model` are deleted: rows that go with them may then go too.

    By the page's name: where the administration is mounted is the project's to choose.
    """
    found, options = request.resolver_match, model._meta
    pages = {f"{options.app_label}_{options.model_name}_{page}" for page in ("delete", "changelist")}
    return found is not None and found.app_name == "admin" and found.url_name in pages
