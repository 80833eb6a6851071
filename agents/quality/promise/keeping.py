"""Computation of the error promises, and the rows that record each change."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from agents.choices import PromiseCause
from agents.common.guidance import guide_of
from agents.engine.confidence import promise as mathematics
from agents.engine.confidence.promise import CUT_OFFS, Candidate, Promise
from agents.engine.registry import get_agent
from agents.engine.request.prompt_files import version_of
from agents.models import ErrorPromise, PromiseTerms
from agents.quality.promise import learned_confidence
from agents.quality.promise.population import Earlier, Label, Population, errors_of, strata

# A promise is computed anew after this many verdicts, and at least once a day.
VERDICTS_BETWEEN: Final = 25
MAX_AGE: Final = timedelta(days=1)
# Older outputs do not count: texts and reviewers change.
WINDOW: Final = timedelta(days=90)
# A universe has a promise of its own from this many verdicts on; of those, the ones with the most.
MIN_VERDICTS_OF_UNIVERSE: Final = 100
MAX_UNIVERSES: Final = 50
# Verdicts on an earlier model or prompt count from this many new ones on, unless the shares of errors differ.
EQUALITY_VERDICTS: Final = 50
EQUALITY_P: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Version:
    """Model, prompts and style guide, which make the outputs of an agent one population.

    ``guide_version`` is None for all universes together: there, outputs under an earlier guide drop out one by one.
    """

    model: str
    prompt_version: str
    guide_version: int | None = None
    # A learned confidence is on another scale: outputs from before it are another population.
    learned_at: datetime | None = None


def compute_all(now: datetime | None = None) -> dict[str, int]:
    """Compute the promises that are due; return how many were computed and how many changed."""
    counts: Counter[str] = Counter()
    for agent_type in PromiseTerms.objects.filter(is_active=True).values_list("agent_type", flat=True):
        if agent_type not in settings.FIXED_THRESHOLDS:
            counts += compute(agent_type, now=now)
    return {"computed": counts["computed"], "changed": counts["changed"]}


def compute(agent_type: str, *, now: datetime | None = None, is_forced: bool = False) -> Counter[str]:
    """Compute the promise of an agent and those of its universes, if they are due or ``is_forced``.

    Concurrent computations of one agent wait for each other.
    """
    at = now or timezone.now()
    with transaction.atomic():
        terms = PromiseTerms.objects.select_for_update().get(agent_type=agent_type)
        version = _version(agent_type)
        of_agent = _Scope(terms, None, version, at)
        if not (is_forced or of_agent.is_due() or _has_new_guide(agent_type)):
            return Counter()
        learned_at = learned_confidence.renew(
            agent_type, version.model, version.prompt_version, of_agent.version_since(), at
        )
        if learned_at is not None:
            version = replace(version, learned_at=learned_at)
            of_agent = _Scope(terms, None, version, at)
        counts = Counter(computed=1, changed=of_agent.keep())
        of_universe = Counter(label.universe_id for label in of_agent.labels if label.universe_id is not None)
        for universe_id, verdicts in of_universe.most_common(MAX_UNIVERSES):
            if verdicts >= MIN_VERDICTS_OF_UNIVERSE:
                counts["computed"] += 1
                of_universe_version = replace(
                    _version(agent_type, universe_id), learned_at=version.learned_at
                )
                counts["changed"] += _Scope(terms, universe_id, of_universe_version, at).keep()
        # The promise of the agent applies to universes that have too few verdicts now.
        stale = ErrorPromise.objects.filter(
            agent_type=agent_type, universe__isnull=False, until__isnull=True, checked_at__lt=at
        )
        counts["changed"] += stale.update(until=at)
    return counts


def _version(agent_type: str, universe_id: uuid.UUID | None = None) -> _Version:
    prompt_version = version_of(get_agent(agent_type).prompt_names())
    guide_version = None if universe_id is None else _guide_version(agent_type, universe_id)
    return _Version(settings.AGENT_MODELS[agent_type], prompt_version, guide_version)


def _guide_version(agent_type: str, universe_id: uuid.UUID) -> int:
    guide = guide_of(universe_id, agent_type)
    return 0 if guide is None else guide.version


def _has_new_guide(agent_type: str) -> bool:
    """Return whether the promise of a universe is about an earlier style guide than today's."""
    now = ErrorPromise.objects.filter(agent_type=agent_type, universe__isnull=False, until__isnull=True)
    return any(
        (guide_version or 0) != _guide_version(agent_type, universe_id)
        for universe_id, guide_version in now.values_list("universe", "guide_version")
    )


