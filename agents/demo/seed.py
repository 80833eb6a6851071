"""Load the demo: accounts, a universe, and jobs in every state. Loading it twice changes nothing."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from agents.batches.answer_source import process_job
from agents.billing import budget_settings
from agents.choices import BudgetPeriodKind, BudgetScope, Verdict
from agents.demo import answers, example_prices, history, reviews, scenes
from agents.jobs import actions, crowd
from agents.jobs.submission import JobRequest, submit_job, submit_variants
from agents.mock.client import MockClient
from agents.models import AgentJob, GenerationSchedule, ReviewItem
from agents.providers import factory
from agents.review.creators import flags
from agents.review.verdicts import decisions
from agents.schedules import scheduling
from universes.choices import CanonStatus, ElementKind, Role
from universes.errors import Conflict
from universes.models import Universe
from universes.services import canon, universes
from universes.services.rules import RuleInput

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


def _scene(prompt: str, *characters: str, **fields: Any) -> Submission:
    return "narrative", {"prompt": prompt, "characters": list(characters), **fields}


def _place(name: str, kind: str, *landmarks: str, details: str = "") -> Submission:
    data = {"location_name": name, "type": kind, "details": details, "landmarks": list(landmarks)}
    return "spatial", data


def _text(content: str) -> Submission:
    return "consistency", {"content": content, "content_type": "scene"}


LENGTH = [90, 220]

# Completed while the demo loads.
DONE: tuple[Submission, ...] = (
    _scene("Mira waits out the tide in Odran's toll-house.", "Mira Vance", "Odran Pell", word_range=LENGTH),
    _scene("A caravan crosses at night.", "Odran Pell", type="video_prompt"),
    _place("Tollmaster's Rest", "structure", "the tide bell"),
    _text("Odran lit the lamp and counted the axles as they came over the stones."),
    _text("The toll-keeper took a smartphone from his coat and told the Brine Court."),
)
FLAGGED = _scene("Odran hears a cart that he does not know.", "Odran Pell", word_range=LENGTH)
# In doubt, so that they wait for a reviewer: too short, against the world, without a landmark, with a wrong quotation.
FOR_REVIEW: tuple[Submission, ...] = (
    _scene("Isolde sells a memory back to its owner.", "Isolde Carrow", "Mira Vance"),
    _scene("The Brine Court votes on the price of salt.", "Odran Pell", word_range=LENGTH),
    _place("The Drowned Market", "ruin", "the bell arch", "the scales", details="Seen at low tide."),
    _text("Mira asked the salt once, and never again."),
)
ASKED_AGAIN = _scene("A saltwright's apprentice breaks her first block.", "Mira Vance")
FAILED = _scene("A letter that nobody will write. [mock:refuse]")
CANCELLED = _place("The Ferry That Was", "other")
APPROVED = _scene("The morning after the flood.", "Mira Vance", "Odran Pell")
REJECTED = _place("The Glass Lighthouse", "structure")
EDITED = _scene("Isolde counts what the sea gave back.", "Isolde Carrow")
BLIND = _scene("The toll-house on the longest night.", "Odran Pell")
DISPUTED = _place("The Bell Arch", "structure", "the bell", "the arch")
# Two answers wait for their requester's choice.
VARIANTS = _scene(
    "Isolde pays the toll with something that is not hers.",
    "Isolde Carrow",
    "Odran Pell",
    word_range=LENGTH,
)
RUNNING = _scene("The slow tide comes in over the pans. [mock:slow=90]", "Mira Vance")
DELAYED = _scene("Next week's tide.", "Odran Pell")
# Of the creator, and of the universe, in US dollars a month.
BUDGETS: Final = (Decimal("0.05"), Decimal("0.02"))


def load(password: str) -> bool:
    """Create or refresh the accounts, and load the universe unless it exists. Return whether it was loaded."""
    people = _accounts(password)
    if Universe.objects.filter(owner=people["creator"], name=UNIVERSE).exists():
        return False
    with crowd.without_quota():
        _load(people)
    return True


def _load(people: dict[str, User]) -> None:
    universe = _universe(people)
    # Visitors sign in as "reviewer", whose keyboard shortcuts could undo decisions made under that name.
    creator, reviewer = people["creator"], people["demo-reviewer-3"]
    for example in (*DONE, FAILED):
        _finish(_submit(example, creator, universe))
    _queue(people, universe)
    _past(people)
    _flag(_submit(FLAGGED, creator, universe))
    _ask_again(_submit(ASKED_AGAIN, creator, universe), reviewer)
    _decide(_submit(APPROVED, creator, universe), Verdict.APPROVED, reviewer)
    _decide(_submit(REJECTED, creator, universe), Verdict.REJECTED, reviewer, "Too thin to build on.")
    actions.cancel_job(_submit(CANCELLED, creator, universe).pk, by=creator)
    _variants(creator, universe)
    example_prices.price_calls_in(universe)
    # Where a real model answers, they would soon be in the way.
    if factory.uses_mock():
        _budgets(people, universe)
    _delay(_submit(DELAYED, creator, universe))
    # Left to the worker, so that visitors see a job in processing for the first minute and a half.
    _submit(RUNNING, creator, universe)
    _schedule(creator, universe)
    # The newest universe stands first in the studio: the one that is worth reading.
    Universe.objects.filter(pk=universe.pk).update(updated_at=timezone.now())


def _accounts(password: str) -> dict[str, User]:
    people = {}
    # Hashing is slow by design: the accounts share the hash, too.
    shared = ""
    for name in ACCOUNTS:
        user, is_new = User.objects.get_or_create(username=name, defaults={"email": f"{name}@example.com"})
        user.is_superuser = name == "admin"
        user.is_staff = name != "creator"
        if not shared:
            is_known = not is_new and user.check_password(password)
            shared = user.password if is_known else make_password(password)
        user.password = shared
        user.save()
        people[name] = user
    for name, group in GROUPS.items():
        people[name].groups.add(Group.objects.get(name=group))
    return people


@transaction.atomic
def _universe(people: dict[str, User]) -> Universe:
    creator = people["creator"]
    universe = universes.create_universe(
        creator,
        name=UNIVERSE,
        description="An example: a drowned coast, a weekly tide, and salt that remembers.",
    )
    universes.update_world_config(
        universe, **WORLD, rules=[RuleInput(text=text) for text in RULES], by=creator
    )
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
    for title, text in scenes.SCENES:
        prose = "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))
        canon.add_scene(universe, title=title, text=prose, status=CanonStatus.CANON, by=creator)
    universes.add_member(universe, people["reviewer"], Role.VIEWER)
    return universe


def _queue(people: dict[str, User], universe: Universe) -> None:
    """Fill the review queue with items that are overdue, commented on, handed over, blind and edited."""
    creator, reviewer, second = people["creator"], people["reviewer"], people[SECOND]
    scene, votes, market, _ = waiting = [_submit(example, creator, universe) for example in FOR_REVIEW]
    blind, edited = _submit(BLIND, creator, universe), _submit(EDITED, creator, universe)
    for job in (*waiting, blind, edited):
        _finish(job)
    reviews.make_open([*waiting, edited])
    reviews.make_blind(blind)
    reviews.backdate(scene, hours=27)
    reviews.backdate(votes, hours=22)
    reviews.backdate(edited, hours=2)
    reviews.comment_on(votes, by=second, to=reviewer)
    reviews.hand_over(market, by=second, to=reviewer)
    reviews.edit_and_approve(edited, by=second, title="What the Sea Gave Back")


def _past(people: dict[str, User]) -> None:
    """Load past weeks into an archive universe, which asks for two opinions from then on."""
    creator = people["creator"]
    archive = universes.create_universe(
        creator,
        name=ARCHIVE,
        description="Past jobs of the demo. The mock model wrote them; their verdicts and dates are made up, and their "
        "prices are those of a real model, as an example.",
    )
    universes.update_world_config(
        archive, **WORLD, rules=[RuleInput(text=text) for text in RULES], by=creator
    )
    reviewers = [people[name] for name in ("reviewer", SECOND, THIRD)]
    history.load(archive, creator, reviewers, people[LEAD])
    universes.update_universe(archive, opinions_wanted=2)
    disputed = _submit(DISPUTED, creator, archive)
    _finish(disputed)
    reviews.make_open([disputed])
    reviews.disagree(disputed, people[SECOND], people[THIRD])
    example_prices.price_calls_in(archive)


def _submit(example: Submission, by: User, universe: Universe) -> AgentJob:
    agent_type, input_data = example
    return submit_job(
        JobRequest(by=by, agent_type=agent_type, input_data=input_data, universe_id=universe.pk)
    )


def _finish(job: AgentJob) -> None:
    """Run the job at once with the mock model, even if a key is configured, so that the demo costs nothing."""
    process_job(job.pk, MockClient(prepared=answers.answer_to))


def _decide(job: AgentJob, verdict: Verdict, by: User, note: str = "") -> None:
    _finish(job)
    decisions.decide(ReviewItem.objects.open().get(job=job).pk, verdict, by=by, note=note)


def _flag(job: AgentJob) -> None:
    _finish(job)
    # An audit may have drawn it already; then it waits for a reviewer anyway.
    with suppress(Conflict):
        flags.flag(job.pk, "Eight spokes: who builds wheels like that here?", by=job.requested_by)


def _ask_again(job: AgentJob, by: User) -> None:
    """Have a scene written again with a note, and leave the new one for a reviewer."""
    note = "She should break it. What does she hear, and what does she lose?"
    _decide(job, Verdict.ASKED_AGAIN, by, note)
    _finish(AgentJob.objects.get(follows=job))


def _variants(by: User, universe: Universe) -> None:
    agent_type, input_data = VARIANTS
    request = JobRequest(by=by, agent_type=agent_type, input_data=input_data, universe_id=universe.pk)
    texts = answers.VARIANTS
    for job, text in zip(submit_variants(request, len(texts)), texts, strict=True):
        process_job(job.pk, MockClient(prepared=lambda _, text=text: text))  # type: ignore[misc]


def _budgets(people: dict[str, User], universe: Universe) -> None:
    admin, own, shared = people["admin"], *BUDGETS
    month = BudgetPeriodKind.MONTH
    budget_settings.create_budget(
        by=admin,
        scope=BudgetScope.USER,
        period=month,
        limit_usd=own,
        username=people["creator"].get_username(),
    )
    budget_settings.create_budget(
        by=admin, scope=BudgetScope.UNIVERSE, period=month, limit_usd=shared, universe_id=universe.pk
    )


def _delay(job: AgentJob) -> None:
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
