"""A universe to look around in: people, a world, and jobs in every state. Loading it twice changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from agents.batches.answer_source import process_job
from agents.choices import Verdict
from agents.demo import history
from agents.demo import reviews as demo_review
from agents.jobs import actions
from agents.jobs import submission as jobs_submission
from agents.jobs.submission import JobRequest
from agents.llm.mock import MockClient
from agents.models import AgentJob, GenerationSchedule, ReviewItem
from agents.review import decisions
from agents.schedules import scheduling
from universes.choices import CanonStatus, ElementKind, Role
from universes.models import Universe
from universes.services import canon, universes

UNIVERSE = "The Salt Roads"
ARCHIVE = "Demo archive"
LEAD, SECOND, THIRD = "demo-lead", "demo-reviewer-2", "demo-reviewer-3"
ACCOUNTS = ("admin", "reviewer", "creator", LEAD, SECOND, THIRD)
GROUPS = {"reviewer": "Reviewers", SECOND: "Reviewers", THIRD: "Reviewers", LEAD: "Lead reviewers"}

WORLD: dict[str, Any] = {
    "genre": "fantasy",
    "tone": "wry and melancholic",
    "tech_level": "medieval",
    "magic_system": "Salt remembers. A saltwright can ask it one question, and pays with a memory of their own.",
    "physics": "As in our world, except that the tide comes once a week and stays for a day.",
}
RULES = (
    "No one can teleport.",
    "The dead do not return, and nobody can speak for them.",
    "A saltwright never asks the same salt twice.",
)
ELEMENTS: tuple[tuple[ElementKind, str, str, dict[str, Any]], ...] = (
    (
        ElementKind.CHARACTER,
        "Mira Vance",
        "A saltwright who has paid with most of her childhood and keeps a ledger of what is gone.",
        {"age": 41, "role": "saltwright"},
    ),
    (
        ElementKind.CHARACTER,
        "Odran Pell",
        "A toll-keeper on the causeway; he knows every caravan by the sound of its axles.",
        {"age": 63, "role": "toll-keeper"},
    ),
    (ElementKind.CHARACTER, "Isolde Carrow", "A smuggler who trades in forgotten things.", {"age": 29}),
    (ElementKind.LOCATION, "Harrow Causeway", "Nine miles of stone road that the weekly tide covers.", {}),
    (ElementKind.FACTION, "The Brine Court", "Seven families who own the salt pans and the law.", {}),
)

Submission = tuple[str, dict[str, Any]]

# Answered at once while the demo loads.
DONE: tuple[Submission, ...] = (
    (
        "narrative",
        {
            "prompt": "Mira waits out the tide in Odran's toll-house.",
            "characters": ["Mira Vance", "Odran Pell"],
        },
    ),
    (
        "narrative",
        {"prompt": "A caravan crosses at night.", "type": "video_prompt", "characters": ["Odran Pell"]},
    ),
    ("spatial", {"location_name": "Tollmaster's Rest", "type": "structure", "landmarks": ["the tide bell"]}),
    (
        "consistency",
        {
            "content": "Odran lit the lamp and counted the axles as they came over the stones.",
            "content_type": "scene",
        },
    ),
    (
        "consistency",
        {"content": "The wizard pulled out his smartphone and called for help.", "content_type": "scene"},
    ),
)
# Weak on purpose: these wait for a reviewer.
FOR_REVIEW: tuple[Submission, ...] = (
    (
        "narrative",
        {
            "prompt": "Isolde sells a memory back to its owner. [mock:weak]",
            "characters": ["Isolde Carrow", "Mira Vance"],
        },
    ),
    (
        "narrative",
        {
            "prompt": "The Brine Court votes on the price of salt. [mock:inconsistent]",
            "characters": ["Odran Pell"],
        },
    ),
    (
        "spatial",
        {
            "location_name": "The Drowned Market",
            "type": "ruin",
            "details": "Seen at low tide. [mock:weak]",
            "landmarks": ["the bell arch", "the scales"],
        },
    ),
    (
        "consistency",
        {
            "content": "Mira asked the salt once, and never again. [mock:inconsistent]",
            "content_type": "scene",
        },
    ),
)
FAILED: Submission = ("narrative", {"prompt": "A letter that nobody will write. [mock:refuse]"})
CANCELLED: Submission = ("spatial", {"location_name": "The Ferry That Was", "type": "other"})
APPROVED: Submission = (
    "narrative",
    {"prompt": "The morning after the flood. [mock:weak]", "characters": ["Mira Vance", "Odran Pell"]},
)
REJECTED: Submission = (
    "spatial",
    {"location_name": "The Glass Lighthouse", "type": "structure", "details": "[mock:weak]"},
)
EDITED: Submission = (
    "narrative",
    {"prompt": "Isolde counts what the sea gave back. [mock:weak]", "characters": ["Isolde Carrow"]},
)
BLIND: Submission = (
    "narrative",
    {"prompt": "The toll-house on the longest night. [mock:weak]", "characters": ["Odran Pell"]},
)
DISPUTED: Submission = (
    "spatial",
    {
        "location_name": "The Bell Arch",
        "type": "structure",
        "details": "[mock:weak]",
        "landmarks": ["the bell", "the arch"],
    },
)
RUNNING: Submission = (
    "narrative",
    {"prompt": "The slow tide comes in over the pans. [mock:slow=90]", "characters": ["Mira Vance"]},
)
HELD: Submission = ("narrative", {"prompt": "Next week's tide.", "characters": ["Odran Pell"]})


def load(password: str) -> bool:
    """Make or refresh the accounts; load the universe and its jobs where they are missing. True if it loaded them."""
    people = _accounts(password)
    if Universe.objects.filter(owner=people["creator"], name=UNIVERSE).exists():
        return False
    universe = _universe(people)
    # Not by the account that one signs in with: a stray key would undo what is shown.
    creator, reviewer = people["creator"], people["demo-reviewer-3"]
    for submission in (*DONE, FAILED):
        _finish(_submit(submission, creator, universe))
    _queue(people, universe)
    _past(people)
    _decide(_submit(APPROVED, creator, universe), Verdict.APPROVED, reviewer)
    _decide(_submit(REJECTED, creator, universe), Verdict.REJECTED, reviewer, "Too thin to build on.")
    actions.cancel_job(_submit(CANCELLED, creator, universe).pk, by=creator)
    _hold_back(_submit(HELD, creator, universe))
    # Last, and left to the worker: it is processing for a minute and a half after the start.
    _submit(RUNNING, creator, universe)
    _schedule(creator, universe)
    return True


def _accounts(password: str) -> dict[str, User]:
    people = {}
    for name in ACCOUNTS:
        user, is_new = User.objects.get_or_create(username=name, defaults={"email": f"{name}@example.com"})
        user.is_superuser = name == "admin"
        user.is_staff = name != "creator"
        # Checking takes as long as setting does.
        if is_new or not user.check_password(password):
            user.set_password(password)
        user.save()
        people[name] = user
    for name, group in GROUPS.items():
        people[name].groups.add(Group.objects.get(name=group))
    return people


@transaction.atomic
def _universe(people: dict[str, User]) -> Universe:
    creator = people["creator"]
    universe = universes.create_universe(
        creator, name=UNIVERSE, description="A drowned coast, a weekly tide, and salt that remembers."
    )
    universes.update_world_config(universe, **WORLD, rules=[universes.RuleInput(text=text) for text in RULES])
    for kind, name, summary, traits in ELEMENTS:
        canon.add_element(
            universe,
            kind=kind,
            name=name,
            summary=summary,
            traits=traits,
            status=CanonStatus.CANON,
            by=creator,
        )
    universes.add_member(universe, people["reviewer"], Role.VIEWER)
    return universe


def _queue(people: dict[str, User], universe: Universe) -> None:
    """What waits for review, as on a working day."""
    creator, reviewer, second = people["creator"], people["reviewer"], people[SECOND]
    scene, votes, market, _ = waiting = [_submit(one, creator, universe) for one in FOR_REVIEW]
    blind, edited = _submit(BLIND, creator, universe), _submit(EDITED, creator, universe)
    for job in (*waiting, blind, edited):
        _finish(job)
    demo_review.show_openly([*waiting, edited])
    demo_review.judge_blind(blind)
    demo_review.make_wait(scene, hours=27)
    demo_review.make_wait(votes, hours=22)
    demo_review.make_wait(edited, hours=2)
    demo_review.talk_about(votes, by=second, to=reviewer)
    demo_review.hand_over(market, by=second, to=reviewer)
    demo_review.edit_and_approve(edited, by=second, title="What the Sea Gave Back")


def _past(people: dict[str, User]) -> None:
    """Work of the last weeks, in a universe of its own, where two opinions are wanted from now on."""
    creator = people["creator"]
    archive = universes.create_universe(
        creator,
        name=ARCHIVE,
        description="Past jobs of the demo. The mock model wrote them; their verdicts and dates are made up.",
    )
    universes.update_world_config(archive, **WORLD, rules=[universes.RuleInput(text=text) for text in RULES])
    reviewers = [people[name] for name in ("reviewer", SECOND, THIRD)]
    history.load(archive, creator, reviewers, people[LEAD])
    universes.update_universe(archive, opinions_wanted=2)
    disputed = _submit(DISPUTED, creator, archive)
    _finish(disputed)
    demo_review.show_openly([disputed])
    demo_review.disagree(disputed, people[SECOND], people[THIRD])


def _submit(submission: Submission, by: User, universe: Universe) -> AgentJob:
    agent_type, input_data = submission
    return jobs_submission.submit_job(
        JobRequest(by=by, agent_type=agent_type, input_data=input_data, universe_id=universe.pk)
    )


def _finish(job: AgentJob) -> None:
    """Work on it here and now, with the mock model whatever else is configured: a demo costs nothing."""
    process_job(job.pk, MockClient())


def _decide(job: AgentJob, verdict: Verdict, by: User, note: str = "") -> None:
    _finish(job)
    decisions.decide(ReviewItem.objects.open().get(job=job).pk, verdict, by=by, note=note)


def _hold_back(job: AgentJob) -> None:
    AgentJob.objects.filter(pk=job.pk).update(available_at=timezone.now() + timedelta(days=7))


def _schedule(owner: User, universe: Universe) -> GenerationSchedule:
    return scheduling.create_schedule(
        owner=owner,
        universe_id=universe.pk,
        name="A scene every Monday morning",
        agent_type="narrative",
        input_data={"prompt": "What the week's tide left on the causeway.", "characters": ["Odran Pell"]},
        crontab="0 7 * * 1",
        time_zone="Europe/London",
        enabled=True,
    )
