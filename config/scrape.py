"""What /metrics answers with: what all processes of this server counted, and what the database knows."""

from collections.abc import Iterator, Mapping

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from config import metric_files
from fairlead import metrics
from fairlead.web import stored_metrics

READY = "fairlead_ready"
metrics.names.add(READY)


def text(*, parts: Mapping[str, bool]) -> bytes:
    """`parts` are those of /readyz, each with whether it is well."""
    metrics.sample()
    with metric_files.unchanged() as folder:
        if folder is None:
            counted = generate_latest(REGISTRY)
        else:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]  # the library's part has no types
            counted = generate_latest(registry)
    stored = CollectorRegistry()
    stored.register(_Now(parts))
    return counted + generate_latest(stored)


class _Now:
    """What is as it is at the moment of the scrape."""

    def __init__(self, parts: Mapping[str, bool]) -> None:
        self._parts = parts

    def collect(self) -> Iterator[GaugeMetricFamily]:
        ready = GaugeMetricFamily(READY, "Whether what requests need is there", labels=["kind"])
        for kind, well in self._parts.items():
            ready.add_metric([kind], float(well))
        yield ready
        for each in stored_metrics.read():
            family = GaugeMetricFamily(each.name, each.meaning, labels=["kind"] if each.by_kind else None)
            for kind, value in each.values.items():
                family.add_metric([kind] if each.by_kind else [], value)
            yield family
