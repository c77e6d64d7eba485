"""What the admin's classes ask of a request."""

from django.db.models import Model
from django.http import HttpRequest


def actor(request: HttpRequest) -> Model | None:
    """Who is signed in, for the audit record."""
    return request.user if isinstance(request.user, Model) else None
