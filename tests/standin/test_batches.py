from __future__ import annotations

from typing import Any

import anthropic
import pytest

from dev.standin import StandIn, faults
from tests.standin.requests import batch_item, request


def ids(count: int) -> list[str]:
    return [f"item-{n}" for n in range(count)]


@pytest.fixture
def batches(client: anthropic.Anthropic) -> Any:
    return client.messages.batches


def submit(batches: Any, count: int) -> str:
    items = [batch_item(name, request(f"Write {name}.")) for name in ids(count)]
    return str(batches.create(requests=items).id)


def types(batches: Any, batch_id: str) -> dict[str, str]:
    return {line.custom_id: line.result.type for line in batches.results(batch_id)}


def test_results_come_in_another_order_than_requests(batches: Any) -> None:
    for count in (2, 3, 10):
        names = list(types(batches, submit(batches, count)))

        assert names != ids(count)
        assert sorted(names) == sorted(ids(count))


def test_batch_is_in_progress_until_its_end(server: StandIn, batches: Any) -> None:
    server.latency(batch_s=600)
    batch_id = submit(batches, 3)

    server.advance(599)
    early = batches.retrieve(batch_id)
    server.advance(2)
    late = batches.retrieve(batch_id)

    assert (early.processing_status, early.request_counts.processing) == ("in_progress", 3)
    assert early.results_url is None
    assert (late.processing_status, late.request_counts.succeeded) == ("ended", 3)
    assert (late.ended_at - late.created_at).total_seconds() == pytest.approx(600)


def test_cancelling_keeps_finished_items(server: StandIn, batches: Any) -> None:
    server.latency(batch_s=1000, cancel_s=50)
    batch_id = submit(batches, 10)
    server.advance(260)
    canceling = batches.cancel(batch_id)
    server.advance(51)

    ended = batches.retrieve(batch_id)

    # An item takes 100 seconds; three are done when the cancelling ends after 310.
    assert canceling.processing_status == "canceling"
    assert ended.processing_status == "ended"
    assert (ended.request_counts.succeeded, ended.request_counts.canceled) == (3, 7)
    results = types(batches, batch_id)
    assert sorted(name for name, kind in results.items() if kind == "succeeded") == ids(3)
    assert len(server.log.billed) == 3
    with pytest.raises(anthropic.BadRequestError, match="cannot be canceled"):
        batches.cancel(batch_id)


def test_items_can_fail_each_in_its_own_way(server: StandIn, batches: Any) -> None:
    server.next(
        faults.server_error.at("batch_item").containing("item-0"),
        faults.expired.containing("item-1"),
        faults.canceled.containing("item-2"),
        faults.refused.at("batch_item").containing("item-3"),
    )
    batch_id = submit(batches, 5)

    results = {line.custom_id: line.result for line in batches.results(batch_id)}

    kinds = [results[name].type for name in ids(5)]
    assert kinds == ["errored", "expired", "canceled", "succeeded", "succeeded"]
    assert results["item-0"].error.error.type == "api_error"
    assert results["item-3"].message.stop_reason == "refusal"
    assert {call.custom_id for call in server.log.billed} == {"item-3", "item-4"}


def test_invalid_item_is_an_errored_result(server: StandIn, batches: Any) -> None:
    items = [batch_item("good", request()), batch_item("bad", request(model="claude-nobody"))]
    made = batches.create(requests=items)

    results = {line.custom_id: line.result for line in batches.results(made.id)}

    assert results["good"].type == "succeeded"
    assert results["bad"].error.error.type == "not_found_error"
    assert len(server.log.billed) == 1


def test_batches_are_listed_by_pages_newest_first(batches: Any) -> None:
    made = [submit(batches, 1) for _ in range(5)]

    page = batches.list(limit=2)

    assert [batch.id for batch in page.data] == made[:2:-1]
    assert page.has_more
    assert [batch.id for batch in batches.list(limit=2)] == made[::-1]
