"""Our access tokens at the door of a host's own view, whose exception handler knows nothing of ours."""

import pytest
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView, exception_handler

from accounts.authentication import AccessTokenAuthentication
from accounts.models import Session, User
from accounts.sessions import tokens
from fairlead import memory

pytestmark = pytest.mark.django_db


class HostsView(APIView):
    authentication_classes = [AccessTokenAuthentication]
    permission_classes = [IsAuthenticated]

    def get(self, request):
        return Response({"email": request.user.email, "session": str(request.auth.session_id)})

    def get_exception_handler(self):
        return exception_handler


def call(token=None):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
    response = HostsView.as_view()(APIRequestFactory().get("/", **headers))
    response.render()
    return response


@pytest.fixture
def token(person, rf):
    return tokens.issue(person, request=rf.get("/"), method="password").access_token


def test_person_and_session_are_told(person, token):
    answer = call(token)
    assert answer.status_code == 200
    assert answer.data == {"email": person.email, "session": str(Session.objects.get().pk)}


@pytest.mark.parametrize("sent", [None, "flk_key", "a.b.c"])
def test_no_token_of_ours_is_401(sent):
    answer = call(sent)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("how", ["damaged", "ended", "suspended"])
def test_token_that_does_not_count_is_401_with_its_code_and_never_a_fault(token, how):
    if how == "damaged":
        token = token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:]
    elif how == "ended":
        Session.objects.update(ended_at=Session.objects.get().started_at)
    else:
        User.objects.update(status="suspended", is_active=False)
    memory.forget_everything()
    answer = call(token)
    assert answer.status_code == 401
    assert answer.data["code"] == ("bad_signature" if how == "damaged" else "revoked")
    assert answer.data["detail"]
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
