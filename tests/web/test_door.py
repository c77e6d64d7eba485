"""Our authentication classes in a host's views: whatever the host's handler is, it gives status, challenge and code."""

import json
from typing import Any

import pytest
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from fairlead.idtokens.errors import KeysUnavailable, RefusalCode, TokenRefused
from fairlead.orgs.errors import KeyCannotMakeKeys, NoSuchOrganization, OrganizationRequired
from fairlead.refusal import Refused
from fairlead.web.door import BearerAuthentication
from fairlead.web.rate_limits import RateLimited
from fairlead.web.views import Api
from sdkclients.errors import ClientRequired, UnknownClient

REFUSALS = [
    (TokenRefused(RefusalCode.EXPIRED, "Too old."), 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'}),
    (UnknownClient(), 401, {"WWW-Authenticate": "Bearer"}),
    (ClientRequired(), 400, {}),
    (OrganizationRequired(), 400, {}),
    (KeyCannotMakeKeys(), 403, {}),
    (NoSuchOrganization(), 404, {}),
    (RateLimited(7), 429, {"Retry-After": "7"}),
    (KeysUnavailable("Away.", retry_after=9), 503, {"Retry-After": "9"}),
]


def call(base: type[APIView], refusal: Exception, *before: Any) -> Any:
    class Door(BearerAuthentication):
        def recognise(self, request: Request) -> None:
            raise refusal

    class View(base):  # type: ignore[misc, valid-type]
        authentication_classes = [*before, Door]
        permission_classes = [AllowAny]
        throttle_classes: list[Any] = []

        def get(self, request: Request) -> Response:
            return Response({})

    answer = View.as_view()(APIRequestFactory().get("/"))
    return answer.render() if hasattr(answer, "render") else answer


@pytest.mark.parametrize(("refusal", "status", "headers"), REFUSALS, ids=lambda each: getattr(each, "code", None))
@pytest.mark.parametrize("before", [(), (SessionAuthentication,)], ids=["alone", "behind sessions"])
def test_a_hosts_view_answers_with_status_challenge_and_code(
    refusal: Refused, status: int, headers: dict[str, str], before: Any
) -> None:
    answer = call(APIView, refusal, *before)
    assert answer.status_code == status
    assert json.loads(answer.content) == {"detail": refusal.detail, "code": str(refusal.code)}
    assert {name: answer[name] for name in ("WWW-Authenticate", "Retry-After") if name in answer} == headers


@pytest.mark.parametrize(("refusal", "status", "headers"), REFUSALS, ids=lambda each: getattr(each, "code", None))
def test_our_own_view_answers_the_same_as_a_problem_document(
    refusal: Refused, status: int, headers: dict[str, str]
) -> None:
    answer = call(Api, refusal)
    body = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, body["code"], body["detail"]) == (status, str(refusal.code), refusal.detail)
    assert {name: answer[name] for name in ("WWW-Authenticate", "Retry-After") if name in answer} == headers


def test_a_fault_of_ours_is_no_refusal() -> None:
    for base in (APIView, Api):
        with pytest.raises(ZeroDivisionError):
            call(base, ZeroDivisionError())


@pytest.mark.parametrize(
    ("said", "sent"), [({}, "no-store"), ({"Cache-Control": "public, max-age=300"}, "public, max-age=300")]
)
def test_what_a_view_of_ours_does_not_say_may_be_kept_nobody_keeps(said: dict[str, str], sent: str) -> None:
    class View(Api):
        permission_classes = [AllowAny]

        def get(self, request: Request) -> Response:
            return Response({"access_token": "x"}, headers=said)

    assert View.as_view()(APIRequestFactory().get("/"))["Cache-Control"] == sent
