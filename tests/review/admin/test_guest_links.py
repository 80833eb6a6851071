"""List of the links for guests: open ones first, a reviewer's own or all of them for leads, and their end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import ReviewLink
from agents.review.guests import links, opinions
from tests.support import rows

LIST = reverse("admin:agents_reviewlink_changelist")


@pytest.fixture
def made(reviewer, second_reviewer, ferry_item, creator, low_marches) -> dict[str, ReviewLink]:
    """Links of two reviewers: two that are open, an expired and a revoked one."""
    other = rows.item_of(rows.finished_job(creator, low_marches, "spatial"))
    found = {
        name: links.make_link(items, label=name, expires_in_h=hours, by=by)
        for name, items, hours, by in (
            ("North", [ferry_item.pk, other.pk], 24, reviewer),
            ("South", [ferry_item.pk], 48, second_reviewer),
            ("East", [ferry_item.pk], 1, reviewer),
            ("West", [ferry_item.pk], 24, reviewer),
        )
    }
    past = timezone.now() - timedelta(days=1)
    ReviewLink.objects.filter(label="East").update(made_at=past - timedelta(hours=1), expires_at=past)
    links.revoke_link(found["West"].pk, by=reviewer)
    return found


def labels(client, **query):
    return [row.label for row in client.get(LIST, query).context["cl"].result_list]


def test_leads_see_all_open_links_and_reviewers_their_own(lead_client, reviewer_client, made, ferry_item):
    opinions.give_opinion(links.token_of(made["North"]), ferry_item.pk, verdict="approved", name="Nora")

    page = lead_client.get(LIST).content.decode()

    assert labels(lead_client) == ["North", "South"]
    assert labels(reviewer_client) == ["North"]
    assert labels(lead_client, state="closed") == ["East", "West"]
    assert labels(lead_client, state="all") == ["East", "North", "West", "South"]
    assert labels(lead_client, q="low marches", state="all") == ["East", "North", "West", "South"]
    assert labels(lead_client, q="rudi") == ["South"]
    assert "The Low Marches" in page
    assert "Mira leaves the town by the ferry." in page
    assert reverse("admin:agents_reviewitem_change", args=[ferry_item.pk]) in page
    assert f"{made['North'].expires_at:%Y-%m-%d %H:%M} UTC" in page
    assert links.address_of(made["North"]) in page
    assert [row.opinion_count for row in lead_client.get(LIST).context["cl"].result_list] == [1, 0]


def test_link_can_be_copied_from_the_page_of_its_item(see, made, ferry_item):
    page = see(ferry_item)

    assert f'readonly value="{links.address_of(made["North"])}"' in page
    assert links.address_of(made["West"]) not in page


def test_links_are_revoked_from_the_list(lead_client, reviewer_client, made, client):
    chosen = {"action": "revoke", "_selected_action": [str(made["South"].pk)]}

    # Not in the list of another reviewer.
    reviewer_client.post(LIST, chosen)
    assert ReviewLink.objects.filter(label="South", revoked_at=None).exists()
    page = lead_client.post(LIST, chosen, follow=True).content.decode()

    made["South"].refresh_from_db()
    assert made["South"].revoked_at is not None
    assert "1 link revoked." in page
    assert links.address_of(made["South"]) not in page
    assert client.get(reverse("guest-page", args=[links.token_of(made["South"])])).status_code == 404


def test_page_of_a_link_has_no_form(lead_client, signed_in, staff, made):
    address = reverse("admin:agents_reviewlink_change", args=[made["North"].pk])

    assert "Mira leaves the town by the ferry." in lead_client.get(address).content.decode()
    assert lead_client.post(address, {"label": "x"}).status_code == 403
    assert signed_in(staff).get(LIST).status_code == 403


def test_queries_do_not_grow_with_links_and_their_items(
    lead_client, made, reviewer, creator, low_marches, django_assert_max_num_queries
):
    lead_client.get(LIST)
    with django_assert_max_num_queries(99) as few:
        lead_client.get(LIST)
    for number in range(5):
        items = [rows.item_of(rows.finished_job(creator, low_marches)).pk for _ in range(3)]
        links.make_link(items, label=f"More {number}", expires_in_h=9, by=reviewer)

    with django_assert_max_num_queries(len(few)):
        assert len(labels(lead_client)) == 7
