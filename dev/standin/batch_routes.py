"""``/v1/messages/batches`` and what lies below."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from dev.standin.batch_work import settle
from dev.standin.batches import Batch
from dev.standin.errors import ApiError, invalid
from dev.standin.exchange import Exchange, encoded
from dev.standin.listing import page
from dev.standin.state import State

MOST_BYTES: Final = 256 * 2**20
MOST_ITEMS: Final = 100_000

_CUSTOM_ID: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")


async def create(state: State, exchange: Exchange) -> None:
    """The items themselves are looked at only when their turn comes: a bad one is an errored result."""
    body = await exchange.json(MOST_BYTES)
    exchange.call.body = body
    batch = Batch(
        id=state.new_id("msgbatch"),
        items=_items(body),
        created_at=state.clock.now(),
        lasts_s=state.latency.batch_s,
        cancel_s=state.latency.cancel_s,
    )
    exchange.call.batch_id = batch.id
    state.batches.add(batch)
    await _show(state, exchange, batch)


async def retrieve(state: State, exchange: Exchange) -> None:
    await _show(state, exchange, _settled(state, exchange))


async def list_all(state: State, exchange: Exchange) -> None:
    batches = state.batches.all()
    for batch in batches:
        settle(state, batch)
    now, base_url = state.clock.now(), _base_url(exchange)
    await exchange.answer(
        page([batch.info(base_url, now) for batch in batches], exchange.request.query_params)
    )


async def cancel(state: State, exchange: Exchange) -> None:
    batch = _settled(state, exchange)
    if batch.results is not None:
        raise invalid(f"Message batch {batch.id} has ended and cannot be canceled.")
    if batch.canceled_at is None:
        batch.canceled_at = state.clock.now()
    await _show(state, exchange, batch)


async def delete(state: State, exchange: Exchange) -> None:
    batch = _settled(state, exchange)
    if batch.results is None:
        raise invalid(f"Message batch {batch.id} has not ended: cancel it before you delete it.")
    state.batches.remove(batch)
    await exchange.answer({"id": batch.id, "type": "message_batch_deleted"})


async def results(state: State, exchange: Exchange) -> None:
    batch = _settled(state, exchange)
    if batch.info("", state.clock.now())["results_url"] is None:
        raise ApiError(404, f"Message batch {batch.id} has no results that can be had.")
    lines = b"".join(encoded(line) + b"\n" for line in batch.results or [])
    for call in batch.calls:
        call.is_delivered = call.used is not None
    await exchange.answer_bytes(lines, "application/x-jsonl")


async def _show(state: State, exchange: Exchange, batch: Batch) -> None:
    await exchange.answer(batch.info(_base_url(exchange), state.clock.now()))


def _settled(state: State, exchange: Exchange) -> Batch:
    batch = state.batches.find(exchange.request.path_params["batch_id"])
    exchange.call.batch_id = batch.id
    settle(state, batch)
    return batch


def _base_url(exchange: Exchange) -> str:
    return str(exchange.request.base_url).rstrip("/")


def _items(body: Any) -> list[Mapping[str, Any]]:
    items = body.get("requests") if isinstance(body, Mapping) else None
    if not isinstance(items, list) or not items:
        raise invalid("requests: Input should be a list of at least 1 item")
    if len(items) > MOST_ITEMS:
        raise invalid(f"requests: List should have at most {MOST_ITEMS} items, not {len(items)}")
    seen: set[str] = set()
    for at, item in enumerate(items):
        name = item.get("custom_id") if isinstance(item, Mapping) else None
        if not isinstance(name, str) or not _CUSTOM_ID.fullmatch(name):
            raise invalid(f"requests.{at}.custom_id: String should match pattern '^{_CUSTOM_ID.pattern}$'")
        if name in seen:
            raise invalid(f"requests.{at}.custom_id: '{name}' is not unique in this batch")
        if "params" not in item:
            raise invalid(f"requests.{at}.params: Field required")
        seen.add(name)
    return items
