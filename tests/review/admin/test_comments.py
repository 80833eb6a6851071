"""What reviewers say to each other on an item's page."""

from __future__ import annotations

import pytest

from agents.models import Notification, ReviewComment
from agents.review import comments
from tests.admin import makers
from tests.admin.makers import url_of

pytestmark = pytest.mark.django_db


def test_a_comment_is_kept_and_one_goes_on_where_it_was_written(reviewing, reviewer, ana, item, page_of):
    response = reviewing.post(url_of("comment", item), {"text": " @ana is the tide right? "})

    assert response["Location"] == f"{page_of(item)}#comment-text"
    comment = ReviewComment.objects.get()
    assert (comment.item, comment.by, comment.text) == (item, reviewer, "@ana is the tide right?")
    page = reviewing.get(page_of(item)).content.decode()
    assert "@ana is the tide right?" in page
    assert '<textarea id="comment-text" name="text" rows="2" required maxlength="5000" data-key="m"' in page
    assert "Name somebody to tell them: @ana" in page


def test_a_name_that_is_no_reviewers_is_told(reviewing, ana, item, page_of):
    text = "@anna, @ana. and @anna+<b>: mail me@example.com"
    page = reviewing.post(url_of("comment", item), {"text": text}, follow=True).content.decode()

    assert "No reviewer is called @anna: nobody was told by that name." in page
    assert Notification.objects.get().to == ana


def test_where_all_names_are_reviewers_no_name_is_missed(reviewing, ana, item):
    page = reviewing.post(url_of("comment", item), {"text": "@ana?"}, follow=True).content.decode()

    assert "No reviewer is called" not in page


def test_who_was_named_has_read_it_by_opening_the_page(reviewing, ana_reviewing, ana, item, page_of):
    reviewing.post(url_of("comment", item), {"text": "@ana is the tide right?"})
    assert Notification.objects.get(to=ana).read_at is None

    ana_reviewing.get(page_of(item))

    assert Notification.objects.get(to=ana).read_at is not None


def test_a_closed_item_is_spoken_of_too(reviewing, ana_reviewing, decide, item, page_of):
    decide(reviewing, item, "approved")

    ana_reviewing.post(url_of("comment", item), {"text": "Are you sure?"})

    assert "Are you sure?" in reviewing.get(page_of(item)).content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [("  ", "Write something."), ("long " * 1001, "At most 5000 characters.")],
)
def test_a_refused_comment_comes_back_as_it_was_typed(reviewing, item, text, said):
    page = reviewing.post(url_of("comment", item), {"text": text}).content.decode()

    assert f'<p class="error" id="comment-error" role="alert">{said}</p>' in page
    assert text in page
    assert 'class="errornote" id="bar-error"' not in page
    assert not ReviewComment.objects.exists()


def test_hostile_words_are_shown_and_not_obeyed(reviewing, ana, item, page_of):
    comments.add_comment(item.pk, "<script>alert(1)</script> \u202e{{7*7}}", by=ana)

    page = reviewing.get(page_of(item)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "U+202E" in page
    assert "<script>alert" not in page


def test_a_watcher_reads_and_does_not_write(signed_in, ana, item, page_of):
    comments.add_comment(item.pk, "Is the tide right?", by=ana)
    watcher = signed_in(makers.make_user("will", is_staff=True, permissions=("agents.view_reviewitem",)))

    page = watcher.get(page_of(item)).content.decode()

    assert "Is the tide right?" in page
    assert "comment-form" not in page
    assert watcher.post(url_of("comment", item), {"text": "Yes."}).status_code == 403
    assert ReviewComment.objects.count() == 1


def test_the_words_of_others_wait_until_ones_own_opinion_is_given(reviewing, ana, job, decide, page_of):
    item = makers.make_review(job, opinions_wanted=2)
    comments.add_comment(item.pk, "It is flat as a pond.", by=ana)

    assert "flat as a pond" not in reviewing.get(page_of(item)).content.decode()
    decide(reviewing, item, "approved")
    assert "flat as a pond" in reviewing.get(page_of(item)).content.decode()


def test_nothing_is_said_by_get(reviewing, item):
    assert reviewing.get(url_of("comment", item)).status_code == 405
