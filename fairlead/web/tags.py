"""The groups of calls in the OpenAPI document. A closed list; config/settings.py reads it, so it imports nothing."""

from enum import StrEnum


class Tag(StrEnum):
    SIGN_IN = "Sign-in by password"
    PROVIDERS = "Sign-in through providers"
    ACCOUNT = "The person's account"
    ORGANIZATION = "Organization"
    POOLS = "User pools"
    CLIENTS = "SDK clients"
    APP_USERS = "App users"
    HOSTED = "Hosted pools"


MEANING: dict[Tag, str] = {
    Tag.SIGN_IN: "Register, sign in, renew and end tokens, and choose a new password.",
    Tag.PROVIDERS: "OpenID Connect: what is configured, the redirects of a browser, and codes that become tokens.",
    Tag.ACCOUNT: "What a signed-in person sees and changes: profile, address, password, devices, linked providers.",
    Tag.ORGANIZATION: "The organization itself, its members and keys.",
    Tag.POOLS: "Whose tokens an organization's applications accept.",
    Tag.CLIENTS: "The applications and services of an organization.",
    Tag.APP_USERS: "An organization's users: their tokens, and who is calling.",
    Tag.HOSTED: "What is published of the pools whose tokens are issued here.",
}
