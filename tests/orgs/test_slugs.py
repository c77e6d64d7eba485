import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlead.orgs import slugs
from fairlead.orgs.slugs import SlugRefused


@pytest.mark.parametrize("slug", ["acme", "a-1", "123abc", "acme-corp-2", "x" * 40, "a--b"])
def test_a_slug_is_kept_as_it_is(slug: str) -> None:
    assert slugs.cleaned(slug) == slug


@pytest.mark.parametrize(
    "slug",
    [
        "", "ab", "x" * 41, "Acme", "acme ", " acme", "acme\n", "ac.me", "ac/me", "ac_me", "acmé", "acme%2f", "..a",
        "-acme", "acme-", "---", "123", "xn--bcher-kva", str(uuid.UUID(int=7)),
        "link", "new", "admin", "default", "login", "logout", "emergency", "static", "api", "www", "support",
    ],
)  # fmt: skip
def test_what_is_no_slug_is_refused(slug: str) -> None:
    with pytest.raises(SlugRefused):
        slugs.cleaned(slug)


def test_no_reserved_word_is_idle() -> None:
    assert not [word for word in slugs.RESERVED if not slugs._SLUG.match(word)]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme", "acme"),
        ("Acme & Söhne GmbH", "acme-sohne-gmbh"),
        ("  -- Acme --", "acme"),
        ("Admin", "admin-team"),
        ("42", "42-team"),
        ("X", "x-team"),
        ("株式会社", "organization-1"),
        ("", "organization-1"),
        ("xn--bcher", "xn-bcher"),
        ("word " * 20, "word-word-word-word-word-word-word-word"),
    ],
)
def test_a_slug_is_proposed_from_a_name(name: str, slug: str) -> None:
    assert slugs.proposed(name) == slug


@given(st.text(max_size=100))
def test_every_proposal_is_a_slug_also_numbered(name: str) -> None:
    proposed = slugs.proposed(name)
    assert slugs.cleaned(proposed) == proposed
    assert slugs.cleaned(slugs.numbered(proposed, 1_000_000)).endswith("-1000000")
