"""What the login trip keeps: providers, who is who there, and the one-time rows between two steps of a trip.

One-time rows hold digests. Each is consumed by one conditional UPDATE in a transaction of its own (`consume`), so
that of fifty parallel uses one succeeds, and an error afterwards does not bring the row back to life.
"""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from fairlead.credentials.fields import EncryptedTextField


class Provider(models.Model):
    """An OpenID provider that was entered in the admin. The one of the environment is no row: see `providers`."""

    audit_name = "provider"

    class ClientAuth(models.TextChoices):
        BY_METADATA = "", "as the provider's metadata says"
        POST = "post", "in the form (client_secret_post)"
        BASIC = "basic", "in the header (client_secret_basic)"

    class TrustEmail(models.TextChoices):
        NEVER = "never", "only email_verified: true counts"
        ABSENT = "absent", "a missing email_verified counts as true"
        ALWAYS = "always", "every address counts as verified"

    class Linking(models.TextChoices):
        VERIFIED_EMAIL = "verified_email", "automatically, by verified e-mail"
        CONFIRM = "confirm", "after the account's password was given"
        NEVER = "never", "only from inside the account"

    slug = models.SlugField(max_length=40, unique=True, help_text="Appears in addresses. The slug default is reserved.")
    name = models.CharField(max_length=80, help_text="The name on the sign-in button.")
    issuer = models.CharField(
        max_length=255, unique=True, help_text="Exactly as in the provider's discovery document, to the last slash."
    )
    client_id = models.CharField(max_length=255)
    client_secret = EncryptedTextField(blank=True, default="", help_text="Empty for a public client.")
    scopes = models.CharField(max_length=255, default="openid email profile")
    client_auth = models.CharField(max_length=10, choices=ClientAuth, blank=True, default=ClientAuth.BY_METADATA)
    enabled = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=100, help_text="The lowest comes first and is the default.")
    trust_email = models.CharField(max_length=10, choices=TrustEmail, default=TrustEmail.NEVER)
    linking = models.CharField(max_length=20, choices=Linking, default=Linking.VERIFIED_EMAIL)
    mobile_client_ids = models.JSONField(default=list, blank=True, help_text="A list of client ids of our mobile apps.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug="default"), name="provider_slug_default_is_reserved"),
        ]

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """A person at a provider: (issuer, subject) is the key, and it belongs to one user (OpenID Connect Core 5.7)."""

    audit_name = "identity"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    claims = models.JSONField(default=dict, help_text="Name, e-mail and its flag as last received; nothing else.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_login_at = models.DateTimeField(null=True)
    picture_url = models.CharField(max_length=2048, blank=True, default="")
    picture_etag = models.CharField(max_length=255, blank=True, default="")
    picture_looked_at = models.DateTimeField(null=True)
    picture_taken = models.BooleanField(default=False, help_text="Whether the last look ended in a picture.")

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_issuer_subject_unique"),
            # One subject of an issuer per user: rule 2 of API.md, also when two first logins race.
            models.UniqueConstraint(fields=["user", "issuer"], name="identity_user_issuer_unique"),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(issuer=""), name="identity_is_named"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"


class OneTime(models.Model):
    """A row that is good for one use, until a moment. What the browser holds is not here, only its digest."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True

    @classmethod
    def consume(cls, digest: str, *, now: datetime) -> Self | None:
        """The row, exactly once, if it was neither used nor expired; else None. Commits before it returns."""
        with transaction.atomic(durable=True):
            usable = cls.objects.filter(digest=digest, used_at=None, expires_at__gt=now)
            if usable.update(used_at=now) != 1:
                return None
            row: Self = cls.objects.get(digest=digest)
            return row


class LoginAttempt(OneTime):
    """A trip under way: what the provider must answer to. `digest` is the state's."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in"
        LINK = "link"
        DRY_RUN = "dry_run"

    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.SIGN_IN)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True)
    nonce = models.CharField(max_length=64)
    code_verifier = EncryptedTextField()
    provider = models.CharField(max_length=40)
    issuer = models.CharField(max_length=255)
    client_id = models.CharField(max_length=255)
    redirect = models.CharField(max_length=2048)
    binding = models.CharField(max_length=64, help_text="Digest of the browser's binding cookie.")
    code_challenge = models.CharField(max_length=43, blank=True, default="")
    restarted = models.BooleanField(default=False)
    session_id = models.UUIDField(null=True, help_text="The API session that a link was begun from.")

    def __str__(self) -> str:
        return f"{self.purpose} at {self.provider}, {self.created_at:%Y-%m-%d %H:%M:%S}"


class Bound(OneTime):
    """A one-time row that is worth something only in the browser that began, or to the verifier's holder."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    provider = models.CharField(max_length=40)
    redirect = models.CharField(max_length=2048)
    binding = models.CharField(max_length=64)
    code_challenge = models.CharField(max_length=43, blank=True, default="")

    class Meta:
        abstract = True


class ExchangeCode(Bound):
    """The end of a trip: the front end exchanges it for tokens or a session."""

    notices = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"exchange code, {self.created_at:%Y-%m-%d %H:%M:%S}"


class PendingLink(Bound):
    """A link that waits for the account's password. User and identity are pinned, and checked again at the end."""

    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    email_canonical = models.CharField(max_length=320)
    email_proven = models.BooleanField(default=False)
    claims = models.JSONField(default=dict)
    picture_url = models.CharField(max_length=2048, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"pending link, {self.created_at:%Y-%m-%d %H:%M:%S}"


class LinkTicket(OneTime):
    """Lets the browser of a person who is signed in through the API begin a link."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    provider = models.CharField(max_length=40)
    session_id = models.UUIDField()
    binding = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"link ticket, {self.created_at:%Y-%m-%d %H:%M:%S}"


class SignInLink(OneTime):
    """A one-time address that signs one person in, made by an operator at the command line."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return f"sign-in link, {self.created_at:%Y-%m-%d %H:%M:%S}"
