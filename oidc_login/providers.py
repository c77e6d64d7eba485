"""Which providers there are: the one of the environment, merged in, and those of the admin.

The environment's is no row: nothing in the admin can change it, and taking the variables away takes it away.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from fairlead.conf import conf
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused
from oidc_login.models import Provider

DEFAULT_SLUG = "default"
# Issuers under which strangers of many organizations have accounts: their e-mail claims are never to be taken unproven.
_SHARED_HOSTS = frozenset(
    {"accounts.google.com", "appleid.apple.com", "github.com", "www.facebook.com", "www.linkedin.com", "gitlab.com"}
)
_SHARED_TENANTS = frozenset({"common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"})


@dataclass(frozen=True, kw_only=True)
class ProviderConfig:
    """A provider as the trip sees it, wherever it was configured."""

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
    from_environment: bool = False

    @property
    def initiate_url(self) -> str:
        """Where a browser begins a sign-in with this provider."""
        return f"{conf().origin}/api/auth/oidc/initiate?{urlencode({'provider': self.slug})}"


def shared_by_many(issuer: str) -> bool:
    """Whether accounts of unrelated organizations, or of anyone, share this issuer."""
    parts = urlsplit(issuer)
    host = (parts.hostname or "").lower()
    if host in _SHARED_HOSTS:
        return True
    first = parts.path.strip("/").split("/")[0].lower()
    return host in {"login.microsoftonline.com", "sts.windows.net"} and first in _SHARED_TENANTS


def of_environment() -> ProviderConfig | None:
    """The provider of the OIDC_ variables, enabled or not; None without issuer and client id."""
    if not conf().oidc_issuer_url or not conf().oidc_client_id:
        return None
    return ProviderConfig(
        slug=DEFAULT_SLUG,
        name=conf().oidc_provider_name,
        issuer=conf().oidc_issuer_url,
        client_id=conf().oidc_client_id,
        client_secret=conf().oidc_client_secret,
        scopes=_with_openid(conf().oidc_scopes),
        client_auth=conf().oidc_client_auth,
        enabled=conf().oidc_enabled and "{" not in conf().oidc_issuer_url,
        trust_email=_trust(conf().oidc_trust_email, conf().oidc_issuer_url),
        linking=conf().oidc_linking,
        mobile_client_ids=tuple(conf().oidc_mobile_client_ids),
        from_environment=True,
    )


def of_row(row: Provider) -> ProviderConfig:
    return ProviderConfig(
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
    """The enabled providers, the default first. A row with the environment's issuer gives way to it."""
    environment = of_environment()
    found = [environment] if environment and environment.enabled else []
    taken = {each.issuer for each in found}
    return found + [of_row(row) for row in Provider.objects.filter(enabled=True) if row.issuer not in taken]


def default() -> ProviderConfig | None:
    return next(iter(available()), None)


def find(slug: str) -> ProviderConfig | None:
    """The enabled provider with this slug."""
    return next((each for each in available() if each.slug == slug), None)


def configured(slug: str) -> ProviderConfig | None:
    """The provider with this slug, enabled or not: an administrator tries one out before anybody else may use it."""
    if slug == DEFAULT_SLUG:
        return of_environment()
    row = Provider.objects.filter(slug=slug).first()
    return of_row(row) if row else None


def chosen(slug: str) -> ProviderConfig:
    """The provider that a request names, or the default one. Raises LoginRefused(oidc_not_enabled, not_found)."""
    listed = available()
    if not listed:
        raise LoginRefused(Code.OIDC_NOT_ENABLED)
    if not slug:
        return listed[0]
    found = next((each for each in listed if each.slug == slug), None)
    if found is None:
        raise LoginRefused(Code.NOT_FOUND)
    return found


def any_enabled() -> bool:
    """By settings alone, never by reachability: an outage must not open the password door."""
    return bool(available())


def _trust(wanted: str, issuer: str) -> str:
    return "never" if wanted == "always" and shared_by_many(issuer) else wanted


def _with_openid(scopes: str) -> str:
    names = scopes.split()
    return " ".join(names if "openid" in names else ["openid", *names])
