from django.contrib.auth.models import User

from bench.served.calls import EMAIL, Call


def make(*, issuer: str) -> dict[str, Call]:
    User.objects.create_user("person", email=EMAIL)
    return {"mozilla's DRF class": Call(path="/hello", headers={"Authorization": "Bearer at-0"})}
