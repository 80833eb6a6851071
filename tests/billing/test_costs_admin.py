"""Model costs: on the overview, on a page of their own, and as CSV."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import AgentJob, Budget, BudgetPeriod
from tests.support import review_rows
from tests.support.pages import without_tooltips, words
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")
USAGE = reverse("admin:agents_modelcall_usage")


@pytest.fixture
def spent(creator, reviewer, low_marches):
    """Three outputs for 9 cents, two of them approved, and one call of unknown cost."""
    for number, verdict in enumerate(("approved", "edited", "rejected")):
        item = review_rows.reviewed(creator, universe=low_marches if number else None)
        AgentJob.objects.filter(pk=item.job_id).update(model="claude-one")
        review_rows.decide(item, reviewer, verdict)
        tokens = {"input_tokens": 100, "cache_read_tokens": 300}
        review_rows.call(item.job, cost="0.03", universe=item.job.universe, requested_by=creator, **tokens)
    review_rows.call(item.job, cost=None, error_code="timeout", requested_by=creator)


def test_overview_shows_cost_per_approved_piece(reviewer_client, spent):
    page = reviewer_client.get(INDEX)

    text = words(page)
    assert "Cost per approved output at least $0.0450 Approved outputs 2 of 3 completed" in text
    assert "All model calls $0.0900 for 4 Cache hit rate 75% Calls of unknown cost 1" in text
    assert "Narrative $0.0450 2 of 3 $0.0900 75%" in text
    assert f"{timezone.now():%Y-%m-%d}: $0.0900 for 4 calls, 1 more of unknown cost" in page.content.decode()
    assert USAGE in page.content.decode()


def test_overview_without_calls_says_so(reviewer_client):
    assert "Cost No model calls in the last 30 days." in words(reviewer_client.get(INDEX))


def test_nearly_exhausted_budgets_are_shown_given_permission(
    superuser_client, reviewer_client, low_marches, creator
):
    def budget(spent, **of):
        made = Budget.objects.create(limit_usd=10, **of)
        BudgetPeriod.objects.create(
            budget=made, starts_on=timezone.now().date(), spent_pico_usd=int(spent * 10**12)
        )

    budget(Decimal("7.9"), scope="user", user=creator, period="day")
    budget(Decimal("8.5"), scope="universe", universe=low_marches, period="day")
    budget(Decimal("11"), scope="site", period="day")

    text = words(superuser_client.get(INDEX))

    near = without_tooltips(text.partition("Budgets nearly used up")[2]).replace(" ,", ",")
    assert near.index("the site, a day $11.00 spent (110%) $10.00") < near.index(
        f"the universe “{low_marches.name}”, a day $8.50 spent (85%) $10.00"
    )
    assert "carla, a day" not in near
    assert "Budgets close" not in words(reviewer_client.get(INDEX))


def test_page_shows_groups_and_their_total(reviewer_client, spent, low_marches):
    text = words(reviewer_client.get(USAGE, {"from": "", "group": ["model", "universe"]}))

    assert f"claude-one {low_marches.name} $0.0600 1 of 2 $0.0600 0 2 0 0 800 75%" in text
    assert "claude-one without a universe at" not in text
    assert "All $0.0450 2 of 3 $0.0900 1 4 0 0 1,200 75%" in text


def test_page_groups_by_day_unless_told_otherwise(reviewer_client, spent):
    assert f"{timezone.now():%Y-%m-%d} $0.0450 2 of 3" in words(reviewer_client.get(USAGE))

    alone = words(reviewer_client.get(USAGE, {"from": "", "by": "carla"}))
    assert "Cache hits All $0.0450 2 of 3" in alone


def test_invalid_filter_shows_the_error(reviewer_client, spent):
    page = reviewer_client.get(USAGE, {"from": "never", "by": "nobody", "format": "csv"})

    assert page.status_code == 200
    assert "Use a day as in 2026-11-22" in words(page)
    assert "There is no such person." in words(reviewer_client.get(USAGE, {"by": "nobody"}))


def test_csv_has_all_columns(reviewer_client, spent):
    response = reviewer_client.get(USAGE, {"from": "", "group": ["agent", "universe"], "format": "csv"})

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert response["Content-Disposition"].startswith('attachment; filename="usage-')
    assert lines[0].startswith("Agent,Universe,calls,input_tokens,output_tokens,")
    assert "Narrative,without a universe,2,100,0,300,0,0.75,0.03,1,0,0,1,1,0.03" in lines


def test_costs_need_permission_to_see_calls(signed_in, spent):
    client = signed_in(make_user("sam", is_staff=True))

    assert client.get(USAGE).status_code == 403
