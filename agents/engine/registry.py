"""The agents by type."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from agents.engine.agents.consistency import ConsistencyAgent
from agents.engine.agents.narrative import NarrativeAgent
from agents.engine.agents.spatial import SpatialAgent
from agents.engine.base import Agent

AnyAgent = Agent[Any, Any, Any]

AGENTS: Final[Mapping[str, AnyAgent]] = MappingProxyType(
    {agent.type: agent for agent in (NarrativeAgent(), SpatialAgent(), ConsistencyAgent())}
)


class UnknownAgent(LookupError):
    code = "unknown_agent"

    def __init__(self, agent_type: str) -> None:
        self.message = f"There is no agent {agent_type[:100]!r}; the agents are {', '.join(AGENTS)}."
        super().__init__(self.message)


def get_agent(agent_type: str) -> AnyAgent:
    """Return the agent. Raises ``UnknownAgent``."""
    try:
        return AGENTS[agent_type]
    except KeyError:
        raise UnknownAgent(agent_type) from None
