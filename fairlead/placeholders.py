"""Text that was meant to be replaced before anybody read it: `${ISSUER}`, `%ISSUER%`, `{{ issuer }}`, `<issuer>`."""

import re

_UNEXPANDED = re.compile(r"\A(?:\$\{?[A-Za-z_]|%\w+%\Z|\{\{|<[^>]*>\Z)|\$\{")


def unexpanded(value: str) -> bool:
    """Whether this looks like a variable that no shell or template put its value in place of."""
    return _UNEXPANDED.search(value) is not None
