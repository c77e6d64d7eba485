"""The environment and `.env` examined: what was meant to be replaced, what nobody reads, what holds and from where."""

import difflib
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from django.conf import settings

from config import environment
from config.variables import Environment
from fairlead.named_settings import written
from fairlead.placeholders import unexpanded
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, good, note, problem, warning

# Read elsewhere than in config.variables: the server, Django, this reader itself.
_OTHERS = {
    "BIND", "DJANGO_SETTINGS_MODULE", "DRAIN_SECONDS", "ENV_FILE", "PORT", "PROMETHEUS_MULTIPROC_DIR", "THREADS",
    "WEB_CONCURRENCY",
}  # fmt: skip
# Words that begin names of ours alone.
_OURS = ("FAIRLEAD_", "OIDC_")
_CLOSE = 0.85  # of difflib's ratio: one letter of six, or two of thirteen


def look(asked: Asked) -> Iterator[Finding]:
    """Asks nobody. Shows no value of a secret variable."""
    layers = environment.layers()
    table = {each.name.upper(): each for each in fields(Environment) if each.name != "sources"}
    found = [
        *(_placeholders(name, told.metadata["secret"]) for name, told in table.items()),
        *_unread(layers, table),
        *_covered(layers, table),
    ]
    yield from (each for each in found if each)
    # `manage.py` sets this one itself.
    for name, told in ((name, told) for name, told in table.items() if name != "DATABASE_SECONDS"):
        if place := settings.ENVIRONMENT.sources.get(name):
            value = "(a secret)" if told.metadata["secret"] else written(getattr(settings.ENVIRONMENT, told.name))
            yield good(name, f"{value}, from {place}.")


def secrets() -> Iterator[str]:
    """Values of secret variables, for the reports to leave out."""
    for each in fields(Environment):
        if each.name != "sources" and each.metadata["secret"]:
            value = getattr(settings.ENVIRONMENT, each.name)
            yield from value if isinstance(value, tuple) else (value,)


def _placeholders(name: str, secret: bool) -> Finding | None:
    value = getattr(settings.ENVIRONMENT, name.lower())
    texts = value if isinstance(value, tuple) else (value,)
    if not any(isinstance(each, str) and unexpanded(each) for each in texts):
        return None
    shown = "" if secret else f"={written(value)}"
    place = settings.ENVIRONMENT.sources.get(name, "default")
    return problem(
        name,
        f"{name}{shown} ({place}) holds a placeholder that nobody replaced.",
        f"Write the value itself into {place}: nothing expands ${{...}} there.",
        why="Files of variables are read as they stand, without a shell.",
    )


def _unread(layers: environment.Layers, table: dict[str, Any]) -> Iterator[Finding]:
    secret = {name for name, told in table.items() if told.metadata["secret"]}
    known = {*table, *_OTHERS, *(f"{name}_FILE" for name in secret)}
    for place, layer in layers:
        for name in sorted(layer.keys() - known):
            of = name.removesuffix("_FILE")
            if of in table and name.endswith("_FILE"):
                yield warning(
                    name,
                    f"{name} ({place}) is read by nobody: only secrets are taken from files.",
                    f"Set {of} itself.",
                )
                continue
            near = difflib.get_close_matches(name.upper(), sorted(table), n=1, cutoff=_CLOSE)
            if near or name.startswith(_OURS):
                yield warning(
                    name,
                    f"{name} ({place}) is read by nobody.",
                    f"Did you mean {near[0]}?" if near else "Take it out; every variable is in docs/settings.md.",
                    why="It looks like a variable of ours, and has no effect.",
                )


def _covered(layers: environment.Layers, table: dict[str, Any]) -> Iterator[Finding]:
    (_, process), *files = layers
    for place, layer in files:
        for name in sorted(table.keys() & layer.keys() & process.keys()):
            if layer[name].strip() and process[name].strip() and layer[name] != process[name]:
                yield note(
                    name,
                    f"The environment's value counts; {place} has another.",
                    f"Change {name} in the environment, or take it away there.",
                )
