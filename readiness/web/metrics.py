"""For Prometheus: answers counted by this process, and figures other rooms read at scrape."""

import os
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

Source = Callable[[], Iterable[Metric]]

REGISTRY = CollectorRegistry()
# Each process counts its own answers; the label keeps two of them from looking like one.
REQUESTS = Counter(
    "readiness_requests",
    "Requests answered, by page, verb and status.",
    ["page", "verb", "status"],
    registry=REGISTRY,
)
SECONDS = Histogram(
    "readiness_request_seconds",
    "Time to answer, by page.",
    ["page"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
_sources: list[Source] = []


def metrics_source(source: Source) -> Source:
    """Have source() asked for its metrics at every scrape."""
    _sources.append(source)
    return source


class Sources(Collector):
    """Everything other rooms know, read when it is asked for."""

    def describe(self) -> Iterable[Metric]:
        return []  # nothing is read before the first scrape

    def collect(self) -> Iterator[Metric]:
        for source in _sources:
            yield from source()


REGISTRY.register(Sources())
REGISTRY.set_target_info({"process": str(os.getpid())})
