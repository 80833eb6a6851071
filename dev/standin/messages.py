"""``/v1/messages`` and ``/v1/messages/count_tokens``."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from dev.standin.asked import Asked, read_request
from dev.standin.cache import Plan
from dev.standin.errors import ApiError
from dev.standin.exchange import Exchange, as_error, encoded
from dev.standin.faults import Fault
from dev.standin.replies import Reply, compose, event
from dev.standin.state import State

MOST_BYTES: Final = 32 * 2**20


async def create_message(state: State, exchange: Exchange) -> None:
    body = await exchange.json(MOST_BYTES)
    call = exchange.call
    call.body = body
    fault = state.faults.draw("messages", body)
    call.fault = fault.name if fault else ""
    if fault and fault.is_instead_of_work:
        await exchange.fail(fault, _limit_headers(state, body))
        return
    asked = read_request(body, state.catalogue)
    call.model, call.is_streamed = asked.model.id, asked.is_streamed
    plan = state.cache.plan(asked.prompt, asked.model.least_cached_tokens, state.clock.now())
    state.limits.admit(asked.model.id, plan.used.uncached, state.clock.now())
    reply = _compose(state, asked, plan, fault)
    await asyncio.sleep(state.latency.first_byte_s)
    if fault and fault.kind == "stream_error" and not asked.is_streamed:
        raise as_error(fault, _limit_headers(state, body))
    state.cache.publish(plan, state.clock.now())
    call.stop_reason = reply.stop_reason
    if asked.is_streamed:
        await _send_stream(state, exchange, reply, fault)
    else:
        await _send_whole(state, exchange, reply, fault)


async def count_tokens(state: State, exchange: Exchange) -> None:
    body = await exchange.json(MOST_BYTES)
    exchange.call.body = body
    asked = read_request(body, state.catalogue, counting=True)
    exchange.call.model = asked.model.id
    await exchange.answer({"input_tokens": asked.prompt.tokens})


def _compose(state: State, asked: Asked, plan: Plan, fault: Fault | None) -> Reply:
    rule = state.rule_for(asked.body)
    return compose(
        asked,
        plan.used,
        seed=state.seed,
        message_id=state.new_id("msg"),
        answer=rule.value,
        output_tokens=rule.output_tokens,
        fault=fault,
    )


async def _send_whole(state: State, exchange: Exchange, reply: Reply, fault: Fault | None) -> None:
    await asyncio.sleep(state.latency.token_s * reply.used.output)
    _bill(state, exchange, reply, reply.used.output, reply.used.thinking)
    data = encoded(reply.message())
    headers = state.limits.headers(reply.model, state.clock.now())
    kind = fault.kind if fault else ""
    match kind:
        case "reset_late":
            await exchange.reset()
        case "cut":
            await exchange.start(200, "application/json", length=len(data), headers=headers)
            await exchange.write(data[: len(data) // 2])
            await exchange.hang_up()
        case "ended":
            await exchange.answer_bytes(
                data[: len(data) // 2], "application/json", headers=headers, delivers=False
            )
        case "drip":
            await exchange.start(200, "application/json", length=len(data), headers=headers)
            await _drip(exchange, data[:-1], fault)
            exchange.call.is_delivered = not exchange.is_gone
            await exchange.finish(data[-1:])
        case _:
            await exchange.answer_bytes(data, "application/json", headers=headers)


async def _send_stream(state: State, exchange: Exchange, reply: Reply, fault: Fault | None) -> None:
    """What was made until the caller hung up, or the fault struck, is what is billed."""
    events = list(reply.events())
    kind = fault.kind if fault else ""
    breaks = kind in {"reset_late", "cut", "ended", "stream_error"}
    await exchange.start(
        200,
        "text/event-stream; charset=utf-8",
        headers={"cache-control": "no-cache", **state.limits.headers(reply.model, state.clock.now())},
    )
    made = 0
    *most, (end, _) = events
    for data, tokens in most[: len(most) // 2] if breaks else most:
        if exchange.is_gone:
            break
        await asyncio.sleep(state.latency.token_s * tokens)
        made += tokens
        await (_drip(exchange, data, fault) if kind == "drip" else exchange.write(data))
    is_whole = not breaks and not exchange.is_gone
    output = reply.used.output if is_whole else max(1, made)
    # Before the last event: who reads the log when the stream is over finds it complete.
    _bill(state, exchange, reply, output, min(reply.used.thinking, output))
    exchange.call.is_delivered = is_whole
    match kind:
        case "reset_late":
            await exchange.reset()
        case "cut":
            await exchange.hang_up()
        case "stream_error" if fault:
            error = ApiError(fault.status, fault.message, kind=fault.error)
            payload = error.payload(exchange.call.request_id)
            del payload["type"]
            await exchange.finish(event("error", **payload))
        case "ended":
            await exchange.finish()
        case _:
            await exchange.finish(end)


def _bill(state: State, exchange: Exchange, reply: Reply, output: int, thinking: int) -> None:
    state.limits.spend_output(reply.model, output, state.clock.now())
    exchange.call.bill(replace(reply.used, output=output, thinking=thinking))


async def _drip(exchange: Exchange, data: bytes, fault: Fault | None) -> None:
    for at in range(len(data)):
        if exchange.is_gone:
            return
        await exchange.write(data[at : at + 1])
        await asyncio.sleep(fault.seconds if fault else 1.0)


def _limit_headers(state: State, body: Any) -> dict[str, str]:
    name = body.get("model") if isinstance(body, Mapping) else None
    return state.limits.headers(name, state.clock.now()) if isinstance(name, str) else {}
