"""Which paths are the API's, also where no view answers: read off the routes, wherever we are mounted."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, get_urlconf

from fairlead.web.views import Api


def is_api(path_info: str) -> bool:
    """Whether an API view of ours stands at this path, or beside it: `/app/nonsense` is beside `/app/me`."""
    return path_info.startswith(_folders(get_resolver(get_urlconf())))


def is_for_programs(path_info: str) -> bool:
    """Whether an API view of ours stands at this path that reads no browser's session (`Api.reads_session`)."""
    whole, beginnings = _for_programs(get_resolver(get_urlconf()))
    return path_info in whole or path_info.startswith(beginnings)


@dataclass(frozen=True, slots=True)
class _Route:
    path: str
    view: Any

    @property
    def literal(self) -> str:
        """Up to its first variable part."""
        return self.path.partition("<")[0]

    @property
    def is_ours(self) -> bool:
        return isinstance(self.view, type) and issubclass(self.view, Api)

    @property
    def is_for_programs(self) -> bool:
        return self.is_ours and not self.view.reads_session


@lru_cache(maxsize=8)
def _folders(resolver: URLResolver) -> tuple[str, ...]:
    # Up to the last slash before the first variable part. A view right below the root makes not all of the site an API.
    folders = {route.literal.rpartition("/")[0] for route in _routes(resolver, "/") if route.is_ours}
    return tuple(sorted(f"{folder}/" for folder in folders if folder))


@lru_cache(maxsize=8)
def _for_programs(resolver: URLResolver) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole paths, and the beginnings of those with a variable part. What others share is no criterion."""
    routes = list(_routes(resolver, "/"))
    others = [route for route in routes if not route.is_for_programs]
    ours = [route for route in routes if route.is_for_programs]
    taken = {route.path for route in others}
    whole = {route.path for route in ours if "<" not in route.path and route.path not in taken}
    beginnings = {route.literal for route in ours if "<" in route.path}
    shared = {each for each in beginnings for other in others if other.path.startswith(each)}
    return frozenset(whole), tuple(sorted(beginnings - shared))


def _routes(resolver: URLResolver, before: str) -> Iterator[_Route]:
    """All of the routes below this resolver."""
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each, path)
        elif isinstance(each, URLPattern):
            yield _Route(path=path, view=getattr(each.callback, "cls", None))
