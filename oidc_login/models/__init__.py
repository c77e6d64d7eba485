"""What sign-in through providers keeps. Django finds models here."""

from oidc_login.models.identity import ExpectedIdentity, Identity
from oidc_login.models.one_time import AuthorizationRequest, Bound, ExchangeCode, LinkTicket, PendingLink, SignInLink
from oidc_login.models.provider import Provider
from oidc_login.models.session import ProviderSession

__all__ = [
    "AuthorizationRequest",
    "Bound",
    "ExchangeCode",
    "ExpectedIdentity",
    "Identity",
    "LinkTicket",
    "PendingLink",
    "Provider",
    "ProviderSession",
    "SignInLink",
]
