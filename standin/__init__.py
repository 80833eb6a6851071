"""A stand-in for the Messages API, for tests without a key or the internet. Never part of the product.

    with StandIn() as server:
        client = AnthropicClient(KEY, base_url=server.url)
        server.next(faults.rate_limited, faults.cut)
        ...
        assert server.log.price_usd == ...

It refuses what the real API refuses, answers with JSON that satisfies the schema that was sent, accounts for
the prompt cache and the rate limits, and goes wrong on command. See docs/standin.md.
"""

from standin import faults
from standin.clock import Clock
from standin.faults import Fault, reply, status
from standin.journal import Call, Log
from standin.remote import Remote, StandInProcess
from standin.server import StandIn
from standin.state import KEY, AnswerRule
from standin.tokens import Tokens

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
