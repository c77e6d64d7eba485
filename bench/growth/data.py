"""How much there is, and of what: one organization with most of the pools, one pool with half of the users."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session as BrowserSession
from django.db import models

from accounts.models import RefreshToken, Session, User
from bench.growth.copying import Fill, identifier, text
from fairlead.audit.models import AuditEvent
from fairlead.credentials.one_time import OneTime
from fairlead.orgs.models import Organization
from fairlead.web.models import AttemptCounter
from userpools.models import AppUser, UserPool

_ORGANIZATION, _POOL, _APP_USER, _PERSON, _SESSION = range(1, 6)
_BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
_EVENTS = ("signed_in", "signed_out", "session_ended", "api_key_made", "user_pool_changed")


@dataclass(frozen=True, kw_only=True)
class Scale:
    """`of` a whole: 1.0 is what the targets speak of."""

    pools: int = 100_000
    app_users: int = 1_000_000
    people: int = 200_000
    audit_events: int = 1_000_000
    expired: int = 5_000_000

    @classmethod
    def of(cls, factor: float) -> "Scale":
        whole = cls()
        return cls(**{name: max(1000, int(number * factor)) for name, number in vars(whole).items()})


def fills(scale: Scale, *, now: datetime) -> Iterator[Fill]:
    """In an order in which foreign keys find what they point at."""
    organizations = _organizations(scale)
    yield Fill(
        model=Organization,
        count=organizations,
        varying={
            "id": lambda n: identifier(_ORGANIZATION, n),
            "name": lambda n: f"Organization {n}",
            "slug": lambda n: f"organization-{n}",
        },
    )
    yield _pools(scale, organizations=organizations)
    yield _app_users(scale)
    yield _people(scale)
    yield _record(scale)
    yield from _expired(scale, now=now)


def _organizations(scale: Scale) -> int:
    return max(10, scale.pools // 100)


def organization_id() -> str:
    """Of the organization with most of the pools."""
    return identifier(_ORGANIZATION, 0)


def _pools(scale: Scale, *, organizations: int) -> Fill:
    return Fill(
        model=UserPool,
        count=scale.pools,
        constant={"hosted": False, "jwks_uri": "https://issuer.example/keys", "algorithms": ["RS256"]},
        varying={
            "id": lambda n: identifier(_POOL, n),
            # Nine of ten belong to the first, whose list is the long one.
            "organization": lambda n: identifier(_ORGANIZATION, 0 if n % 10 else n // 10 % organizations),
            "name": lambda n: f"Pool {n}",
            "created_at": _moment(scale.pools),
            "updated_at": _moment(scale.pools),
        },
    )


def _app_users(scale: Scale) -> Fill:
    return Fill(
        model=AppUser,
        count=scale.app_users,
        varying={
            "id": lambda n: identifier(_APP_USER, n),
            "pool": lambda n: identifier(_POOL, 1 if n % 2 else n // 2 % scale.pools),
            "external_id": lambda n: f"customer-{n}",
            "created_at": _moment(scale.app_users),
        },
    )


def _record(scale: Scale) -> Fill:
    return Fill(
        model=AuditEvent,
        count=scale.audit_events,
        constant={"actor_type": "user", "subject_type": "session", "details": {"method": "password"}},
        varying={
            "at": _moment(scale.audit_events),
            "event": lambda n: _EVENTS[n % len(_EVENTS)],
            "actor_id": lambda n: identifier(_PERSON, n % scale.people),
            "subject_id": lambda n: identifier(_SESSION, n),
            "address": lambda n: f"198.51.{n // 250 % 250}.{n % 250}",
            "request_id": lambda n: f"{n:032x}",
        },
    )


def _people(scale: Scale) -> Fill:
    return Fill(
        model=User,
        count=scale.people,
        constant={"password": "!", "status": "active", "is_active": True, "is_staff": False, "is_superuser": False},
        varying={
            "id": lambda n: identifier(_PERSON, n),
            "email": lambda n: f"Person.{n}@example.org",
            "email_canonical": lambda n: f"person.{n}@example.org",
            "name": lambda n: f"Person {n}",
            "created_at": _moment(scale.people),
        },
    )


def _expired(scale: Scale, *, now: datetime) -> Iterator[Fill]:
    """An equal part of each kind of row that `clear_expired` removes."""
    one_time = sorted(
        (model for model in apps.get_models() if issubclass(model, OneTime)), key=lambda model: model.__name__
    )
    part = scale.expired // (len(one_time) + 4)
    past = now - timedelta(days=90)
    yield Fill(
        model=Session,
        count=part,
        constant={"expires_at": past, "ended_at": past, "last_seen_at": past},
        varying={"id": lambda n: identifier(_SESSION, n), "user": lambda n: identifier(_PERSON, n % scale.people)},
    )
    yield Fill(
        model=RefreshToken,
        count=part,
        constant={"rotated_at": past},
        varying={"digest": lambda n: f"{n:064x}", "session": lambda n: identifier(_SESSION, n)},
    )
    yield Fill(model=AttemptCounter, count=part, constant={"ends_at": past}, varying={"key": lambda n: f"{n:064x}"})
    yield Fill(
        model=BrowserSession,
        count=part,
        constant={"expire_date": past, "session_data": "x" * 200},
        varying={"session_key": lambda n: f"{n:032x}"},
    )
    for model in one_time:
        names = {each.name for each in model._meta.concrete_fields}
        yield Fill(
            model=model,
            count=part,
            constant={name: past for name in ("expires_at", "ended_at") if name in names},
            varying={"digest": lambda n: f"{n:064x}"}
            | ({"id": lambda n: identifier(_SESSION, n)} if isinstance(model._meta.pk, models.UUIDField) else {})
            | _references(model, scale),
        )


def _references(model: type[models.Model], scale: Scale) -> dict[str, Any]:
    """Rows that belong to somebody belong to one person after the other; those of an organization, each to another."""
    most = {User: (_PERSON, scale.people), Organization: (_ORGANIZATION, _organizations(scale))}
    fields = [each for each in model._meta.concrete_fields if each.related_model in most]
    return {each.name: _in_turn(*most[each.related_model]) for each in fields}


def _in_turn(kind: int, count: int) -> Any:
    return lambda number: identifier(kind, number % count)


def _moment(count: int) -> Any:
    """Spread over a year, later rows later."""
    step = timedelta(days=365) / count
    return lambda number: text(_BEGAN + step * number)
