"""Which providers there are: the one of the settings, merged in, and those of the admin.

The settings' is no row: nothing in the admin can change it, and taking the settings away takes it away.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from fairlead.conf import conf
from fairlead.credentials.fields import DecryptionFailed
from fairlead.idtokens import shared_issuers
from fairlead.memory import Memory
from oidc_login.errors import LoginRefused
from oidc_login.models import Identity, Provider

log = logging.getLogger(__name__)

# Slug and id of the provider that the settings name; no row may have the slug.
DEFAULT = "default"
_slugs: Memory[str, str] = Memory(seconds=60, size=1_000)


@dataclass(frozen=True, kw_only=True)
class ProviderConfig:
    """A provider as a sign-in sees it, wherever it was configured. `slug` stands in addresses, `id` is remembered."""

    id: str
    slug: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False, default="")
    scopes: str = "openid email profile"
    client_auth: str = ""
    enabled: bool = True
    trust_email: str = "never"
    linking: str = "verified_email"
    mobile_client_ids: tuple[str, ...] = ()
    from_settings: bool = False

    @property
    def initiate_url(self) -> str:
        """Where a browser begins a sign-in with this provider."""
        return f"{conf().origin}{initiate_path(provider=self.slug)}"


def initiate_path(**query: str) -> str:
    return f"{reverse('oidc_login:initiate')}?{urlencode(query, safe='/')}"


def of_settings() -> ProviderConfig | None:
    """The provider of the OIDC_ settings, enabled or not; None without issuer and client id."""
    values = conf()
    if not values.oidc_issuer_url or not values.oidc_client_id:
        return None
    return ProviderConfig(
        id=DEFAULT,
        slug=DEFAULT,
        name=values.oidc_provider_name,
        issuer=values.oidc_issuer_url,
        client_id=values.oidc_client_id,
        client_secret=values.oidc_client_secret,
        scopes=_with_openid(values.oidc_scopes),
        client_auth=values.oidc_client_auth,
        enabled=values.oidc_enabled and "{" not in values.oidc_issuer_url,
        trust_email=_trust(values.oidc_trust_email, values.oidc_issuer_url),
        linking=values.oidc_linking,
        mobile_client_ids=tuple(values.oidc_mobile_client_ids),
        from_settings=True,
    )


def of_row(row: Provider) -> ProviderConfig:
    return ProviderConfig(
        id=str(row.pk),
        slug=row.slug,
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        client_secret=row.client_secret,
        scopes=_with_openid(row.scopes),
        client_auth=row.client_auth,
        enabled=row.enabled,
        trust_email=_trust(row.trust_email, row.issuer),
        linking=row.linking,
        mobile_client_ids=tuple(str(each) for each in row.mobile_client_ids),
    )


def available() -> list[ProviderConfig]:
    """The enabled providers of the instance, the default first. A row with the settings' issuer gives way to it."""
    default = of_settings()
    found = [default] if default and default.enabled else []
    taken = {each.issuer for each in found}
    rows = Provider.objects.filter(organization=None, enabled=True)
    return found + [each for row in rows if row.issuer not in taken and (each := _readable(row))]


def tried(provider: ProviderConfig, *, now: datetime) -> None:
    """Note that somebody went the whole way there. The settings' provider has no row to note it in."""
    if not provider.from_settings:
        Provider.objects.filter(pk=provider.id).update(tested_at=now)


def _readable(row: Provider) -> ProviderConfig | None:
    """None where its secret cannot be decrypted: such a one is not offered, and the others are."""
    try:
        return of_row(row)
    except DecryptionFailed as error:
        log.error(
            "provider not offered: enter its client secret anew", extra={"provider": row.slug, "cause": str(error)}
        )
        return None


def names() -> dict[str, str]:
    """What people know each provider by, the disabled ones too."""
    default = of_settings()
    rows = Provider.objects.values_list("pk", "name")
    return {**({default.id: default.name} if default else {}), **{str(pk): name for pk, name in rows}}


def by_id(provider_id: str, *, enabled_only: bool = True) -> ProviderConfig | None:
    """The provider that something remembers."""
    if enabled_only:
        return next((each for each in available() if each.id == provider_id), None)
    if provider_id == DEFAULT:
        return of_settings()
    row = Provider.objects.filter(organization=None, pk=provider_id).first() if provider_id.isdecimal() else None
    return _readable(row) if row else None


def slug(provider_id: str) -> str:
    """The slug of an instance's provider, for what is counted; empty for any other."""
    return DEFAULT if provider_id == DEFAULT else _slugs.look_up(provider_id, lambda: _slug(provider_id)) or ""


def _slug(provider_id: str) -> str | None:
    rows = (
        Provider.objects.filter(organization=None, pk=provider_id)
        if provider_id.isdecimal()
        else Provider.objects.none()
    )
    return rows.values_list("slug", flat=True).first()


def configured(slug: str) -> ProviderConfig | None:
    """The provider with this slug, enabled or not: an administrator tries one out before anybody else may use it."""
    if slug == DEFAULT:
        return of_settings()
    row = Provider.objects.filter(organization=None, slug=slug).first()
    return _readable(row) if row else None


def chosen(slug: str) -> ProviderConfig:
    """The provider that a request names, or the default one. Raises LoginRefused(oidc_not_enabled, not_found)."""
    listed = available()
    if not listed:
        raise LoginRefused("providers.none_enabled")
    if not slug:
        return listed[0]
    found = next((each for each in listed if each.slug == slug), None)
    if found is None:
        raise LoginRefused("providers.unknown")
    return found


def of_identity(identity: Identity) -> ProviderConfig | None:
    """The enabled provider through which this identity comes in now. An imported one knows its issuer alone."""
    if identity.organization_id is not None:
        return None
    return next(
        (each for each in available() if each.issuer == identity.issuer and identity.client_id in {each.client_id, ""}),
        None,
    )


def any_enabled() -> bool:
    """By settings alone, never by reachability or a readable secret: an outage must not open the password door."""
    default = of_settings()
    return bool(default and default.enabled) or Provider.objects.filter(organization=None, enabled=True).exists()


def _trust(wanted: str, issuer: str) -> str:
    return "never" if wanted == "always" and shared_issuers.people_of_many(issuer) else wanted


def _with_openid(scopes: str) -> str:
    names = scopes.split()
    return " ".join(names if "openid" in names else ["openid", *names])
