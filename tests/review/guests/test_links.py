"""Links for guests: signed, expiring, revocable, with their items and nothing else."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.errors import NotFound
from agents.models import GuestOpinion, ReviewLink
from agents.review.guests import links
from tests.review.guests.addresses import path_of
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import OUTPUTS, make_review

pytestmark = pytest.mark.django_db


def test_guest_sees_request_and_output_and_nothing_else(guest, link, item, client_of, reviewer):
    shown = guest.get(path_of(link))

    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    body = shown.json()
    assert (body["label"], [row["id"] for row in body["items"]]) == ("Studio North", [str(item.pk)])
    assert set(body["items"][0]) == {"id", "agent_type", "request", "output", "decides", "opinions"}
    assert body["items"][0]["output"]["content"] == OUTPUTS["narrative"]["content"]
    assert not {"model", "tokens_used"} & body["items"][0]["output"].keys()
    for path in ("/agents/jobs", f"/agents/reviews/{item.pk}", f"/universes/{item.universe_id}"):
        assert guest.get(path).status_code == 401
    (listed,) = client_of(reviewer).get("/agents/review-links").json()["results"]
    assert listed["address"].endswith(path_of(link, "/page"))
    assert listed["last_used_at"] is not None


@pytest.mark.parametrize("end", ["expired", "revoked", "forged", "maker gone"])
def test_closed_link_shows_and_takes_nothing(guest, link, item, client_of, reviewer, end):
    path, page, token = path_of(link), path_of(link, "/page"), links.token_of(link)
    if end == "expired":
        now = timezone.now()
        ReviewLink.objects.update(made_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    elif end == "revoked":
        assert client_of(reviewer).delete(f"/agents/review-links/{link.pk}").status_code == 204
    elif end == "forged":
        path, page = path.replace(token, token[:-2] + "xx"), page.replace(token, token[:-2] + "xx")
    else:
        reviewer.is_active = False
        reviewer.save()

    problem_of(guest.get(path), 404, "review_link_not_found")
    sent = {"item_id": str(item.pk), "verdict": "approved", "name": "Ann"}
    problem_of(guest.post(f"{path}/opinions", sent), 404, "review_link_not_found")
    closed = Client().get(page)
    assert closed.status_code == 404
    assert "Ask the person who sent it" in closed.content.decode()
    assert "/admin/" not in closed.content.decode()
    assert not GuestOpinion.objects.exists()


def test_link_opens_its_items_alone(guest, link, creator):
    other = make_review(creator)
    sent = {"item_id": str(other.pk), "verdict": "approved", "name": "Ann"}

    problem_of(guest.post(path_of(link, "/opinions"), sent), 404, "review_item_not_found")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"item_ids": [str(uuid.UUID(int=1))]}, "/item_ids"),
        ({"item_ids": []}, "/item_ids"),
        ({"label": " "}, "/label"),
        ({"expires_in_h": 0}, "/expires_in_h"),
        ({"expires_in_h": 2161}, "/expires_in_h"),
    ],
)
def test_link_is_checked(client_of, reviewer, item, changes, pointer):
    body = {"item_ids": [str(item.pk)], "label": "Studio", **changes}

    assert next(iter(pointers_of(client_of(reviewer).post("/agents/review-links", body)))).startswith(pointer)
    assert not ReviewLink.objects.exists()


def test_gold_of_another_reviewer_cannot_be_shared(plant_gold, client_of, reviewer, second_reviewer):
    hidden = plant_gold(second_reviewer)
    body = {"item_ids": [str(hidden.pk)], "label": "Studio"}

    assert client_of(reviewer).post("/agents/review-links", body).status_code == 400


def test_others_see_and_revoke_a_link_only_as_leads(client_of, link, second_reviewer, lead):
    url = f"/agents/review-links/{link.pk}"
    assert client_of(second_reviewer).get("/agents/review-links").json()["count"] == 0
    problem_of(client_of(second_reviewer).delete(url), 403, "forbidden")
    assert client_of(lead).get("/agents/review-links").json()["count"] == 1
    assert client_of(lead).delete(url).status_code == 204
    assert client_of(lead).delete(url).status_code == 204
    assert list(link.items.get().job.events.filter(kind="review_unshared").values_list("by", flat=True)) == [
        lead.pk
    ]


def test_reviewer_shares_and_revokes_on_the_page(reviewer_client, item):
    reviewer_client.post(
        reverse("admin:agents_reviewitem_share", args=[item.pk]), {"label": "Studio", "days": "2"}
    )
    link = ReviewLink.objects.get()
    assert link.expires_at - link.made_at == timedelta(days=2)

    reviewer_client.post(reverse("admin:agents_reviewitem_unshare", args=[item.pk]), {"link": str(link.pk)})

    with pytest.raises(NotFound):
        links.find_link(links.token_of(link))


def test_token_is_not_in_the_log(link, guest, caplog):
    guest.get(path_of(link))

    assert "/review-links/…" in caplog.text
    assert links.token_of(link) not in caplog.text


def test_token_is_not_in_djangos_log_of_a_refusal(link, guest, caplog):
    path = path_of(link, "/page")
    assert Client().post(path, {}).status_code == 400

    (record,) = [record for record in caplog.records if record.name == "django.request"]
    formatter = next(
        handler.formatter
        for handler in logging.getLogger().handlers
        if handler.formatter is not None and "ProcessorFormatter" in type(handler.formatter).__name__
    )
    line = formatter.format(record)
    assert "/page" in line
    assert links.token_of(link) not in line
