"""``/v1/messages``: whole responses and streams."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from dev.standin.control import State
from dev.standin.exchange import Exchange, as_error
from dev.standin.prompts import read_request
from dev.standin.replies import Reply, compose, event

_BREAKS: Final = frozenset({"reset_late", "cut", "ended", "stream_error"})


async def create_message(state: State, exchange: Exchange) -> None:
    call = exchange.call
    request = read_request(call.body, state.catalogue)
    call.model = request.model
    plan = state.cache.plan(request, state.clock.now())
    state.limits.admit(call.model, plan.used.uncached, state.clock.now())
    reply = compose(state, request, plan.used, fault=exchange.fault)
    await asyncio.sleep(state.latency.first_byte_s)
    state.cache.publish(plan, state.clock.now())
    await _send(state, exchange, reply, is_streamed=bool(request.body.get("stream")))


async def _send(state: State, exchange: Exchange, reply: Reply, *, is_streamed: bool) -> None:
    """Send the parts of a response, and bill the output of those that were sent."""
    fault = exchange.fault
    kind = fault.kind if fault else ""
    *parts, (end, _) = reply.events() if is_streamed else reply.parts()
    content_type = "text/event-stream; charset=utf-8" if is_streamed else "application/json"
    await exchange.start(200, content_type, state.limits.headers(reply.model, state.clock.now()))
    output = 0
    for data, tokens in parts[: (len(parts) + 1) // 2] if kind in _BREAKS else parts:
        if exchange.is_gone:
            break
        await asyncio.sleep(state.latency.token_s * tokens)
        output += tokens
        await (exchange.drip(data, fault.seconds) if fault and kind == "drip" else exchange.write(data))
    is_whole = kind not in _BREAKS and not exchange.is_gone
    # Bill before the last part: a client that has the whole response finds the log complete.
    _bill(state, exchange, reply, reply.used.output if is_whole else max(1, output))
    exchange.call.is_delivered = is_whole
    match kind:
        case "reset_late":
            await exchange.reset()
        case "cut":
            await exchange.hang_up()
        case "stream_error" if fault:
            payload = as_error(fault).payload(exchange.call.request_id)
            del payload["type"]
            await exchange.finish(event("error", **payload))
        case "ended":
            await exchange.finish()
        case _:
            await exchange.finish(end)


def _bill(state: State, exchange: Exchange, reply: Reply, output: int) -> None:
    state.limits.spend_output(reply.model, output, state.clock.now())
    exchange.call.bill(replace(reply.used, output=output))
