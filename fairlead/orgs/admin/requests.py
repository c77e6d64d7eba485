"""What the admin's classes ask of a request."""

from django.db.models import Model
from django.http import HttpRequest


def actor(request: HttpRequest) -> Model | None:
    """Who is signed in, for the audit record."""
    return request.user if isinstance(request.user, Model) else None


def deletes(model: type[Model], request: HttpRequest) -> bool:
    """Whether this is a page on which rows of `model` are deleted: rows that go with them may then go too.

    By the page's name: where the administration is mounted is the project's to choose.
    """
    found, options = request.resolver_match, model._meta
    pages = {f"{options.app_label}_{options.model_name}_{page}" for page in ("delete", "changelist")}
    return found is not None and found.app_name == "admin" and found.url_name in pages
