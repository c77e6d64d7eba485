"""The one-time rows between two steps of a sign-in. Browsers and addresses hold the plaintext, these the digest."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fairlead.credentials.fields import EncryptedTextField
from fairlead.credentials.one_time import OneTime, Tried


class AuthorizationRequest(OneTime):
    """A sign-in that went to its provider: what the authorization response must belong to. `digest` is the state's."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in"
        LINK = "link"
        DRY_RUN = "dry_run"

    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.SIGN_IN)
    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    nonce = models.CharField(max_length=64)
    code_verifier = EncryptedTextField()
    provider = models.CharField(max_length=40)
    issuer = models.CharField(max_length=255)
    client_id = models.CharField(max_length=255)
    redirect = models.CharField(max_length=2048)
    ends_at = models.CharField(
        max_length=255, help_text=_("The origin whose /login the browser is sent to in the end.")
    )
    binding = models.CharField(max_length=64, help_text=_("Digest of the browser's binding cookie."))
    code_challenge = models.CharField(max_length=43, blank=True, default="")
    restarted = models.BooleanField(default=False)
    session_id = models.CharField(
        max_length=64, blank=True, default="", help_text=_("The API session that a link was begun from.")
    )

    def __str__(self) -> str:
        return f"{self.purpose} at {self.provider}, {self.created_at:%Y-%m-%d %H:%M:%S}"


class Bound(models.Model):
    """What both codes have: worth something only in the browser that began, or to the code verifier's holder."""

    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=40)
    redirect = models.CharField(max_length=2048)
    binding = models.CharField(max_length=64)
    code_challenge = models.CharField(max_length=43, blank=True, default="")
    sid = models.CharField(max_length=255, blank=True, default="", help_text=_("The provider's id of its own session."))

    class Meta:
        abstract = True


class ExchangeCode(OneTime, Bound):
    """Ends a sign-in: the front end exchanges it for tokens, our own page for a session."""

    notices = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"exchange code, {self.created_at:%Y-%m-%d %H:%M:%S}"


class PendingLink(Tried, Bound):
    """A link that waits for the account's password. User and identity are pinned, and checked again at the end."""

    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    client_id = models.CharField(max_length=255, blank=True, default="")
    email_canonical = models.CharField(max_length=320)
    email_proven = models.BooleanField(default=False)
    claims = models.JSONField(default=dict)
    picture_url = models.CharField(max_length=2048, blank=True, default="")

    def __str__(self) -> str:
        return f"pending link, {self.created_at:%Y-%m-%d %H:%M:%S}"


class LinkTicket(OneTime):
    """Lets the browser of a person who is signed in through the API begin a link."""

    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=40)
    session_id = models.CharField(max_length=64)
    binding = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"link ticket, {self.created_at:%Y-%m-%d %H:%M:%S}"


class SignInLink(OneTime):
    """A one-time address that signs one person in, made by an operator at the command line."""

    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"sign-in link, {self.created_at:%Y-%m-%d %H:%M:%S}"
