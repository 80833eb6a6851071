"""Comments: notifications, and visibility before the decision."""

from __future__ import annotations

import uuid

import pytest

from agents.choices import Verdict
from agents.errors import Forbidden, Invalid, NotFound
from agents.models import Notification, ReviewComment, ReviewItem
from agents.review import comments
from agents.review.verdicts import decisions

pytestmark = pytest.mark.django_db


def texts(item, user):
    item.refresh_from_db()
    return [comment.text for comment in comments.comments_for(item, user)]


def notified():
    return sorted(Notification.objects.values_list("to__username", flat=True))


def test_comment_is_visible_to_others(item, reviewer, second_reviewer):
    first = comments.add_comment(item.pk, "  Too thin?\n\nI think so. ", by=reviewer)
    comments.add_comment(item.pk, "Yes.", by=second_reviewer)

    assert (first.text, first.by, first.item) == ("Too thin?\n\nI think so.", reviewer, item)
    assert texts(item, second_reviewer) == ["Too thin?\n\nI think so.", "Yes."]
    events = item.job.events.values_list("kind", "by__username", "data")
    assert list(events) == [("review_commented", "rosa", {}), ("review_commented", "rudi", {})]


def test_closed_item_can_be_commented_on(item, reviewer, second_reviewer):
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    comments.add_comment(item.pk, "Why?", by=second_reviewer)

    assert texts(item, reviewer) == ["Why?"]


@pytest.mark.parametrize(
    ("text", "code"), [("", "required"), (" \n", "required"), ("x" * 5001, "max_length"), ("\x00", "invalid")]
)
def test_empty_or_overlong_text_is_refused(item, reviewer, text, code):
    with pytest.raises(Invalid) as refusal:
        comments.add_comment(item.pk, text, by=reviewer)

    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/text", code)]
    assert not ReviewComment.objects.exists()
    assert not item.job.events.exists()


def test_only_reviewers_comment(item, creator, staff):
    for by in (creator, staff):
        with pytest.raises(Forbidden):
            comments.add_comment(item.pk, "Hm.", by=by)

    assert not ReviewComment.objects.exists()


def test_item_that_does_not_exist_is_not_found(reviewer):
    with pytest.raises(NotFound):
        comments.add_comment(uuid.uuid4(), "Hm.", by=reviewer)


# --- Mentions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@rudi, look.", ["rudi"]),
        ("Ask @rudi.", ["rudi"]),
        ("Ask @rudi's friend (@tilda)!", ["rudi", "tilda"]),
        ("@rudi @rudi @tilda", ["rudi", "tilda"]),
        ("mail@rudi and x.@rudi", []),
        ("@Rudi @rud @rudi2", []),
        ("@rudi@tilda", []),
        ("@nobody @carla @sam", []),
        ("@a.b+c-d@e", ["a.b+c-d@e"]),
        ("Thanks, @dot. And @dot.!", ["dot", "dot."]),
        ("rudi", []),
        ("@", []),
    ],
)
def test_mentions_resolve_to_reviewers(
    second_reviewer, third_reviewer, creator, staff, make_reviewer, text, names
):
    for name in ("a.b+c-d@e", "dot", "dot."):
        make_reviewer(name)

    assert sorted(user.username for user in comments.mentioned(text)) == names


def test_mentions_skip_inactive_reviewers(second_reviewer):
    second_reviewer.is_active = False
    second_reviewer.save()

    assert comments.mentioned("@rudi") == []


def test_mention_notifies_others_but_not_its_author(item, reviewer, second_reviewer):
    comments.add_comment(item.pk, "@rudi @rosa look.", by=reviewer)

    note = Notification.objects.get()
    assert (note.to, note.kind, note.item, note.by, note.text) == (
        second_reviewer,
        "mention",
        item,
        reviewer,
        "@rudi @rosa look.",
    )


# --- Several opinions: the words of others are no secret only to those who have judged ----------------------


@pytest.fixture
def of_two(make_item):
    return make_item(opinions_wanted=2)


def test_undecided_reviewer_reads_only_own_comments(of_two, reviewer, second_reviewer):
    comments.add_comment(of_two.pk, "Weak.", by=reviewer)
    comments.add_comment(of_two.pk, "Hm.", by=second_reviewer)

    assert (texts(of_two, reviewer), texts(of_two, second_reviewer)) == (["Weak."], ["Hm."])

    decisions.decide(of_two.pk, Verdict.APPROVED, by=reviewer)
    assert (texts(of_two, reviewer), texts(of_two, second_reviewer)) == (["Weak.", "Hm."], ["Hm."])

    decisions.undo(of_two.pk, by=reviewer)
    assert texts(of_two, reviewer) == ["Weak."]


def test_closed_item_shows_all_comments(of_two, reviewer, second_reviewer, third_reviewer):
    comments.add_comment(of_two.pk, "Weak.", by=reviewer)
    for by in (reviewer, second_reviewer):
        decisions.decide(of_two.pk, Verdict.APPROVED, by=by)

    assert texts(of_two, third_reviewer) == ["Weak."]


def test_lead_reads_all_comments_of_a_dispute(of_two, reviewer, second_reviewer, third_reviewer, lead):
    comments.add_comment(of_two.pk, "Weak.", by=reviewer)
    assert texts(of_two, lead) == []
    decisions.decide(of_two.pk, Verdict.APPROVED, by=reviewer)
    decisions.decide(of_two.pk, Verdict.REJECTED, by=second_reviewer, note="No.")

    assert (texts(of_two, lead), texts(of_two, third_reviewer)) == (["Weak."], [])


def test_mention_notifies_only_those_who_may_read_it(of_two, reviewer, second_reviewer, third_reviewer):
    decisions.decide(of_two.pk, Verdict.APPROVED, by=second_reviewer)

    comments.add_comment(of_two.pk, "Weak, @rudi @tilda.", by=reviewer)

    assert notified() == ["rudi"]


def test_comments_on_gold_are_private_to_its_reviewer(plant_gold, reviewer, second_reviewer, superuser):
    gold = plant_gold(reviewer)

    comments.add_comment(gold.pk, "@rudi @root look.", by=reviewer)

    assert notified() == []
    item = ReviewItem.objects.get(pk=gold.pk)
    assert (texts(item, reviewer), texts(item, superuser)) == (["@rudi @root look."], [])