class _Scope:
    """One computation for an agent, in one universe or in all, under its terms."""

    def __init__(
        self, terms: PromiseTerms, universe_id: uuid.UUID | None, version: _Version, now: datetime
    ) -> None:
        self._terms = terms
        self._universe_id = universe_id
        self._version = version
        self._now = now
        self._current = self._rows().filter(until__isnull=True).first()
        self._began_at, self._cause = self._begin()
        self.labels: list[Label] = []

    def version_since(self) -> datetime | None:
        """Return since when the present model and prompts are known to be in use; None if they are new."""
        rows = self._rows().filter(model=self._version.model, prompt_version=self._version.prompt_version)
        since: datetime | None = rows.aggregate(since=Min("began_at"))["since"]
        return since

    def is_due(self) -> bool:
        current = self._current
        return (
            current is None
            or self._cause is not None
            or self._now - current.checked_at >= MAX_AGE
            or (current.alpha, current.delta) != (self._terms.alpha, self._terms.delta)
            or abs(self._population(self._earlier_of(current)).decided().count() - current.verdicts)
            >= VERDICTS_BETWEEN
        )

    def keep(self) -> bool:
        """Compute the promise; store a row if it changed, or else bring the evidence up to date. Return which."""
        population = self._population(None)
        labels = population.labels()
        if (drifted_at := _drift(self._current, labels)) is not None:
            self._began_at, self._cause = drifted_at, PromiseCause.DRIFT
            population = self._population(None)
            labels = [label for label in labels if label.made_at >= drifted_at]
        elif (earlier := self._equal_earlier(labels)) is not None:
            population = self._population(earlier)
            labels = population.labels()
        self.labels = labels
        promise = mathematics.promise(strata(population, labels), self._terms.alpha, self._terms.delta)
        return self._store(promise, population)

    def _rows(self) -> QuerySet[ErrorPromise]:
        return ErrorPromise.objects.filter(agent_type=self._terms.agent_type, universe=self._universe_id)

    def _population(self, earlier: Earlier | None) -> Population:
        return Population(
            self._terms.agent_type, self._universe_id, self._version.model, self._began_at, earlier
        )

    def _begin(self) -> tuple[datetime, PromiseCause | None]:
        """Return the begin of the population, and why it is a new one."""
        current, oldest = self._current, self._now - WINDOW
        if current is None:
            return oldest, PromiseCause.FIRST
        known = _Version(current.model, current.prompt_version, self._guide_of(current))
        if replace(self._version, learned_at=None) != known:
            return self._now, PromiseCause.VERSION
        if self._version.learned_at is not None and current.began_at < self._version.learned_at:
            return self._version.learned_at, PromiseCause.LEARNED
        return max(current.began_at, oldest), None

    def _guide_of(self, promise: ErrorPromise) -> int | None:
        """Return the guide of a promise; those of universes before there were guides have none."""
        return None if self._universe_id is None else promise.guide_version or 0

    def _earlier_of(self, current: ErrorPromise) -> Earlier | None:
        """Return the earlier population that counts in the current evidence."""
        if current.counts_from >= current.began_at:
            return None
        before = self._before()
        return None if before is None else Earlier(before.model, current.counts_from)

    def _before(self) -> ErrorPromise | None:
        """Return the last promise of the version before, if the present population began with a new version."""
        first = self._rows().filter(began_at=self._began_at).order_by("at").first()
        if first is None or first.cause != PromiseCause.VERSION:
            return None
        return self._rows().filter(until=first.at).first()

    def _equal_earlier(self, labels: Sequence[Label]) -> Earlier | None:
        """Return the population of the version before, unless its share of errors differs from the present one's."""
        if len(labels) < EQUALITY_VERDICTS or (before := self._before()) is None:
            return None
        since = max(before.began_at, self._now - WINDOW)
        earlier = Population(
            self._terms.agent_type, self._universe_id, before.model, since, of_any_guide=True
        ).labels()
        old = [label for label in earlier if label.made_at < self._began_at]
        p = mathematics.are_different(errors_of(labels, CUT_OFFS[0]), errors_of(old, CUT_OFFS[0]))
        return Earlier(before.model, since) if old and p >= EQUALITY_P else None

    def _store(self, promise: Promise, population: Population) -> bool:
        current, terms = self._current, self._terms
        earlier = population.earlier
        values: dict[str, Any] = {
            "checked_at": self._now,
            "counts_from": population.since if earlier is None else earlier.since,
            "began_at": population.since,
            "verdicts": len(self.labels),
            "evidence": _evidence(promise, self.labels, self._now),
        }
        audit_share = None if promise.state == "kept" else (terms.max_audit_share or None)
        stated = (promise.state, promise.cut_off, audit_share, terms.alpha, terms.delta)
        if current is not None and self._cause is None and stated == _stated(current):
            self._rows().filter(pk=current.pk).update(**values)
            return False
        self._rows().filter(until__isnull=True).update(until=self._now)
        ErrorPromise.objects.create(
            agent_type=terms.agent_type,
            universe_id=self._universe_id,
            at=self._now,
            cause=self._cause or _cause(current, terms),
            state=promise.state,
            cut_off=promise.cut_off,
            alpha=terms.alpha,
            delta=terms.delta,
            audit_share=audit_share,
            model=self._version.model,
            prompt_version=self._version.prompt_version,
            guide_version=self._version.guide_version,
            **values,
        )
        return True


def _stated(promise: ErrorPromise) -> tuple[str, float | None, float | None, float, float]:
    return promise.state, promise.cut_off, promise.audit_share, promise.alpha, promise.delta


def _cause(current: ErrorPromise | None, terms: PromiseTerms) -> PromiseCause:
    if current is None:
        return PromiseCause.FIRST
    has_new_terms = (current.alpha, current.delta) != (terms.alpha, terms.delta)
    return PromiseCause.TERMS if has_new_terms else PromiseCause.VERDICTS


def _drift(current: ErrorPromise | None, labels: Sequence[Label]) -> datetime | None:
    """Return when the newest verdicts began, if they have more errors among what passes than those before."""
    if current is None or current.cut_off is None:
        return None
    passing = [label for label in labels if label.confidence >= current.cut_off]
    begin = mathematics.drift_begin([label.is_error for label in passing])
    return None if begin is None else passing[begin].made_at


def _evidence(promise: Promise, labels: Sequence[Label], now: datetime) -> dict[str, Any]:
    last_week = sum(label.decided_at >= now - timedelta(days=7) for label in labels)
    return {
        "candidates": [_candidate(candidate) for candidate in promise.candidates],
        "best_bound": promise.best_bound,
        "needed": promise.needed,
        "verdicts_per_day": last_week / 7,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "cut_off": candidate.cut_off,
        "bound": candidate.bound,
        "estimate": candidate.estimate,
        "strata": [asdict(stratum) for stratum in candidate.strata],
    }
