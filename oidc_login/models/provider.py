"""An OpenID provider that was entered in the admin. The one of the settings is no row: see `providers`."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fairlead.credentials.fields import EncryptedTextField


class Provider(models.Model):
    """Of the instance, or of one organization. Found by its slug, which stands in addresses; remembered by its id."""

    audit_name = "provider"

    class ClientAuth(models.TextChoices):
        BY_METADATA = "", _("as the provider's metadata says")
        POST = "post", _("in the form (client_secret_post)")
        BASIC = "basic", _("in the header (client_secret_basic)")

    class TrustEmail(models.TextChoices):
        NEVER = "never", _("only email_verified: true counts")
        ABSENT = "absent", _("a missing email_verified counts as true")
        ALWAYS = "always", _("every address counts as verified")

    class Linking(models.TextChoices):
        VERIFIED_EMAIL = "verified_email", _("automatically, by verified e-mail")
        CONFIRM = "confirm", _("after the account's password was given")
        NEVER = "never", _("only from inside the account")

    organization = models.ForeignKey(
        "fairlead_orgs.Organization", on_delete=models.CASCADE, null=True, editable=False, related_name="+"
    )
    slug = models.SlugField(
        max_length=40, unique=True, help_text=_("Appears in addresses. The slug default is reserved.")
    )
    name = models.CharField(max_length=80, help_text=_("The name on the sign-in button."))
    issuer = models.CharField(
        max_length=255, help_text=_("Exactly as in the provider's discovery document, to the last slash.")
    )
    client_id = models.CharField(max_length=255)
    client_secret = EncryptedTextField(blank=True, default="", help_text=_("Empty for a public client."))
    scopes = models.CharField(max_length=255, default="openid email profile")
    client_auth = models.CharField(max_length=10, choices=ClientAuth, blank=True, default=ClientAuth.BY_METADATA)
    enabled = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=100, help_text=_("The lowest comes first and is the default."))
    trust_email = models.CharField(max_length=10, choices=TrustEmail, default=TrustEmail.NEVER)
    sync_email = models.BooleanField(
        default=False, editable=False, help_text=_("Whether a proven address replaces the account's at each sign-in.")
    )
    linking = models.CharField(max_length=20, choices=Linking, default=Linking.VERIFIED_EMAIL)
    mobile_client_ids = models.JSONField(
        default=list, blank=True, help_text=_("A list of client ids of our mobile apps.")
    )
    tested_at = models.DateTimeField(null=True, editable=False, help_text=_("When a dry sign-in last went well."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug="default"), name="provider_slug_default_is_reserved"),
            # Two organizations may use one issuer; the instance's own providers may not share one.
            models.UniqueConstraint(
                fields=["issuer"], condition=Q(organization=None), name="provider_issuer_unique_in_instance"
            ),
        ]

    def __str__(self) -> str:
        return self.name
