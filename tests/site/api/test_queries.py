"""Number of database queries of each route that reads, whatever the number of rows. The first is the account's."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.choices import Verdict
from agents.review.verdicts import decisions
from tests.support.rows import make_job, make_review
from universes.services import canon, relations

pytestmark = pytest.mark.django_db

LISTS = {
    "/agents/jobs": 3,
    "/agents/jobs?status=completed&human_review_required=false": 3,
    "/agents/jobs?limit=2&offset=2": 3,
    "/agents/reviews": 3,
    "/agents/reviews?state=closed": 3,
    "/agents/reviews/decisions": 2,
    "/agents/usage?group_by=day,universe": 2,
    "/agents/budgets": 3,
    "/agents/schedules": 3,
    "/agents/notifications": 2,
    "/auth/api-keys": 2,
    "/universes/imports": 2,
    "/users/me/invitations": 2,
}
OTHERS = {
    "/agents/stats": 4,
    "/agents/reviews/{item}": 4,
    "/agents/reviews/reject-reasons": 2,
    "/users/me/preferences": 2,
}


@pytest.mark.parametrize(("path", "bound"), [*LISTS.items(), *OTHERS.items()])
def test_queries_are_bounded(reviewer_api, api_reviewer, creator, universe, path, bound):
    for number in range(4):
        make_job(creator, status="completed", universe=universe)
        item = make_review(creator, universe=universe)
        if number % 2:
            decisions.decide(item.pk, Verdict.APPROVED, by=api_reviewer)

    assert_bounded(reviewer_api, path.format(item=item.pk), bound)


def test_queries_of_a_job_are_bounded(api, creator, universe):
    item = make_review(creator, universe=universe)

    # The account, the job, its reviews with their decisions, its events, the feedback, and the sum of its calls; for
    # its passport approvals of reviewers and of its requester, and the prompt.
    assert_bounded(api, f"/agents/jobs/{item.job_id}", 9)


def test_queries_of_relations_are_bounded(api, universe):
    ends = [canon.add_element(universe, kind="item", name=f"Bell {number}").pk for number in range(5)]
    made = [
        relations.add_relation(universe, kind="near", from_element=ends[0], to_element=end)
        for end in ends[1:]
    ]

    # The account, the membership, the count and the rows.
    assert_bounded(api, f"/universes/{universe.pk}/relations", 4)
    assert_bounded(api, f"/universes/{universe.pk}/changes", 4)
    assert_bounded(api, f"/universes/{universe.pk}/relations?element_id={ends[0]}", 4)
    assert_bounded(api, f"/universes/{universe.pk}/relations/{made[0].pk}", 3)


def test_queries_of_named_elements_are_bounded(api, universe):
    bell = canon.add_element(universe, kind="item", name="The Old Bell")
    scenes = [
        canon.add_scene(universe, title=f"Dawn {number}", text="The Old Bell rang.") for number in range(3)
    ]
    path = f"/universes/{universe.pk}/elements/{bell.pk}/texts"
    assert api.get(path).data["count"] == 3

    # The account, the membership, the element; the known names; what is due; the count and the rows.
    assert_bounded(api, path, 14)
    assert_bounded(api, f"/universes/{universe.pk}/scenes/{scenes[0].pk}/elements", 12)


def assert_bounded(client, path, bound):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200

    assert len(queries) <= bound, "\n".join(query["sql"][:200] for query in queries)
