"""Paging by cursor in every list: each row once while others are added, links, and refused cursors."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from agents.choices import GoldAnswer, NotificationKind, Verdict
from agents.models import (
    Budget,
    ErrorPromise,
    Exemplar,
    GoldStandard,
    GuestsDecide,
    RejectReason,
    RuleProposal,
    SelfReview,
    StyleGuide,
    WorldFinding,
)
from agents.notify import notifications
from agents.notify.webhooks import endpoints
from agents.review.verdicts import decisions
from mediaassets.accounts.models import ApiKey
from tests.support import review_rows
from tests.support.problems import pointers_of
from tests.support.rows import make_job, make_review, make_schedule, make_universe
from universes.choices import Role
from universes.models import Membership, Universe, WorldImport
from universes.services import canon, relations, timeline
from universes.services import universes as universe_service

pytestmark = pytest.mark.django_db

Add = Callable[[User, Universe, int], object]


def add_decision(person: User, universe: Universe, number: int) -> None:
    decisions.decide(make_review(person).pk, Verdict.APPROVED, by=person)


def add_notification(person: User, universe: Universe, number: int) -> None:
    notifications.notify([person], NotificationKind.MENTION, make_review(person), by=None, text=f"{number}")


def add_budget(person: User, universe: Universe, number: int) -> None:
    user = User.objects.create_user(f"spender{number}")
    Budget.objects.create(scope="user", user=user, period="day", limit_usd=1)


def add_permission(model: type[SelfReview | GuestsDecide], person: User, number: int) -> None:
    other = make_universe(person, name=f"Own {number}", slug=f"own-{number}")
    model.objects.create(universe=other, allowed_by=person)


def add_gold(person: User, universe: Universe, number: int) -> None:
    GoldStandard.objects.create(job=make_job(person), answer=GoldAnswer.ACCEPT, why="Fine.", added_by=person)


def add_member(person: User, universe: Universe, number: int) -> None:
    Membership.objects.create(universe=universe, user=User.objects.create_user(f"member{number}"))


def add_relation(person: User, universe: Universe, number: int) -> None:
    ends = [canon.add_element(universe, kind="item", name=f"{end} {number}").pk for end in ("Bell", "Rope")]
    relations.add_relation(universe, kind="tied to", from_element=ends[0], to_element=ends[1])


def add_usage(person: User, universe: Universe, number: int) -> None:
    other = make_universe(person, name=f"Usage {number}", slug=f"usage-{number}")
    job = make_job(person, universe=other)
    review_rows.call(job, requested_by=person, universe=other)


def add_guide(person: Any, universe: Universe, number: int) -> StyleGuide:
    version = StyleGuide.objects.count() + 1
    return StyleGuide.objects.create(universe=universe, agent_type="narrative", version=version, by=person)


def add_promise(person: Any, universe: Any, number: int) -> ErrorPromise:
    now = timezone.now()
    return ErrorPromise.objects.create(
        agent_type="narrative",
        state="too_few",
        cause="verdicts",
        alpha=0.05,
        delta=0.05,
        until=now,
        began_at=now,
        counts_from=now,
        evidence={"candidates": [], "best_bound": None, "needed": 1, "verdicts_per_day": 0.0},
    )


LISTS: dict[str, Add] = {
    "/agents/jobs": lambda person, universe, number: make_job(person),
    "/agents/reviews": lambda person, universe, number: make_review(person),
    "/agents/reviews/decisions": add_decision,
    "/agents/reviews/reject-reasons": lambda person, universe, number: RejectReason.objects.create(
        code=f"reason_{number}", name=f"Reason {number}", position=number // 2
    ),
    "/agents/schedules": lambda person, universe, number: make_schedule(person, universe),
    "/agents/notifications": add_notification,
    "/agents/budgets": add_budget,
    "/agents/guests-decide": lambda person, universe, number: add_permission(GuestsDecide, person, number),
    "/agents/self-reviews": lambda person, universe, number: add_permission(SelfReview, person, number),
    "/agents/webhooks": lambda person, universe, number: endpoints.create_endpoint(
        person, url=f"https://example.org/{number}", events=["job.failed"]
    ),
    "/auth/api-keys": lambda person, universe, number: ApiKey.objects.create(
        id=f"key{number}", user=person, name=f"Key {number}", scopes=["read"]
    ),
    "/agents/gold": add_gold,
    "/agents/reviews/promises": add_promise,
    "/agents/usage?group_by=universe": add_usage,
    "/universes": lambda person, universe, number: make_universe(
        person, name=f"World {number}", slug=f"world-{number}"
    ),
    "/universes/{universe}/changes": lambda person, universe, number: canon.add_scene(
        universe, title=f"Rain {number}", text="Wet."
    ),
    "/universes/imports": lambda person, universe, number: WorldImport.objects.create(
        owner=person, file_name=f"{number}.json", format="native"
    ),
    "/universes/{universe}/members": add_member,
    "/universes/{universe}/elements": lambda person, universe, number: canon.add_element(
        universe, kind="item", name=f"Bell {number}"
    ),
    "/universes/{universe}/guides/narrative/versions": add_guide,
    "/universes/{universe}/elements/{element}/texts": lambda person, universe, number: canon.add_scene(
        universe, title=f"Bell {number}", text="The Weighhouse burned."
    ),
    "/universes/{universe}/relations": add_relation,
    "/universes/{universe}/exemplars": lambda person, universe, number: Exemplar.objects.create(
        universe=universe, agent_type="narrative", request=f"{number}", output={}, marked_by=person
    ),
    "/universes/{universe}/events": lambda person, universe, number: timeline.add_event(
        universe, {"title": f"{number}", "key": number, "label": f"Tide {number}"}
    ),
    "/universes/{universe}/findings": lambda person, universe, number: WorldFinding.objects.create(
        universe=universe,
        scene=canon.add_scene(universe, title=f"{number}", text="Rain."),
        finding_id=f"{number}",
        quote="Rain",
        statement="Dry.",
        start=0,
        end=4,
    ),
    "/universes/{universe}/rule-proposals": lambda person, universe, number: RuleProposal.objects.create(
        universe=universe, agent_type="narrative", pattern=f"word:{number}", text=f"Rule {number}."
    ),
    "/universes/{universe}/scenes": lambda person, universe, number: canon.add_scene(
        universe, title=f"Dawn {number}", text="Fog."
    ),
}
ADDED_ALIKE = LISTS.keys() - {"/agents/usage?group_by=universe"}
KEYS = ("job_id", "user_id", "id", "import_id", "code", "universe_id")


@pytest.fixture
def person(lead, universe):
    """A lead reviewer who edits the universe and has every permission."""
    universe_service.add_member(universe, lead, Role.EDITOR)
    lead.is_superuser = True
    lead.save()
    return lead


@pytest.fixture
def client(client_of, person):
    return client_of(person)


@pytest.fixture
def element(universe):
    return canon.add_element(universe, kind="location", name="The Weighhouse")


def key_of(row: dict[str, Any]) -> str:
    return next(str(row[name]) for name in KEYS if row.get(name) is not None)


def pages_of(client: Any, path: str, *, between: Callable[[], object] = lambda: None) -> list[dict[str, Any]]:
    """Read all pages of two rows by cursor, and call ``between`` after each."""
    joined = path + ("&" if "?" in path else "?") + "limit=2"
    pages = [client.get(joined).json()]
    while pages[-1]["next_cursor"]:
        between()
        response = client.get(f"{joined}&cursor={pages[-1]['next_cursor']}")
        assert response.status_code == 200, response.json()
        pages.append(response.json())
    return pages


@pytest.mark.parametrize("path", LISTS)
def test_cursors_reach_every_row_once_in_the_order_of_the_list(client, person, universe, element, path):
    for number in range(5):
        LISTS[path](person, universe, number)
    path = path.format(universe=universe.pk, element=element.pk)
    expected = [key_of(row) for row in client.get(path).json()["results"]]

    pages = pages_of(client, path)

    assert len(expected) >= 5
    assert [key_of(row) for page in pages for row in page["results"]] == expected
    assert {page["count"] for page in pages} == {len(expected)}


@pytest.mark.parametrize("path", sorted(ADDED_ALIKE))
def test_each_row_comes_once_while_others_are_added(client, person, universe, element, path):
    add = LISTS[path]
    for number in range(5):
        add(person, universe, number)
    path = path.format(universe=universe.pk, element=element.pk)
    before = [key_of(row) for row in client.get(path).json()["results"]]
    numbers = iter(range(5, 9))

    pages = pages_of(
        client, path, between=lambda: [add(person, universe, n) for n in [next(numbers, None)] if n]
    )

    seen = [key_of(row) for page in pages for row in page["results"]]
    assert len(seen) == len(set(seen))
    assert [key for key in seen if key in before] == before


def test_rows_of_one_moment_are_told_apart(client, person):
    moment = make_job(person).created_at
    jobs = [make_job(person, created_at=moment) for _ in range(4)]

    pages = pages_of(client, "/agents/jobs")

    assert {str(job.pk) for job in jobs} < {row["job_id"] for page in pages for row in page["results"]}
    assert [len(page["results"]) for page in pages] == [2, 2, 1]


def test_links_lead_to_the_first_and_next_page_by_cursor(client, person):
    for _ in range(3):
        make_job(person, agent_type="spatial")

    first = client.get("/agents/jobs?agent_type=spatial&limit=2")
    links = links_of(first)
    second = client.get(links["next"])

    assert links.keys() == {"first", "next"}
    assert "cursor=" in links["next"]
    assert len(second.json()["results"]) == 1
    assert links_of(second) == {"first": links["first"]}
    assert client.get(links["first"]).json()["results"] == first.json()["results"]
    assert client.get(links_of(client.get("/agents/jobs?limit=1&offset=1"))["prev"]).json()["offset"] == 0


def links_of(response: Any) -> dict[str, str]:
    return {relation: url for url, relation in re.findall(r'<([^>]+)>; rel="(\w+)"', response["Link"])}


def test_usage_has_links_as_well(client, person, universe):
    for number in range(2):
        add_usage(person, universe, number)

    assert links_of(client.get("/agents/usage?group_by=universe&limit=1")).keys() == {"first", "next"}


@pytest.mark.parametrize("path", [*LISTS])
@pytest.mark.parametrize("cursor", ["x", "ä", "MjAyNg==", "WyJ4Il0:AAAA", "%F0%9F%98%80", "%00"])
def test_forged_cursor_is_named(client, universe, element, path, cursor):
    path = path.format(universe=universe.pk, element=element.pk)

    response = client.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}")

    assert list(pointers_of(response)) == ["?cursor"]


def test_cursor_counts_only_for_its_list_and_filters(client, person, universe):
    for _ in range(2):
        make_job(person)
        make_schedule(person, universe)
    cursor = client.get("/agents/jobs?agent_type=narrative&limit=1").json()["next_cursor"]

    assert client.get(f"/agents/jobs/?agent_type=narrative&limit=7&cursor={cursor}").status_code == 200
    for elsewhere in ("/agents/jobs?", "/agents/jobs?agent_type=spatial&", "/agents/schedules?"):
        response = client.get(f"{elsewhere}cursor={cursor}")
        assert pointers_of(response) == {"?cursor": "invalid_cursor"}


def test_cursor_and_offset_exclude_each_other(client, person):
    make_job(person)
    make_job(person)
    cursor = client.get("/agents/jobs?limit=1").json()["next_cursor"]

    assert list(pointers_of(client.get(f"/agents/jobs?cursor={cursor}&offset=1"))) == ["?offset"]
    assert client.get(f"/agents/jobs?cursor={cursor}&offset=0").status_code == 200


def test_next_review_takes_no_page(client):
    assert list(pointers_of(client.post("/agents/reviews/next?limit=5"))) == ["?limit"]
