"""`GET /metrics` in the text format of Prometheus, computed at each scrape from database and broker.

Every process of the site gives the same figures, except for those of its own requests.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Avg, Count, F, Max, Min, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from agents.billing import usage
from agents.billing.usage_parts import UsageQuery
from agents.billing.usage_rows import TOKENS
from agents.choices import AgentType, JobStatus
from agents.jobs import stats
from agents.models import AgentJob, ModelCall, ReviewItem, WorkerProcess
from agents.providers import status
from mediaassets.api import errors
from mediaassets.operations import beat

log = structlog.get_logger(__name__)

RECENT: Final = timedelta(minutes=5)
# Calls that a scrape reads at most; of more in the time, the newest count.
MAX_CALLS: Final = 5000
QUANTILES: Final = (0.5, 0.95, 0.99)


@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """Return all metrics. The bearer token is ``METRICS_TOKEN``; without that setting there is no such page."""
    if not settings.METRICS_TOKEN:
        return _problem(404, "not_found", "Set METRICS_TOKEN to open the metrics.")
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode()):
        response = _problem(401, "not_authenticated", "Send METRICS_TOKEN as a bearer token.")
        response["WWW-Authenticate"] = "Bearer"
        return response
    site = CollectorRegistry()
    site.register(SiteCollector())
    response = HttpResponse(generate_latest(_of_requests()) + generate_latest(site))
    response["Content-Type"] = CONTENT_TYPE_LATEST
    response["Cache-Control"] = "no-store"
    return response


def _of_requests() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _problem(status_code: int, code: str, detail: str) -> HttpResponse:
    document = errors.document(status_code, code, detail)
    return JsonResponse(document, status=status_code, content_type=errors.CONTENT_TYPE)


class SiteCollector:
    """Metrics of the whole site. A part whose server is away is left out, and ``media_part_up`` says so."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily(
            "media_part_up", "1 if this part of the metrics could be read.", labels=["part"]
        )
        for name, part in PARTS.items():
            try:
                metrics = list(part())
            except (DatabaseError, redis.RedisError, OSError) as error:
                log.warning("metrics_failed", part=name, error=type(error).__name__)
                up.add_metric([name], 0)
            else:
                up.add_metric([name], 1)
                yield from metrics
        yield up


def _jobs() -> Iterator[Metric]:
    jobs = _gauge("media_jobs", "Jobs by agent and status.", "agent_type", "status")
    counts, _ = stats.count_jobs()
    for agent in AgentType.values:
        for job_status in JobStatus.values:
            jobs.add_metric([agent, job_status], counts[agent, job_status])
    yield jobs
    yield _single(
        "media_oldest_due_job_seconds", "Wait of the oldest due job.", stats.oldest_due_age_s() or 0
    )
    now = timezone.now()
    running = AgentJob.objects.filter(status=JobStatus.PROCESSING).aggregate(
        longest=Min("started_at"),
        mean=Avg(F("started_at") - F("available_at")),
        max=Max(F("started_at") - F("available_at")),
    )
    longest_s = (now - running["longest"]).total_seconds() if running["longest"] else 0
    yield _single("media_longest_attempt_seconds", "Age of the oldest running attempt.", longest_s)
    pickup = _gauge("media_pickup_seconds", "Wait from due to started, of the running jobs.", "of")
    for name in ("mean", "max"):
        pickup.add_metric([name], running[name].total_seconds() if running[name] else 0)
    yield pickup


def _workers() -> Iterator[Metric]:
    yield _single(
        "media_workers", "Worker processes whose lease runs.", WorkerProcess.objects.alive().count()
    )


def _beat() -> Iterator[Metric]:
    age_s = beat.age_s()
    yield _single("media_beat_up", "1 after a recent heartbeat of beat.", float(age_s is not None))


