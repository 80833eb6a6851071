"""The badge, the page of what one was told, and the switches for mail."""

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
from tests.admin import makers

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:agents_notification_changelist")
READ = reverse("admin:agents_notification_read")
MAIL = reverse("admin:agents_notification_mail")
INDEX = reverse("admin:index")
MENTION, HAND_OVER, DISPUTE = NotificationKind
SWITCHES = {"email_on_mention", "email_on_hand_over", "email_on_dispute", "email_overdue_digest"}


@pytest.fixture
def told(item, reviewer, ana):
    """What rosa was told, the oldest first; ana was told something too."""
    rows = [
        notifications.notify([reviewer], MENTION, item, by=ana, text="@rosa is the fare right?")[0],
        notifications.notify([reviewer], HAND_OVER, item, by=ana)[0],
        notifications.notify([reviewer], DISPUTE, item, by=None)[0],
    ]
    notifications.notify([ana], MENTION, item, by=reviewer, text="for ana alone")
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


def test_the_badge_counts_what_one_has_not_read(reviewing, ana_reviewing, told, reviewer):
    assert badge_of(html_of(reviewing, INDEX)) == "Notifications 3 unread"
    assert badge_of(html_of(ana_reviewing, INDEX)) == "Notifications 1 unread"

    notifications.mark_read(reviewer, None)

    assert badge_of(html_of(reviewing, INDEX)) == "Notifications"


def test_a_badge_of_hundreds_stays_small(reviewing, item, reviewer):
    for _ in range(100):
        notifications.notify([reviewer], MENTION, item, by=None)

    assert badge_of(html_of(reviewing, INDEX)) == "Notifications 99+ unread"


def test_staff_without_reviews_see_a_badge_only_when_they_are_told_something(signed_in, item):
    sam = makers.make_user("sam", is_staff=True)
    client = signed_in(sam)
    assert badge_of(html_of(client, INDEX)) is None

    notifications.notify([sam], MENTION, item, by=None)

    assert badge_of(html_of(client, INDEX)) == "Notifications 1 unread"


# --- The page


def test_the_page_tells_who_said_what_of_which_item_newest_first(reviewing, told, item, page_of):
    Notification.objects.filter(pk=told[0].pk).update(at=timezone.now() - timedelta(hours=2))

    html = html_of(reviewing)

    lines = [
        words_of(line) for line in re.findall(r"<li[^>]*>\s*<p class=\"told-said\">.*?</li>", html, re.S)
    ]
    about = "Narrative: Mira leaves the town by the ferry."
    assert [line.split(f" {about}")[0] for line in lines] == [
        "Unread: Reviewers disagree; a lead’s verdict is waited for just now",
        "Unread: ana handed you a review just now",
        "Unread: ana mentioned you 2 hours ago",
    ]
    assert "@rosa is the fare right?" in lines[2]
    assert html.count(f'href="{page_of(item)}"') == 3
    assert "for ana alone" not in html


def test_a_superuser_too_sees_only_their_own(operating, told, superuser):
    html = html_of(operating)

    assert "Nothing yet." in html
    assert "is the fare right" not in html
    for row in Notification.objects.all():
        response = operating.get(reverse("admin:agents_notification_change", args=[row.pk]))
        assert response["Location"] == INDEX


def test_a_notification_leads_to_the_page_of_its_item(reviewing, told, item, page_of):
    for row in told:
        response = reviewing.get(reverse("admin:agents_notification_change", args=[row.pk]))
        assert (response.status_code, response["Location"]) == (302, page_of(item))


def test_what_was_read_is_not_marked_and_a_closed_item_is(reviewing, told, item, reviewer):
    notifications.mark_read(reviewer, [told[2].pk])
    type(item).objects.update(state="closed", closed_at=timezone.now())

    html = html_of(reviewing)

    assert html.count('<li class="unread">') == 2
    assert "2 unread" in words_of(html)
    assert html.count(">closed<") == 3


def test_one_is_marked_as_read_by_its_button(reviewing, told, reviewer):
    assert f'name="id" value="{told[0].pk}"' in html_of(reviewing)

    response = reviewing.post(READ, {"id": str(told[0].pk)})

    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert notifications.unread_count(reviewer) == 2
    told[0].refresh_from_db()
    assert told[0].read_at is not None
    assert f'name="id" value="{told[0].pk}"' not in html_of(reviewing)


def test_all_are_marked_as_read_and_nobody_elses(reviewing, told, reviewer, ana):
    page = reviewing.post(READ, {"all": "1"}, follow=True).content.decode()

    assert notifications.unread_count(reviewer) == 0
    assert notifications.unread_count(ana) == 1
    assert "3 marked as read." in page
    assert "Mark all as read" not in page


def test_marking_what_is_somebody_elses_or_nothing_changes_nothing(reviewing, told, ana):
    theirs = Notification.objects.get(to=ana)

    for sent in ({"id": str(theirs.pk)}, {"id": "x"}, {"id": str(uuid.uuid4())}, {}):
        assert reviewing.post(READ, sent).status_code == 302

    assert Notification.objects.filter(read_at__isnull=True).count() == 4


