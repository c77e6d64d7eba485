"""Issuers that strangers share: one list, for whoever must not take one customer's word for another's.

Whose keys sign tokens for the applications of many customers (a user pool must name issuer and audience there), and
under whose issuer people of unrelated organizations have accounts (a sign-in never takes its addresses unproven).
"""

import re
from urllib.parse import SplitResult, urlsplit

_DOMAINS = frozenset(
    {
        "googleapis.com", "google.com", "gstatic.com", "microsoftonline.com", "microsoftonline.us",
        "partner.microsoftonline.cn", "microsoftonline.de", "login.microsoft.com", "sts.windows.net",
        "login.windows.net", "login.live.com", "appleid.apple.com", "account.apple.com", "facebook.com", "linkedin.com",
        "github.com", "gitlab.com", "token.actions.githubusercontent.com", "slack.com", "discord.com", "twitch.tv",
        "line.me", "login.yahoo.com", "login.salesforce.com", "test.salesforce.com", "paypal.com", "kauth.kakao.com",
        "api.amazon.com",
    }
)  # fmt: skip
# Where the first part of an issuer's path is one organization's tenant.
_ENTRA = ("microsoftonline.com", "microsoftonline.us", "partner.microsoftonline.cn", "sts.windows.net")
_CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def signs_for_many(url: str) -> bool:
    """Whether the keys at this address, or of this issuer, sign for many customers' applications."""
    parts = _parts(url)
    return parts is not None and _below(parts, _DOMAINS)


def people_of_many(issuer: str) -> bool:
    """Whether accounts of unrelated organizations, or of anyone, share this issuer. What cannot be read counts too."""
    parts = _parts(issuer)
    if parts is None or not parts.hostname:
        return True
    if not _below(parts, _DOMAINS):
        return False
    tenant = parts.path.strip("/").split("/")[0].lower()
    return not (_below(parts, _ENTRA) and _TENANT.fullmatch(tenant) and tenant != _CONSUMERS)


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.hostname
    except ValueError:
        return None
    return parts


def _below(parts: SplitResult, domains: frozenset[str] | tuple[str, ...]) -> bool:
    labels = (parts.hostname or "").rstrip(".").lower().split(".")
    return any(".".join(labels[at:]) in domains for at in range(len(labels)))
