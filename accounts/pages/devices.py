"""The part of the account page about signed-in devices."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from accounts.models import Session
from accounts.pages.account import AccountPage
from accounts.sessions import lifecycle


class EndDevice(AccountPage):
    def post(self, request: HttpRequest, session_id: UUID) -> HttpResponse:
        session = Session.objects.filter(pk=session_id, user=self.person).select_related("user").first()
        if session is not None:
            lifecycle.end(session, actor=self.person, request=request)
        return self.done(gettext("That device is signed out."), part="devices")


class EndOtherDevices(AccountPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        lifecycle.end_others(self.person, keep=self.session, actor=self.person, request=request)
        return self.done(gettext("All other devices are signed out."), part="devices")
