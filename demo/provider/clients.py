"""The clients that are registered at the provider. Registering again changes nothing but the addresses."""

from dataclasses import dataclass

from django.conf import settings
from oauth2_provider.models import Application

from demo.provider import secrets_at_rest

CONFIDENTIAL = "fairlead"
PUBLIC = "fairlead-public"
MOBILE = "fairlead-mobile"
ANOTHER = "another-app"
# These two get JWTs for access tokens, the third an ID token without at_hash.
MOBILE_JWT = "fairlead-mobile-jwt"
ANOTHER_JWT = "another-app-jwt"
MOBILE_BARE = "fairlead-mobile-bare"
DEMO_APP = "fairlead-demo-app"
# Nobody listens there: whoever follows the trip by hand reads the code from the address.
DEMO_APP_REDIRECT = "http://127.0.0.1/demo-app"


@dataclass(frozen=True)
class Client:
    client_id: str
    name: str
    confidential: bool
    redirect_uris: tuple[str, ...]


def register(app_url: str) -> None:
    """Make or update every client for a service at this address. Addresses registered earlier stay valid."""
    callback = f"{app_url}/api/auth/oidc/callback"
    for client in (
        Client(CONFIDENTIAL, "Fairlead", True, (callback,)),
        Client(PUBLIC, "Fairlead, as a public client", False, (callback,)),
        Client(MOBILE, "Fairlead's mobile app", False, ("http://127.0.0.1/mobile",)),
        Client(ANOTHER, "Another application", False, ("http://127.0.0.1/another",)),
        Client(MOBILE_JWT, "Fairlead's mobile app, with JWTs", False, ("http://127.0.0.1/mobile",)),
        Client(ANOTHER_JWT, "Another application, with JWTs", False, ("http://127.0.0.1/another",)),
        Client(MOBILE_BARE, "Fairlead's mobile app, without at_hash", False, ("http://127.0.0.1/mobile",)),
        Client(DEMO_APP, "An organization's own application", False, (DEMO_APP_REDIRECT,)),
    ):
        _register(client, app_url)


def secret() -> str:
    """The secret of the confidential client, made once and kept."""
    return secrets_at_rest.kept(settings.STATE / "client-secret")


def _register(client: Client, app_url: str) -> None:
    known = Application.objects.filter(client_id=client.client_id).first()
    redirects = set(known.redirect_uris.split() if known else ()) | set(client.redirect_uris)
    leaving = set(known.post_logout_redirect_uris.split() if known else ()) | {f"{app_url}/login"}
    Application.objects.update_or_create(
        client_id=client.client_id,
        defaults={
            "name": client.name,
            "client_type": Application.CLIENT_CONFIDENTIAL if client.confidential else Application.CLIENT_PUBLIC,
            "client_secret": secret() if client.confidential else "",
            "hash_client_secret": False,
            "authorization_grant_type": Application.GRANT_AUTHORIZATION_CODE,
            "redirect_uris": " ".join(sorted(redirects)),
            "post_logout_redirect_uris": " ".join(sorted(leaving)),
            "algorithm": Application.RS256_ALGORITHM,
            "skip_authorization": True,
        },
    )
