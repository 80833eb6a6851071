"""Injected faults: one per call, queued for the next calls or drawn at random by a seed.

A fault is data, so that another process can queue it over HTTP. ``messages`` and ``exchange`` carry it out.
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
    # Other output of the model; billed and delivered.
    "truncated", "refused", "wrong_json", "not_json", "empty",
    # The work is done and billed, and the response breaks on its way.
    "reset_late", "drip", "cut", "ended", "stream_error",
    # The result of an item of a batch.
    "expired", "canceled",
]  # fmt: skip

# Where a fault can occur: one of the API's resources, or an item of a batch.
Route = Literal["messages", "models", "batches", "batch_item"]

OUTPUT_KINDS: Final = frozenset({"truncated", "refused", "wrong_json", "not_json", "empty"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An injected fault.

    ``where`` is a text that a request must contain; ``times`` is the number of calls in a row. ``seconds`` is
    the pause between two bytes of a drip, or how long a hang lasts.
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
        return self.kind in {"error", "reply", "reset", "hang"}

    def at(self, route: Route) -> Fault:
        return replace(self, on=route)

    def containing(self, text: str) -> Fault:
        return replace(self, where=text)

    def repeated(self, times: int) -> Fault:
        return replace(self, times=times)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def matches(self, route: Route, text: str) -> bool:
        """Tell whether the fault is for a request to ``route`` whose body is ``text`` as JSON."""
        return self.on == route and json.dumps(self.where, ensure_ascii=False)[1:-1] in text


def status(code: int, *, kind: str = "", error_code: str = "", message: str = "", **headers: str) -> Fault:
    """Make an error response; header names are written with underscores (``retry_after="7"``)."""
    return Fault(
        kind="error",
        name=str(code),
        status=code,
        error=kind,
        error_code=error_code,
        message=message or f"This is {code}.",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def reply(payload: Any, *, content_type: str = "application/json", name: str = "reply") -> Fault:
    """Make a response with status 200: an object as JSON, a text as it is."""
    return Fault(kind="reply", name=name, status=200, payload=payload, content_type=content_type)


def _error(name: str, code: int, message: str, *, error_code: str = "", **headers: str) -> Fault:
    return replace(status(code, error_code=error_code, message=message, **headers), name=name)


_LOGIN_PAGE: Final = (
    "<!doctype html><html><head><title>Sign in</title></head><body>Sign in to the network.</body></html>"
)

rate_limited = _error(
    "rate_limited", 429, "This request would exceed your organization's rate limit.", retry_after="2"
)
rate_limited_silent = _error("rate_limited_silent", 429, "Rate limited")
ramp_limited = _error(
    "ramp_limited",
    429,
    "Usage grew faster than the ramp limit allows.",
    error_code="ramp_limit_exceeded",
    retry_after="5",
)
# The cap of the tier: no retry-after, because a wait of seconds does not lift it.
spend_limit_tier = _error(
    "spend_limit_tier",
    429,
    "You have reached the monthly API usage threshold of your tier.",
    error_code="enforced_spend_limit_reached",
)
# A limit that the organization set itself comes as 400 without a code: only the message identifies it.
spend_limit_own = _error(
    "spend_limit_own",
    400,
    "You have reached your specified API usage limits. You will regain access on 2027-01-01 at 00:00 UTC.",
)
credit_low = _error(
    "credit_low",
    400,
    "Your credit balance is too low to access the Anthropic API. "
    "Please go to Plans & Billing to upgrade or purchase credits.",
)
billing = _error("billing", 402, "There is an issue with your billing or payment information.")
overloaded = _error("overloaded", 529, "Overloaded")
overloaded_burst = replace(overloaded, name="overloaded_burst", times=5)
server_error = _error("server_error", 500, "Internal server error")
unavailable = _error("unavailable", 503, "Service unavailable")
gateway_timeout = _error("gateway_timeout", 504, "Gateway timeout")
html = reply(_LOGIN_PAGE, content_type="text/html", name="html")
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

NAMED: Final = {fault.name: fault for fault in list(globals().values()) if isinstance(fault, Fault)}


def as_fault(value: Fault | str | Mapping[str, Any]) -> Fault:
    """Return a fault from itself, its name, or its ``as_dict``."""
    if isinstance(value, Fault):
        return value
    return NAMED[value] if isinstance(value, str) else Fault(**value)


class InjectedFaults:
    """Queued faults, and the rates of random ones.

    Random faults depend only on the seed and on the number of the call at its route.
    """

    def __init__(self) -> None:
        self._queue: deque[Fault] = deque()
        self._rates: dict[str, dict[str, float]] = {}
        self._random: dict[str, random.Random] = {}
        # Tests queue faults from their own thread.
        self._lock = threading.Lock()

    def queue(self, *faults: Fault | str | Mapping[str, Any]) -> None:
        for fault in map(as_fault, faults):
            with self._lock:
                self._queue.extend([replace(fault, times=1)] * fault.times)

    def set_rates(self, rates: Mapping[str, float], *, seed: int = 0, on: Route = "messages") -> None:
        """Set the probability of each named fault for a call at ``on``; a call meets at most one."""
        for name in rates:
            as_fault(name)
        if sum(rates.values()) > 1:
            raise ValueError("The probabilities of one route add up to more than 1.")
        self._rates[on] = dict(rates)
        self._random[on] = random.Random(f"{seed}:{on}")

    def clear(self) -> None:
        with self._lock:
            self._queue.clear()
            self._rates.clear()

    def draw(self, route: Route, body: Any = None) -> Fault | None:
        """Return the fault of a call: the first queued one that matches, or a random one."""
        with self._lock:
            text = json.dumps(body, ensure_ascii=False) if self._queue else ""
            for fault in self._queue:
                if fault.matches(route, text):
                    self._queue.remove(fault)
                    return fault
            return self._draw_random(route)

    def _draw_random(self, route: Route) -> Fault | None:
        if route not in self._rates:
            return None
        drawn = self._random[route].random()
        for name, rate in self._rates[route].items():
            drawn -= rate
            if drawn < 0:
                fault = replace(NAMED[name], on=route)
                self._queue.extendleft([replace(fault, times=1)] * (fault.times - 1))
                return replace(fault, times=1)
        return None
