"""Claims to roles and groups, as a table."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlead.orgs import claim_roles
from fairlead.orgs.claim_roles import ClaimValues, Found, GroupChanges

VALUES, ABSENT, ELSEWHERE, UNREADABLE = Found.VALUES, Found.ABSENT, Found.ELSEWHERE, Found.UNREADABLE
AUTH0 = "https://acme.example/roles"
ENTRA = {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://evil.example/groups"}}}


@pytest.mark.parametrize(
    ("claims", "name", "found", "values"),
    [
        ({"groups": ["a", "b"]}, "groups", VALUES, ("a", "b")),
        ({"groups": "a"}, "groups", VALUES, ("a",)),
        ({"groups": "a b,c"}, "groups", VALUES, ("a b,c",)),
        ({"groups": []}, "groups", VALUES, ()),
        ({"groups": ""}, "groups", VALUES, ("",)),
        ({AUTH0: ["a"]}, AUTH0, VALUES, ("a",)),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", VALUES, ("a",)),
        ({"resource_access": {"app": {"roles": ["a"]}}}, "resource_access.app.roles", VALUES, ("a",)),
        # The whole name wins over the path, also where it holds nothing that counts.
        ({"a.b": ["whole"], "a": {"b": ["path"]}}, "a.b", VALUES, ("whole",)),
        ({"a.b": None, "a": {"b": ["path"]}}, "a.b", UNREADABLE, ()),
        ({}, "groups", ABSENT, ()),
        ({"Groups": ["a"]}, "groups", ABSENT, ()),
        ({"realm_access": {}}, "realm_access.roles", ABSENT, ()),
        ({"realm_access": "roles"}, "realm_access.roles", ABSENT, ()),
        ({"realm_access": ["roles"]}, "realm_access.roles", ABSENT, ()),
        ({"realm_access": {"roles": ["a"]}}, "realm_access", UNREADABLE, ()),
        ({"groups": None}, "groups", UNREADABLE, ()),
        ({"groups": True}, "groups", UNREADABLE, ()),
        ({"groups": 1}, "groups", UNREADABLE, ()),
        ({"groups": {"a": True}}, "groups", UNREADABLE, ()),
        ({"groups": ["a", 1]}, "groups", UNREADABLE, ()),
        ({"groups": [["a"]]}, "groups", UNREADABLE, ()),
        (ENTRA, "groups", ELSEWHERE, ()),
        (ENTRA | {"groups": ["a"]}, "groups", ELSEWHERE, ()),
        (ENTRA | {"roles": ["a"]}, "roles", VALUES, ("a",)),
        ({"_claim_names": {"realm_access": "src1"}}, "realm_access.roles", ELSEWHERE, ()),
        ({"_claim_names": "groups"}, "groups", ABSENT, ()),
        ({"hasgroups": True}, "groups", ELSEWHERE, ()),
        ({"hasgroups": "true"}, "groups", ELSEWHERE, ()),
        ({"hasgroups": False}, "groups", ABSENT, ()),
        ({"hasgroups": True, "roles": ["a"]}, "roles", VALUES, ("a",)),
    ],
)
def test_r23_what_counts_as_the_values_of_a_claim(
    claims: dict[str, Any], name: str, found: Found, values: tuple[str, ...]
) -> None:
    assert claim_roles.read(claims, name) == ClaimValues(found=found, values=values)


TABLE = {"staff": "member", "bosses": "admin", "leads": "admin", "guests": "read-only"}
RANKS = ("admin", "member", "read-only")


@pytest.mark.parametrize(
    ("values", "role"),
    [
        (["staff"], "member"),
        (["guests", "staff"], "member"),
        (["staff", "guests", "bosses"], "admin"),
        (["bosses", "bosses"], "admin"),
        (["guests", "unmapped"], "read-only"),
        (["unmapped"], "member"),
        ([], "member"),
        (["Bosses"], "member"),
        (["bosses "], "member"),
        (["admin"], "member"),
        (["b*"], "member"),
        (["boss\u0435s"], "member"),
    ],
)
def test_r23_the_highest_role_counts_and_the_default_where_nothing_matches(values: list[str], role: str) -> None:
    said = claim_roles.read({"groups": values}, "groups")
    assert claim_roles.role(said, table=TABLE, highest_first=RANKS, default="member") == role


def test_r23_the_default_is_the_organizations() -> None:
    said = claim_roles.read({"groups": []}, "groups")
    assert claim_roles.role(said, table=TABLE, highest_first=RANKS, default="read-only") == "read-only"


@pytest.mark.parametrize(
    "claims", [{}, ENTRA, {"hasgroups": True}, {"groups": None}, {"groups": 7}, {"groups": ["bosses", 7]}]
)
def test_r23_a_claim_that_says_nothing_changes_nothing(claims: dict[str, Any]) -> None:
    said = claim_roles.read(claims, "groups")
    assert claim_roles.role(said, table=TABLE, highest_first=RANKS, default="member") is None


GROUPS = {"eng": ["Engineers"], "ops": ["Operators", "Engineers"], "hr": ["People"]}


@pytest.mark.parametrize(
    ("claims", "held", "from_claims", "join", "leave"),
    [
        ({"groups": ["eng"]}, [], [], {"Engineers"}, set()),
        ({"groups": ["eng", "ops", "x"]}, [], [], {"Engineers", "Operators"}, set()),
        ({"groups": ["eng"]}, ["Engineers"], ["Engineers"], set(), set()),
        ({"groups": ["hr"]}, ["Engineers"], ["Engineers"], {"People"}, {"Engineers"}),
        ({"groups": []}, ["Engineers", "Editors"], ["Engineers"], set(), {"Engineers"}),
        # Given by hand: stays, although the table knows the group and the claim does not give it.
        ({"groups": []}, ["Engineers", "Editors"], [], set(), set()),
        ({"groups": ["eng"]}, ["Engineers"], [], set(), set()),
        # Taken away by hand meanwhile: not taken away again, and not given back silently by the record of it.
        ({"groups": []}, [], ["Engineers"], set(), set()),
        ({}, ["Engineers"], ["Engineers"], set(), {"Engineers"}),
        (ENTRA, ["Engineers"], ["Engineers"], set(), set()),
        ({"groups": 7}, ["Engineers"], ["Engineers"], set(), set()),
    ],
)
def test_groups_follow_the_claim_and_others_stay(
    claims: dict[str, Any], held: list[str], from_claims: list[str], join: set[str], leave: set[str]
) -> None:
    said = claim_roles.read(claims, "groups")
    changes = claim_roles.groups(said, table=GROUPS, held=held, from_claims=from_claims)
    assert changes == GroupChanges(join=frozenset(join), leave=frozenset(leave))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "a.b", "groups"]), inner),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from(["a", "a.b", "groups", "_claim_names", "hasgroups"]), JSON),
    st.text("ab.", max_size=6),
)
def test_whatever_a_token_holds_a_role_of_the_table_or_the_default_comes_out(claims: dict[str, Any], name: str) -> None:
    said = claim_roles.read(claims, name)
    assert claim_roles.role(said, table={"x": "admin"}, highest_first=RANKS, default="member") in {
        None,
        "admin",
        "member",
    }
