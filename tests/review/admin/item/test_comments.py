"""Comments on an item's page."""

from __future__ import annotations

import pytest

from agents.models import Notification, ReviewComment
from agents.review import comments
from tests.support import rows
from tests.support.pages import url_of
from tests.support.people import make_user

pytestmark = pytest.mark.django_db


def test_comment_is_stored_and_redirects_to_itself(
    reviewer_client, reviewer, second_reviewer, ferry_item, page_of
):
    response = reviewer_client.post(url_of("comment", ferry_item), {"text": " @rudi is the tide right? "})

    comment = ReviewComment.objects.get()
    assert response["Location"] == f"{page_of(ferry_item)}#comment-{comment.pk}"
    assert (comment.item, comment.by, comment.text) == (ferry_item, reviewer, "@rudi is the tide right?")
    page = reviewer_client.get(page_of(ferry_item)).content.decode()
    assert "@rudi is the tide right?" in page
    assert '<textarea id="comment-text" name="text" rows="2" required maxlength="5000" data-key="m"' in page
    assert "Mention someone to notify them: @rudi" in page


def test_unknown_mention_is_pointed_out(reviewer_client, second_reviewer, ferry_item, page_of):
    text = "@anna, @rudi. and @anna+<b>: mail me@example.com"
    page = reviewer_client.post(url_of("comment", ferry_item), {"text": text}, follow=True).content.decode()

    assert "There is no reviewer named @anna, so nobody was notified under that name." in page
    assert Notification.objects.get().to == second_reviewer


def test_no_warning_if_all_mentions_are_reviewers(reviewer_client, second_reviewer, ferry_item):
    page = reviewer_client.post(
        url_of("comment", ferry_item), {"text": "@rudi?"}, follow=True
    ).content.decode()

    assert "No reviewer is called" not in page


def test_opening_the_page_marks_the_mention_as_read(
    reviewer_client, second_reviewer_client, second_reviewer, ferry_item, page_of
):
    reviewer_client.post(url_of("comment", ferry_item), {"text": "@rudi is the tide right?"})
    assert Notification.objects.get(to=second_reviewer).read_at is None

    second_reviewer_client.get(page_of(ferry_item))

    assert Notification.objects.get(to=second_reviewer).read_at is not None


def test_closed_item_can_be_commented_on(
    reviewer_client, second_reviewer_client, decide, ferry_item, page_of
):
    decide(reviewer_client, ferry_item, "approved")

    second_reviewer_client.post(url_of("comment", ferry_item), {"text": "Are you sure?"})

    assert "Are you sure?" in reviewer_client.get(page_of(ferry_item)).content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [("  ", "Write a comment."), ("long " * 1001, "At most 5000 characters.")],
)
def test_refused_comment_keeps_its_text(reviewer_client, ferry_item, text, said):
    page = reviewer_client.post(url_of("comment", ferry_item), {"text": text}).content.decode()

    assert f'<p class="error" id="comment-error" role="alert">{said}</p>' in page
    assert text in page
    assert 'class="errornote" id="bar-error"' not in page
    assert not ReviewComment.objects.exists()


def test_hostile_text_is_escaped(reviewer_client, second_reviewer, ferry_item, page_of):
    comments.add_comment(ferry_item.pk, "<script>alert(1)</script> \u202e{{7*7}}", by=second_reviewer)

    page = reviewer_client.get(page_of(ferry_item)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "U+202E" in page
    assert "<script>alert" not in page


def test_view_permission_does_not_allow_comments(signed_in, second_reviewer, ferry_item, page_of):
    comments.add_comment(ferry_item.pk, "Is the tide right?", by=second_reviewer)
    watcher = signed_in(make_user("will", is_staff=True, permissions=("agents.view_reviewitem",)))

    page = watcher.get(page_of(ferry_item)).content.decode()

    assert "Is the tide right?" in page
    assert "comment-form" not in page
    assert watcher.post(url_of("comment", ferry_item), {"text": "Yes."}).status_code == 403
    assert ReviewComment.objects.count() == 1


def test_comments_of_others_are_hidden_until_own_opinion(
    reviewer_client, second_reviewer, ferry_job, decide, page_of
):
    item = rows.item_of(ferry_job, opinions_wanted=2)
    comments.add_comment(item.pk, "It is flat as a pond.", by=second_reviewer)

    assert "flat as a pond" not in reviewer_client.get(page_of(item)).content.decode()
    decide(reviewer_client, item, "approved")
    assert "flat as a pond" in reviewer_client.get(page_of(item)).content.decode()


def test_get_stores_no_comment(reviewer_client, ferry_item):
    assert reviewer_client.get(url_of("comment", ferry_item)).status_code == 405


def edit(client, item, comment, what, text=""):
    body = {"comment": str(comment.pk), "text": text, "what": what}
    return client.post(url_of("edit_comment", item), body, follow=True)


def test_author_edits_a_comment_and_only_new_mentions_are_notified(
    reviewer_client, reviewer, second_reviewer, lead, ferry_item
):
    comment = comments.add_comment(ferry_item.pk, "@rudi look", by=reviewer)

    page = edit(reviewer_client, ferry_item, comment, "save", "@rudi and @lena look")

    comment.refresh_from_db()
    assert (comment.text, comment.edited_at is not None) == ("@rudi and @lena look", True)
    assert "· edited" in page.content.decode()
    told = Notification.objects.values_list("to__username", "text")
    assert sorted(told) == [("lena", "@rudi and @lena look"), ("rudi", "@rudi and @lena look")]


def test_author_deletes_a_comment_with_the_notification_that_quotes_it(
    reviewer_client, reviewer, second_reviewer, ferry_item
):
    comment = comments.add_comment(ferry_item.pk, "@rudi a secret", by=reviewer)

    edit(reviewer_client, ferry_item, comment, "delete")

    assert not ReviewComment.objects.exists()
    assert not Notification.objects.exists()


@pytest.mark.parametrize("what", ["save", "delete"])
def test_nobody_else_changes_a_comment(second_reviewer_client, superuser_client, reviewer, ferry_item, what):
    comment = comments.add_comment(ferry_item.pk, "Mine.", by=reviewer)

    for client in (second_reviewer_client, superuser_client):
        page = edit(client, ferry_item, comment, what, "Theirs.")
        assert "You have no such comment on this item." in page.content.decode()
    assert ReviewComment.objects.get().text == "Mine."


def test_refused_edit_of_a_comment_keeps_its_words(reviewer_client, reviewer, ferry_item):
    comment = comments.add_comment(ferry_item.pk, "Mine.", by=reviewer)

    page = edit(reviewer_client, ferry_item, comment, "save", "  ")

    assert "Write a comment." in page.content.decode()
    assert ReviewComment.objects.get().text == "Mine."
