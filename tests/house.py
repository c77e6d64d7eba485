"""Which packages the house has. One list, so that a test that walks it looks at nothing only by failing."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRAVELLING = ("fairlead", "accounts", "oidc_login", "userpools", "sdkclients")
PACKAGES = ("config", *TRAVELLING)


def sources(*folders: str, pattern: str = "*.py") -> Iterator[Path]:
    """The Python files below `folders` (default: every package), migrations left out. Each folder must hold some."""
    for folder in folders or PACKAGES:
        found = [path for path in sorted((ROOT / folder).rglob(pattern)) if "migrations" not in path.parts]
        assert found, f"{folder} holds no {pattern}: was it moved?"
        yield from found
