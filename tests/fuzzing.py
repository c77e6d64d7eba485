"""How much input the tests get that make up their own: `make fuzz` sets FUZZ, and they get so many times as much."""

import os

from hypothesis import settings

FACTOR = int(os.environ.get("FUZZ") or 1)


def examples(number: int) -> settings:
    return settings(max_examples=number * FACTOR, deadline=None)
