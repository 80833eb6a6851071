"""What can be made to go wrong, one fault a call: the next calls in order, or at random by a seed.

A fault is data, so that another process can ask for it too. What it does to the answer is in ``replies`` and
``wire``.
"""

from __future__ import annotations

import json
import random
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal

Kind = Literal[
    # Instead of any work; nothing is billed.
    "error", "reply", "reset", "hang",
    # The model's output is another; billed and delivered.
    "truncated", "refused", "wrong_json", "not_json", "empty",
    # The work is done and billed, and the answer does not arrive as it should.
    "reset_late", "drip", "cut", "ended", "stream_error",
    # The fate of an item of a batch.
    "expired", "canceled",
]  # fmt: skip

# Where a fault can strike: one of the API's resources, or an item of a batch.
Route = Literal["messages", "count_tokens", "models", "batches", "batch_item"]

_INSTEAD: Final = frozenset({"error", "reply", "reset", "hang"})
OUTPUT_KINDS: Final = frozenset({"truncated", "refused", "wrong_json", "not_json", "empty"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """``where`` is a text that the request must hold for the fault to strike. A fault with ``times`` above 1
    strikes that many calls in a row. ``seconds`` is the pause between two bytes of a drip, or how long a hang
    lasts.
    """

    kind: Kind
    name: str = ""
    status: int = 500
    error: str = ""
    message: str = ""
    error_code: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    payload: Any = None
    content_type: str = "application/json"
    seconds: float = 1.0
    on: Route = "messages"
    where: str = ""
    times: int = 1

    @property
    def is_instead_of_work(self) -> bool:
        return self.kind in _INSTEAD

    def at(self, route: Route) -> Fault:
        return replace(self, on=route)

    def containing(self, text: str) -> Fault:
        return replace(self, where=text)

    def repeated(self, times: int) -> Fault:
        return replace(self, times=times)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def status(code: int, *, kind: str = "", error_code: str = "", message: str = "", **headers: str) -> Fault:
    """Answer with an error. Header names are written with underscores (``retry_after="7"``)."""
    return Fault(
        kind="error",
        name=str(code),
        status=code,
        error=kind,
        error_code=error_code,
        message=message or f"This is {code}.",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def reply(payload: Any, *, content_type: str = "application/json") -> Fault:
    """Answer 200 with this: an object as JSON, a text as it is."""
    return Fault(kind="reply", name="reply", status=200, payload=payload, content_type=content_type)


_PAGE: Final = (
    "<!doctype html><html><head><title>Sign in</title></head><body>Sign in to the network.</body></html>"
)


def _named(name: str, fault: Fault) -> Fault:
    return replace(fault, name=name)


rate_limited = _named(
    "rate_limited",
    status(429, message="This request would exceed your organization's rate limit.", retry_after="2"),
)
rate_limited_silent = _named("rate_limited_silent", status(429, message="Rate limited"))
ramp_limited = _named(
    "ramp_limited",
    status(
        429,
        error_code="ramp_limit_exceeded",
        message="Usage grew faster than the ramp limit allows.",
        retry_after="5",
    ),
)
# The cap of the tier: waiting for seconds does not lift it, and no retry-after says otherwise.
spend_limit_tier = _named(
    "spend_limit_tier",
    status(
        429,
        error_code="enforced_spend_limit_reached",
        message="You have reached the monthly API usage threshold of your tier.",
    ),
)
# A limit that the organization set itself comes as 400 without a code: only the words tell.
spend_limit_own = _named(
    "spend_limit_own",
    status(
        400,
        message="You have reached your specified API usage limits. "
        "You will regain access on 2027-01-01 at 00:00 UTC.",
    ),
)
credit_low = _named(
    "credit_low",
    status(
        400,
        message="Your credit balance is too low to access the Anthropic API. "
        "Please go to Plans & Billing to upgrade or purchase credits.",
    ),
)
billing = _named(
    "billing", status(402, message="There is an issue with your billing or payment information.")
)
overloaded = _named("overloaded", status(529, message="Overloaded"))
overloaded_burst = _named("overloaded_burst", overloaded.repeated(5))
server_error = _named("server_error", status(500, message="Internal server error"))
unavailable = _named("unavailable", status(503, message="Service unavailable"))
gateway_timeout = _named("gateway_timeout", status(504, message="Gateway timeout"))
html = _named("html", reply(_PAGE, content_type="text/html"))
reset = Fault(kind="reset", name="reset")
hang = Fault(kind="hang", name="hang", seconds=600)
reset_late = Fault(kind="reset_late", name="reset_late")
drip = Fault(kind="drip", name="drip")
cut = Fault(kind="cut", name="cut")
ended = Fault(kind="ended", name="ended")
stream_error = Fault(kind="stream_error", name="stream_error", status=529, message="Overloaded")
truncated = Fault(kind="truncated", name="truncated")
refused = Fault(kind="refused", name="refused")
wrong_json = Fault(kind="wrong_json", name="wrong_json")
not_json = Fault(kind="not_json", name="not_json")
empty = Fault(kind="empty", name="empty")
expired = Fault(kind="expired", name="expired", on="batch_item")
canceled = Fault(kind="canceled", name="canceled", on="batch_item")

NAMED: Final[dict[str, Fault]] = {
    fault.name: fault
    for fault in (
        *(
            rate_limited,
            rate_limited_silent,
            ramp_limited,
            spend_limit_tier,
            spend_limit_own,
            credit_low,
            billing,
        ),
        *(overloaded, overloaded_burst, server_error, unavailable, gateway_timeout, html),
        *(reset, hang, reset_late, drip, cut, ended, stream_error),
        *(truncated, refused, wrong_json, not_json, empty, expired, canceled),
    )
}


def as_fault(given: Fault | str | Mapping[str, Any]) -> Fault:
    """From a fault, its name, or what ``as_dict`` made of it."""
    if isinstance(given, Fault):
        return given
    return NAMED[given] if isinstance(given, str) else Fault(**given)


class FaultDeck:
    """The faults that wait for their calls, and how often others come by chance.

    Chance depends on the seed and on the number of the call at its route alone.
    """

    def __init__(self) -> None:
        self._queue: deque[Fault] = deque()
        self._rates: dict[str, dict[str, float]] = {}
        self._chance: dict[str, random.Random] = {}
        # Tests queue from their own thread.
        self._lock = threading.Lock()

    def next(self, *faults: Fault | str | Mapping[str, Any]) -> None:
        for fault in map(as_fault, faults):
            with self._lock:
                self._queue.extend([replace(fault, times=1)] * fault.times)

    def rates(self, rates: Mapping[str, float], *, seed: int = 0, on: Route = "messages") -> None:
        """Each call at ``on`` meets the named fault with this probability; at most one of them."""
        for name in rates:
            as_fault(name)
        if sum(rates.values()) > 1:
            raise ValueError("The probabilities of one route add up to more than 1.")
        self._rates[on] = dict(rates)
        self._chance[on] = random.Random(f"{seed}:{on}")

    def clear(self) -> None:
        with self._lock:
            self._queue.clear()
            self._rates.clear()
            self._chance.clear()

    def draw(self, route: Route, body: Any = None) -> Fault | None:
        """The fault of this call, which is taken from the queue if it waited there."""
        with self._lock:
            return self._from_queue(route, body) or self._by_chance(route)

    def _from_queue(self, route: Route, body: Any) -> Fault | None:
        text = json.dumps(body, ensure_ascii=False) if any(fault.where for fault in self._queue) else ""
        for fault in self._queue:
            if fault.on == route and json.dumps(fault.where, ensure_ascii=False)[1:-1] in text:
                self._queue.remove(fault)
                return fault
        return None

    def _by_chance(self, route: Route) -> Fault | None:
        if route not in self._rates:
            return None
        drawn = self._chance[route].random()
        for name, rate in self._rates[route].items():
            drawn -= rate
            if drawn < 0:
                fault = replace(NAMED[name], on=route)
                self._queue.extendleft([replace(fault, times=1)] * (fault.times - 1))
                return replace(fault, times=1)
        return None
