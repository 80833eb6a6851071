"""PUT and DELETE /agents/reviews/{id}/findings/{finding_id}/intentional, and findings in the answers."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from agents.models import IntentionalFinding
from agents.review import claims, intentional
from tests.support import sample_findings
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import make_job, make_review

pytestmark = pytest.mark.django_db

PHONE = sample_findings.finding()
RADIO = sample_findings.finding("a radio", strength="hint")


@pytest.fixture
def item(creator, universe):
    item = make_review(creator, universe=universe)
    store(item, PHONE, RADIO)
    return item


def store(item, *findings):
    item.job.signals = sample_findings.signals(*findings)
    item.job.save(update_fields=["signals"])


def path(item, finding_id=PHONE.id, slash=""):
    return f"/agents/reviews/{item.pk}/findings/{finding_id}/intentional{slash}"


def findings_of(body):
    return {finding["id"]: finding for signal in body["signals"] for finding in signal["findings"]}


@pytest.mark.parametrize("slash", ["", "/"])
def test_mark_answers_with_the_finding(reviewer_api, item, slash):
    response = reviewer_api.put(path(item, slash=slash), {"reason": "A dream."})

    mark = IntentionalFinding.objects.get()
    assert response.status_code == 200
    assert response.json() == {
        **PHONE.as_dict(),
        "is_intentional": True,
        "mark": {
            "by": "rita",
            "at": mark.created_at.isoformat().replace("+00:00", "Z"),
            "reason": "A dream.",
        },
    }


def test_mark_needs_no_reason_and_twice_is_once(reviewer_api, second_reviewer_api, item):
    first = reviewer_api.put(path(item), {})
    again = second_reviewer_api.put(path(item), {})

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert IntentionalFinding.objects.count() == 1


@pytest.mark.parametrize("slash", ["", "/"])
def test_undo_is_empty_and_twice_is_once(reviewer_api, item, slash):
    reviewer_api.put(path(item), {})

    for _ in range(2):
        response = reviewer_api.delete(path(item, slash=slash))
        assert (response.status_code, response.content) == (204, b"")

    assert not IntentionalFinding.objects.exists()


def test_item_job_and_receipt_show_findings_as_they_are_marked_now(reviewer_api, api, item):
    reviewer_api.put(path(item), {})

    for client, url in (
        (reviewer_api, f"/agents/reviews/{item.pk}"),
        (api, f"/agents/jobs/{item.job_id}"),
        (api, f"/agents/jobs/{item.job_id}/receipt"),
    ):
        body = client.get(url).json()
        shown = findings_of(body)
        assert [signal["value"] for signal in body["signals"]] == [None, 0.0], url
        assert (shown[PHONE.id]["is_intentional"], shown[PHONE.id]["mark"]["by"]) == (True, "rita")
        assert shown[RADIO.id] == {**RADIO.as_dict(), "mark": None}, url


def test_list_reads_all_marks_at_once(reviewer_api, api_reviewer, creator, universe, item):
    def listed():
        with CaptureQueriesContext(connection) as queries:
            rows = reviewer_api.get("/agents/reviews").json()["results"]
        marked = sum(findings_of(row)[PHONE.id]["is_intentional"] for row in rows)
        return marked, len(queries)

    intentional.mark(item.pk, PHONE.id, by=api_reviewer)
    assert (of_one := listed())[0] == 1
    for _ in range(4):
        store(make_review(creator, universe=universe), PHONE)

    assert listed() == (5, of_one[1])


def test_signals_of_an_earlier_release_are_readable(api, creator):
    job = make_job(
        creator, status="completed", signals=[{"name": "complete", "value": 1.0, "sentence": "Yes."}]
    )

    assert api.get(f"/agents/jobs/{job.pk}").json()["signals"] == [
        {"name": "complete", "value": 1.0, "limit": None, "sentence": "Yes.", "findings": []}
    ]


@pytest.mark.parametrize("method", ["put", "delete"])
class TestRefusals:
    """Refusals as problem documents, alike for both methods."""

    @pytest.fixture
    def call(self, method, item):
        def send(client, of=item, finding_id=PHONE.id):
            return getattr(client, method)(path(of, finding_id), {} if method == "put" else None)

        yield send
        assert not IntentionalFinding.objects.exists()

    @pytest.mark.parametrize("finding_id", ["0" * 16, "nonsense", "%00"])
    def test_unknown_finding(self, reviewer_api, call, finding_id):
        problem_of(call(reviewer_api, finding_id=finding_id), 404, "finding_not_found")

    @pytest.mark.parametrize("item_id", [str(uuid.UUID(int=1)), "1"])
    def test_unknown_item(self, reviewer_api, method, item_id):
        url = f"/agents/reviews/{item_id}/findings/{PHONE.id}/intentional"
        problem_of(getattr(reviewer_api, method)(url, {}), 404, "review_item_not_found")

    def test_only_reviewers_may(self, api, staff_api, call):
        problem_of(call(api), 403, "forbidden")
        problem_of(call(staff_api), 403, "forbidden")
        problem_of(call(APIClient()), 401, "not_authenticated")

    def test_claimed_item(self, reviewer_api, api_second_reviewer, item, call):
        claims.claim(item.pk, api_second_reviewer)
        assert (
            "ruben has claimed this item" in problem_of(call(reviewer_api), 409, "review_claimed")["detail"]
        )

    def test_no_universe(self, reviewer_api, creator, call):
        outside = make_review(creator)
        store(outside, PHONE)
        problem_of(call(reviewer_api, outside), 409, "no_universe")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"reason": 7}, {"/reason": "invalid"}),
        ({"reason": None}, {"/reason": "null"}),
        ({"reason": "x" * 5001}, {"/reason": "max_length"}),
        ({"reason": "", "by": "ruben"}, {"/by": "unknown_field"}),
    ],
)
def test_bad_body_is_named_and_marks_nothing(reviewer_api, item, body, expected):
    assert pointers_of(reviewer_api.put(path(item), body)) == expected

    assert not IntentionalFinding.objects.exists()


def test_schema_documents_null_values_and_strengths(api):
    schemas = api.get("/schema", headers={"accept": "application/json"}).json()["components"]["schemas"]

    assert schemas["SignalOut"]["properties"]["value"]["nullable"] is True
    assert schemas["StrengthEnum"]["enum"] == ["proven", "likely", "hint"]
    assert schemas["FindingOut"]["properties"]["mark"]["nullable"] is True
