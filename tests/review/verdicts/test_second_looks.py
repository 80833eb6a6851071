"""Second looks: flag a trusted output, reopen a decided review, undo a bulk as a whole."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.choices import Verdict
from agents.errors import Conflict, Forbidden, Invalid, NotFound
from agents.models import AgentJob, ReviewDecision, ReviewItem
from agents.review import claims
from agents.review.creators import flags
from agents.review.verdicts import bulk, decisions, reopening
from tests.support.threads import refusals, run_concurrently
from universes.choices import TrustedOutput
from universes.models import Scene
from universes.services import universes

pytestmark = pytest.mark.django_db


@pytest.fixture
def trusted(submit, run, llm, universe):
    return run(submit("narrative", universe=universe))


def outcome_of(job):
    return AgentJob.objects.values_list("outcome", flat=True).get(pk=job.pk)


# --- Flags


def test_flagged_output_counts_until_it_is_rejected(trusted, viewer, reviewer, client_of):
    scene = Scene.objects.get()

    answer = client_of(viewer).post(f"/agents/jobs/{trusted.pk}/flag", {"reason": " He has a phone. "})

    assert answer.status_code == 201
    item = ReviewItem.objects.get()
    assert (str(item.pk), item.reasons) == (answer.json()["id"], ["Flagged: He has a phone."])
    assert (item.kind, item.is_blind, item.draw_rate, item.priority) == ("flag", False, 1, 0)
    event = trusted.events.get(kind="review_opened")
    assert (event.by, event.data["reason"]) == (viewer, "He has a phone.")
    assert outcome_of(trusted) == "trusted"
    shown = client_of(reviewer).get(f"/agents/reviews/{item.pk}").json()
    assert (shown["kind"], shown["reasons"]) == ("flag", ["Flagged: He has a phone."])

    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="Indeed.")

    scene.refresh_from_db()
    assert (outcome_of(trusted), scene.canon_status) == ("rejected", "retired")


def test_approval_of_a_flag_promotes_a_draft(submit, run, llm, universe, reviewer):
    universes.update_universe(universe, trusted_output=TrustedOutput.DRAFT)
    job = run(submit("narrative", universe=universe))
    item = flags.flag(job.pk, "Look.", by=job.requested_by)

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    assert (outcome_of(job), Scene.objects.get().canon_status) == ("approved", "canon")


@pytest.mark.parametrize(
    ("outcome", "code"), [("awaiting_review", "not_trusted"), ("edited", "not_trusted"), ("trusted", None)]
)
def test_only_a_trusted_output_can_be_flagged(make_job, creator, outcome, code):
    job = make_job("completed", outcome=outcome)
    if code is None:
        flags.flag(job.pk, "Look.", by=creator)
        code = "review_open"

    with pytest.raises(Conflict) as refused:
        flags.flag(job.pk, "Look.", by=creator)

    assert refused.value.code == code


def test_copy_is_flagged_where_its_text_was_written(make_job, creator):
    original = make_job("completed")
    copy = make_job("completed", reused_from=original)

    with pytest.raises(Conflict) as refused:
        flags.flag(copy.pk, "Look.", by=creator)

    assert refused.value.details == {"job_id": str(original.pk)}
    assert not ReviewItem.objects.exists()


def test_flag_takes_a_reason_and_a_reader(trusted, creator, stranger):
    with pytest.raises(Invalid):
        flags.flag(trusted.pk, "  ", by=creator)
    with pytest.raises(NotFound):
        flags.flag(trusted.pk, "Look.", by=stranger)
    assert not ReviewItem.objects.exists()


def test_job_page_flags(superuser_client, trusted):
    page = reverse("admin:agents_agentjob_change", args=[trusted.pk])
    url = reverse("admin:agents_reviewitem_flag", args=[trusted.pk])
    assert url in superuser_client.get(page).content.decode()

    superuser_client.post(url, {"reason": "A phone."})

    assert ReviewItem.objects.get().kind == "flag"
    assert url not in superuser_client.get(page).content.decode()


# --- Reopening


@pytest.fixture
def old_decision(open_review, reviewer):
    decision = decisions.decide(open_review().pk, Verdict.APPROVED, by=reviewer)
    ReviewDecision.objects.update(at=timezone.now() - timedelta(days=3))
    return decision


def test_lead_reopens_after_the_time_for_undo(old_decision, lead, reviewer, client_of):
    item = old_decision.item
    assert Scene.objects.get().canon_status == "canon"
    refused = client_of(reviewer).post(f"/agents/reviews/{item.pk}/reopen", {"reason": "It is wrong."})
    assert refused.status_code == 403

    answer = client_of(lead).post(f"/agents/reviews/{item.pk}/reopen", {"reason": "It is wrong."})

    assert (answer.status_code, answer.json()["state"]) == (200, "open")
    old_decision.refresh_from_db()
    item.refresh_from_db()
    assert (old_decision.undone_by, item.claimed_by) == (lead, lead)
    assert (outcome_of(item.job), Scene.objects.count()) == ("awaiting_review", 0)
    event = item.job.events.get(kind="review_reopened")
    assert (event.by, event.data) == (lead, {"verdict": "approved", "reason": "It is wrong."})
    decisions.decide(item.pk, Verdict.REJECTED, by=lead, note="Dull.")
    assert outcome_of(item.job) == "rejected"


def test_history_gives_the_reason_of_a_reopening(old_decision, lead, lead_client):
    reopening.reopen(old_decision.item_id, "It is wrong.", by=lead)

    page = lead_client.get(reverse("admin:agents_reviewitem_change", args=[old_decision.item_id]))

    assert "Approved, until then. It is wrong." in page.content.decode()


def test_reopening_starts_anew_where_several_opinions_agreed(double_review_item, make_reviewer, lead):
    item = double_review_item()
    for name in ("rosa", "rita"):
        decisions.decide(item.pk, Verdict.APPROVED, by=make_reviewer(name))

    reopening.reopen(item.pk, "It is wrong.", by=lead)

    assert not ReviewDecision.objects.in_force().exists()
    assert outcome_of(item.job) == "awaiting_review"


def test_reopening_is_refused_without_right_reason_or_verdict(old_decision, lead, reviewer, open_review):
    with pytest.raises(Forbidden):
        reopening.reopen(old_decision.item_id, "It is wrong.", by=reviewer)
    with pytest.raises(Invalid):
        reopening.reopen(old_decision.item_id, " ", by=lead)
    with pytest.raises(Conflict) as refused:
        reopening.reopen(open_review().pk, "It is wrong.", by=lead)

    assert refused.value.code == "review_open"
    old_decision.refresh_from_db()
    assert old_decision.undone_at is None


def test_verdict_of_an_audit_stays_while_the_job_is_reviewed_again(open_audit, reviewer, lead):
    item = open_audit()
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    ReviewItem.objects.create(
        job=item.job, agent_type="narrative", kind="flag", confidence=0.9, reasons=[], reason_codes=""
    )

    for undo in (
        lambda: decisions.undo(item.pk, by=reviewer),
        lambda: reopening.reopen(item.pk, "No.", by=lead),
    ):
        with pytest.raises(Conflict) as refused:
            undo()
        assert refused.value.code == "review_open"

    assert outcome_of(item.job) == "approved"


def test_lead_reopens_on_the_page(lead_client, reviewer_client, old_decision):
    page = reverse("admin:agents_reviewitem_change", args=[old_decision.item_id])
    url = reverse("admin:agents_reviewitem_reopen", args=[old_decision.item_id])
    assert url not in reviewer_client.get(page).content.decode()
    assert url in lead_client.get(page).content.decode()

    lead_client.post(url, {"reason": "It is wrong."})

    assert ReviewItem.objects.get().state == "open"


# --- Bulk


def test_bulk_is_undone_as_a_whole_and_reopens_unclaimed(make_item, reviewer, client_of):
    items = [make_item() for _ in range(3)]
    single = make_item()
    decisions.decide(single.pk, Verdict.APPROVED, by=reviewer)
    api = client_of(reviewer)
    done = api.post(
        "/agents/reviews/bulk", {"verdict": "approved", "ids": [str(item.pk) for item in items]}
    ).json()
    ReviewDecision.objects.filter(item=items[0]).update(at=timezone.now() - timedelta(hours=1))

    answer = api.post(f"/agents/reviews/bulk/{done['bulk_id']}/undo").json()

    assert set(answer["undone"]) == {str(item.pk) for item in items[1:]}
    assert [left["id"] for left in answer["left_out"]] == [str(items[0].pk)]
    assert "10 minutes" in answer["left_out"][0]["why"]
    assert set(ReviewItem.objects.open()) == set(items[1:])
    assert not ReviewItem.objects.filter(claimed_by__isnull=False).exists()


def test_bulk_of_another_reviewer_is_not_found(make_item, reviewer, second_reviewer):
    done = bulk.decide_all([make_item().pk], Verdict.APPROVED, by=reviewer)

    for by, bulk_id in ((second_reviewer, done.bulk_id), (reviewer, uuid.uuid4())):
        with pytest.raises(NotFound):
            bulk.undo_all(bulk_id, by=by)

    assert not ReviewItem.objects.open().exists()


def test_queue_offers_to_undo_the_whole_bulk(reviewer_client, reviewer, make_item):
    ids = [make_item().pk for _ in range(2)]
    done = reviewer_client.post(
        reverse("admin:agents_reviewitem_bulk"), {"id": ids, "verdict": "approved"}, follow=True
    )
    url = done.context["undo_url"]
    assert done.context["undoable"] == "Approved: 2 items together"

    reviewer_client.post(url)

    assert ReviewItem.objects.open().count() == 2


def test_item_handed_to_another_is_neither_free_nor_decided_in_bulk(
    make_item, reviewer, second_reviewer, client_of
):
    handed, free = make_item(), make_item()
    claims.hand_to(handed.pk, second_reviewer, by=reviewer)

    found = client_of(reviewer).get("/agents/reviews?claim=free").json()["results"]
    plan = bulk.plan([handed.pk, free.pk], by=reviewer)

    assert [row["id"] for row in found] == [str(free.pk)]
    assert [item.pk for item in plan.items] == [free.pk]
    assert [left.why for left in plan.left_out] == [f"It was handed to {second_reviewer.username}."]


# --- At once


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker")
def test_one_of_several_flags_opens_the_review(make_job, creator):
    job = make_job("completed")

    answers = run_concurrently(*[lambda: flags.flag(job.pk, "Look.", by=creator) for _ in range(6)])

    assert {refusal.code for refusal in refusals(answers, Conflict)} == {"review_open"}
    assert len(refusals(answers, Conflict)) == 5
    assert ReviewItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker")
def test_undo_of_an_audit_and_a_new_flag_do_not_open_two_reviews(make_item, reviewer, creator):
    item = make_item(kind="audit")
    AgentJob.objects.filter(pk=item.job_id).update(outcome="trusted")
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    AgentJob.objects.filter(pk=item.job_id).update(outcome="trusted")

    answers = run_concurrently(
        lambda: decisions.undo(item.pk, by=reviewer),
        lambda: flags.flag(item.job_id, "Look.", by=creator),
    )

    assert len(refusals(answers, Conflict)) == 1
    assert ReviewItem.objects.open().count() == 1
