from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A project's own users: an integer key, a user name, and a column of its own."""

    points = models.IntegerField(default=0)
