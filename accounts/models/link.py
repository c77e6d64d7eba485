"""One-time links that were mailed. A row, not a signed text: so that a link can be used once, and taken back."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class MailedLink(models.Model):
    """The digest of a mailed token, what it is for, and the address that following it proves."""

    class Purpose(models.TextChoices):
        VERIFY_EMAIL = "verify_email"
        CHANGE_EMAIL = "change_email"
        RESET_PASSWORD = "reset_password"

    digest = models.CharField(max_length=64, unique=True)
    # Null: somebody asked for an address that nobody has. The row is written all the same, so that it takes as long.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mailed_links", null=True, blank=True
    )
    purpose = models.CharField(max_length=14, choices=Purpose)
    email = models.CharField(max_length=254)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="link_purpose", condition=Q(purpose__in=["verify_email", "change_email", "reset_password"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.digest[:8]} (digest)"
