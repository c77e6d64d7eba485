"""A person. Invariants stand in the database; rules about what may happen to a person stand in the verb modules."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password, verify_password
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.fields import ActiveField, CanonicalEmailField
from accounts.passwords import hashing
from fairlead import email_address
from fairlead.verified_by import VerifiedBy

_VERIFIED_BY = [
    (VerifiedBy.NOTHING.value, _("not verified")),
    (VerifiedBy.OPERATOR.value, _("an operator")),
    (VerifiedBy.LINK.value, _("a mailed link")),
    (VerifiedBy.PROVIDER.value, _("a provider")),
    (VerifiedBy.ORGANIZATION.value, _("an organization's provider")),
    (VerifiedBy.TYPED.value, _("trusted as typed")),
]


class UserManager(BaseUserManager["User"]):
    """Finds and makes people by e-mail, always through the canonical form."""

    use_in_migrations = True

    def get_by_natural_key(self, username: str | None) -> "User":
        try:
            return self.get(email_canonical=email_address.canonical(username or ""))
        except email_address.InvalidAddress:
            raise self.model.DoesNotExist from None

    def create_user(
        self,
        email: str,
        password: str | None = None,
        *,
        verified_by: VerifiedBy = VerifiedBy.NOTHING,
        **fields: Any,
    ) -> "User":
        """Say `verified_by` where the address is known to be theirs: whoever calls this may not know."""
        user = self.model(email=email, verified_by=verified_by, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Made by an operator, who vouches for the address."""
        powers = {"verified_by": VerifiedBy.OPERATOR, "is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **{**fields, **powers})


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in, by password, through a provider, or both."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        PENDING = "pending", _("Pending")
        SUSPENDED = "suspended", _("Suspended")

    class NameSource(models.TextChoices):
        CLAIMS = "claims", _("a provider")
        PERSON = "person", _("the person")

    class AvatarSource(models.TextChoices):
        NONE = "none", _("None")
        OIDC = "oidc", _("a provider")
        UPLOAD = "upload", _("the person")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True, validators=[email_address.validate])
    email_canonical = CanonicalEmailField(max_length=254, unique=True, editable=False)
    verified_by = models.CharField(_("e-mail verified by"), max_length=12, choices=_VERIFIED_BY, blank=True, default="")
    name = models.CharField(max_length=150, blank=True)
    name_source = models.CharField(max_length=6, choices=NameSource, default=NameSource.CLAIMS, editable=False)
    avatar = models.CharField(max_length=100, blank=True, editable=False)
    avatar_source = models.CharField(max_length=6, choices=AvatarSource, default=AvatarSource.NONE, editable=False)
    language = models.CharField(_("language"), max_length=16, blank=True, default="", editable=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.ACTIVE)
    is_active = ActiveField(default=True, editable=False)
    is_staff = models.BooleanField(_("administrator"), default=False, help_text=_("May open the administration."))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["email_canonical"]
        indexes = [models.Index(fields=["status", "-created_at"], name="user_by_status")]
        constraints = [
            models.CheckConstraint(name="user_status", condition=Q(status__in=["active", "pending", "suspended"])),
            models.CheckConstraint(
                name="user_active_is_status",
                condition=Q(status="active", is_active=True) | (~Q(status="active") & Q(is_active=False)),
            ),
            models.CheckConstraint(
                name="user_verified_by", condition=Q(verified_by__in=[value for value, _ in _VERIFIED_BY])
            ),
            models.CheckConstraint(name="user_name_source", condition=Q(name_source__in=["claims", "person"])),
            models.CheckConstraint(name="user_email_there", condition=~Q(email_canonical="") & ~Q(email="")),
            models.CheckConstraint(
                name="user_avatar_has_source",
                condition=Q(avatar="", avatar_source="none")
                | (~Q(avatar="") & Q(avatar_source__in=["oidc", "upload"])),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Fill the derived columns before constraints are validated, so that a form reports a duplicate."""
        self.is_active = self.status == self.Status.ACTIVE
        try:
            self.email_canonical = email_address.canonical(self.email)
        except email_address.InvalidAddress as error:
            raise ValidationError({"email": _(str(error))}) from None
        if User.objects.filter(email_canonical=self.email_canonical).exclude(pk=self.pk).exists():
            raise ValidationError({"email": _("Somebody with this e-mail address exists already.")})

    def set_password(self, raw_password: str | None) -> None:
        """As Django's, hashed in the threads for that. Raises HashingIsFull."""
        self.password = _hashed(raw_password)
        self._password = raw_password

    def check_password(self, raw_password: str | None) -> bool:
        """As Django's. The hash of another kind, or with other parameters, is replaced by one of the first kind."""
        right, outdated = hashing.in_its_threads(lambda: verify_password(raw_password, self.password))
        if right and outdated and raw_password is not None:
            self.set_password(raw_password)
            self._password = None  # not a new password: nobody is to be told of a change
            self.save(update_fields=["password"])
        return right

    @property
    def email_verified(self) -> bool:
        """Whether the address counts as theirs. What each way is good for, `verified_by` decides."""
        return self.verified_by != VerifiedBy.NOTHING

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]

    @property
    def profile_image(self) -> str | None:
        """Path of the picture, served by us."""
        if not self.avatar:
            return None
        return reverse("accounts:picture", args=[self.avatar.removeprefix("profiles/").removesuffix(".webp")])


def _hashed(raw_password: str | None) -> str:
    if raw_password is None:
        return make_password(None)
    return hashing.in_its_threads(lambda: make_password(raw_password))
