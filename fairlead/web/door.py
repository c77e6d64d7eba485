"""Our authentication classes at the door of any view: also of a host's, whose exception handler knows nothing of ours.

Inside, errors stay what they are. At the door a refusal becomes an exception of Django REST framework that any handler
answers with the right status, challenge and Retry-After, and with `{detail, code}` as its body. Our own views render
the refusal itself, as a problem document.
"""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, ErrorDetail
from rest_framework.request import Request

from fairlead import metrics
from fairlead.refusal import Refused
from fairlead.web import refused_calls
from fairlead.web.codes import TABLE

Found = tuple[Any, Any]


class RefusedAtDoor(APIException):
    """Not AuthenticationFailed: of that DRF makes a 403 where the view's first class has no challenge (sessions), and
    it overwrites `auth_header`. `wait` and `auth_header` are what DRF's own handler reads."""

    def __init__(self, refused: Refused) -> None:
        code = str(refused.code)
        # A dictionary is sent as it stands by DRF's handler; of a text alone the code would be lost.
        super().__init__({"detail": ErrorDetail(gettext(refused.detail), code), "code": ErrorDetail(code, code)})
        self.refused = refused
        self.told = False
        self.status_code = TABLE[code].status
        if refused.retry_after is not None:
            self.wait = refused.retry_after
        if self.status_code == HTTPStatus.UNAUTHORIZED:
            self.auth_header = refused.challenge


@contextmanager
def refusals() -> Iterator[None]:
    """Around whatever a host's view runs of ours: Refused becomes RefusedAtDoor."""
    try:
        yield
    except Refused as refused:
        raise RefusedAtDoor(refused) from refused


class BearerAuthentication(BaseAuthentication):
    """Base of our authentication classes. They say who calls in `recognise`.

    `web.middleware.AuthenticateFirst` asks before a transaction of the view's begins (ATOMIC_REQUESTS); its answer,
    good or bad, is the one that counts.
    """

    door = ""
    """Under which name its verdicts are counted; empty where another class counts them."""

    def authenticate(self, request: Request) -> Found | None:
        known = _known(request).get(type(self))
        found = known or _Answer.of(self, request)
        return found.given(request)

    def authenticate_before(self, request: Request) -> None:
        """Ask now, and keep the answer for `authenticate`."""
        _known(request)[type(self)] = _Answer.of(self, request)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def recognise(self, request: Request) -> Found | None:
        """The user and their credential; None for a credential that is not of this kind. Raises Refused."""
        raise NotImplementedError


class _Answer:
    def __init__(self, found: Found | None = None, error: APIException | None = None) -> None:
        self._found, self._error = found, error

    @classmethod
    def of(cls, authentication: BearerAuthentication, request: Request) -> "_Answer":
        try:
            with refusals():
                found = authentication.recognise(request)
        except APIException as error:
            if authentication.door and isinstance(error, RefusedAtDoor):
                metrics.token_verdicts.count(authentication.door, str(error.refused.code))
            return cls(error=error)
        if authentication.door and found is not None:
            metrics.token_verdicts.count(authentication.door, "ok")
        return cls(found)

    def given(self, request: Request) -> Found | None:
        if self._error is not None:
            if isinstance(self._error, RefusedAtDoor) and not self._error.told:
                self._error.told = True
                refused_calls.tell(self._error.refused, request=request._request)
            raise self._error
        return self._found


def _known(request: Request) -> MutableMapping[type[BearerAuthentication], _Answer]:
    inner: Any = request._request
    if not hasattr(inner, "_fairlead_authenticated"):
        inner._fairlead_authenticated = {}
    found: MutableMapping[type[BearerAuthentication], _Answer] = inner._fairlead_authenticated
    return found
