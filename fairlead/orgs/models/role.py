"""What a member may do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member may do, the highest first."""

    ADMIN = "admin", _("admin")
    MEMBER = "member", _("member")
    READ_ONLY = "read-only", _("read-only")
