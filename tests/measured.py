"""What the metrics of this process gained while a test did something."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY

Series = dict[tuple[str, ...], float]


def series(name: str) -> Series:
    """The values of one series by its labels' values, in the order of the labels' names."""
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in REGISTRY.collect()
        for sample in family.samples
        if sample.name == name
    }


@contextmanager
def gained(name: str) -> Iterator[Series]:
    """Complete when the block is left; holds what grew alone."""
    before, found = series(name), Series()
    yield found
    after = series(name)
    found.update({key: value - before.get(key, 0) for key, value in after.items() if value != before.get(key, 0)})
