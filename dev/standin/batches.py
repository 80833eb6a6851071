"""``/v1/messages/batches``: batches, their routes, and the results of their items."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dev.standin.control import State
from dev.standin.exchange import ApiError, Exchange, as_error, encoded, invalid
from dev.standin.instruments.clock import rfc3339
from dev.standin.instruments.faults import OUTPUT_KINDS, Fault
from dev.standin.instruments.journal import Call
from dev.standin.prompts import read_request
from dev.standin.replies import compose

_LIFE_S: Final = 24 * 3600.0
_PAGE: Final = 20
_RESULT_TYPES: Final = ("succeeded", "errored", "canceled", "expired")

# Tolerance for sums of fractions of a second.
_EPSILON_S: Final = 1e-3


@dataclass(slots=True, kw_only=True)
class Batch:
    """A batch whose items are processed one after the other, in ``duration_s`` together.

    ``results`` is None until the batch has ended.
    """

    id: str
    items: list[Mapping[str, Any]]
    created_at: float
    duration_s: float
    cancel_s: float
    canceled_at: float | None = None
    results: list[dict[str, Any]] | None = None
    calls: list[Call] = field(default_factory=list)

    @property
    def ends_at(self) -> float:
        due_at = self.created_at + self.duration_s
        return due_at if self.canceled_at is None else min(due_at, self.canceled_at + self.cancel_s)

    def info(self, base_url: str) -> dict[str, Any]:
        has_ended = self.results is not None
        types = [result["result"]["type"] for result in self.results or []]
        counts = {name: types.count(name) for name in _RESULT_TYPES}
        return {
            "id": self.id,
            "type": "message_batch",
            "processing_status": "ended" if has_ended else "canceling" if self.canceled_at else "in_progress",
            # Every item counts as processing until the whole batch has ended.
            "request_counts": {"processing": len(self.items) - len(types), **counts},
            "created_at": _time(self.created_at),
            "expires_at": _time(self.created_at + _LIFE_S),
            "ended_at": _time(self.ends_at) if has_ended else None,
            "cancel_initiated_at": None if self.canceled_at is None else _time(self.canceled_at),
            "results_url": f"{base_url}v1/messages/batches/{self.id}/results" if has_ended else None,
        }


async def create(state: State, exchange: Exchange) -> None:
    """Store a batch; an invalid item becomes an errored result, not a refusal of the batch."""
    body = exchange.call.body
    items = body.get("requests") if isinstance(body, Mapping) else None
    if not isinstance(items, list) or not items:
        raise invalid("requests: Input should be a list of at least 1 item")
    if len({item["custom_id"] for item in items}) < len(items):
        raise invalid("requests: custom_id is not unique in this batch")
    batch = Batch(
        id=state.new_id("msgbatch"),
        items=items,
        created_at=state.clock.now(),
        duration_s=state.latency.batch_s,
        cancel_s=state.latency.cancel_s,
    )
    exchange.call.batch_id = batch.id
    state.batches[batch.id] = batch
    await _show(exchange, batch)


async def retrieve(state: State, exchange: Exchange) -> None:
    await _show(exchange, _find(state, exchange))


async def list_page(state: State, exchange: Exchange) -> None:
    """List batches from the newest on; ``after_id`` is the last one of the page before."""
    batches = list(state.batches.values())[::-1]
    for batch in batches:
        _settle(state, batch)
    query = exchange.request.query_params
    ids = [batch.id for batch in batches]
    start = ids.index(query["after_id"]) + 1 if "after_id" in query else 0
    end = start + int(query.get("limit", _PAGE))
    page = [batch.info(str(exchange.request.base_url)) for batch in batches[start:end]]
    await exchange.answer(
        {
            "data": page,
            "has_more": end < len(batches),
            "first_id": page[0]["id"] if page else None,
            "last_id": page[-1]["id"] if page else None,
        }
    )


async def cancel(state: State, exchange: Exchange) -> None:
    batch = _find(state, exchange)
    if batch.results is not None:
        raise invalid(f"Message batch {batch.id} has ended and cannot be canceled.")
    if batch.canceled_at is None:
        batch.canceled_at = state.clock.now()
    await _show(exchange, batch)


async def results(state: State, exchange: Exchange) -> None:
    batch = _find(state, exchange)
    if batch.results is None:
        raise ApiError(404, f"Message batch {batch.id} has no results yet.")
    for call in batch.calls:
        call.is_delivered = call.used is not None
    lines = b"".join(encoded(result) + b"\n" for result in batch.results)
    await exchange.answer_bytes(lines, "application/x-jsonl")


async def _show(exchange: Exchange, batch: Batch) -> None:
    await exchange.answer(batch.info(str(exchange.request.base_url)))


def _find(state: State, exchange: Exchange) -> Batch:
    batch_id = exchange.request.path_params["batch_id"]
    if batch_id not in state.batches:
        raise ApiError(404, f"Message batch {batch_id} not found.")
    exchange.call.batch_id = batch_id
    batch = state.batches[batch_id]
    _settle(state, batch)
    return batch


def _settle(state: State, batch: Batch) -> None:
    """End a due batch: items processed by its end have a result, the others are cancelled."""
    if batch.results is not None or state.clock.now() < batch.ends_at:
        return
    item_s = batch.duration_s / len(batch.items)
    results = []
    for number, item in enumerate(batch.items, start=1):
        is_done = batch.created_at + item_s * number <= batch.ends_at + _EPSILON_S
        result = _process(state, batch, item) if is_done else {"type": "canceled"}
        results.append({"custom_id": item["custom_id"], "result": result})
    # The API promises no order; never keep that of the requests.
    random.Random(f"{state.seed}:{batch.id}").shuffle(results)
    if results[0]["custom_id"] == batch.items[0]["custom_id"]:
        results.append(results.pop(0))
    batch.results = results


def _process(state: State, batch: Batch, item: Mapping[str, Any]) -> dict[str, Any]:
    call = state.log.open(
        "batch_item",
        state.clock.now(),
        lane="batch",
        batch_id=batch.id,
        custom_id=item["custom_id"],
        request_id=state.new_id("req"),
        body=item.get("params"),
    )
    batch.calls.append(call)
    fault = state.faults.draw("batch_item", item)
    call.fault = fault.name if fault else ""
    try:
        return _result(state, call, fault)
    except ApiError as error:
        call.status = error.status
        return {"type": "errored", "error": error.payload(call.request_id)}


def _result(state: State, call: Call, fault: Fault | None) -> dict[str, Any]:
    if fault and fault.kind in {"expired", "canceled"}:
        return {"type": fault.kind}
    if fault and fault.kind not in OUTPUT_KINDS:
        raise as_error(fault)
    request = read_request(call.body, state.catalogue)
    plan = state.cache.plan(request, state.clock.now())
    # Items are processed one after the other, so each can read what the earlier ones wrote.
    state.cache.publish(plan, state.clock.now())
    reply = compose(state, request, plan.used, fault=fault)
    call.model, call.status = request.model, 200
    call.bill(reply.used)
    return {"type": "succeeded", "message": reply.message()}


def _time(at: float) -> str:
    return rfc3339(at, timespec="microseconds")
