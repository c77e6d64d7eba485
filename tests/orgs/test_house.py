"""What no view of the tenants wing may forget, read off its source and the URL configuration."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house import sources

VIEWS = [*sources("userpools", "sdkclients", pattern="*views*.py"), *sources("fairlead/orgs/views")]
POLICIES = ("authentication_classes", "permission_classes", "throttle_classes")


def routes(patterns: list[Any] | None = None, before: str = "") -> Iterator[tuple[str, Any]]:
    for each in get_resolver().url_patterns if patterns is None else patterns:
        address = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, address)
        elif isinstance(each, URLPattern):
            yield address, each.callback


@pytest.mark.parametrize("path", VIEWS, ids=str)
def test_no_view_reaches_rows_but_through_the_tenant(path: Path) -> None:
    reached = [node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)]
    assert not {"objects", "_default_manager", "_base_manager"} & set(reached)


def test_every_view_of_the_wing_states_its_policies_itself() -> None:
    for address, callback in routes():
        if address.startswith(("org", "app/")):
            for policy in POLICIES:
                assert policy in vars(callback.cls), f"{address} does not state {policy}"
