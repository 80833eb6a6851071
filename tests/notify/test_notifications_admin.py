"""The badge, the page of notifications, and the mail preferences."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.choices import NotificationKind
from agents.models import Notification, UserPreference
from agents.notify import notifications, preferences
from tests.support.people import make_user

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:agents_notification_changelist")
READ = reverse("admin:agents_notification_read")
MAIL = reverse("admin:agents_notification_mail")
INDEX = reverse("admin:index")
MENTION, HAND_OVER, DISPUTE = NotificationKind.MENTION, NotificationKind.HAND_OVER, NotificationKind.DISPUTE
SWITCHES = {
    "email_on_mention",
    "email_on_hand_over",
    "email_on_dispute",
    "email_on_verdict",
    "email_on_guest_opinion",
    "email_overdue_digest",
}


@pytest.fixture
def told(ferry_item, reviewer, second_reviewer):
    """Notifications of rosa, oldest first, and one of rudi."""
    rows = [
        notifications.notify(
            [reviewer], MENTION, ferry_item, by=second_reviewer, text="@rosa is the fare right?"
        )[0],
        notifications.notify([reviewer], HAND_OVER, ferry_item, by=second_reviewer)[0],
        notifications.notify([reviewer], DISPUTE, ferry_item, by=None)[0],
    ]
    notifications.notify([second_reviewer], MENTION, ferry_item, by=reviewer, text="for rudi alone")
    return rows


def html_of(client, url=PAGE):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def words_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def badge_of(html):
    found = re.search(r'<a class="queue-link bell".*?</a>', html, re.S)
    return words_of(found.group()) if found else None


# --- The badge


def test_badge_counts_unread_notifications(reviewer_client, second_reviewer_client, told, reviewer):
    assert badge_of(html_of(reviewer_client, INDEX)) == "Notifications 3 unread"
    assert badge_of(html_of(second_reviewer_client, INDEX)) == "Notifications 1 unread"

    notifications.mark_read(reviewer, None)

    assert badge_of(html_of(reviewer_client, INDEX)) == "Notifications"


def test_badge_is_capped(reviewer_client, ferry_item, reviewer):
    for _ in range(100):
        notifications.notify([reviewer], MENTION, ferry_item, by=None)

    assert badge_of(html_of(reviewer_client, INDEX)) == "Notifications 99+ unread"


def test_other_staff_see_a_badge_only_with_notifications(signed_in, ferry_item):
    sam = make_user("sam", is_staff=True)
    client = signed_in(sam)
    assert badge_of(html_of(client, INDEX)) is None

    notifications.notify([sam], MENTION, ferry_item, by=None)

    assert badge_of(html_of(client, INDEX)) == "Notifications 1 unread"


# --- The page


def test_page_lists_author_text_and_item_newest_first(reviewer_client, told, ferry_item, page_of):
    Notification.objects.filter(pk=told[0].pk).update(at=timezone.now() - timedelta(hours=2))

    html = html_of(reviewer_client)

    lines = [
        words_of(line) for line in re.findall(r"<li[^>]*>\s*<p class=\"told-said\">.*?</li>", html, re.S)
    ]
    about = "Narrative: Mira leaves the town by the ferry."
    assert [line.split(f" {about}")[0] for line in lines] == [
        "Unread: Reviewers disagree; a lead has to decide just now",
        "Unread: rudi handed you a review just now",
        "Unread: rudi mentioned you 2 hours ago",
    ]
    assert "@rosa is the fare right?" in lines[2]
    assert html.count(f'href="{page_of(ferry_item)}"') == 3
    assert "for rudi alone" not in html


def test_superuser_sees_only_own_notifications(superuser_client, told, superuser):
    html = html_of(superuser_client)

    assert "Nothing yet." in html
    assert "is the fare right" not in html
    for row in Notification.objects.all():
        response = superuser_client.get(reverse("admin:agents_notification_change", args=[row.pk]))
        assert response["Location"] == INDEX


def test_notification_links_to_its_item(reviewer_client, told, ferry_item, page_of):
    for row in told:
        response = reviewer_client.get(reverse("admin:agents_notification_change", args=[row.pk]))
        assert (response.status_code, response["Location"]) == (302, page_of(ferry_item))


def test_read_notifications_and_closed_items_are_marked(reviewer_client, told, ferry_item, reviewer):
    notifications.mark_read(reviewer, [told[2].pk])
    type(ferry_item).objects.update(state="closed", closed_at=timezone.now())

    html = html_of(reviewer_client)

    assert html.count('<li class="unread">') == 2
    assert "2 unread" in words_of(html)
    assert html.count(">closed<") == 3


def test_button_marks_one_as_read(reviewer_client, told, reviewer):
    assert f'name="id" value="{told[0].pk}"' in html_of(reviewer_client)

    response = reviewer_client.post(READ, {"id": str(told[0].pk)})

    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert notifications.unread_count(reviewer) == 2
    told[0].refresh_from_db()
    assert told[0].read_at is not None
    assert f'name="id" value="{told[0].pk}"' not in html_of(reviewer_client)


def test_mark_all_affects_only_own_notifications(reviewer_client, told, reviewer, second_reviewer):
    page = reviewer_client.post(READ, {"all": "1"}, follow=True).content.decode()

    assert notifications.unread_count(reviewer) == 0
    assert notifications.unread_count(second_reviewer) == 1
    assert "3 marked as read." in page
    assert "Mark all as read" not in page


def test_marking_a_foreign_or_missing_one_changes_nothing(reviewer_client, told, second_reviewer):
    theirs = Notification.objects.get(to=second_reviewer)

    for sent in ({"id": str(theirs.pk)}, {"id": "x"}, {"id": str(uuid.uuid4())}, {}):
        assert reviewer_client.post(READ, sent).status_code == 302

    assert Notification.objects.filter(read_at__isnull=True).count() == 4


@pytest.mark.parametrize("url", [READ, MAIL])
def test_viewing_changes_nothing(reviewer_client, told, url):
    assert reviewer_client.get(url).status_code == 405
    assert Notification.objects.filter(read_at__isnull=True).count() == 4


@pytest.mark.parametrize("url", [READ, MAIL])
def test_buttons_need_a_csrf_token(reviewer, told, url):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reviewer)

    assert client.post(url, {"all": "1"}).status_code == 403
    assert Notification.objects.filter(read_at__isnull=True).count() == 4


def test_page_is_for_staff(signed_in, creator):
    for url in (PAGE, READ, MAIL):
        response = signed_in(creator).post(url) if url != PAGE else signed_in(creator).get(url)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("admin:login"))


def test_pagination_keeps_the_query_count(
    reviewer_client, ferry_item, reviewer, second_reviewer, django_assert_num_queries
):
    for number in range(60):
        notifications.notify(
            [reviewer], MENTION, ferry_item, by=second_reviewer, text=f"number {number} of many"
        )
    Notification.objects.filter(text="number 0 of many").update(at=timezone.now() - timedelta(days=1))

    first, last = html_of(reviewer_client), html_of(reviewer_client, f"{PAGE}?p=3")

    assert first.count('class="unread"') == 25
    assert last.count('class="unread"') == 10
    assert "number 59 of many" in first
    assert "number 0 of many" in last
    assert 'aria-current="page">3<' in last
    assert "number 0 of many" in html_of(reviewer_client, f"{PAGE}?p=99")
    assert "number 59 of many" in html_of(reviewer_client, f"{PAGE}?p=x")
    assert reviewer_client.post(f"{READ}?p=3", {"all": "1"})["Location"] == f"{PAGE}?p=3"
    with django_assert_num_queries(number_of_queries(reviewer_client, PAGE)):
        reviewer_client.get(f"{PAGE}?p=3")


def number_of_queries(client, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert len(queries) <= 12
    return len(queries)


def test_hostile_text_is_escaped(reviewer_client, ferry_item, reviewer, ferry_job):
    sly = make_user("<b>sly</b>\u202e")
    ferry_job.input_data = {"prompt": "<img src=x onerror=alert(1)>\u202e {{ 7 }}"}
    ferry_job.save()
    notifications.notify(
        [reviewer], MENTION, ferry_item, by=sly, text="<script>alert(1)</script> javascript:x\u2066"
    )

    html = html_of(reviewer_client)

    for hostile in ("<b>sly", "<img src=x", "<script>alert", "\u202e", "\u2066"):
        assert hostile not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "U+202E" in html
    assert "{{ 7 }}" in html


def test_long_text_is_cut(reviewer_client, ferry_item, reviewer, ferry_job):
    ferry_job.input_data = {"prompt": "y" * 50_000}
    ferry_job.save()
    notifications.notify([reviewer], MENTION, ferry_item, by=None, text="z" * 5_000)

    html = html_of(reviewer_client)

    assert max(len(run) for run in re.findall("z+", html)) == 400
    assert max(len(run) for run in re.findall("y+", html)) == 280


# --- In the overview


def test_overview_links_to_the_page_for_reviewers_only(reviewer_client, signed_in):
    other = signed_in(make_user("sam", is_staff=True, permissions=("agents.view_modelprice",)))

    assert "model-notification" in html_of(reviewer_client, INDEX)
    assert "model-notification" not in html_of(other, INDEX)
    assert "Nothing yet." in html_of(other)


# --- Mail


def test_user_without_address_is_told_that_no_mail_is_sent(reviewer_client, reviewer):
    assert "has no e-mail address" in html_of(reviewer_client)

    reviewer.email = "rosa@example.com"
    reviewer.save()

    html = html_of(reviewer_client)
    assert "Mail goes to rosa@example.com ." in words_of(html)
    assert "has no e-mail address" not in html


def ticked(html):
    return set(re.findall(r'<input type="checkbox"[^>]*name="(\w+)"[^>]* checked', html))


def test_mail_preferences_are_on_by_default(reviewer_client, reviewer):
    preferences.save_preferences(reviewer, {"tone": "wry"}, replace=True)
    assert ticked(html_of(reviewer_client)) == SWITCHES

    response = reviewer_client.post(
        MAIL, {"email_on_mention": "on", "email_overdue_digest": "on"}, follow=True
    )

    page = response.content.decode()
    assert ticked(page) == {"email_on_mention", "email_overdue_digest"}
    assert "Your mail settings were saved." in page
    assert UserPreference.objects.get().preferences == {
        "tone": "wry",
        "email_on_mention": True,
        "email_on_hand_over": False,
        "email_on_dispute": False,
        "email_on_verdict": False,
        "email_on_guest_opinion": False,
        "email_overdue_digest": True,
    }


def test_invalid_stored_preference_is_named(reviewer_client, reviewer):
    UserPreference.objects.create(user=reviewer, preferences={"default_models": {"narrative": "gone"}})

    page = reviewer_client.post(MAIL, {}, follow=True).content.decode()

    assert "Not saved." in page
    assert "default_models: The model" in page
    assert ticked(page) == SWITCHES
    assert UserPreference.objects.get().preferences == {"default_models": {"narrative": "gone"}}
