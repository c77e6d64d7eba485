"""The OpenAPI document, its browser, and the page that the `type` of a problem points to. No outside host."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, TemplateHTMLRenderer
from rest_framework.request import Request

from config import explained
from config.explained import Explained
from fairlead import causes
from fairlead.web.views import Api


class JsonUnlessYaml(DefaultContentNegotiation):
    """YAML for who asks for it, JSON for everybody else: the document's own media types are known to few clients."""

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        wanted = request.query_params.get("format") or request.headers.get("Accept", "")
        chosen = renderers[1] if "yaml" in wanted else renderers[0]
        return chosen, chosen.media_type


class Schema(Api, SpectacularAPIView):
    """OpenAPI 3 document; JSON, or YAML where the caller asks for it."""

    permission_classes = [AllowAny]
    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer]
    content_negotiation_class = JsonUnlessYaml


class Browser(Api, SpectacularSwaggerSplitView):
    """Swagger UI from our own static files; the page and its script are apart, so the CSP needs no exception."""

    permission_classes = [AllowAny]
    renderer_classes = [TemplateHTMLRenderer]
    url_name = "schema"
    template_name = "api_docs.html"


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    return render(request, "problems.html", {"rows": [_row(each) for each in explained.codes()]})


def _row(each: Explained) -> dict[str, Any]:
    """In the request's language."""
    return {
        "code": each.code,
        "status": each.status,
        "title": gettext(each.title),
        "told": causes.told(each.code) if each.told and not each.of_programs else None,
        "of_programs": each.of_programs,
        "causes": [explained.pieces(gettext(found.operator)) for found in each.causes.values()],
        "when": "" if each.causes else gettext(each.when),
    }
