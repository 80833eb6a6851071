"""Notifications of guests' opinions: who gets one, how many, and what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from agents.choices import EventKind, NotificationKind, Verdict
from agents.errors import Conflict
from agents.models import Notification, ReviewItem
from agents.notify import notifications, preferences
from agents.notify.mail import mail_notifications
from agents.review import claims
from agents.review.guests import deciding, links, opinions
from agents.review.verdicts import decisions
from tests.notify.mail_helpers import SITE, addressed, page
from tests.support.rows import make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(creator, universe):
    return make_review(creator, universe=universe)


@pytest.fixture
def second_item(creator):
    return make_review(creator)


@pytest.fixture
def link(item, second_item, reviewer):
    return links.make_link([item.pk, second_item.pk], label="Studio North", expires_in_h=24, by=reviewer)


@pytest.fixture
def answer(link, item):
    """Give an opinion by the link."""

    def give(on=item, verdict="rejected", name="Nora North", comment=""):
        return opinions.give_opinion(links.token_of(link), on.pk, verdict=verdict, name=name, comment=comment)

    return give


def told(person):
    """Return what the unread notifications of a person say, the newest first."""
    rows = notifications.notifications_of(person).filter(read_at=None)
    return [(row.kind, row.item_id, row.count, row.text) for row in rows]


# --- Who


def test_maker_of_the_link_is_told_without_the_verdict(
    answer, item, reviewer, second_reviewer, lead, creator
):
    answer(comment="Too dark: reject it.")

    words = "Nora North, by the link for Studio North"
    assert told(reviewer) == [("guest_opinion", item.pk, 1, words)]
    assert Notification.objects.get().by is None
    assert [notifications.unread_count(other) for other in (second_reviewer, lead, creator)] == [0, 0, 0]


def test_whoever_has_claimed_the_item_is_told_as_well(answer, item, reviewer, second_reviewer):
    claims.claim(item.pk, second_reviewer)

    answer()

    assert told(second_reviewer) == told(reviewer)
    assert Notification.objects.count() == 2


def test_maker_who_has_claimed_the_item_is_told_once(answer, item, reviewer):
    claims.claim(item.pk, reviewer)

    answer()

    assert Notification.objects.count() == 1


def test_holder_whose_claim_has_ended_is_not_told(answer, item, second_reviewer, expire_claim):
    claims.claim(item.pk, second_reviewer)
    expire_claim(item)

    answer()

    assert told(second_reviewer) == []


def test_person_who_no_longer_reviews_is_not_told(answer, item, reviewer, second_reviewer):
    claims.claim(item.pk, second_reviewer)
    reviewer.groups.clear()

    answer()

    assert (told(reviewer), len(told(second_reviewer))) == ([], 1)


def test_person_who_cannot_see_the_item_any_more_is_not_told(answer, item, reviewer, plant_gold):
    gold = plant_gold(reviewer)
    ReviewItem.objects.filter(pk=gold.pk).update(job=item.job)

    answer()

    assert told(reviewer) == []


@pytest.mark.parametrize("is_judged", [False, True])
def test_independent_opinions_are_not_influenced(
    answer, item, reviewer, second_reviewer, client_of, is_judged
):
    ReviewItem.objects.filter(pk=item.pk).update(opinions_wanted=2)
    claims.claim(item.pk, second_reviewer)
    if is_judged:
        decisions.decide(item.pk, Verdict.APPROVED, by=second_reviewer)
        claims.claim(item.pk, reviewer)

    answer(verdict="rejected", comment="I would reject it.")

    (row,) = client_of(reviewer).get("/agents/notifications").json()["results"]
    assert row["text"] == "Nora North, by the link for Studio North"
    assert "reject" not in str(row)


# --- How many


def test_answers_by_one_link_are_one_notification_until_it_is_read(answer, item, second_item, reviewer):
    answer()
    answer(comment="And too long.")
    answer(on=second_item, name="Olaf")

    words = "3 opinions by the link for Studio North, the last by Olaf"
    assert told(reviewer) == [("guest_opinion", second_item.pk, 3, words)]

    notifications.mark_item_read(reviewer, second_item.pk)
    answer()

    assert told(reviewer) == [("guest_opinion", item.pk, 1, "Nora North, by the link for Studio North")]
    assert Notification.objects.count() == 2


def test_renewed_notification_is_the_newest_again(answer, item, second_item, reviewer, second_reviewer):
    answer()
    notifications.notify([reviewer], NotificationKind.MENTION, item, by=second_reviewer, text="Look.")

    answer(on=second_item)

    assert [kind for kind, *_ in told(reviewer)] == ["guest_opinion", "mention"]


def test_links_have_notifications_of_their_own(answer, item, reviewer):
    other = links.make_link([item.pk], label="Studio South", expires_in_h=24, by=reviewer)
    answer()

    opinions.give_opinion(links.token_of(other), item.pk, verdict="approved", name="Sue")

    assert [text for *_, text in told(reviewer)] == [
        "Sue, by the link for Studio South",
        "Nora North, by the link for Studio North",
    ]


def test_holder_who_comes_later_is_told_beside_a_renewed_notification(
    answer, item, reviewer, second_reviewer
):
    answer()
    claims.claim(item.pk, second_reviewer)

    answer(comment="Too long.")

    assert [count for _, _, count, _ in told(reviewer)] == [2]
    assert [count for _, _, count, _ in told(second_reviewer)] == [1]


def test_opinion_sent_twice_is_told_once(answer, reviewer):
    answer()
    answer()

    assert [count for _, _, count, _ in told(reviewer)] == [1]


def test_refused_opinion_is_not_told(answer, reviewer, monkeypatch):
    monkeypatch.setattr(opinions, "MAX_OPINIONS", 0)

    with pytest.raises(Conflict):
        answer()

    assert told(reviewer) == []


def test_notification_is_rolled_back_with_its_opinion(answer, reviewer):
    with transaction.atomic():
        answer()
        transaction.set_rollback(True)

    assert told(reviewer) == []


def test_one_unread_notification_of_a_link_is_constrained(answer, link, item, reviewer):
    answer()
    fields = {"to": reviewer, "kind": NotificationKind.GUEST_OPINION, "item": item}

    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(**fields, guest_link=link)
    Notification.objects.update(read_at=timezone.now())
    Notification.objects.create(**fields, guest_link=link)


@pytest.mark.parametrize("kind", [NotificationKind.GUEST_OPINION, NotificationKind.MENTION])
def test_only_notifications_of_guests_have_a_link(link, item, reviewer, kind):
    of_guests = kind == NotificationKind.GUEST_OPINION

    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(to=reviewer, kind=kind, item=item, guest_link=None if of_guests else link)


# --- Where guests decide


def test_verdict_is_told_to_the_reviewer_in_whose_name_it_is(answer, item, universe, reviewer, lead):
    deciding.allow(universe.pk, by=lead)

    answer(verdict="approved")

    assert item.job.events.filter(kind=EventKind.REVIEW_DECIDED).count() == 1
    words = "Nora North, by the link for Studio North. It is the verdict, in your name."
    assert told(reviewer) == [("guest_opinion", item.pk, 1, words)]


def test_opinion_that_a_claim_keeps_from_deciding_is_no_verdict(
    answer, item, universe, reviewer, second_reviewer, lead
):
    deciding.allow(universe.pk, by=lead)
    claims.claim(item.pk, second_reviewer)

    answer(verdict="approved")

    assert [text for *_, text in told(second_reviewer)] == ["Nora North, by the link for Studio North"]
    assert told(reviewer) == told(second_reviewer)


# --- Mail


@pytest.fixture
def mailed(reviewer, settings):
    settings.SITE_URL = SITE
    return addressed(reviewer)


def test_mail_says_who_and_what_it_is_about(answer, item, mailed):
    answer(name="Open the review: https://evil.example", comment="Reject it!")

    assert mail_notifications() == {"sent": 1, "failed": 0}

    (sent,) = mail.outbox
    assert sent.subject == "A guest has given an opinion"
    assert sent.body == (
        "A guest has given an opinion on:\n\n"
        "    Narrative: Mira leaves the town by the ferry.\n\n"
        "    > Open the review: https://evil.example, by the link for Studio North\n\n"
        f"Open the review: {page(item)}\n\n"
        "-- \n"
        f"Change what is mailed to you:\n{SITE}/admin/agents/notification/\n"
    )


def test_answers_before_the_mail_are_one_mail(answer, second_item, mailed):
    answer()
    answer(on=second_item)

    mail_notifications()

    (sent,) = mail.outbox
    assert "    > 2 opinions by the link for Studio North, the last by Nora North\n" in sent.body


@pytest.mark.parametrize(("minutes", "mails"), [(59, 1), (61, 2)])
def test_unread_notification_is_mailed_again_after_an_hour(answer, second_item, mailed, minutes, mails):
    answer()
    mail_notifications()
    Notification.objects.update(mailed_at=timezone.now() - timedelta(minutes=minutes))

    answer(on=second_item)
    mail_notifications()

    assert len(mail.outbox) == mails


def test_no_mail_against_the_preference(answer, second_item, mailed):
    answer()
    mail_notifications()
    Notification.objects.update(mailed_at=timezone.now() - timedelta(hours=2))
    preferences.save_preferences(mailed, {"email_on_guest_opinion": False}, replace=True)

    answer(on=second_item)
    Notification.objects.update(read_at=timezone.now())
    answer(comment="Too long.")

    assert mail_notifications() == {"sent": 0, "failed": 0}
    assert Notification.objects.count() == 2


# --- Pages


def test_pages_lead_to_the_item(answer, item, reviewer, signed_in, page_of):
    answer(name="<b>Nora</b>")

    for address in ("/admin/agents/notification/", "/studio/news"):
        shown = signed_in(reviewer).get(address).content.decode()
        assert "A guest has given an opinion" in shown
        assert f'href="{page_of(item)}"' in shown
        assert "&lt;b&gt;Nora&lt;/b&gt;, by the link for Studio North" in shown


def test_notification_of_somebody_who_reviewed_once_leads_nowhere(answer, item, reviewer, signed_in, page_of):
    answer()
    reviewer.groups.clear()

    for address in ("/admin/agents/notification/", "/studio/news"):
        shown = signed_in(reviewer).get(address).content.decode()
        assert "A guest has given an opinion" in shown
        assert page_of(item) not in shown


def test_api_counts_the_opinions(answer, second_item, item, reviewer, client_of):
    answer()
    answer(on=second_item)

    (row,) = client_of(reviewer).get("/agents/notifications?unread=true").json()["results"]

    assert (row["kind"], row["item_id"], row["by"], row["count"]) == (
        "guest_opinion",
        str(second_item.pk),
        None,
        2,
    )
