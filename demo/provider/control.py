"""What tests may turn at the running provider. Mounted only under DEMO_PROVIDER_CONTROL=on."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from demo.people import PROVIDER_PASSWORD
from demo.provider import clients, keys
from demo.provider.middleware import counts
from demo.provider.models import Person


@require_GET
def read_counts(request: HttpRequest) -> HttpResponse:
    return JsonResponse(dict(counts))


@csrf_exempt
@require_POST
def reset_counts(request: HttpRequest) -> HttpResponse:
    counts.clear()
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def rotate(request: HttpRequest) -> HttpResponse:
    keys.rotate(settings.STATE, remove_old=json.loads(request.body or "{}").get("removeOld", False))
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def app_url(request: HttpRequest) -> HttpResponse:
    clients.register(json.loads(request.body)["url"])
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def person(request: HttpRequest) -> HttpResponse:
    wanted = json.loads(request.body)
    made = Person.objects.remember(
        email=wanted["email"],
        name=wanted.get("name", "New Person"),
        email_verified=wanted.get("emailVerified", True),
        picture=wanted.get("picture", False),
    )
    made.set_password(PROVIDER_PASSWORD)
    made.save(update_fields=["password"])
    return JsonResponse({"sub": str(made.pk)})


urlpatterns = [
    path("control/counts", read_counts),
    path("control/reset", reset_counts),
    path("control/rotate", rotate),
    path("control/app-url", app_url),
    path("control/people", person),
]
