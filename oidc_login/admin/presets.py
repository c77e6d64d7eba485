"""What is known of common providers: values for the form, what to click there, and what surprises people.

Texts only; nothing here decides how a sign-in is judged. docs/providers.md says the same, and a test compares the two.
`{callback}` in a step stands for this installation's callback address; braces in an issuer have to be replaced.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, kw_only=True)
class Preset:
    """`steps` are done at the provider, in order; `quirks` are what differs from what one would expect."""

    slug: str
    name: str
    issuer: str
    steps: tuple[str, ...]
    quirks: tuple[str, ...]
    scopes: str = "openid email profile"
    client_auth: str = ""
    trust_email: str = "never"

    @property
    def initial(self) -> dict[str, str]:
        """What the form for a new provider starts with. The generic preset has no name of its own to give."""
        named = {"name": self.name, "slug": self.slug} if self.slug != GENERIC else {}
        return named | {
            "issuer": self.issuer,
            "scopes": self.scopes,
            "client_auth": self.client_auth,
            "trust_email": self.trust_email,
        }


GENERIC = "generic"

_PRESETS = (
    Preset(
        slug="keycloak",
        name="Keycloak",
        issuer="https://{host}/realms/{realm}",
        steps=(
            _("In your realm, open Clients and choose Create client: type OpenID Connect, any client id."),
            _("Turn Client authentication on. Of the flows keep Standard flow and turn the others off."),
            _("Valid redirect URIs: {callback}, without a wildcard."),
            _("On the tab Credentials copy the client secret."),
        ),
        quirks=(
            _(
                "The issuer ends with the realm's name: no slash, nothing after it. Before version 17 it had /auth "
                "before /realms."
            ),
            _(
                "The host of the issuer is the server's own setting (hostname), whatever address you use to reach "
                "it. The test says what the server calls itself."
            ),
            _(
                "email_verified is false until somebody has verified the address or an administrator has ticked "
                "Email verified. People with false are refused."
            ),
            _("Access tokens are JWTs whose azp names the client: the mobile exchange takes them as they are."),
        ),
    ),
    Preset(
        slug="auth0",
        name="Auth0",
        issuer="https://{tenant}.auth0.com/",
        steps=(
            _("Under Applications choose Create Application and the kind Regular Web Application."),
            _("In its Settings copy Domain, Client ID and Client Secret."),
            _("Allowed Callback URLs: {callback}"),
            _("Under Advanced Settings, OAuth: the JsonWebToken signature algorithm is RS256."),
        ),
        quirks=(
            _("The issuer ends with a slash. Without it nothing matches."),
            _(
                "The domain has a region in it, such as .eu.auth0.com. A custom domain is the issuer where people "
                "sign in through it."
            ),
            _(
                "Access tokens without an API audience prove nothing to others: mobile apps ask for the audience of an "
                "API, and get a JWT whose azp names them."
            ),
            _(
                "Signing out at Auth0 is offered only where RP-Initiated Logout End Session Endpoint Discovery is "
                "on (Settings of the tenant, Advanced)."
            ),
        ),
    ),
    Preset(
        slug="okta",
        name="Okta",
        issuer="https://{domain}.okta.com",
        steps=(
            _("Under Applications choose Create App Integration: OIDC, Web Application."),
            _("Grant type: Authorization Code alone."),
            _("Sign-in redirect URIs: {callback}"),
            _("Assign the people or groups that may sign in, then copy Client ID and Client secret."),
        ),
        quirks=(
            _(
                "The issuer has no slash at its end. An authorization server of your own is another issuer: "
                "https://{domain}.okta.com/oauth2/default."
            ),
            _(
                "People who are not assigned to the application are refused by Okta, and come back with "
                "provider_refused."
            ),
            _(
                "Access tokens name the app in cid, which is no claim of the standards: mobile apps sign in through "
                "the browser, with code_challenge."
            ),
        ),
    ),
    Preset(
        slug="google",
        name="Google",
        issuer="https://accounts.google.com",
        steps=(
            _(
                "In the Google Cloud console, set up the consent screen: Internal for one Workspace organization, "
                "else External."
            ),
            _("Under Credentials create an OAuth client ID of the type Web application."),
            _("Authorized redirect URIs: {callback}"),
            _("Copy Client ID and Client secret."),
        ),
        quirks=(
            _(
                "Use the scopes openid email profile and no others: offline_access is refused as invalid_scope, and"
                " sensitive ones need a review by Google."
            ),
            _(
                "Anybody with a Google account can sign in to an External application. Limit new people with "
                "SIGNUP_EMAIL_DOMAINS, or review them."
            ),
            _("The redirect URI is https, except on localhost, and its host is a name, not an address."),
            _(
                "Many organizations share this issuer, so trust_email=always is refused; Google sends "
                "email_verified itself."
            ),
            _(
                "Access tokens are opaque and cannot be introspected: mobile apps send the id_token too. Each "
                "platform has a client id of its own."
            ),
            _("Google offers no sign-out of its own to applications."),
        ),
    ),
    Preset(
        slug="entra",
        name="Entra ID",
        issuer="https://login.microsoftonline.com/{tenant-id}/v2.0",
        steps=(
            _(
                "In the Entra admin center, open App registrations and choose New registration: accounts in this "
                "organizational directory only."
            ),
            _("Redirect URI of the platform Web: {callback}"),
            _("Under Certificates & secrets make a client secret and copy its Value, not its ID."),
            _("Under Token configuration add the optional claim email to the ID token."),
            _("From the Overview copy the Application (client) ID and the Directory (tenant) ID."),
        ),
        quirks=(
            _("Put your tenant's id into the issuer. common, organizations and consumers match no token here."),
            _(
                "Entra ID never sends email_verified. With trust_email=never new people come in with an unproven "
                "address, and who has an account here already confirms once with its password. Only where nobody "
                "but your own administrators sets addresses, trust_email=absent saves them that."
            ),
            _("People without a mailbox have no email claim: they end in missing_claims."),
            _("Client secrets expire, after two years at most. Note the day."),
            _(
                "Pictures need a token of Microsoft's, which is never sent to a picture's address: no avatars "
                "from here."
            ),
            _(
                "Its access tokens are made for Microsoft Graph and prove nothing to others: mobile apps sign in "
                "through the browser, with code_challenge."
            ),
        ),
    ),
    Preset(
        slug="pocket-id",
        name="Pocket ID",
        issuer="https://{host}",
        steps=(
            _("As administrator, open OIDC Clients and choose Add OIDC Client."),
            _("Callback URLs: {callback}"),
            _("Turn PKCE on; leave Public Client off."),
            _("Save, then copy Client ID and Client secret: the secret is shown once."),
            _("Allow the groups whose people may sign in."),
        ),
        quirks=(
            _("The issuer is its APP_URL, without a slash at the end."),
            _(
                "email_verified follows the setting Emails Verified in its Application Configuration. While that is"
                " off, people are refused with email_not_verified, or set trust_email=always for a server of your "
                "own."
            ),
            _("A server on a private network has to be allowed: put its origin into OIDC_PRIVATE_ORIGINS."),
            _("It knows passkeys only. Somebody who loses theirs needs a login code from its administrator."),
        ),
    ),
    Preset(
        slug="authentik",
        name="authentik",
        issuer="https://{host}/application/o/{application}/",
        steps=(
            _("Under Applications choose Create with Provider, and the type OAuth2/OpenID Provider."),
            _("Client type: Confidential. Redirect URIs, strict: {callback}"),
            _("Signing Key: choose a certificate. Leave Encryption Key empty."),
            _("Copy Client ID, Client Secret and, from the provider's page, the OpenID Configuration Issuer."),
        ),
        quirks=(
            _("The issuer ends with the application's slug and a slash."),
            _("Without a signing key authentik signs with the client secret (HS256), which is refused here."),
            _("An encryption key makes five-part tokens, which are refused here."),
            _(
                "Since 2025.10 its email scope says email_verified: false. Change the scope mapping, or set "
                "trust_email=always for a server of your own where people cannot set their address themselves."
            ),
        ),
    ),
    Preset(
        slug=GENERIC,
        name="Another provider",
        issuer="https://{host}",
        steps=(
            _("Register a confidential web application (authorization code flow, PKCE S256)."),
            _("Redirect URI: {callback}"),
            _("Copy client id and client secret, and the issuer as its discovery document writes it."),
        ),
        quirks=(
            _(
                "The issuer is the value of issuer in {issuer}/.well-known/openid-configuration, to the last "
                "character. The test says what the provider calls itself."
            ),
            _("ID tokens are signed with an asymmetric algorithm: RS256, PS256, ES256, EdDSA or their larger sisters."),
            _(
                "The scopes email and profile have to give email, email_verified and name, in the ID token or at "
                "userinfo. The dry sign-in shows what arrives."
            ),
        ),
    ),
)


def every() -> tuple[Preset, ...]:
    return _PRESETS


def find(slug: str) -> Preset | None:
    return next((each for each in _PRESETS if each.slug == slug), None)