def _reviews() -> Iterator[Metric]:
    now = timezone.now()
    waiting = ReviewItem.objects.open().order_by()
    counts = waiting.aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        disputed=Count("pk", filter=Q(disputed_at__isnull=False)),
        oldest=Min("opened_at"),
    )
    reviews = _gauge("media_reviews", "Items that wait for a decision.", "state")
    for state in ("open", "overdue", "disputed"):
        reviews.add_metric([state], counts[state])
    reviews.add_metric(["claimed"], waiting.claimed(now).count())
    yield reviews
    age_s = (now - counts["oldest"]).total_seconds() if counts["oldest"] else 0
    yield _single("media_oldest_review_seconds", "Wait of the oldest open item.", age_s)


def _calls() -> Iterator[Metric]:
    calls = _gauge("media_recent_calls", "Model calls of the last five minutes.", "model", "error_code")
    latency = _gauge(
        "media_recent_latency_seconds",
        "Latency of the direct calls of the last five minutes.",
        "model",
        "quantile",
    )
    numbers: dict[tuple[str, str], int] = {}
    times: dict[str, list[int]] = {}
    recent = ModelCall.objects.filter(at__gte=timezone.now() - RECENT).order_by("-at")
    for model, code, took_ms, is_batch in recent.values_list("model", "error_code", "latency_ms", "is_batch")[
        :MAX_CALLS
    ]:
        numbers[model, code] = numbers.get((model, code), 0) + 1
        if not is_batch:
            times.setdefault(model, []).append(took_ms)
    for labels, number in numbers.items():
        calls.add_metric(list(labels), number)
    for model, values in times.items():
        values.sort()
        for quantile in QUANTILES:
            value_ms = values[min(len(values) - 1, int(quantile * len(values)))]
            latency.add_metric([model, str(quantile)], value_ms / 1000)
    yield calls
    yield latency


def _usage() -> Iterator[Metric]:
    today = timezone.now().date()
    tokens = _gauge("media_tokens_today", "Tokens since midnight UTC.", "model", "kind")
    cost = _gauge("media_cost_usd_today", "Known cost since midnight UTC, in US dollars.", "model")
    unknown = _gauge(
        "media_calls_of_unknown_cost_today", "Calls of unknown cost since midnight UTC.", "model"
    )
    rows, _ = usage.run_query(UsageQuery(first=today, last=today, group_by=("model",)))
    for row in rows:
        model = row.key["model"] or "none"
        for kind in TOKENS:
            tokens.add_metric([model, kind.removesuffix("_tokens")], getattr(row, kind))
        cost.add_metric([model], float(row.cost))
        unknown.add_metric([model], row.unknown_calls)
    yield from (tokens, cost, unknown)


def _models() -> Iterator[Metric]:
    in_flight = _gauge("media_model_in_flight", "Running calls.", "model")
    waiting = _gauge("media_model_waiting", "Jobs that wait for quota, by lane.", "model", "lane")
    paused = _gauge("media_model_paused", "1 while calls are held back, by cause.", "model", "cause")
    left = _gauge("media_model_quota_left_ratio", "Share of a rate limit that is left.", "model", "limit")
    for state in status.model_states():
        in_flight.add_metric([state.model], state.in_flight)
        for lane, number in state.waiting.items():
            waiting.add_metric([state.model, lane], number)
        for breaker in state.breakers:
            paused.add_metric([state.model, breaker.cause], float(breaker.state != "closed"))
        for bucket in state.buckets:
            left.add_metric(
                [state.model, bucket.name], max(0.0, min(1.0, bucket.left / (bucket.capacity or 1)))
            )
    yield from (in_flight, waiting, paused, left)


PARTS: Final[dict[str, Callable[[], Iterator[Metric]]]] = {
    "jobs": _jobs,
    "workers": _workers,
    "beat": _beat,
    "reviews": _reviews,
    "calls": _calls,
    "usage": _usage,
    "models": _models,
}


def _gauge(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, labels=labels)


def _single(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)