@pytest.mark.parametrize("url", [READ, MAIL])
def test_looking_changes_nothing(reviewing, told, url):
    assert reviewing.get(url).status_code == 405
    assert Notification.objects.filter(read_at__isnull=True).count() == 4


@pytest.mark.parametrize("url", [READ, MAIL])
def test_other_sites_cannot_press_the_buttons(reviewer, told, url):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reviewer)

    assert client.post(url, {"all": "1"}).status_code == 403
    assert Notification.objects.filter(read_at__isnull=True).count() == 4


def test_the_page_is_for_staff(signed_in, creator):
    for url in (PAGE, READ, MAIL):
        response = signed_in(creator).post(url) if url != PAGE else signed_in(creator).get(url)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("admin:login"))


def test_many_come_in_pages_for_the_same_number_of_queries(
    reviewing, item, reviewer, ana, django_assert_num_queries
):
    for number in range(60):
        notifications.notify([reviewer], MENTION, item, by=ana, text=f"number {number} of many")
    Notification.objects.filter(text="number 0 of many").update(at=timezone.now() - timedelta(days=1))

    first, last = html_of(reviewing), html_of(reviewing, f"{PAGE}?p=3")

    assert first.count('class="unread"') == 25
    assert last.count('class="unread"') == 10
    assert "number 59 of many" in first
    assert "number 0 of many" in last
    assert 'aria-current="page">3<' in last
    assert "number 0 of many" in html_of(reviewing, f"{PAGE}?p=99")
    assert "number 59 of many" in html_of(reviewing, f"{PAGE}?p=x")
    assert reviewing.post(f"{READ}?p=3", {"all": "1"})["Location"] == f"{PAGE}?p=3"
    with django_assert_num_queries(number_of_queries(reviewing, PAGE)):
        reviewing.get(f"{PAGE}?p=3")


def number_of_queries(client, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert len(queries) <= 12
    return len(queries)


def test_hostile_words_are_only_words(reviewing, item, reviewer, job):
    sly = makers.make_user("<b>sly</b>\u202e")
    job.input_data = {"prompt": "<img src=x onerror=alert(1)>\u202e {{ 7 }}"}
    job.save()
    notifications.notify(
        [reviewer], MENTION, item, by=sly, text="<script>alert(1)</script> javascript:x\u2066"
    )

    html = html_of(reviewing)

    for hostile in ("<b>sly", "<img src=x", "<script>alert", "\u202e", "\u2066"):
        assert hostile not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "U+202E" in html
    assert "{{ 7 }}" in html


def test_words_without_end_are_cut(reviewing, item, reviewer, job):
    job.input_data = {"prompt": "y" * 50_000}
    job.save()
    notifications.notify([reviewer], MENTION, item, by=None, text="z" * 5_000)

    html = html_of(reviewing)

    assert max(len(run) for run in re.findall("z+", html)) == 400
    assert max(len(run) for run in re.findall("y+", html)) == 280


# --- In the overview


def test_the_overview_names_the_page_to_reviewers_only(reviewing, signed_in):
    other = signed_in(makers.make_user("sam", is_staff=True, permissions=("agents.view_modelprice",)))

    assert "model-notification" in html_of(reviewing, INDEX)
    assert "model-notification" not in html_of(other, INDEX)
    assert "Nothing yet." in html_of(other)


# --- Mail


def test_without_an_address_one_is_told_that_nothing_is_mailed(reviewing, reviewer):
    assert "has no e-mail address" in html_of(reviewing)

    reviewer.email = "rosa@example.com"
    reviewer.save()

    html = html_of(reviewing)
    assert "Mail goes to rosa@example.com ." in words_of(html)
    assert "has no e-mail address" not in html


def ticked(html):
    return set(re.findall(r'<input type="checkbox"[^>]*name="(\w+)"[^>]* checked', html))


def test_all_is_mailed_until_a_box_is_cleared(reviewing, reviewer):
    preferences.save_preferences(reviewer, {"tone": "wry"}, replace=True)
    assert ticked(html_of(reviewing)) == SWITCHES

    response = reviewing.post(MAIL, {"email_on_mention": "on", "email_overdue_digest": "on"}, follow=True)

    page = response.content.decode()
    assert ticked(page) == {"email_on_mention", "email_overdue_digest"}
    assert "Saved what is mailed to you." in page
    assert UserPreference.objects.get().preferences == {
        "tone": "wry",
        "email_on_mention": True,
        "email_on_hand_over": False,
        "email_on_dispute": False,
        "email_overdue_digest": True,
    }


def test_a_wish_that_no_longer_holds_is_named(reviewing, reviewer):
    UserPreference.objects.create(user=reviewer, preferences={"default_models": {"narrative": "gone"}})

    page = reviewing.post(MAIL, {}, follow=True).content.decode()

    assert "Not saved." in page
    assert "default_models: The model" in page
    assert ticked(page) == SWITCHES
    assert UserPreference.objects.get().preferences == {"default_models": {"narrative": "gone"}}
