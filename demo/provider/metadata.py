"""The discovery document: the toolkit's, and its introspection endpoint, which it leaves out."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from oauth2_provider.views import ConnectDiscoveryInfoView


class DiscoveryView(ConnectDiscoveryInfoView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        document = json.loads(super().get(request, *args, **kwargs).content)
        document["introspection_endpoint"] = self._get_endpoint_url(request, "introspect", required=True)
        return JsonResponse(document)
