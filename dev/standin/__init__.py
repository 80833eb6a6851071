"""Stand-in for the Messages API: a loopback server for tests without a key or the internet.

    with StandIn() as server:
        client = AnthropicClient(KEY, base_url=server.url)
        server.next(faults.rate_limited, faults.cut)

See docs/standin.md.
"""

from dev.standin.control import KEY, AnswerRule
from dev.standin.instruments import faults
from dev.standin.instruments.clock import Clock
from dev.standin.instruments.faults import Fault, reply, status
from dev.standin.instruments.journal import Call, Log
from dev.standin.prices import Tokens
from dev.standin.server import Remote, StandIn, StandInProcess

__all__ = [
    "KEY",
    "AnswerRule",
    "Call",
    "Clock",
    "Fault",
    "Log",
    "Remote",
    "StandIn",
    "StandInProcess",
    "Tokens",
    "faults",
    "reply",
    "status",
]
