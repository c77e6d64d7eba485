"""People of the demo provider."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from demo.people import subject_of


class PersonManager(BaseUserManager["Person"]):
    def remember(self, *, email: str, name: str, email_verified: bool, picture: bool = False) -> "Person":
        """Make or update the person with this address. The subject follows from the address."""
        person, _ = self.update_or_create(
            id=subject_of(email),
            defaults={"email": email, "name": name, "email_verified": email_verified, "has_picture": picture},
        )
        return person


class Person(AbstractBaseUser):
    """Somebody who may sign in. The primary key is the `sub` of the ID tokens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    email_verified = models.BooleanField(default=True)
    name = models.CharField(max_length=150)
    has_picture = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    objects = PersonManager()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"
