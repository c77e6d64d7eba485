"""The doors to a person's linked providers: the API's, and the forms and the part of the account page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.generic import View
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.conf import conf
from fairlead.web import bodies, rate_limits
from fairlead.web.views import Api
from oidc_login import identities, people, providers
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused
from oidc_login.flow.authorization_request import Wish
from oidc_login.models import Identity, LoginAttempt
from oidc_login.serializers import IdentityAnswer, LinkFromInsideAnswer, LinkFromInsideRequest
from oidc_login.views.browser import depart_from_page, to_login


class Identities(Api):
    """The providers linked to the person."""

    authentication_classes = (people.AccessTokenAuthentication,)
    permission_classes = (IsAuthenticated,)
    throttle_classes = ()

    @extend_schema(operation_id="listIdentities", responses=IdentityAnswer(many=True))
    def get(self, request: Request) -> Response:
        session = people.reread(request)
        return Response(IdentityAnswer([shown(each) for each in identities.of(session.user)], many=True).data)


class OneIdentity(Api):
    authentication_classes = (people.AccessTokenAuthentication,)
    permission_classes = (IsAuthenticated,)
    throttle_classes = ()

    @extend_schema(operation_id="unlinkIdentity", responses={204: None})
    def delete(self, request: Request, identity_id: UUID) -> Response:
        """Unlink a provider; never the last way in."""
        session = people.reread(request)
        identities.unlink(identity_id, user=session.user, request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class LinkFromInside(Api):
    authentication_classes = (people.AccessTokenAuthentication,)
    permission_classes = (IsAuthenticated,)
    throttle_classes = (rate_limits.per_network("link", 30, 60),)

    @extend_schema(operation_id="linkIdentity", request=LinkFromInsideRequest, responses=LinkFromInsideAnswer)
    def post(self, request: Request) -> Response:
        """Begin a trip that links another provider: send the person's browser to the answer's address."""
        session = people.reread(request)
        sent = bodies.read(LinkFromInsideRequest, request)
        people.require_fresh(session)
        provider = providers.chosen(sent["provider"])
        ticket = identities.issue_ticket(provider, user=session.user, session_id=session.pk, now=timezone.now())
        address = f"{conf().origin}/api/auth/oidc/initiate?{urlencode({'link': ticket})}"
        return Response({"initiateUrl": address}, headers={"Cache-Control": "no-store"})


def shown(identity: Identity) -> dict[str, Any]:
    provider = next((each for each in providers.available() if each.issuer == identity.issuer), None)
    return {
        "id": identity.pk,
        "provider": provider.slug if provider else None,
        "providerName": provider.name if provider else identity.issuer,
        "issuerUrl": identity.issuer,
        "email": identity.claims.get("email"),
        "createdAt": identity.created_at,
        "lastLoginAt": identity.last_login_at,
    }


def section(request: HttpRequest) -> SafeString | str:
    """The part "linked providers" of the account page; nothing where there are neither providers nor links."""
    session = people.web_session(request)
    listed = providers.available()
    if session is None:
        return ""
    linked = [shown(each) for each in identities.of(session.user)]
    if not listed and not linked:
        return ""
    taken = {each["issuerUrl"] for each in linked}
    context = {"linked": linked, "offered": [each for each in listed if each.issuer not in taken]}
    return render_to_string("oidc_login/account_section.html", context, request=request)


class LinkFromPage(View):
    """The button of the account page that links another provider."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        session = people.web_session(request)
        if session is None:
            return HttpResponseRedirect("/login?redirect=/account")
        try:
            people.require_fresh(session)
            wish = Wish(redirect=f"{conf().origin}/account", purpose=LoginAttempt.Purpose.LINK, user=session.user)
            return depart_from_page(request, provider=providers.chosen(request.POST.get("provider", "")), wish=wish)
        except LoginRefused as refused:
            return to_login(request, refused)
        except people.REFUSALS:
            return to_login(request, LoginRefused(Code.FRESH_SIGN_IN_REQUIRED))


class UnlinkFromPage(View):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, identity_id: UUID) -> HttpResponse:
        session = people.web_session(request)
        if session is None:
            return HttpResponseRedirect("/login?redirect=/account")
        try:
            identities.unlink(identity_id, user=session.user, request=request)
            messages.success(request, "The provider is no longer linked to your account.")
        except LoginRefused as refused:
            messages.error(request, refused.detail)
        return HttpResponseRedirect("/account#providers")
