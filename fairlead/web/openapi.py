"""The OpenAPI document: the one way in which a view's method says what it takes, answers and refuses.

A `Call` stands in its app's `schema` under a name of its own, and decorates the method: `@schema.create`. Refusals are
named by their code alone; status, sentence, headers and example follow from the one table of codes.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from fairlead.web import problem_responses
from fairlead.web.codes import TABLE
from fairlead.web.tags import Tag

Method = TypeVar("Method", bound=Callable[..., Any])
# What any body may be refused with, before its members are looked at.
_OF_BODIES = ("invalid_request", "body_too_large", "unsupported_media_type")
# What any call may be answered while the database is away: `web.outages`.
_OF_ALL = ("unavailable",)
# What a call is refused with that wants one of our access tokens.
ACCESS_TOKEN_CODES = (
    "not_authenticated", "malformed", "bad_signature", "expired", "wrong_issuer", "wrong_audience", "missing_claim",
    "revoked",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What a call answers when all is well: a serializer or a schema with an example of it, or no body at all.

    `headers` are the answer's own, each with its meaning.
    """

    shape: Any = None
    example: Any = None
    _: KW_ONLY
    text: str = ""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One call of the API. `examples` are bodies by name; `refuses` are codes, those of any body apart."""

    id: str
    _: KW_ONLY
    summary: str
    tag: Tag
    answers: Mapping[int, Answer]
    description: str = ""
    parameters: Sequence[OpenApiParameter] = ()
    body: type[serializers.Serializer] | None = None
    media_type: str = "application/json"
    examples: Mapping[str, Any] = field(default_factory=dict)
    refuses: Collection[str] = ()

    def __call__(self, method: Method) -> Method:
        """Where drf-spectacular looks for a method's own schema. A class, since one instance serves one view."""
        method.kwargs = {"schema": type(f"{self.id}Schema", (CallSchema,), {"call": self})}  # type: ignore[attr-defined]
        return method

    @property
    def codes(self) -> list[str]:
        """Every code that the call can be refused with, in the table's order."""
        wanted = {*self.refuses, *_OF_ALL, *(_OF_BODIES if self.body else ())}
        return [code for code in TABLE if code in wanted] + sorted(wanted - set(TABLE))


class CallSchema(AutoSchema):
    call: Call

    def get_operation_id(self) -> str:
        return self.call.id

    def get_summary(self) -> str:
        return self.call.summary

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular's own, without arguments
        return self.call.description

    def get_tags(self) -> list[str]:
        return [self.call.tag.value]

    def get_override_parameters(self) -> list[Any]:
        return list(self.call.parameters)

    def get_request_serializer(self) -> Any:
        """Also for PATCH the body as it is: what may be left out, it says itself."""
        if self.call.body is None:
            return None
        return {self.call.media_type: self.resolve_serializer(self.call.body(), "request").ref}

    def get_response_serializers(self) -> Any:
        return {
            (status, answer.media_type): OpenApiResponse(response=answer.shape, description=answer.text)
            for status, answer in self.call.answers.items()
        }

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        registry.register_on_missing(problem_responses.PROBLEM)
        found: Any = super().get_operation(path, path_regex, path_prefix, method, registry)
        for status, answer in self.call.answers.items():
            response = found["responses"][str(status)]
            if answer.headers:
                response["headers"] = problem_responses.headers(answer.headers)
            for content in response.get("content", {}).values():
                content["examples"] = {"An answer": {"value": answer.example}}
        if self.call.body is not None:
            body = found["requestBody"]
            body["required"] = any(each.required for each in self.call.body().fields.values())
            body["content"][self.call.media_type]["examples"] = {
                name: {"value": value} for name, value in self.call.examples.items()
            }
        found["responses"] |= problem_responses.by_status(self.call.codes)
        return found


class ClosedBody(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """A body refuses members that it does not know."""

    target_class = "fairlead.web.bodies.Body"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        found: dict[str, Any] = auto_schema._map_serializer(  # type: ignore[no-untyped-call]
            self.target, direction, bypass_extensions=True
        )
        # A docstring that is inherited tells about the base class, not about this body.
        if not vars(type(self.target)).get("__doc__"):
            found.pop("description", None)
        return {**found, "additionalProperties": False}
