"""Variants of one request: submitted together, decided side by side, counted by model."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from agents.choices import Verdict
from agents.errors import Conflict, DomainError
from agents.models import AgentJob, ReviewDecision, ReviewItem
from agents.review.creators import own_verdicts, variants
from agents.review.verdicts import bulk, decisions
from tests.support import sample_findings
from tests.support.problems import pointers_of
from tests.support.rows import INPUTS, make_job, make_variants
from tests.support.threads import run_concurrently
from universes.models import Scene

pytestmark = pytest.mark.django_db

ASKED = {"agent_type": "narrative", "input_data": INPUTS["narrative"]}


@pytest.fixture
def pair(creator, universe):
    """Jobs of two variants whose outputs wait for a verdict, of two models."""
    return make_variants(creator, universe)


def outcomes(jobs):
    return [AgentJob.objects.get(pk=job.pk).outcome for job in jobs]


def test_variants_are_submitted_together_and_trusted_as_others(api, universe, run, llm):
    answer = api.post("/agents/jobs", {**ASKED, "universe_id": str(universe.pk), "variants": 3})

    assert answer.status_code == 202
    ids = answer.json()["variant_job_ids"]
    jobs = list(AgentJob.objects.order_by("created_at", "id"))
    assert {str(job.pk) for job in jobs} == set(ids)
    assert {str(job.variants_id) for job in jobs} == {answer.json()["variants_id"]}
    jobs = [run(job) for job in jobs]
    for done in jobs:
        assert (done.outcome, done.confidence_score) == ("trusted", 1.0)

    own_verdicts.choose(jobs[1].pk, by=jobs[1].requested_by)

    assert Scene.objects.canon().get().origin_ref == str(jobs[1].pk)
    found = variants.stats()
    assert (found.choices, found.by_model) == (1, [{"model": jobs[0].model, "shown": 3, "chosen": 1}])


@pytest.mark.parametrize("changes", [{"variants": 1}, {"variants": 5}, {"variants": 2, "dry_run": True}])
def test_number_of_variants_is_checked(api, changes):
    assert list(pointers_of(api.post("/agents/jobs", {**ASKED, **changes}))) == ["/variants"]
    assert not AgentJob.objects.exists()


def test_choice_approves_one_and_rejects_the_other(client_of, reviewer, pair):
    one, two = pair
    client, path = client_of(reviewer), f"/agents/variants/{one.variants_id}"
    assert [item["job_id"] for item in client.get(path).json()["items"]] == [str(one.pk), str(two.pk)]

    answer = client.post(f"{path}/choice", {"job_id": str(two.pk)})

    assert answer.status_code == 200
    assert outcomes(pair) == ["rejected", "approved"]
    assert ReviewDecision.objects.get(verdict="rejected", reason__code="another_was_better")
    assert Scene.objects.get().origin_ref == str(two.pk)
    assert client.get("/agents/variants/stats").json() == {
        "choices": 1,
        "ties": 0,
        "by_model": [
            {"model": "one", "shown": 1, "chosen": 0},
            {"model": "two", "shown": 1, "chosen": 1},
        ],
    }

    bulk.undo_all(one.variants_id, by=reviewer)

    assert outcomes(pair) == ["awaiting_review"] * 2
    assert variants.stats().choices == 0


def test_page_compares_outputs_with_the_words_of_their_findings(reviewer, signed_in, pair):
    one, two = pair
    item = ReviewItem.objects.get(job=two)
    AgentJob.objects.filter(pk=two.pk).update(
        output_data={"title": "Two", "content": "He drew his smartphone."},
        signals=sample_findings.signals(sample_findings.finding("his smartphone")),
    )
    ReviewItem.objects.filter(pk=item.pk).update(reasons=["A telephone."], confidence=0.41)
    url = reverse("admin:agents_reviewitem_variants", args=[one.variants_id])

    page = signed_in(reviewer).get(url).content.decode()

    assert re.search('<mark [^>]*id="quote-2-1"[^>]*>his smartphone</mark>', page)
    assert "0.41" in page
    assert "A telephone." in page

    ReviewItem.objects.filter(pk=item.pk).update(is_blind=True)
    page = signed_in(reviewer).get(url).content.decode()

    assert "<mark" not in page
    assert "0.41" not in page
    assert "A telephone." not in page


def test_bulk_approval_leaves_out_variants_of_one_request(reviewer, pair):
    ids = [item.pk for item in ReviewItem.objects.filter(job__in=pair)]

    result = bulk.decide_all(ids, Verdict.APPROVED, by=reviewer)

    assert {skipped.why for skipped in result.left_out} == {
        "Another variant of the same request is selected, too: compare them."
    }
    assert outcomes(pair) == ["awaiting_review"] * 2
    assert bulk.decide_all(ids[:1], Verdict.APPROVED, by=reviewer).decided == ids[:1]
    assert bulk.plan(ids, Verdict.REJECTED, by=reviewer).items != []


def test_tie_is_won_by_nobody(reviewer, pair):
    variants.choose(pair[0].variants_id, pair[0].pk, by=reviewer, is_tie=True)

    found = variants.stats()
    assert (found.choices, found.ties, [row["chosen"] for row in found.by_model]) == (1, 1, [0, 0])
    assert ReviewDecision.objects.get(verdict="rejected", reason__code="as_good_as_another")


@pytest.mark.parametrize("obstacle", ["unfinished", "decided", "claimed", "opinions"])
def test_choice_is_made_whole_or_not_at_all(reviewer, second_reviewer, creator, pair, obstacle):
    one, two = pair
    item = ReviewItem.objects.get(job=two)
    if obstacle == "unfinished":
        make_job(creator, variants_id=one.variants_id)
    elif obstacle == "decided":
        decisions.decide(item.pk, Verdict.APPROVED, by=second_reviewer)
    elif obstacle == "claimed":
        ReviewItem.objects.claim(item.pk, second_reviewer, claim_s=60)
    else:
        ReviewItem.objects.filter(pk=item.pk).update(opinions_wanted=2)
    before = ReviewDecision.objects.count()

    with pytest.raises(DomainError):
        variants.choose(one.variants_id, one.pk, by=reviewer)

    assert (ReviewDecision.objects.count(), outcomes([one])) == (before, ["awaiting_review"])


def test_page_shows_the_variants_side_by_side(reviewer_client, pair):
    one, two = pair
    item_page = reverse("admin:agents_reviewitem_change", args=[ReviewItem.objects.get(job=one).pk])
    url = reverse("admin:agents_reviewitem_variants", args=[one.variants_id])
    assert url in reviewer_client.get(item_page).content.decode()
    page = reviewer_client.get(url).content.decode()
    assert page.count('name="job"') == 2

    reviewer_client.post(url, {"job": str(two.pk)})

    assert outcomes(pair) == ["rejected", "approved"]


def test_next_variants_are_claimed_whole_and_for_one_reviewer(
    reviewer, second_reviewer, creator, universe, pair
):
    later, taken = make_variants(creator, universe), make_variants(creator, universe)
    assert ReviewItem.objects.claim(ReviewItem.objects.get(job=taken[1]).pk, second_reviewer, claim_s=60)

    assert variants.claim_next(reviewer) == pair[0].variants_id
    assert variants.claim_next(second_reviewer) == later[0].variants_id
    held = ReviewItem.objects.filter(claimed_by=reviewer).values_list("job__variants_id", flat=True)
    assert list(held) == [pair[0].variants_id] * 2
    # The first is passed over; those that are left are free again, and nobody else holds half a set.
    assert variants.claim_next(reviewer, leaving=pair[0].variants_id) is None
    assert not ReviewItem.objects.filter(claimed_by=reviewer).exists()
    assert variants.claim_next(second_reviewer, leaving=later[0].variants_id) == taken[0].variants_id


@pytest.mark.parametrize("obstacle", ["unfinished", "one left", "opinions", "own job"])
def test_variants_that_cannot_be_chosen_between_are_not_offered(
    reviewer, second_reviewer, creator, pair, obstacle
):
    one, two = pair
    assert variants.waiting_sets(reviewer) == [one.variants_id]
    if obstacle == "unfinished":
        make_job(creator, variants_id=one.variants_id)
    elif obstacle == "one left":
        decisions.decide(ReviewItem.objects.get(job=two).pk, Verdict.APPROVED, by=second_reviewer)
    elif obstacle == "opinions":
        ReviewItem.objects.filter(job=two).update(opinions_wanted=2)
    else:
        AgentJob.objects.filter(pk=two.pk).update(requested_by=reviewer)

    assert variants.waiting_sets(reviewer) == []


def test_after_a_choice_the_next_variants_follow(reviewer_client, creator, universe, pair):
    url = reverse("admin:agents_reviewitem_variants", args=[pair[0].variants_id])
    other = make_variants(creator, universe)
    following = reverse("admin:agents_reviewitem_variants", args=[other[0].variants_id])

    assert reviewer_client.post(url, {"job": str(pair[0].pk)}).url == following
    # Undo leads back to what it takes back.
    undo = reverse("admin:agents_reviewitem_undo_bulk", args=[pair[0].variants_id])
    assert reviewer_client.post(undo).url == url
    assert outcomes(pair) == ["awaiting_review"] * 2
    assert reviewer_client.post(following, {"tie": str(other[0].pk)}).url == url
    queue = reverse("admin:agents_reviewitem_changelist")
    assert reviewer_client.post(url, {"job": str(pair[1].pk)}).url == queue


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker")
def test_one_of_two_choices_at_once_is_made(pair, reviewer, second_reviewer):
    one, two = pair

    answers = run_concurrently(
        lambda: variants.choose(one.variants_id, one.pk, by=reviewer),
        lambda: variants.choose(one.variants_id, two.pk, by=second_reviewer),
    )

    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert sorted(outcomes(pair)) == ["approved", "rejected"]
