"""Who may come in, and how, as far as the admin says so. The environment beats it field by field; see `policy`."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SignInPolicy(models.Model):
    """The one row of settings made in the admin. Empty means "not set here"."""

    audit_name = "sign_in_policy"

    class Mode(models.TextChoices):
        ENABLED = "enabled", _("anybody may register")
        REVIEW = "review", _("an administrator approves each")
        DISABLED = "disabled", _("nobody registers")

    class ProviderSignup(models.TextChoices):
        FOLLOW = "follow", _("as registration")
        ALWAYS = "always", _("always active at once")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    registration_mode = models.CharField(max_length=8, choices=Mode, blank=True)
    oidc_signup = models.CharField(_("new people through a provider"), max_length=6, choices=ProviderSignup, blank=True)
    disable_internal_auth = models.BooleanField(_("no sign-in by password"), null=True, blank=True)
    signup_email_domains = models.JSONField(_("domains of new people"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in policy")
        verbose_name_plural = _("sign-in policy")
        constraints = [
            models.CheckConstraint(name="policy_one_row", condition=Q(id=1)),
            models.CheckConstraint(
                name="policy_mode", condition=Q(registration_mode__in=["", "enabled", "review", "disabled"])
            ),
            models.CheckConstraint(name="policy_oidc_signup", condition=Q(oidc_signup__in=["", "follow", "always"])),
        ]

    def __str__(self) -> str:
        return "sign-in policy"
