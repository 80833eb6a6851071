"""A stand-in for the Messages API, for tests without a key or the internet. Never part of the product.

    with StandIn() as server:
        client = AnthropicClient(KEY, base_url=server.url)
        server.next(faults.rate_limited, faults.cut)
        ...
        assert server.log.price_usd == ...

It refuses what the real API refuses, answers with JSON that satisfies the schema that was sent, accounts for
the prompt cache and the rate limits, and goes wrong on command. See docs/standin.md.
"""

from dev.standin import faults
from dev.standin.clock import Clock
from dev.standin.faults import Fault, reply, status
from dev.standin.journal import Call, Log
from dev.standin.remote import Remote, StandInProcess
from dev.standin.server import StandIn
from dev.standin.state import KEY, AnswerRule
from dev.standin.tokens import Tokens

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
