"""User pools examined: what their settings say by themselves, and whether the keys can be had.

A fault here is a warning, not a problem of the installation: it is its organization that can mend it.
"""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from fairlead.idtokens import discovery, outbound, waiting
from fairlead.idtokens.errors import FetchesUsedUp, FetchFailed, FetchRefused
from fairlead.placeholders import unexpanded
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, good, note, problem, warning
from userpools import key_check
from userpools.authorization import warnings_of
from userpools.models import UserPool

_MEMBERS = {"jwks_uri": "jwksUri", "issuer": "issuer", "id_claim": "idClaim"}


def look(asked: Asked) -> Iterator[Finding]:
    """Every pool of every organization that is not disabled; with an id that one alone."""
    pools = _chosen(asked)
    if asked.pool and not pools:
        yield problem(
            asked.pool,
            gettext("There is no such pool."),
            gettext("Take the id from the admin, or from GET /org/userPool."),
        )
    not_asked = 0
    for pool in pools.iterator(chunk_size=500):
        found = [*_settings(pool)]
        if pool.hosted or (not asked.offline and not asked.late):
            found += _keys(pool)
        elif not asked.offline:
            not_asked += 1
        yield from (replace(each, what=f"{_named(pool)}: {each.what}") for each in found)
    if not_asked:
        text = gettext("The time is used up: the keys of {count} pools were not fetched.").format(count=not_asked)
        yield note(gettext("Pools"), text, gettext("--pool looks at one alone."))
    if not asked.pool:
        yield good(gettext("Pools"), gettext("{count} in all.").format(count=pools.count()))


def _chosen(asked: Asked) -> QuerySet[UserPool]:
    pools = UserPool.objects.select_related("organization").order_by("organization__slug", "name", "pk")
    if not asked.pool:
        return pools.filter(organization__disabled_at=None)
    try:
        return pools.filter(pk=UUID(asked.pool))
    except ValueError:
        return pools.none()


def _named(pool: UserPool) -> str:
    return f"{pool.organization.slug}, {pool.name} ({pool.pk})"


def _settings(pool: UserPool) -> Iterator[Finding]:
    """What can be seen without asking."""
    for field, member in _MEMBERS.items():
        if unexpanded(getattr(pool, field)):
            yield _placeholder(pool, member)
    if any(map(unexpanded, pool.audiences)):
        yield _placeholder(pool, "audience")
    for field in ("issuer", "jwks_uri"):
        if discovery.WELL_KNOWN in (value := getattr(pool, field)):
            wanted = value.partition(discovery.WELL_KNOWN)[0]
            remedy = gettext("{owner} sets issuer to {issuer}").format(owner=_owner(pool), issuer=wanted)
            if field == "jwks_uri":
                remedy = gettext("{owner} sets jwksUri to the jwks_uri of that document.").format(owner=_owner(pool))
            yield warning(
                _MEMBERS[field],
                gettext("This is the address of the discovery document."),
                remedy,
                why=gettext("Every token is refused."),
            )
    yield from (note(each["code"], each["detail"]) for each in warnings_of(pool) if each["code"] != "keys_unreachable")


def _placeholder(pool: UserPool, member: str) -> Finding:
    return warning(
        member,
        gettext("It looks like a variable that nobody expanded."),
        gettext("{owner} sends its value instead.").format(owner=_owner(pool)),
        why=gettext("No token fits it."),
    )


def _owner(pool: UserPool) -> str:
    """The party to turn to, and the call that it makes."""
    return gettext("The organization {slug} (PATCH /org/userPool/{id})").format(slug=pool.organization.slug, id=pool.pk)


def _keys(pool: UserPool) -> Iterator[Finding]:
    try:
        found = key_check.check(pool, now=timezone.now())
        named = "" if pool.hosted else _calls_itself(pool)
    except (waiting.Busy, FetchesUsedUp) as later:
        yield note(gettext("Keys"), later.detail)
        return
    for step in found["steps"]:
        if step["outcome"] == "failed":
            yield warning(
                step["name"],
                step["text"],
                " ".join((step["remedy"] or "", gettext("{owner} can.").format(owner=_owner(pool)))).strip(),
            )
        elif step["name"] != "rules":
            yield good(step["name"], step["text"])
    if named not in {"", pool.issuer}:
        yield warning(
            "issuer",
            gettext("The issuer calls itself {named}, not {issuer}.").format(named=named[:200], issuer=pool.issuer),
            gettext("{owner} sets issuer to exactly that, to the last slash.").format(owner=_owner(pool)),
            why=gettext("Tokens carry the issuer's own name, so every one is refused."),
        )


def _calls_itself(pool: UserPool) -> str:
    """What the issuer's discovery document calls it; empty where there is none. Without jwksUri that is checked."""
    if not pool.issuer or not pool.jwks_uri:
        return ""
    try:
        fetched = outbound.pools().get_json(discovery.discovery_url(pool.issuer))
        return str(discovery.parse(fetched.json())["issuer"])
    except (FetchFailed, FetchRefused):
        return ""
