"""The WSGI application: `gunicorn config.wsgi`.

In front of Django stands one guard. Django reads the parameters of Content-Type while it makes the request, before
any of its own error handling: a header that it cannot read would end as the server's bare 500, with the address in
the log.
"""

import codecs
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["CONTENT_TYPE"] = readable_content_type(environ.get("CONTENT_TYPE", ""))
    response = _django(environ, start_response)
    if environ["REQUEST_METHOD"] == "HEAD":
        getattr(response, "close", lambda: None)()
        return []
    return response


def readable_content_type(value: str) -> str:
    """The header as it is, or its media type alone where its parameters cannot be read or name another charset."""
    media_type = value.partition(";")[0].strip()
    try:
        _, parameters = parse_header_parameters(value)
        charset = parameters.get("charset", "utf-8")
        plain = codecs.lookup(charset).name == "utf-8"
    except (ValueError, LookupError):
        plain = False
    return value if plain else media_type
