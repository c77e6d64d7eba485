"""Faults of people who sign in here: passwords, registration, mailed links, tokens and pages of ours."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from accounts.models import RefreshToken, Session, SignInPolicy, User
from oidc_login.models import Provider
from tests.faults.stage import PASSWORD, Stage, Told

Plant = Callable[[Stage], Told]
EMAIL = "person@example.org"


def login(password: str = PASSWORD, email: str = EMAIL) -> Plant:
    return lambda stage: stage.post("login", {"email": email, "password": password})


def register(**values: Any) -> Plant:
    def plant(stage: Stage) -> Told:
        stage.configure(**values)
        return stage.post("register", {"email": EMAIL, "password": PASSWORD, "name": "Person"})

    return plant


def with_account(then: Plant, **fields: Any) -> Plant:
    def plant(stage: Stage) -> Told:
        stage.person(**fields)
        return then(stage)

    return plant


def hashed_elsewhere(stage: Stage) -> Told:
    stage.person()
    User.objects.update(password="sha512_of_old$x$y")
    return login()(stage)


def without_password(stage: Stage) -> Told:
    stage.person()
    User.objects.update(password=make_password(None))
    return login()(stage)


def locked_out(stage: Stage) -> Told:
    stage.person()
    stage.configure(RATE_LIMITS=True, RATE_LIMIT_LOGIN=["1/60"])
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        login("wrong")(stage)
        return login()(stage)


def off_in_the_admin(stage: Stage) -> Told:
    stage.person()
    SignInPolicy.objects.create(disable_internal_auth=True)
    return login()(stage)


def registered_in_the_admin(stage: Stage) -> Told:
    SignInPolicy.objects.create(signup_email_domains=["example.com"])
    return register()(stage)


def refresh(change: Callable[[Stage, dict[str, str]], object]) -> Plant:
    def plant(stage: Stage) -> Told:
        stage.person()
        tokens = stage.tokens()
        change(stage, tokens)
        return stage.post("refresh", {"refresh_token": tokens["refresh_token"]})

    return plant


def used_before(stage: Stage, tokens: dict[str, str]) -> None:
    stage.configure(REFRESH_REUSE_GRACE=0)
    stage.browser.client.post("/api/auth/refresh", tokens, content_type="application/json")


def me(change: Callable[[Stage], object], at: str = "2026-01-01T12:00:00Z") -> Plant:
    def plant(stage: Stage) -> Told:
        stage.person()
        with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
            bearer = {"Authorization": f"Bearer {stage.tokens()['access_token']}"}
        with time_machine.travel(at, tick=False):
            change(stage)
            return stage.answered(stage.browser.client.get("/api/auth/me", headers=bearer))

    return plant


def another_secret(stage: Stage) -> None:
    stage.settings.SECRET_KEY = "another-" + "qpwoeiruty-alskdjfhg-zmxncbv-1029384756"


def form_of_another_site(stage: Stage) -> Told:
    client = Client(enforce_csrf_checks=True)
    return stage.shown(client.post("/login", {"email": EMAIL, "password": PASSWORD}, headers={"Accept": "text/html"}))


def not_staff(stage: Stage) -> Told:
    stage.browser.client.force_login(stage.person(), "accounts.backends.PasswordBackend")
    return stage.shown(stage.browser.client.get("/admin/", headers={"Accept": "text/html"}, follow=True))


def without_the_right(stage: Stage) -> Told:
    stage.browser.client.force_login(stage.person(is_staff=True), "accounts.backends.PasswordBackend")
    page = reverse(f"admin:{Provider._meta.label_lower.replace('.', '_')}_changelist")
    return stage.shown(stage.browser.client.get(page, headers={"Accept": "text/html"}))


def sign_in_link_used(stage: Stage) -> Told:
    page = reverse("oidc_login:signin-link")
    return stage.shown(stage.browser.client.post(page, {"token": "fls_never"}, headers={"Accept": "text/html"}))


def not_fresh(stage: Stage) -> Told:
    stage.person()
    bearer = {"Authorization": f"Bearer {stage.tokens()['access_token']}"}
    Session.objects.update(authenticated_at=Session.objects.get().authenticated_at - timedelta(minutes=6))
    return stage.post("identities/link", {}, **bearer)


def picture(stage: Stage) -> Told:
    stage.person()
    bearer = {"Authorization": f"Bearer {stage.tokens()['access_token']}"}
    return stage.answered(
        stage.browser.client.post("/api/auth/profile/image", {"image": _NoPicture("p.png")}, headers=bearer)
    )


def _NoPicture(name: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, b"no picture", "image/png")


FAULTS: dict[str, tuple[Plant, tuple[str, ...]]] = {
    "address mistyped": (login(email="nobody@example.org"), ("mistyped",)),
    "wrong password": (with_account(login("wrong password")), ("new one",)),
    "account of a provider": (without_password, ("no password", "provider")),
    "hash of an old system": (hashed_elsewhere, ("PASSWORD_HASHERS", "sha512_of_old")),
    "locked out": (locked_out, ("RATE_LIMIT_LOGIN=1/60 (", "TRUSTED_PROXIES=0 (")),
    "pending with a password": (with_account(login(), status="pending", is_active=False), ("under People",)),
    "suspended with a password": (with_account(login(), status="suspended", is_active=False), ("under People",)),
    "passwords off": (
        with_account(lambda stage: (stage.configure(DISABLE_INTERNAL_AUTH=True), login()(stage))[1]),
        ("DISABLE_INTERNAL_AUTH=true (",),
    ),
    "passwords off in the admin": (off_in_the_admin, ("DISABLE_INTERNAL_AUTH=true (admin)",)),
    "registration closed": (register(USER_SIGNUP="disabled"), ("USER_SIGNUP=disabled (", "add the person")),
    "registration of another domain": (
        register(SIGNUP_EMAIL_DOMAINS=("example.com",)), ("SIGNUP_EMAIL_DOMAINS=example.com (",),
    ),
    "registration of another domain, in the admin": (
        registered_in_the_admin, ("SIGNUP_EMAIL_DOMAINS=example.com (admin)",),
    ),
    "registered before": (with_account(register()), ("signs in to it",)),
    "refresh token of before": (refresh(lambda stage, tokens: RefreshToken.objects.all().delete()), ("signs in again",)),
    "refresh token used twice": (refresh(used_before), ("REFRESH_REUSE_GRACE=0 (", "keep the newest")),
    "SECRET_KEY changed": (me(another_secret), ("SECRET_KEY", "SECRET_KEY_FALLBACKS")),
    "APP_URL changed": (me(lambda stage: stage.configure(ORIGIN="https://new.example.org")), ("APP_URL",)),
    "access token ended": (me(lambda stage: None, at="2026-01-01T13:00:00Z"), ("refresh token",)),
    "session ended": (me(lambda stage: Session.objects.all().delete()), ("signs in again",)),
    "form without its token": (form_of_another_site, ("cookies", "APP_URL", "X-Forwarded-Proto", "TRUSTED_PROXIES=0 (")),
    "no administrator": (not_staff, ("superuser can make them staff",)),
    "an administrator without the right": (without_the_right, ("superuser can give it",)),
    "sign-in address used before": (sign_in_link_used, ("manage.py signin_link",)),
    "not signed in lately": (not_fresh, ("signs in once more",)),
    "no picture": (picture, ("JPEG",)),
}  # fmt: skip
