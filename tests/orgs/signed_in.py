"""A member who is signed in with an access token of the people wing, as the site is composed."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Session, User
from fairlead.orgs.models import Membership, Organization

PASSWORD = "correct horse battery staple"


def person(email: str, **more: Any) -> User:
    return User.objects.create_user(email, PASSWORD, **{"verified_by": "link", **more})


def access_token(client: Client, email: str) -> str:
    answer = client.post(
        "/api/auth/login", {"email": email, "password": PASSWORD}, content_type="application/json"
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


class Member:
    def __init__(self, client: Client, organization: Organization, email: str, *, role: str = "member") -> None:
        self.client, self.organization = client, organization
        self.person = person(email)
        self.membership = Membership.objects.create(organization=organization, user=self.person, role=role)
        self.raw_token = access_token(client, email)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.raw_token}", "X-Organization-Id": str(self.organization.pk)}
        if body is None:
            return self.client.generic(method, path, headers=headers)
        return self.client.generic(
            method, path, json.dumps(body), content_type="application/json", headers=headers
        )  # fmt: skip

    def no_longer_fresh(self) -> None:
        """Signed in six minutes ago."""
        Session.objects.filter(user=self.person).update(authenticated_at=timezone.now() - timedelta(minutes=6))
