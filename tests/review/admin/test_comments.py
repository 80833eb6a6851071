"""Comments on an item's page."""

from __future__ import annotations

import pytest

from agents.models import Notification, ReviewComment
from agents.review import comments
from tests.support import makers
from tests.support.pages import url_of
from tests.support.people import make_user

pytestmark = pytest.mark.django_db


def test_a_comment_is_kept_and_one_goes_on_where_it_was_written(
    reviewer_client, reviewer, second_reviewer, ferry_item, page_of
):
    response = reviewer_client.post(url_of("comment", ferry_item), {"text": " @rudi is the tide right? "})

    assert response["Location"] == f"{page_of(ferry_item)}#comment-text"
    comment = ReviewComment.objects.get()
    assert (comment.item, comment.by, comment.text) == (ferry_item, reviewer, "@rudi is the tide right?")
    page = reviewer_client.get(page_of(ferry_item)).content.decode()
    assert "@rudi is the tide right?" in page
    assert '<textarea id="comment-text" name="text" rows="2" required maxlength="5000" data-key="m"' in page
    assert "Name somebody to tell them: @rudi" in page


def test_a_name_that_is_no_reviewers_is_told(reviewer_client, second_reviewer, ferry_item, page_of):
    text = "@anna, @rudi. and @anna+<b>: mail me@example.com"
    page = reviewer_client.post(url_of("comment", ferry_item), {"text": text}, follow=True).content.decode()

    assert "No reviewer is called @anna: nobody was told by that name." in page
    assert Notification.objects.get().to == second_reviewer


def test_where_all_names_are_reviewers_no_name_is_missed(reviewer_client, second_reviewer, ferry_item):
    page = reviewer_client.post(
        url_of("comment", ferry_item), {"text": "@rudi?"}, follow=True
    ).content.decode()

    assert "No reviewer is called" not in page


def test_who_was_named_has_read_it_by_opening_the_page(
    reviewer_client, second_reviewer_client, second_reviewer, ferry_item, page_of
):
    reviewer_client.post(url_of("comment", ferry_item), {"text": "@rudi is the tide right?"})
    assert Notification.objects.get(to=second_reviewer).read_at is None

    second_reviewer_client.get(page_of(ferry_item))

    assert Notification.objects.get(to=second_reviewer).read_at is not None


def test_a_closed_item_is_spoken_of_too(reviewer_client, second_reviewer_client, decide, ferry_item, page_of):
    decide(reviewer_client, ferry_item, "approved")

    second_reviewer_client.post(url_of("comment", ferry_item), {"text": "Are you sure?"})

    assert "Are you sure?" in reviewer_client.get(page_of(ferry_item)).content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [("  ", "Write something."), ("long " * 1001, "At most 5000 characters.")],
)
def test_a_refused_comment_comes_back_as_it_was_typed(reviewer_client, ferry_item, text, said):
    page = reviewer_client.post(url_of("comment", ferry_item), {"text": text}).content.decode()

    assert f'<p class="error" id="comment-error" role="alert">{said}</p>' in page
    assert text in page
    assert 'class="errornote" id="bar-error"' not in page
    assert not ReviewComment.objects.exists()


def test_hostile_words_are_shown_and_not_obeyed(reviewer_client, second_reviewer, ferry_item, page_of):
    comments.add_comment(ferry_item.pk, "<script>alert(1)</script> \u202e{{7*7}}", by=second_reviewer)

    page = reviewer_client.get(page_of(ferry_item)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "U+202E" in page
    assert "<script>alert" not in page


def test_a_watcher_reads_and_does_not_write(signed_in, second_reviewer, ferry_item, page_of):
    comments.add_comment(ferry_item.pk, "Is the tide right?", by=second_reviewer)
    watcher = signed_in(make_user("will", is_staff=True, permissions=("agents.view_reviewitem",)))

    page = watcher.get(page_of(ferry_item)).content.decode()

    assert "Is the tide right?" in page
    assert "comment-form" not in page
    assert watcher.post(url_of("comment", ferry_item), {"text": "Yes."}).status_code == 403
    assert ReviewComment.objects.count() == 1


def test_the_words_of_others_wait_until_ones_own_opinion_is_given(
    reviewer_client, second_reviewer, ferry_job, decide, page_of
):
    item = makers.make_review(ferry_job, opinions_wanted=2)
    comments.add_comment(item.pk, "It is flat as a pond.", by=second_reviewer)

    assert "flat as a pond" not in reviewer_client.get(page_of(item)).content.decode()
    decide(reviewer_client, item, "approved")
    assert "flat as a pond" in reviewer_client.get(page_of(item)).content.decode()


def test_nothing_is_said_by_get(reviewer_client, ferry_item):
    assert reviewer_client.get(url_of("comment", ferry_item)).status_code == 405
