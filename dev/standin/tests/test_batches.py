from __future__ import annotations

from typing import Any

import anthropic
import pytest

from dev.standin import StandIn, faults
from dev.standin.tests.asking import as_item, request


def ids(count: int) -> list[str]:
    return [f"item-{n}" for n in range(count)]


@pytest.fixture
def batches(client: anthropic.Anthropic) -> Any:
    return client.messages.batches


def submit(batches: Any, count: int) -> str:
    return str(batches.create(requests=[as_item(name, request(f"Write {name}.")) for name in ids(count)]).id)


def outcomes(batches: Any, batch_id: str) -> dict[str, str]:
    return {line.custom_id: line.result.type for line in batches.results(batch_id)}


def test_results_come_in_another_order_than_the_requests(batches: Any) -> None:
    for count in (2, 3, 10):
        came = list(outcomes(batches, submit(batches, count)))

        assert came != ids(count)
        assert sorted(came) == sorted(ids(count))


def test_batch_is_in_progress_until_its_time_is_over(server: StandIn, batches: Any) -> None:
    server.latency(batch_s=600)
    batch_id = submit(batches, 3)

    server.advance(599)
    early = batches.retrieve(batch_id)
    server.advance(2)
    late = batches.retrieve(batch_id)

    assert (early.processing_status, early.request_counts.processing, early.results_url) == (
        "in_progress",
        3,
        None,
    )
    assert (late.processing_status, late.request_counts.succeeded) == ("ended", 3)
    assert (late.ended_at - late.created_at).total_seconds() == pytest.approx(600)


def test_results_are_not_there_before_the_end(
    server: StandIn, client: anthropic.Anthropic, batches: Any
) -> None:
    server.latency(batch_s=600)
    batch_id = submit(batches, 1)

    with pytest.raises(anthropic.NotFoundError):
        client.get(f"/v1/messages/batches/{batch_id}/results", cast_to=object)
    with pytest.raises(anthropic.AnthropicError, match="No `results_url`"):
        batches.results(batch_id)

    assert server.log.billed == []


def test_cancelling_keeps_what_was_done_and_cancels_the_rest(server: StandIn, batches: Any) -> None:
    server.latency(batch_s=1000, cancel_s=50)
    batch_id = submit(batches, 10)
    server.advance(260)
    canceling = batches.cancel(batch_id)
    server.advance(51)

    ended = batches.retrieve(batch_id)

    # An item takes 100 seconds; three are done when the cancelling ends after 310.
    assert canceling.processing_status == "canceling"
    assert (ended.processing_status, ended.request_counts.succeeded, ended.request_counts.canceled) == (
        "ended",
        3,
        7,
    )
    assert sorted(name for name, kind in outcomes(batches, batch_id).items() if kind == "succeeded") == ids(3)
    assert len(server.log.billed) == 3


def test_batch_expires_after_a_day(server: StandIn, batches: Any) -> None:
    server.latency(batch_s=48 * 3600)
    batch_id = submit(batches, 4)
    server.advance(24 * 3600 + 1)

    ended = batches.retrieve(batch_id)

    assert (ended.request_counts.succeeded, ended.request_counts.expired) == (2, 2)
    assert outcomes(batches, batch_id) == {
        "item-0": "succeeded",
        "item-1": "succeeded",
        "item-2": "expired",
        "item-3": "expired",
    }


def test_items_can_fail_each_in_its_own_way(server: StandIn, batches: Any) -> None:
    server.next(
        faults.server_error.at("batch_item").containing("item-0"),
        faults.expired.containing("item-1"),
        faults.canceled.containing("item-2"),
        faults.refused.at("batch_item").containing("item-3"),
    )
    batch_id = submit(batches, 5)

    results = {line.custom_id: line.result for line in batches.results(batch_id)}

    assert [results[name].type for name in ids(5)] == [
        "errored",
        "expired",
        "canceled",
        "succeeded",
        "succeeded",
    ]
    assert results["item-0"].error.error.type == "api_error"
    assert results["item-3"].message.stop_reason == "refusal"
    assert {call.custom_id for call in server.log.billed} == {"item-3", "item-4"}


def test_bad_item_is_an_errored_result_and_not_a_bad_batch(server: StandIn, batches: Any) -> None:
    made = batches.create(
        requests=[
            as_item("good", request()),
            as_item("bad", request(model="claude-nobody")),
            as_item("worse", request() | {"temperature": 1}),
            as_item("streamed", request(stream=True)),
        ]
    )

    results = {line.custom_id: line.result for line in batches.results(made.id)}

    assert results["good"].type == "succeeded"
    assert results["bad"].error.error.type == "not_found_error"
    assert "temperature" in results["worse"].error.error.message
    assert "Streaming" in results["streamed"].error.error.message
    assert len(server.log.billed) == 1


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], "at least 1 item"),
        ([as_item("a", {}), as_item("a", {})], "not unique"),
        ([as_item("not an id", {})], "should match pattern"),
        ([{"custom_id": "a"}], "params: Field required"),
    ],
)
def test_batch_that_is_not_in_order_is_refused(batches: Any, items: Any, said: str) -> None:
    with pytest.raises(anthropic.BadRequestError, match=said):
        batches.create(requests=items)

    assert list(batches.list()) == []


def test_only_ended_batches_are_deleted_and_only_others_canceled(server: StandIn, batches: Any) -> None:
    server.latency(batch_s=60)
    batch_id = submit(batches, 1)
    with pytest.raises(anthropic.BadRequestError, match="cancel it before"):
        batches.delete(batch_id)
    server.advance(61)
    with pytest.raises(anthropic.BadRequestError, match="cannot be canceled"):
        batches.cancel(batch_id)

    batches.delete(batch_id)

    with pytest.raises(anthropic.NotFoundError):
        batches.retrieve(batch_id)


def test_batches_are_listed_by_pages_newest_first(batches: Any) -> None:
    made = [submit(batches, 1) for _ in range(5)]

    page = batches.list(limit=2)

    assert [batch.id for batch in page.data] == made[:2:-1]
    assert page.has_more
    assert [batch.id for batch in batches.list(limit=2)] == made[::-1]
    assert [batch.id for batch in batches.list(limit=2, before_id=made[0]).data] == [made[2], made[1]]


def test_results_are_gone_after_29_days(server: StandIn, batches: Any) -> None:
    batch_id = submit(batches, 1)
    batches.retrieve(batch_id)
    server.advance(29 * 24 * 3600 + 60)

    old = batches.retrieve(batch_id)

    assert old.results_url is None
    assert old.archived_at is not None
