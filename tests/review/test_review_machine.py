"""Random interleavings of what reviewers do to the same items, with requests that break off anywhere."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from agents.batches.answer_source import process_job
from agents.canon import placement
from agents.choices import ACCEPTED_VERDICTS, EventKind, JobOutcome, ReviewState, Verdict
from agents.errors import DomainError
from agents.jobs import actions
from agents.models import AgentJob, AgentJobEvent, ReviewDecision, ReviewItem
from agents.review import claims
from agents.review.verdicts import decisions, reopening
from tests.support.crashing import run_or_crash

pytestmark = pytest.mark.django_db

crashes = st.none() | st.integers(min_value=1, max_value=40)
some = st.integers(min_value=0, max_value=50)
UNDONE = (EventKind.REVIEW_UNDONE, EventKind.REVIEW_REOPENED)
OPINIONS = {Verdict.EDITED, Verdict.APPROVED, Verdict.REJECTED, Verdict.ASKED_AGAIN}


class ReviewMachine(RuleBasedStateMachine):
    """Three items in doubt, and four people who judge them."""

    def __init__(self, items: list[ReviewItem], people: list[User]) -> None:
        super().__init__()
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.items, self.people = [item.pk for item in items], people

    @rule(which=some, who=some, crash=crashes)
    def claim(self, which: int, who: int, crash: int | None) -> None:
        self._do(lambda item, by: claims.claim(item, by), which, who, crash)

    @rule(who=some, crash=crashes)
    def claim_next(self, who: int, crash: int | None) -> None:
        self._do(lambda _, by: claims.claim_next(by), 0, who, crash)

    @rule(which=some, who=some, crash=crashes)
    def renew(self, which: int, who: int, crash: int | None) -> None:
        self._do(lambda item, by: claims.renew(item, by), which, who, crash)

    @rule(which=some, who=some, crash=crashes)
    def release(self, which: int, who: int, crash: int | None) -> None:
        self._do(lambda item, by: claims.release(item, by), which, who, crash)

    @rule(which=some, who=some, crash=crashes)
    def skip(self, which: int, who: int, crash: int | None) -> None:
        self._do(lambda item, by: claims.skip(item, by), which, who, crash)

    @rule(which=some, who=some, crash=crashes)
    def break_claim(self, which: int, who: int, crash: int | None) -> None:
        self._do(lambda item, by: claims.break_claim(item, by), which, who, crash)

    @rule(which=some, who=some, to=some, crash=crashes)
    def hand(self, which: int, who: int, to: int, crash: int | None) -> None:
        self._do(lambda item, by: claims.hand_to(item, self._person(to), by=by), which, who, crash)

    @rule(which=some, who=some, verdict=st.sampled_from(sorted(OPINIONS)), crash=crashes)
    def decide(self, which: int, who: int, verdict: Verdict, crash: int | None) -> None:
        def work(item: uuid.UUID, by: User) -> None:
            edited = None
            if verdict == Verdict.EDITED:
                output = ReviewItem.objects.get(pk=item).job.output_data
                assert output is not None
                edited = {**output, "content": f"{output['content']} The tide turned."}
            note = "Shorter." if verdict in {Verdict.REJECTED, Verdict.ASKED_AGAIN} else ""
            decisions.decide(item, Verdict(verdict), by=by, note=note, edited=edited)

        self._do(work, which, who, crash)

    @rule(which=some, who=some, crash=crashes)
    def undo(self, which: int, who: int, crash: int | None) -> None:
        self._do(lambda item, by: decisions.undo(item, by=by), which, who, crash)

    @rule(which=some, who=some, crash=crashes)
    def reopen(self, which: int, who: int, crash: int | None) -> None:
        self._do(lambda item, by: reopening.reopen(item, "Look again.", by=by), which, who, crash)

    @rule(crash=crashes)
    def run_follow_up(self, crash: int | None) -> None:
        waiting = AgentJob.objects.due().filter(follows__isnull=False).first()
        if waiting is not None:
            run_or_crash(lambda: process_job(waiting.pk), crash)

    @rule(crash=crashes)
    def cancel_follow_up(self, crash: int | None) -> None:
        waiting = AgentJob.objects.filter(status="pending", follows__isnull=False).first()
        if waiting is not None:
            with suppress(DomainError):
                run_or_crash(lambda: actions.cancel_job(waiting.pk, by=waiting.requested_by), crash)

    @rule()
    def let_claims_run_out(self) -> None:
        ReviewItem.objects.filter(claimed_by__isnull=False).update(
            claimed_until=timezone.now() - timedelta(seconds=1)
        )

    @rule(which=some)
    def let_verdict_grow_old(self, which: int) -> None:
        ReviewDecision.objects.filter(item=self._item(which)).update(at=timezone.now() - timedelta(hours=1))

    # --- What always holds

    @invariant()
    def item_is_what_its_verdict_says(self) -> None:
        for item in ReviewItem.objects.filter(pk__in=self.items).select_related("job"):
            verdicts = list(item.decisions.in_force().filter(takes_effect=True))
            assert len(verdicts) == (item.state == ReviewState.CLOSED)
            said = verdicts[0] if verdicts else None
            assert item.job.outcome == (JobOutcome(said.verdict) if said else JobOutcome.AWAITING_REVIEW)
            assert (placement.entry_of(item.job) is not None) == bool(
                said and said.verdict in ACCEPTED_VERDICTS
            )
            if item.state == ReviewState.CLOSED:
                assert item.claimed_by_id is None
            assert (item.claimed_by_id is None) == (item.claimed_until is None) == (item.claimed_at is None)
            self._check_follow_ups(item, said)

    def _check_follow_ups(self, item: ReviewItem, said: ReviewDecision | None) -> None:
        made = set(
            AgentJob.objects.filter(follows=item.job).exclude(status="cancelled").values_list("pk", flat=True)
        )
        wanted = {said.follow_up_id} - {None} if said and said.verdict == Verdict.ASKED_AGAIN else set()
        assert made <= wanted
        assert AgentJob.objects.filter(pk__in=[pk for pk in wanted if pk]).count() == len(wanted)

    @invariant()
    def history_tells_all(self) -> None:
        kinds = Counter(AgentJobEvent.objects.values_list("job", "kind"))
        for item in ReviewItem.objects.filter(pk__in=self.items):
            told = kinds[item.job_id, EventKind.REVIEW_DECIDED] - sum(
                kinds[item.job_id, kind] for kind in UNDONE
            )
            assert told == (item.state == ReviewState.CLOSED)
            assert kinds[item.job_id, EventKind.REVIEW_OPENED] == 1

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)

    def _do(self, work: Callable[[uuid.UUID, User], Any], which: int, who: int, crash: int | None) -> None:
        with suppress(DomainError):
            run_or_crash(lambda: work(self._item(which), self._person(who)), crash)

    def _item(self, which: int) -> uuid.UUID:
        return self.items[which % len(self.items)]

    def _person(self, who: int) -> User:
        return self.people[who % len(self.people)]


def test_reviews_survive_whatever_happens(open_review, reviewer, second_reviewer, lead, superuser):
    items = [open_review(prompt=f"Mira waits out tide {number}.") for number in range(2)]
    people = [reviewer, second_reviewer, lead, superuser]
    run_state_machine_as_test(
        lambda: ReviewMachine(items, people),  # type: ignore[arg-type]  # any function that makes one
        settings=settings(
            max_examples=10,
            stateful_step_count=40,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
