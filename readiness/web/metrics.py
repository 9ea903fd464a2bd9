"""For Prometheus: answers counted by this process."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

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
STREAMS = Gauge(
    "readiness_streams", "Streams open in this process, by what they tell.", ["topic"],
    registry=REGISTRY,
)  # fmt: skip
DROPPED = Counter(
    "readiness_streams_dropped", "Streams that were cut off because nobody read them.",
    registry=REGISTRY,
)  # fmt: skip


def name_process() -> None:
    """Say whose counts these are; a process that is forked has its own."""
    REGISTRY.set_target_info({"process": str(os.getpid())})


name_process()
os.register_at_fork(after_in_child=name_process)
