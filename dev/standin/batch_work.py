"""What becomes of the items of a batch when its time has come."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, Final

from dev.standin.asked import read_request
from dev.standin.batches import Batch
from dev.standin.errors import ApiError, invalid
from dev.standin.exchange import as_error
from dev.standin.faults import OUTPUT_KINDS, Fault
from dev.standin.journal import Call
from dev.standin.replies import compose
from dev.standin.state import State

# Sums of fractions of a second may miss the end of the batch by less than this.
_SAME_MOMENT_S: Final = 1e-3


def settle(state: State, batch: Batch) -> None:
    """End the batch if its time is over: what was done by then has a result, the rest was cancelled or expired."""
    if batch.results is not None or state.clock.now() < batch.ends_at:
        return
    batch.ended_at = batch.ends_at
    one_s = batch.lasts_s / len(batch.items)
    left = {"type": "canceled" if batch.is_cut_short_by_cancel else "expired"}
    results = []
    for at, item in enumerate(batch.items, start=1):
        is_done = batch.created_at + one_s * at <= batch.ended_at + _SAME_MOMENT_S
        results.append(
            {"custom_id": item["custom_id"], "result": _do(state, batch, item) if is_done else left}
        )
    # The order of results is nobody's promise; here it is reliably another than that of the requests.
    random.Random(f"{state.seed}:{batch.id}").shuffle(results)
    if results[0]["custom_id"] == batch.items[0]["custom_id"]:
        results.append(results.pop(0))
    batch.results = results


def _do(state: State, batch: Batch, item: Mapping[str, Any]) -> dict[str, Any]:
    call = state.log.open(
        "batch_item",
        state.clock.now(),
        lane="batch",
        batch_id=batch.id,
        custom_id=item["custom_id"],
        request_id=state.new_id("req"),
        body=item["params"],
    )
    batch.calls.append(call)
    fault = state.faults.draw("batch_item", item)
    call.fault = fault.name if fault else ""
    try:
        result = _outcome(state, call, item["params"], fault)
    except ApiError as error:
        call.status = error.status
        result = {"type": "errored", "error": error.payload(call.request_id)}
    state.log.close(call, state.clock.now())
    return result


def _outcome(state: State, call: Call, params: Any, fault: Fault | None) -> dict[str, Any]:
    if fault and fault.kind in {"expired", "canceled"}:
        return {"type": fault.kind}
    if fault and fault.kind not in OUTPUT_KINDS:
        raise as_error(fault)
    if isinstance(params, Mapping) and params.get("stream"):
        raise invalid("stream: Streaming is not supported in message batches")
    asked = read_request(params, state.catalogue)
    plan = state.cache.plan(asked.prompt, asked.model.least_cached_tokens, state.clock.now())
    # The items are worked on one after the other, so each finds what the ones before it wrote.
    state.cache.publish(plan, state.clock.now())
    rule = state.rule_for(params)
    reply = compose(
        asked,
        plan.used,
        seed=state.seed,
        message_id=state.new_id("msg"),
        answer=rule.value,
        output_tokens=rule.output_tokens,
        fault=fault,
        is_batch=True,
    )
    call.model, call.stop_reason, call.status = asked.model.id, reply.stop_reason, 200
    call.bill(reply.used)
    return {"type": "succeeded", "message": reply.message()}
