"""Sign-in providers examined: what their settings say by themselves, and what each answers."""

import time
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext

from fairlead.idtokens import discovery, outbound, waiting
from fairlead.placeholders import unexpanded
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, note, problem, warning
from oidc_login import providers
from oidc_login.diagnostics import provider_test
from oidc_login.diagnostics.named import part
from oidc_login.models import Identity, Provider
from oidc_login.providers import ProviderConfig


def look(asked: Asked) -> Iterator[Finding]:
    """Every enabled provider; with a slug that one alone, enabled or not. At most 20 seconds each."""
    chosen = _chosen(asked)
    if asked.provider and not chosen:
        yield problem(
            asked.provider,
            gettext("There is no such provider."),
            gettext("Known are: {slugs}.").format(slugs=", ".join(each.slug for each in _every()) or gettext("none")),
        )
    elif not chosen:
        yield note(gettext("Providers"), gettext("None is enabled."))
    for provider in chosen:
        yield from (_of(provider, finding) for finding in _settings(provider))
        if not asked.offline:
            yield from (_of(provider, finding) for finding in _answers(provider, asked))


def _every() -> list[ProviderConfig]:
    rows = Provider.objects.filter(organization=None).values_list("slug", flat=True)
    return [found for slug in (providers.DEFAULT, *rows) if (found := providers.configured(slug))]


def _chosen(asked: Asked) -> list[ProviderConfig]:
    if asked.provider:
        return [each for each in _every() if each.slug == asked.provider]
    return [each for each in _every() if each.enabled]


def _of(provider: ProviderConfig, finding: Finding) -> Finding:
    return replace(finding, what=f"{provider.slug}: {finding.what}")


def _settings(provider: ProviderConfig) -> Iterator[Finding]:
    """What can be seen without asking."""
    if not provider.enabled:
        yield note(gettext("Enabled"), gettext("No: people do not see it."))
    for field in ("issuer", "client_id", "client_secret", "scopes"):
        if unexpanded(getattr(provider, field)):
            yield problem(
                gettext("Placeholder"),
                gettext("{setting} holds a placeholder that nobody replaced.").format(setting=part(provider, field)),
                gettext("Write the value itself there."),
            )
    if discovery.WELL_KNOWN in provider.issuer:
        yield problem(
            gettext("Issuer"),
            gettext("This is the address of the discovery document, not the issuer."),
            gettext("Set {setting} to {issuer}").format(
                setting=part(provider, "issuer"), issuer=provider.issuer.partition(discovery.WELL_KNOWN)[0]
            ),
        )
    yield from _twins(provider)


def _twins(provider: ProviderConfig) -> Iterator[Finding]:
    """Issuers that differ by a slash are two: the same person would be two people."""
    twin = provider.issuer.removesuffix("/") if provider.issuer.endswith("/") else f"{provider.issuer}/"
    slugs = [each.slug for each in _every() if each.issuer == twin and each.slug != provider.slug]
    if slugs:
        yield warning(
            gettext("Issuer"),
            gettext("It differs by a slash alone from that of {slugs}.").format(slugs=", ".join(slugs)),
            gettext("Keep the one that calls itself as its discovery document does; compare {setting}.").format(
                setting=part(provider, "issuer")
            ),
            why=gettext("A provider has one issuer: at one of the two nobody comes in."),
        )
    if linked := Identity.objects.filter(issuer=twin).count():
        yield warning(
            gettext("Identities"),
            gettext("{count} are linked to {twin}, which differs by a slash alone.").format(count=linked, twin=twin),
            gettext("If the provider calls itself so, correct {setting}; else link these people anew.").format(
                setting=part(provider, "issuer")
            ),
            why=gettext("They are not recognised when they come in."),
        )


def _answers(provider: ProviderConfig, asked: Asked) -> Iterator[Finding]:
    what = gettext("Test")
    if discovery.WELL_KNOWN in provider.issuer:
        return
    if asked.late:
        yield note(what, gettext("Not asked: the time is used up. --provider looks at one alone."))
        return
    try:
        with waiting.outside.place(f"provider:{provider.id}"):
            yield from provider_test.look(provider, fetcher=outbound.providers(), clock=time.time)
    except waiting.Busy as busy:
        yield note(what, gettext(busy.detail))
