"""Slugs of organizations: the part of an address by which people know one, `/console/{slug}/`, `/login/{slug}`.

A slug that a page of ours also uses would hide one of the two; a slug that a person takes for the operator's own place
(admin, support) would be lent our authority.
"""

import re
import unicodedata

MIN_LENGTH, MAX_LENGTH = 3, 40
_SLUG = re.compile(r"\A[a-z0-9-]{3,40}\Z")
_UUID = re.compile(r"\A[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z")
_WORDS = """
    abuse accept account accounts admin administrator all api app apps assets auth authorize billing callback
    check choose config console contact create dashboard default delete discover docs domain domains edit
    email emergency enter error errors fairlead favicon health help host hostmaster identity info instance
    internal invitation invitations invite join key keys leave link list login logout mail media member
    members metrics new nobody none null oauth oidc operator org organization organizations orgs owner people
    policy pool pools postmaster privacy problems provider providers readyz livez register reset robots root saml
    scim security session sessions settings setup sign-in sign-out sign-up signin signout signup site sso staff
    static status superuser support switch system team terms test token undefined unknown update uploads user
    users verify webmaster well-known www you
"""
RESERVED = frozenset(_WORDS.split())


class SlugRefused(ValueError):
    """Not a slug that an organization may have. The text says why."""


def cleaned(given: str) -> str:
    """The slug, as it was given. Nothing is mended: what people type into an address is compared exactly.

    Raises SlugRefused. Whether another organization has it, or had it, is not known here.
    """
    if not _SLUG.match(given):
        raise SlugRefused(f"Use {MIN_LENGTH} to {MAX_LENGTH} small letters a to z, digits and hyphens.")
    if given[0] == "-" or given[-1] == "-":
        raise SlugRefused("Begin and end it with a letter or a digit.")
    # Ids stand in the same places of an address, and "xn--" makes browsers and people read other letters.
    if given in RESERVED or given.isdigit() or given.startswith("xn--") or _UUID.match(given):
        raise SlugRefused("This word is taken by the service itself. Choose another.")
    return given


def proposed(name: str) -> str:
    """A slug made of an organization's name; "organization-1" where the name gives none. The caller makes it unique."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_LENGTH].rstrip("-")
    for candidate in (slug, f"{slug}-team"[:MAX_LENGTH], "organization-1"):
        try:
            return cleaned(candidate)
        except SlugRefused:
            continue
    raise AssertionError("the last candidate is a slug")


def numbered(slug: str, number: int) -> str:
    """The same with a number at its end, within the length."""
    end = f"-{number}"
    return slug[: MAX_LENGTH - len(end)] + end
