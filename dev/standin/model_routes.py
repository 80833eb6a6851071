"""``/v1/models``: what there is, and how far it is in its life."""

from __future__ import annotations

from typing import Final

from dev.standin.errors import invalid
from dev.standin.exchange import Exchange
from dev.standin.listing import page
from dev.standin.state import State

_STAGES: Final = frozenset({"active", "deprecated", "retired"})
_SHOWN_UNASKED: Final = frozenset({"active", "deprecated"})


async def list_all(state: State, exchange: Exchange) -> None:
    query = exchange.request.query_params
    stages = frozenset(query.getlist("lifecycle[]")) or _SHOWN_UNASKED
    if stages - _STAGES:
        raise invalid("lifecycle: Input should be 'active', 'deprecated' or 'retired'")
    await exchange.answer(page([model.info() for model in state.catalogue.listed(stages)], query))


async def retrieve(state: State, exchange: Exchange) -> None:
    """Retired models too: they stay in the catalogue as the record of their retirement."""
    await exchange.answer(state.catalogue.find(exchange.request.path_params["model_id"]).info())
