"""Number and duration of requests by route and status, for `/metrics`."""

from __future__ import annotations

from typing import Final

from prometheus_client import Histogram

# With PROMETHEUS_MULTIPROC_DIR set, the web processes of a container share their counts in files.
_REQUESTS: Final = Histogram(
    "media_http_request_seconds",
    "Duration of requests until the answer is complete.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def observe(method: str, route: str | None, status: int, took_s: float) -> None:
    """Count a request. Unknown methods and paths share a label each, so that clients cannot add labels."""
    known = method if method in _METHODS else "other"
    _REQUESTS.labels(known, route or "none", str(status)).observe(took_s)
