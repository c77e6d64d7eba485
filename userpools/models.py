"""User pools, the signing keys of hosted ones, and the users that their tokens named.

A pool trusts one source of tokens: a key set somewhere (`jwks_uri`, or found through `issuer`), or its own keys here
(hosted). The rules are in `authorization` and `pools`; what must hold whatever the code does stands here.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fairlead.credentials.fields import EncryptedTextField
from fairlead.orgs.models import Organization


class UserPool(models.Model):
    """Where an organization's users come from. Empty text in `jwks_uri` and `issuer` means: not set.

    A hosted pool's `issuer` is fixed when it is made (`addresses`).
    """

    audit_name = "user_pool"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="user_pools")
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=1000, blank=True)
    hosted = models.BooleanField(editable=False)
    jwks_uri = models.CharField(_("JWKS URI"), max_length=2048, blank=True)
    issuer = models.CharField(max_length=1024, blank=True)
    audiences = models.JSONField(default=list, blank=True)
    algorithms = models.JSONField(default=list, blank=True)
    id_claim = models.CharField(max_length=100, default="sub")
    keys_unreachable = models.BooleanField(
        default=False, editable=False, help_text=_("At the last change or check the keys could not be fetched.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["organization", "-created_at", "-id"], name="user_pool_page")]
        constraints = [
            models.CheckConstraint(
                condition=Q(Q(hosted=True, jwks_uri=""), ~Q(issuer=""))
                | Q(Q(hosted=False), ~Q(jwks_uri="") | ~Q(issuer="")),
                name="user_pool_has_one_source_of_keys",
            ),
            models.UniqueConstraint(
                fields=["issuer"], condition=Q(hosted=True), name="one_hosted_user_pool_per_issuer"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="user_pool_has_a_name"),
            models.CheckConstraint(condition=~Q(id_claim=""), name="user_pool_has_an_id_claim"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> str:
        """Changes whenever the row does: what was verified under other settings does not count."""
        return f"{self.id}@{self.updated_at.timestamp()}"


class PoolSigningKey(models.Model):
    """One ES256 key of a hosted pool.

    It is published from its creation, signs from `signs_from` until a newer one does, and stays published until
    `published_until`: when the last token it may have signed has expired.
    """

    pool = models.ForeignKey(UserPool, on_delete=models.CASCADE, related_name="signing_keys")
    kid = models.CharField(max_length=64, unique=True)
    private_pem = EncryptedTextField(editable=False)
    public_jwk = models.JSONField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    signs_from = models.DateTimeField()
    published_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["pool", "-signs_from"]
        indexes = [
            models.Index(
                fields=["published_until"], name="signing_key_end", condition=Q(published_until__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["pool", "signs_from"], name="one_signing_key_at_a_time"),
            models.CheckConstraint(
                condition=Q(published_until=None) | Q(published_until__gt=F("signs_from")),
                name="signing_key_published_while_it_signs",
            ),
        ]

    def __str__(self) -> str:
        return self.kid


class AppUser(models.Model):
    """Somebody whom a pool's tokens named. `external_id` is the customer's id, unique in its pool; `id` is ours.

    As the `request.user` of a call it answers the two questions that Django's code asks of any user.
    """

    audit_name = "app_user"

    is_authenticated = True
    is_anonymous = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pool = models.ForeignKey(UserPool, on_delete=models.CASCADE, related_name="users")
    external_id = models.CharField(max_length=255, editable=False)
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, editable=False, help_text=_("To the day."))
    blocked_at = models.DateTimeField(null=True, blank=True, editable=False)
    tokens_valid_after = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("Tokens issued before this moment are refused.")
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "external_id"], name="one_app_user_per_external_id"),
            models.CheckConstraint(condition=~Q(external_id=""), name="app_user_has_an_external_id"),
        ]

    def __str__(self) -> str:
        return self.external_id
