"""People of a site that has no `accounts`: whatever `get_user_model()` makes, and `django.contrib.auth`.

Subclass it, say whether the site's addresses are proven, and override `create` where a new user needs more:

    class People(oidc_login.people.People):
        local_addresses_proven = False

Integer keys and UUIDs, user names, empty and doubled addresses are what such sites have. An address is never matched
by the database alone: `iexact` takes look-alikes for one another on PostgreSQL. It only narrows the search; equal is
what has the same canonical form.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import authenticate, get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest

from fairlead import email_address, people_rows
from fairlead.audit.events import Event, record
from fairlead.conf import conf
from fairlead.people import AccountState, SignedIn, SignupRules, Tokens
from fairlead.person_refusals import SeveralAccounts
from fairlead.verified_by import VerifiedBy
from fairlead.web import password_tries
from oidc_login import new_users, providers, sessions, user_addresses
from oidc_login.errors import InvalidCredentials, NotActive
from oidc_login.models import Identity


class People:
    """The default of FAIRLEAD["PEOPLE"]: complete but for one word of its own, which a check demands."""

    local_addresses_proven: bool
    """Whether every address of this site's users was proven to be theirs, by a mailed link say. Where it is not, a
    verified sign-in through a provider takes the password of an account away before it is linked: whoever registered
    with the address may not be its owner."""

    tokens: Tokens | None = None
    middleware = "oidc_login.middleware.ProviderSessionMiddleware"
    """Without it an ended session would go on: a check demands it."""

    def canonical(self, email: str) -> str:
        return email_address.canonical(email)

    def by_id(self, pk: Any, *, lock: bool = False) -> Any | None:
        try:
            return self._users(lock=lock).filter(pk=pk).first()
        except (ValueError, TypeError, ValidationError):
            return None

    def by_email(self, canonical: str, *, lock: bool = False) -> Any | None:
        name = get_user_model().get_email_field_name()
        spelt = Q(**{f"{name}__iexact": canonical}) | Q(**{f"{name}__iexact": user_addresses.in_unicode(canonical)})
        found = [
            each for each in self._users(lock=lock).filter(spelt) if user_addresses.canonical_of(each) == canonical
        ]
        if len(found) > 1:
            raise SeveralAccounts
        return found[0] if found else None

    def _users(self, *, lock: bool) -> Any:
        users = get_user_model()._default_manager.all()
        # Without the joins of a site's own manager: PostgreSQL refuses to lock the empty side of one.
        return users.select_related(None).select_for_update() if lock else users

    def state(self, user: Any) -> AccountState:
        canonical = user_addresses.canonical_of(user)
        return AccountState(
            status=_status(user),
            email=user_addresses.of(user),
            email_canonical=canonical,
            verified_by=self._verified_by(user, canonical),
            has_password=bool(user.password) and user.has_usable_password(),
            is_staff=bool(getattr(user, "is_staff", False)),
            is_superuser=bool(getattr(user, "is_superuser", False)),
            # Who wrote the name nobody knows, so only an empty one is filled.
            name_is_own=bool(new_users.name_of(user)),
            picture_is_own=True,
        )

    def _verified_by(self, user: Any, canonical: str) -> VerifiedBy:
        """By a provider, if one has said so of the address that the account has now."""
        if self.local_addresses_proven:
            return VerifiedBy.LINK
        for identity in Identity.objects.filter(user=user):
            said = identity.claims
            if (
                said.get("emailVerified") == "true"
                and user_addresses.canonical(str(said.get("email", ""))) == canonical != ""
            ):
                return VerifiedBy.PROVIDER
        return VerifiedBy.NOTHING

    def signup(self, canonical: str) -> SignupRules:
        return new_users.rules(canonical)

    def create(self, *, email: str, name: str, verified_by: VerifiedBy, pending: bool, request: HttpRequest) -> Any:
        user = new_users.unsaved(email=email, name=name, active=not pending)
        user.save(force_insert=True)
        record(Event.REGISTERED, actor=user, subject=user, request=request, by="provider", pending=pending)
        return user

    def update(
        self,
        user: Any,
        *,
        name: str | None = None,
        email: str | None = None,
        verified_by: VerifiedBy | None = None,
        picture: bytes | None = None,
        request: HttpRequest | None = None,
    ) -> None:
        """Name and address. There is no place for a picture; how an address was verified follows from identities."""
        changed = new_users.set_name(user, name) if name else []
        if email is not None:
            setattr(user, user.get_email_field_name(), email)
            changed.append(user.get_email_field_name())
        if changed:
            user.save(update_fields=changed)

    def promote(self, user: Any, *, request: HttpRequest) -> None:
        """Never one that is not active: whether it waits or was shut out, nobody can tell here."""
        wanted = user_addresses.canonical(conf().admin_email)
        if not wanted or wanted != user_addresses.canonical_of(user) or not user.is_active:
            return
        changed = [name for name in ("is_staff", "is_superuser") if getattr(user, name, True) is False]
        if changed:
            for name in changed:
                setattr(user, name, True)
            user.save(update_fields=changed)
            record(Event.ADMIN_GRANTED, subject=user, request=request, reason="ADMIN_EMAIL")

    def wipe_unverified(self, user: Any, *, request: HttpRequest) -> bool:
        """Another password hash ends every session that Django knows of this user."""
        had_password = self.state(user).has_password
        user.set_unusable_password()
        user.save(update_fields=["password", *new_users.set_name(user, "")])
        people_rows.wipe(user)
        if had_password:
            record(Event.PASSWORD_REMOVED, subject=user, request=request, reason="address never proven")
        return had_password

    def prove_password(self, request: HttpRequest, user: Any, password: str) -> None:
        """Through every backend of the site, so that its own lockouts hold here too."""
        credentials = {get_user_model().USERNAME_FIELD: user.get_username(), "password": password}
        with password_tries.counted(request, account=str(user.pk)):
            found = authenticate(request, **credentials)
            if found is None or found.pk != user.pk:
                raise InvalidCredentials

    def password_sign_in_allowed(self) -> bool:
        return not (conf().disable_internal_auth and providers.any_enabled())

    def sign_in(
        self, request: HttpRequest, user: Any, *, provider: str, sid: str = "", expires_at: datetime | None = None
    ) -> None:
        if (status := _status(user)) != "active":
            raise NotActive(status)
        sessions.begin(request, user, provider=provider, sid=sid, expires_at=expires_at)

    def sign_out(self, request: HttpRequest) -> None:
        sessions.sign_out(request)

    def end_sessions(
        self,
        user: Any,
        *,
        provider: str | None = None,
        not_provider: str | None = None,
        sid: str | None = None,
        before: datetime | None = None,
    ) -> int:
        """Those that began here. What a site's own sign-in page opened is not told apart by provider or time."""
        return sessions.end(user, provider=provider, not_provider=not_provider, sid=sid, before=before)

    def signed_in(self, request: HttpRequest) -> SignedIn | None:
        here = sessions.here(request)
        return here if here and _status(here.user) == "active" else None

    def session_is_open(self, session_id: str, *, user: Any) -> bool:
        return _status(user) == "active" and sessions.is_open(session_id, user=user)

    def may_administer(self, user: Any, permission: str) -> bool:
        return bool(user.is_active and getattr(user, "is_staff", False) and user.has_perm(permission))


def _status(user: Any) -> str:
    """Django knows active or not: whoever never was in waits for approval, anybody else was shut out."""
    if user.is_active:
        return "active"
    return "pending" if getattr(user, "last_login", None) is None else "suspended"
