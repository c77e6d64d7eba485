"""What is asked of mozilla-django-oidc's DRF class, and the rows it needs for that."""

from django.contrib.auth.models import User

from bench.served.calls import EMAIL, Call


def make(*, issuer: str) -> dict[str, Call]:
    User.objects.create_user("person", email=EMAIL)
    return {"mozilla's DRF class": Call(path="/hello", headers={"Authorization": "Bearer at-0"})}
