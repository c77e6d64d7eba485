"""Which paths are the API's, also where no view answers: read off the routes, wherever we are mounted."""

from collections.abc import Iterator
from functools import lru_cache

from django.urls import URLPattern, URLResolver, get_resolver, get_urlconf

from fairlead.web.views import Api


def is_api(path_info: str) -> bool:
    """Whether an API view of ours stands at this path, or beside it: `/app/nonsense` is beside `/app/me`."""
    return path_info.startswith(_folders(get_resolver(get_urlconf())))


@lru_cache(maxsize=8)
def _folders(resolver: URLResolver) -> tuple[str, ...]:
    routes = (f"/{route}" for route in _routes(resolver, ""))
    # Up to the last slash before the first variable part. A view right below the root makes not all of the site an API.
    folders = {route.partition("<")[0].rpartition("/")[0] for route in routes}
    return tuple(sorted(f"{folder}/" for folder in folders if folder))


def _routes(resolver: URLResolver, before: str) -> Iterator[str]:
    """The routes of API views below this resolver."""
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each, route)
        elif isinstance(each, URLPattern) and _is_ours(each):
            yield route


def _is_ours(pattern: URLPattern) -> bool:
    view = getattr(pattern.callback, "cls", None)
    return isinstance(view, type) and issubclass(view, Api)
