"""`/account`: the person's own page, one form per thing. A form that is refused is shown again with the reason."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import policy
from accounts.forms import ChangeEmailForm, ChangePasswordForm, FirstPasswordForm, NameForm, PictureForm, page_status
from accounts.models import Session, User
from accounts.sessions import browser, lifecycle
from fairlead.refusal import Refused
from fairlead.web import seams
from fairlead.web.problem_page import Page
from fairlead.web.rate_limits import retry_later


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class AccountPage(Page):
    """What every form of the page has in common: a signed-in person, and the page around the form."""

    session: Session

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        session = browser.session_of(request) if request.user.is_authenticated else None
        if session is None:
            query = urlencode({"redirect": reverse("accounts:account")})
            return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")
        self.session = session
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> User:
        return self.session.user

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def done(self, text: str, *, part: str) -> HttpResponse:
        messages.success(self.request, text)
        return back_to(part)

    def refuse(self, refused: Refused, **forms: Form) -> HttpResponse:
        """The page again, with the form that says what was refused."""
        return retry_later(self.show(status=page_status(refused), **forms), refused)

    def show(self, *, status: int = 200, **forms: Form) -> HttpResponse:
        user, now = self.person, timezone.now()
        context: dict[str, Any] = {
            "person": user,
            "session": self.session,
            "devices": _devices(user, now=now),
            "fresh": self.session.method == Session.Method.PROVIDER and lifecycle.fresh(self.session, now=now),
            "password_allowed": policy.password_sign_in_allowed(),
            "sections": [section(self.request) for section in seams.account_sections],
            "sign_out_choices": [choice(self.request) for choice in seams.sign_out_choices],
            "name_form": NameForm(initial={"name": user.name}, prefix="name"),
            "picture_form": PictureForm(prefix="picture"),
            "email_form": ChangeEmailForm(has_password=user.has_usable_password(), prefix="email"),
            "password_form": ChangePasswordForm(prefix="password"),
            "first_form": FirstPasswordForm(prefix="first"),
            **forms,
        }
        return render(self.request, "accounts/account.html", context, status=status)


def _devices(user: User, *, now: datetime) -> list[dict[str, Any]]:
    """The open sessions, each with the name of the provider that it came through."""
    names: dict[str, str] = {}
    for of_app in seams.provider_names:
        names |= of_app()
    return [{"row": each, "through": names.get(each.provider, "")} for each in lifecycle.open_sessions(user, now=now)]


def back_to(part: str) -> HttpResponseRedirect:
    """To a part of the account page."""
    return HttpResponseRedirect(f"{reverse('accounts:account')}#{part}")
