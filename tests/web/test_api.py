"""`Api`: our views behave alike in every project, whatever it put into REST_FRAMEWORK."""

import json
from typing import Any

import pytest
from django.db import connections
from django.urls import get_resolver
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from fairlead.web import bodies
from fairlead.web.fields import Moment, Text
from fairlead.web.views import Api
from tests.orgs.test_house import routes

rf = APIRequestFactory()


class Form(bodies.Body):
    name = Text(max_length=10)


class Echo(Api):
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        return Response({"user": str(request.user), "name": "ü"})

    def post(self, request: Request) -> Response:
        return Response(bodies.read(Form, request))


class Closed(Api):
    def get(self, request: Request) -> Response:
        return Response({})


class Nothing(BaseThrottle):
    def allow_request(self, request: Request, view: APIView) -> bool:
        return False


class Html(BaseRenderer):
    media_type, format = "text/html", "html"


HOST = {
    "EXCEPTION_HANDLER": "tests.web.test_api.unexpected",
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_THROTTLE_CLASSES": ["tests.web.test_api.Nothing"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.FormParser"],
    "DEFAULT_RENDERER_CLASSES": ["tests.web.test_api.Html"],
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.AcceptHeaderVersioning",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "rest_framework.negotiation.DefaultContentNegotiation",
    "NON_FIELD_ERRORS_KEY": "whole",
    "UNICODE_JSON": False,
    "DATETIME_FORMAT": "%d.%m.%Y",
    "UNAUTHENTICATED_USER": None,
}


def unexpected(error: Exception, context: Any) -> Response:
    raise AssertionError("the host's handler was asked")


@pytest.fixture
def host(settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, **HOST}
    settings.TIME_ZONE = "Asia/Tokyo"


def post(body: str, view: Any = Echo, content_type: str = "application/json") -> Any:
    answer = view.as_view()(rf.generic("POST", "/", body, content_type=content_type))
    return answer.render() if hasattr(answer, "render") else answer


@pytest.mark.usefixtures("host")
class TestInAHost:
    def test_the_answer_is_json_whatever_is_accepted(self) -> None:
        answer = Echo.as_view()(rf.get("/", headers={"Accept": "text/html; version=2"})).render()
        assert (answer["Content-Type"], answer.content.decode()) == ("application/json", '{"user":"None","name":"ü"}')

    def test_bodies_are_read_strictly(self) -> None:
        assert post('{"name": "x"}').content == b'{"name":"x"}'
        assert post("name=x", content_type="application/x-www-form-urlencoded").status_code == 415
        for body in ('{"name": "x", "name": "y"}', '{"name": NaN}', '{"name": "\\u0000"}', "{", '"\xff"', "[" * 9999):
            answer = post(body)
            assert (answer.status_code, json.loads(answer.content)["code"]) == (400, "invalid_request"), body

    def test_refusals_are_problem_documents(self) -> None:
        answer = Closed.as_view()(rf.get("/"))
        assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "forbidden")
        answer = post('{"name": 1, "other": 2}')
        assert answer["Content-Type"] == "application/problem+json"
        assert json.loads(answer.content)["errors"] == {"other": ["Unknown field. Known here: name."]}

    def test_errors_of_the_whole_body_have_one_name(self) -> None:
        class Whole(bodies.Body):
            def validate(self, given: Any) -> Any:
                raise serializers.ValidationError("Wrong together.")

        class View(Echo):
            def post(self, request: Request) -> Response:
                return Response(bodies.read(Whole, request))

        assert json.loads(post("{}", View).content)["errors"] == {"non_field_errors": ["Wrong together."]}

    def test_times_are_in_utc(self) -> None:
        from django.utils import timezone

        class Shown(serializers.Serializer):
            at = Moment()

        moment = timezone.datetime(2030, 1, 1, 12, tzinfo=timezone.get_current_timezone())
        assert Shown({"at": moment}).data == {"at": "2030-01-01T03:00:00Z"}

    def test_options_are_refused_like_every_other_method(self) -> None:
        assert Echo.as_view()(rf.options("/")).status_code == 405


def test_a_body_is_read_up_to_its_bound() -> None:
    answer = post('{"name": "' + "x" * bodies.MAX_BODY + '"}')
    assert (answer.status_code, json.loads(answer.content)["code"]) == (413, "body_too_large")


def test_no_transaction_of_atomic_requests_is_around_a_view_of_ours() -> None:
    for address, callback in routes():
        if issubclass(getattr(callback, "cls", object), Api):
            assert callback._non_atomic_requests == set(connections), address


def test_every_rest_framework_view_of_the_site_is_one_of_ours() -> None:
    found = [callback.cls for _, callback in routes() if hasattr(callback, "cls")]
    assert len(found) > 40
    assert [view for view in found if not issubclass(view, Api)] == []
    assert get_resolver()
