"""Who may come in, and how, as far as the admin says so. The environment beats it field by field; see `policy`."""

from django.db import models
from django.db.models import Q


class SignInPolicy(models.Model):
    """The one row of settings made in the admin. Empty means "not set here"."""

    audit_name = "sign_in_policy"

    class Mode(models.TextChoices):
        ENABLED = "enabled", "anybody may register"
        REVIEW = "review", "an administrator approves each"
        DISABLED = "disabled", "nobody registers"

    class ProviderSignup(models.TextChoices):
        FOLLOW = "follow", "as registration"
        ALWAYS = "always", "always active at once"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    registration_mode = models.CharField(max_length=8, choices=Mode, blank=True)
    oidc_signup = models.CharField("new people through a provider", max_length=6, choices=ProviderSignup, blank=True)
    disable_internal_auth = models.BooleanField("no sign-in by password", null=True, blank=True)
    signup_email_domains = models.JSONField("domains of new people", null=True, blank=True)

    class Meta:
        verbose_name = "sign-in policy"
        verbose_name_plural = "sign-in policy"
        constraints = [
            models.CheckConstraint(name="policy_one_row", condition=Q(id=1)),
            models.CheckConstraint(
                name="policy_mode", condition=Q(registration_mode__in=["", "enabled", "review", "disabled"])
            ),
            models.CheckConstraint(name="policy_oidc_signup", condition=Q(oidc_signup__in=["", "follow", "always"])),
        ]

    def __str__(self) -> str:
        return "sign-in policy"
