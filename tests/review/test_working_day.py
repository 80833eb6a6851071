"""Reviewers who work on one queue concurrently and at random."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from agents.choices import Verdict
from agents.errors import Conflict, ReviewClaimed, ReviewClosed
from agents.models import AgentJob, AgentJobEvent, ReviewDecision, ReviewItem, ReviewSkip
from agents.review import claims
from agents.review.verdicts import bulk, decisions
from tests.support.threads import run_concurrently
from universes.models import Scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]

NAMES = r"reviewer\d+"
HOLDS = re.compile(rf"^({NAMES}) has claimed this item until \d\d:\d\d UTC\.$")
# A verdict that is undone between the reading of the item and of its decisions leaves nobody to name.
LEFT_OUT = re.compile(
    rf"^({NAMES}) (has claimed (it|this item) until|has decided it|has already decided this item)"
    rf"|^It is closed\.$|^It was handed to ({NAMES})\.$"
)
DECIDED = re.compile(rf"^({NAMES}) has already decided this item: ([a-z ]+), ")


@dataclass
class Reviewer:
    """A simulated reviewer who works the queue at random, and their observations."""

    person: User
    items: list[UUID]
    colleagues: list[User]
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    decided: list[tuple[UUID, UUID]] = field(default_factory=list)
    undone: list[tuple[UUID, UUID]] = field(default_factory=list)
    left_out: list[bulk.SkippedItem] = field(default_factory=list)
    refused: list[tuple[str, UUID, Conflict]] = field(default_factory=list)

    def work(self, presses, until, all_began):
        dice = random.Random(self.seed)
        # All reviewers claim a few items before any of them goes on, so that they collide.
        mine = {self.items[self.seed * 5 + number] for number in range(5)}
        for item_id in mine:
            claims.claim(item_id, self.person)
        all_began.wait(30)
        verbs = ["next"] * 4 + ["claim", "decide", "decide", "decide mine", "decide mine"]
        verbs += ["skip", "hand", "release", "break", "bulk", "undo", "undo"]
        for _ in range(presses):
            if time.monotonic() > until:
                break
            verb = dice.choice(verbs)
            item_id = dice.choice(self.items)
            if verb in {"decide mine", "release", "skip"} and mine:
                # Sorted, because the order of a set differs between runs.
                item_id = sorted(mine)[0]
            try:
                self.press(verb, item_id, dice, mine)
            except Conflict as refusal:
                self.refused.append((verb, item_id, refusal))
                mine.discard(item_id)

    def press(self, verb, item_id, dice, mine):
        if verb == "next":
            item = claims.claim_next(self.person)
            if item is not None:
                mine.add(item.pk)
        elif verb == "claim":
            mine.add(claims.claim(item_id, self.person).pk)
        elif verb.startswith("decide"):
            verdict = dice.choice([Verdict.APPROVED, Verdict.APPROVED, Verdict.REJECTED, Verdict.ASKED_AGAIN])
            decision = decisions.decide(item_id, verdict, by=self.person, note="Because.")
            self.decided.append((item_id, decision.pk))
        elif verb == "bulk":
            verdict = dice.choice([Verdict.APPROVED, Verdict.REJECTED])
            outcome = bulk.decide_all(
                dice.sample(self.items, 6), verdict, by=self.person, reason="other" * (verdict == "rejected")
            )
            self.decided += [(pk, _decision(pk, self.person)) for pk in outcome.decided]
            self.left_out += outcome.left_out
            mine.difference_update(outcome.decided)
        elif verb == "undo" and self.decided:
            again, decision_id = self.decided.pop(dice.randrange(len(self.decided)))
            decisions.undo(again, by=self.person)
            self.undone.append((again, decision_id))
            mine.add(again)
        elif verb == "skip":
            claims.skip(item_id, self.person, "Not now.")
        elif verb == "hand":
            claims.hand_to(item_id, dice.choice(self.colleagues), by=self.person)
        elif verb == "release":
            claims.release(item_id, self.person)
        elif verb == "break" and self.person.is_superuser:
            claims.break_claim(item_id, self.person)
        if verb not in {"next", "claim", "bulk", "undo"}:
            mine.discard(item_id)
        self.done[verb] += 1


def _decision(item_id, person):
    return ReviewDecision.objects.in_force().get(item_id=item_id, by=person).pk


def test_eight_random_reviewers_lose_and_repeat_no_decision(make_reviewer, make_user, universe, creator):
    """Run every action of a reviewer, in random order, on one queue."""
    is_postgres = connection.vendor == "postgresql"
    size, presses = (150, 40) if is_postgres else (80, 30)
    lead = make_user("reviewer0", is_staff=True, is_superuser=True)
    people = [lead, *(make_reviewer(f"reviewer{number}") for number in range(1, 8))]
    items = a_queue(size, universe, creator)
    workers = [Reviewer(person, items, people, seed) for seed, person in enumerate(people)]
    until, all_began = time.monotonic() + 30, threading.Barrier(8)

    answers = run_concurrently(
        *[lambda worker=worker: worker.work(presses, until, all_began) for worker in workers]
    )

    assert answers == [None] * 8
    assert_decided_once(workers, universe)
    assert_refusals_name_who(workers)
    assert_events_tell_what_was_done(workers)
    # Each kind of collision has occurred, without which the test would prove nothing.
    assert {type(refusal) for worker in workers for _, _, refusal in worker.refused} == {
        ReviewClaimed,
        ReviewClosed,
    }
    assert_none_is_lost(items, lead)


def a_queue(size, universe, creator):
    """Make open items, every second one in the universe, with few due dates so that the order has ties."""
    now = timezone.now()
    jobs = AgentJob.objects.bulk_create(
        AgentJob(
            agent_type="narrative",
            status="completed",
            requested_by=creator,
            universe=universe if number % 2 else None,
            input_data={"prompt": "The tide."},
            output_data={"title": f"Scene {number}", "content": "It came."},
            confidence_score=0.5,
            outcome="awaiting_review",
            attempts=1,
            attempt_limit=4,
            started_at=now,
            completed_at=now,
        )
        for number in range(size)
    )
    rows = ReviewItem.objects.bulk_create(
        ReviewItem(job=job, agent_type="narrative", confidence=0.5, reasons=["Short."], reason_codes="|x|")
        for job in jobs
    )
    return [row.pk for row in rows]


def assert_decided_once(workers, universe):
    told = [pair for worker in workers for pair in worker.decided]
    undone = [pair for worker in workers for pair in worker.undone]
    standing = ReviewDecision.objects.in_force()
    assert len(told) == len({item_id for item_id, _ in told})
    assert set(told) == set(standing.values_list("item_id", "pk"))
    assert set(undone) == set(ReviewDecision.objects.exclude(undone_at=None).values_list("item_id", "pk"))
    closed = set(ReviewItem.objects.filter(state="closed").values_list("pk", flat=True))
    assert closed == {item_id for item_id, _ in told}
    approved = standing.filter(verdict="approved", item__job__universe=universe)
    assert sorted(Scene.objects.values_list("origin_ref", flat=True)) == sorted(
        str(job_id) for job_id in approved.values_list("item__job_id", flat=True)
    )
    asked_again = set(standing.filter(verdict="asked_again").values_list("follow_up", flat=True))
    follow_ups = AgentJob.objects.filter(follows__isnull=False)
    assert set(follow_ups.exclude(status="cancelled").values_list("pk", flat=True)) == asked_again
    assert set(AgentJob.objects.filter(outcome="awaiting_review").values_list("pk", flat=True)) == set(
        ReviewItem.objects.open().values_list("job", flat=True)
    )


def assert_refusals_name_who(workers):
    verdicts = {label.lower(): value for value, label in Verdict.choices}
    for worker in workers:
        for verb, item_id, refusal in worker.refused:
            assert isinstance(refusal, (ReviewClaimed, ReviewClosed)), (verb, refusal)
            if isinstance(refusal, ReviewClosed):
                said = DECIDED.match(refusal.message)
                assert said
                name, verdict = said.groups()
                assert ReviewDecision.objects.filter(
                    item_id=item_id, by__username=name, verdict=verdicts[verdict]
                )
            else:
                said = HOLDS.match(refusal.message)
                assert said
                assert said[1] != worker.person.username
        assert all(LEFT_OUT.match(left.why) for left in worker.left_out)


def assert_events_tell_what_was_done(workers):
    done: Counter[str] = sum((worker.done for worker in workers), Counter())
    undone = sum(len(worker.undone) for worker in workers)
    recorded = Counter(AgentJobEvent.objects.values_list("kind", flat=True))
    assert (recorded["review_skipped"], recorded["review_handed"]) == (done["skip"], done["hand"])
    assert (recorded["review_decided"], recorded["review_undone"]) == (ReviewDecision.objects.count(), undone)
    assert recorded["review_claim_broken"] <= done["break"]
    assert ReviewSkip.objects.count() <= done["skip"]
    assert undone > 0
    assert done["bulk"] > 0
    assert any(worker.left_out for worker in workers)
    assert done["skip"] > 0
    assert done["hand"] > 0


def assert_none_is_lost(items, lead):
    """Undecided items can be claimed after their lease has expired, each once."""
    left = set(items) - set(ReviewDecision.objects.in_force().values_list("item_id", flat=True))
    assert left
    assert left == set(ReviewItem.objects.open().values_list("pk", flat=True))
    for item_id in left:
        claims.break_claim(item_id, lead)
        claims.hand_to(item_id, lead, by=lead)
    assert not ReviewItem.objects.filter(claimed_by__isnull=False).exists()
    found = set()
    while (item := claims.claim_next(lead)) is not None:
        assert item.pk not in found
        found.add(item.pk)
        decisions.decide(item.pk, Verdict.REJECTED, by=lead, note="Late.")
    assert found == left
    assert ReviewDecision.objects.in_force().count() == len(items)


# --- Several opinions ---------------------------------------------------------------------------------------


def test_random_opinions_end_in_agreement_or_dispute(make_reviewer, universe, creator):
    """Let eight reviewers give opinions on items that take two each, so that a third is refused."""
    items = a_queue(24, universe, creator)
    ReviewItem.objects.update(opinions_wanted=2)
    people = [make_reviewer(f"reviewer{number}") for number in range(8)]

    def work(person, seed):
        dice, given, refused = random.Random(seed), [], []
        for item_id in dice.sample(items, len(items)):
            verdict = dice.choice([Verdict.APPROVED, Verdict.APPROVED, Verdict.REJECTED])
            try:
                decision = decisions.decide(item_id, verdict, by=person, note="Because.")
                given.append(decision.pk)
                if dice.random() < 0.2:
                    decisions.undo(item_id, by=person)
                    given.remove(decision.pk)
            except Conflict as refusal:
                refused.append(refusal.code)
        return given, refused

    answers = run_concurrently(
        *[lambda person=person, seed=seed: work(person, seed) for seed, person in enumerate(people)]
    )

    given = {pk for pks, _ in answers for pk in pks}
    codes = {code for _, refused in answers for code in refused}
    assert codes <= {"review_closed", "review_claimed", "review_disputed", "opinions_agreed", "queue_busy"}
    assert given <= set(ReviewDecision.objects.in_force().values_list("pk", flat=True))
    for item in ReviewItem.objects.all():
        standing = list(item.decisions.in_force())
        assert len({decision.by_id for decision in standing}) == len(standing) <= 2
        verdicts = [decision.verdict for decision in standing]
        counting = [decision for decision in standing if decision.takes_effect]
        if len(verdicts) == 2 and len(set(verdicts)) == 1:
            assert (item.state, item.disputed_at, len(counting)) == ("closed", None, 1)
        else:
            assert (item.state, item.disputed_at is not None, counting) == ("open", len(verdicts) == 2, [])
    approved = ReviewDecision.objects.effective().filter(verdict="approved", item__job__universe=universe)
    assert set(Scene.objects.values_list("origin_ref", flat=True)) == {
        str(job_id) for job_id in approved.values_list("item__job_id", flat=True)
    }
