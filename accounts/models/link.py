"""One-time links that were mailed. A row, not a signed text: so that a link can be used once, and taken back."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.session import Session
from accounts.models.user import User
from fairlead.credentials.one_time import Tried


class MailedLink(Tried):
    """The digest of a mailed token, what it is for, and the address that following it proves."""

    class Purpose(models.TextChoices):
        VERIFY_EMAIL = "verify_email"
        CHANGE_EMAIL = "change_email"
        DISOWN_CHANGE = "disown_change"
        RESET_PASSWORD = "reset_password"

    # Null: somebody asked for an address that nobody has. The row is written all the same, so that it takes as long.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    purpose = models.CharField(max_length=14, choices=Purpose)
    email = models.CharField(max_length=254)
    # Of a change of address: the session that asked for it, with which it ends.
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="link_purpose",
                condition=Q(purpose__in=["verify_email", "change_email", "disown_change", "reset_password"]),
            ),
            models.CheckConstraint(
                name="link_of_a_change_has_a_session", condition=~Q(purpose="change_email") | Q(session__isnull=False)
            ),
        ]

    @property
    def holder(self) -> User:
        """Whose account it is about. Raises ValueError for a row that was written for nobody."""
        if self.user is None:
            raise ValueError("a link that belongs to nobody")
        return self.user

    def __str__(self) -> str:
        return f"{self.purpose} {self.digest[:8]} (digest)"
