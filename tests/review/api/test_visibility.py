"""Fields that the review API hides: confidence, opinions of others, gold of others."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Group

from agents.choices import EventKind
from agents.models import AgentJobEvent, ReviewItem
from tests.support.problems import problem_of
from tests.support.rows import SHOWN_SIGNALS, make_job, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def third_api(client_of, make_user):
    return client_of(make_user("tilda", groups=["Reviewers"]))


def read(client, item):
    response = client.get(f"/agents/reviews/{item.pk}")
    assert response.status_code == 200
    return response.json()


def post_decision(client, item, verdict, **body):
    response = client.post(f"/agents/reviews/{item.pk}/decision", {"verdict": verdict, **body})
    assert response.status_code == 201, response.content


# --- Hidden until it is decided -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["doubt", "audit"])
def test_blind_audits_and_doubts_look_alike_until_decided(reviewer_api, creator, kind):
    item = make_review(creator, kind=kind, is_blind=True, draw_rate=1 if kind == "doubt" else 0.05)

    body = read(reviewer_api, item)

    assert (body["kind"], body["is_blind"]) == (None, True)
    assert (body["confidence"], body["reasons"], body["signals"]) == (None, [], [])
    assert "draw_rate" not in body
    # The hidden values appear nowhere else in the body.
    assert "0.45" not in json.dumps({key: body[key] for key in body if key not in {"opened_at", "due_at"}})

    post_decision(reviewer_api, item, "approved")

    body = read(reviewer_api, item)
    assert (body["kind"], body["confidence"], body["signals"]) == (kind, 0.45, SHOWN_SIGNALS)
    assert body["reasons"] == item.reasons != []


def test_kind_of_a_plain_item_is_shown_once_closed(reviewer_api, creator):
    item = make_review(creator)
    assert read(reviewer_api, item)["kind"] is None

    post_decision(reviewer_api, item, "approved")

    assert read(reviewer_api, item)["kind"] == "doubt"


@pytest.mark.parametrize("call", ["list", "next"])
@pytest.mark.parametrize(
    "query",
    [
        "confidence_min=0",
        "confidence_max=1",
        "confidence_min=0.45&confidence_max=0.45",
        "reason=word_range",
        "reason=x",
        "confidence_min=0.45&state=open",
    ],
)
def test_filters_do_not_reveal_hidden_confidence(reviewer_api, creator, call, query):
    make_review(creator, is_blind=True)

    if call == "next":
        assert reviewer_api.post(f"/agents/reviews/next?{query}").status_code == 204
    else:
        assert reviewer_api.get(f"/agents/reviews?{query}").json()["count"] == 0


def test_blind_item_is_found_by_public_fields_until_decided(reviewer_api, creator):
    item = make_review(creator, is_blind=True)

    def found(query):
        return [row["id"] for row in reviewer_api.get(f"/agents/reviews?{query}").json()["results"]]

    assert found("agent_type=narrative&state=open") == [str(item.pk)]
    post_decision(reviewer_api, item, "approved")
    assert found("confidence_min=0.45&confidence_max=0.45&reason=word_range") == [str(item.pk)]


# --- Opinions of others -------------------------------------------------------------------------------------


def test_opinions_are_hidden_from_undecided_reviewers(
    reviewer_api, second_reviewer_api, third_api, lead_api, creator
):
    item = make_review(creator, opinions_wanted=3)
    reviewer_api.post(f"/agents/reviews/{item.pk}/comments", {"text": "REVEALING"})
    post_decision(reviewer_api, item, "rejected", note="REVEALING")

    for client in (second_reviewer_api, lead_api):
        body = read(client, item)
        assert (body["opinions_given"], body["is_disputed"]) == (1, False)
        assert (body["decision"], body["opinions"]) == (None, [])
        assert client.get(f"/agents/reviews/{item.pk}/comments").json()["results"] == []
        assert client.get("/agents/reviews/decisions").json()["count"] == 0

    post_decision(second_reviewer_api, item, "approved")

    body = read(third_api, item)
    assert (body["opinions_given"], body["is_disputed"], body["opinions"]) == (2, True, [])
    body = read(lead_api, item)
    assert [(opinion["by"], opinion["verdict"]) for opinion in body["opinions"]] == [
        ("rita", "rejected"),
        ("ruben", "approved"),
    ]
    problem_of(
        third_api.post(f"/agents/reviews/{item.pk}/decision", {"verdict": "approved"}), 409, "review_disputed"
    )

    post_decision(lead_api, item, "approved")

    body = read(third_api, item)
    assert (body["decision"]["by"], body["decision"]["is_lead"]) == ("sella", True)
    assert [opinion["by"] for opinion in body["opinions"]] == ["rita", "ruben"]
    assert (body["opinions_given"], body["is_disputed"], body["state"]) == (2, False, "closed")


def test_requester_sees_no_opinion_before_the_verdict(api, reviewer_api, second_reviewer_api, creator):
    item = make_review(creator, opinions_wanted=2)
    post_decision(reviewer_api, item, "rejected", note="REVEALING")
    reviewer_api.post(f"/agents/reviews/{item.pk}/undo")
    post_decision(reviewer_api, item, "approved", note="REVEALING")

    job = api.get(f"/agents/jobs/{item.job_id}").json()

    assert (job["review"]["state"], job["review"]["verdict"], job["review"]["note"]) == ("open", None, None)
    assert [(event["kind"], event["data"]) for event in job["events"]] == [
        ("review_opened", {}),
        ("review_opinion", {}),
        ("review_undone", {}),
        ("review_opinion", {}),
    ]


def test_undone_opinion_is_not_counted(reviewer_api, second_reviewer_api, creator):
    item = make_review(creator, opinions_wanted=2)
    post_decision(reviewer_api, item, "approved")

    answer = reviewer_api.post(f"/agents/reviews/{item.pk}/undo").json()

    assert (answer["opinions_given"], answer["claim"]["by"]) == (0, "rita")


def test_second_opinion_by_the_same_reviewer_is_a_conflict(reviewer_api, creator):
    item = make_review(creator, opinions_wanted=2)
    post_decision(reviewer_api, item, "approved")

    response = reviewer_api.post(f"/agents/reviews/{item.pk}/decision", {"verdict": "approved"})

    problem_of(response, 409, "opinion_given")
    assert reviewer_api.post("/agents/reviews/next").status_code == 204


def test_disputed_items_are_listed_for_leads(reviewer_api, second_reviewer_api, lead_api, creator):
    make_review(creator)
    item = make_review(creator, opinions_wanted=2)
    post_decision(reviewer_api, item, "approved")
    post_decision(second_reviewer_api, item, "rejected", note="No.")

    listed = {
        flag: [row["id"] for row in lead_api.get(f"/agents/reviews?disputed={flag}").json()["results"]]
        for flag in ("true", "false")
    }

    assert listed["true"] == [str(item.pk)]
    assert str(item.pk) not in listed["false"]
    assert lead_api.post("/agents/reviews/next?disputed=true").json()["id"] == str(item.pk)


# --- Gold of others -----------------------------------------------------------------------------------------

CALLS = {
    "detail": ("get", "", None),
    "claim": ("post", "/claim", {}),
    "renew": ("patch", "/claim", {}),
    "break": ("post", "/claim/break", {}),
    "skip": ("post", "/skip", {}),
    "hand": ("post", "/hand", {"to": "ruben"}),
    "decision": ("post", "/decision", {"verdict": "approved"}),
    "undo": ("post", "/undo", {}),
    "comments": ("get", "/comments", None),
    "comment": ("post", "/comments", {"text": "Hm."}),
}


@pytest.fixture
def gold(creator, api_reviewer):
    return make_review(creator, kind="gold", is_blind=True, only_for=api_reviewer)


@pytest.mark.parametrize("call", CALLS)
def test_foreign_gold_is_404_even_for_superusers(client_of, make_user, gold, call):
    lead = make_user("ruben", is_staff=True, groups=["Reviewers"])
    lead.is_superuser = True
    lead.save()
    method, path, body = CALLS[call]

    response = getattr(client_of(lead), method)(f"/agents/reviews/{gold.pk}{path}", body)

    problem_of(response, 404, "review_item_not_found")
    gold.refresh_from_db()
    assert (gold.state, gold.claimed_by, gold.assigned_to) == ("open", None, None)


def test_foreign_gold_is_neither_listed_nor_next(reviewer_api, second_reviewer_api, gold):
    assert second_reviewer_api.get("/agents/reviews").json()["count"] == 0
    assert second_reviewer_api.post("/agents/reviews/next").status_code == 204
    assert second_reviewer_api.delete(f"/agents/reviews/{gold.pk}/claim").status_code == 204

    assert reviewer_api.get("/agents/reviews").json()["count"] == 1
    assert reviewer_api.post("/agents/reviews/next").json()["id"] == str(gold.pk)
    second_reviewer_api.delete(f"/agents/reviews/{gold.pk}/claim")
    assert ReviewItem.objects.get().claimed_by is not None


def test_own_gold_looks_like_any_blind_item(reviewer_api, creator, api_reviewer):
    keys = {"id", "job_id", "opened_at", "due_at"}
    bodies = [
        {key: value for key, value in read(reviewer_api, item).items() if key not in keys}
        for item in (
            make_review(creator, kind="gold", is_blind=True, only_for=api_reviewer),
            make_review(creator, kind="audit", is_blind=True, draw_rate=0.05),
            make_review(creator, is_blind=True),
        )
    ]

    assert bodies[0] == bodies[1] == bodies[2]


def test_gold_is_not_shown_as_a_review_of_its_job(api, reviewer_api, gold):
    job = api.get(f"/agents/jobs/{gold.job_id}").json()
    assert job["review"] is None

    post_decision(reviewer_api, gold, "rejected", reason="other")

    assert api.get(f"/agents/jobs/{gold.job_id}").json() == job


def test_reuse_of_own_gold_does_not_reveal_it(client_of, make_user, creator):
    reader = make_user("any-reviewer", groups=["Reviewers"])
    gold = make_review(creator, kind="gold", is_blind=True, only_for=reader)
    copy = make_job(creator, status="completed", signals=SHOWN_SIGNALS, reused_from=gold.job)
    for kind in (EventKind.CLAIMED, EventKind.REUSED, EventKind.COMPLETED):
        AgentJobEvent.objects.create(job=copy, kind=kind, attempt=1, data={"from_job_id": str(gold.job_id)})

    body = client_of(reader).get(f"/agents/jobs/{copy.pk}").json()
    receipt = client_of(reader).get(f"/agents/jobs/{copy.pk}/receipt").json()

    assert (body["withheld"], body["confidence_score"], body["signals"]) == (True, None, [])
    assert [event["kind"] for event in body["events"]] == ["claimed"]
    assert (body["reused_from_job_id"], receipt["job"]["reused_from_job_id"]) == (None, None)
    seen = client_of(creator).get(f"/agents/jobs/{copy.pk}").json()
    assert (seen["withheld"], seen["reused_from_job_id"]) == (False, str(gold.job_id))


# --- The same job over its own calls ------------------------------------------------------------------------


def test_job_in_blind_review_hides_its_confidence(client_of, make_user, creator):
    reviewer_api = client_of(make_user("any-reviewer", groups=["Reviewers"]))
    lead = make_user("lead")
    lead.groups.add(Group.objects.get(name="Lead reviewers"))
    item = make_review(creator, kind="audit", is_blind=True, draw_rate=0.05)
    make_review(creator)
    path = f"/agents/jobs/{item.job_id}"

    body = reviewer_api.get(path).json()

    assert (body["withheld"], body["confidence_score"], body["human_review_required"]) == (True, None, None)
    assert (body["signals"], body["review"], body["events"]) == ([], None, [])
    listed = {row["job_id"]: row for row in reviewer_api.get("/agents/jobs").json()["results"]}
    assert listed[str(item.job_id)]["confidence_score"] is None
    for flag in ("true", "false"):
        asked = reviewer_api.get(f"/agents/jobs?human_review_required={flag}").json()["results"]
        assert str(item.job_id) not in {row["job_id"] for row in asked}
    for reader in (client_of(lead), client_of(creator)):
        body = reader.get(path).json()
        assert (body["withheld"], body["confidence_score"], body["signals"]) == (False, 0.45, SHOWN_SIGNALS)

    post_decision(reviewer_api, item, "approved")
    assert reviewer_api.get(path).json()["confidence_score"] == 0.45
