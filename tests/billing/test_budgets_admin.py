"""Budgets in the admin: usage and limits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from agents.models import AgentJob, Budget, BudgetPeriod
from tests.support.pages import without_tooltips, words
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

LIST = reverse("admin:agents_budget_changelist")
ADD = reverse("admin:agents_budget_add")


@pytest.fixture
def treasury(signed_in):
    user = make_user("tess", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__model__in=["budget", "universe", "user"])
    )
    return signed_in(user)


def test_list_shows_how_much_of_each_budget_is_used(treasury, creator, low_marches):
    budget = Budget.objects.create(scope="universe", universe=low_marches, period="month", limit_usd=2)
    BudgetPeriod.objects.create(
        budget=budget,
        starts_on=timezone.now().date().replace(day=1),
        spent_pico_usd=15 * 10**11,
        reserved_pico_usd=10**11,
        unknown_calls=4,
    )
    Budget.objects.create(scope="user", user=creator, period="day", limit_usd=0)

    page = treasury.get(LIST)

    text = words(page)
    assert f"“{low_marches.name}” A month" in text
    assert "A month 80% at least $1.50 $0.1000 $0.4000 $2.00" in without_tooltips(text)
    assert "carla A day No spending allowed. 100% $0 $0 $0 $0" in text
    content = page.content.decode()
    assert "<title>Spent: 75%</title>" in content
    assert "<title>Set aside: 5%</title>" in content


def test_budget_is_created_changed_and_deleted(treasury, low_marches):
    body = {"scope": "universe", "universe": low_marches.pk, "user": "", "period": "day", "limit_usd": "1.5"}
    assert treasury.post(ADD, body).status_code == 302
    budget = Budget.objects.get()
    assert (budget.universe, budget.limit_usd) == (low_marches, Decimal("1.5"))
    assert budget.periods.get().spent_pico_usd == 0
    change = reverse("admin:agents_budget_change", args=[budget.pk])

    assert "$0 spent (0%)" in words(treasury.get(change))
    treasury.post(change, {"limit_usd": "3", "scope": "site"})

    budget.refresh_from_db()
    assert (budget.scope, budget.limit_usd) == ("universe", Decimal(3))
    treasury.post(reverse("admin:agents_budget_delete", args=[budget.pk]), {"post": "yes"})
    assert not Budget.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scope": "user"}, "Required for this scope."),
        ({"scope": "site", "user": "1"}, "Leave this empty for this scope."),
        ({"limit_usd": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"scope": "site", "user": ""}, "This budget already exists. Change its limit instead."),
        ({"scope": "site", "limit_usd": "x"}, "This budget already exists. Change its limit instead."),
    ],
)
def test_form_shows_errors(treasury, creator, changes, message):
    Budget.objects.create(scope="site", period="day", limit_usd=1)
    body = {"scope": "site", "universe": "", "user": "", "period": "day", "limit_usd": "1", **changes}
    if changes.get("user"):
        body["user"] = creator.pk

    response = treasury.post(ADD, body)

    assert (response.status_code, Budget.objects.count()) == (200, 1)
    assert message in response.content.decode()


def test_reviewers_do_not_see_budgets(reviewer_client):
    assert reviewer_client.get(LIST).status_code == 403


def test_ask_again_over_budget_keeps_the_review_open(reviewer_client, ferry_item, decide):
    Budget.objects.create(scope="site", period="day", limit_usd=0)

    page = decide(reviewer_client, ferry_item, "asked_again", note="Longer.")

    ferry_item.refresh_from_db()
    assert (ferry_item.state, AgentJob.objects.count()) == ("open", 1)
    assert "The budget of the site for this day has nothing left" in page.content.decode()
