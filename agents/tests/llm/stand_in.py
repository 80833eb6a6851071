"""A server on a real socket that speaks enough of the Messages API to be worth testing against.

    with StandIn() as server:
        client = AnthropicClient("key", base_url=server.url)
        server.next(status(429, retry_after="7"))
        ...

It holds every request against what the API requires and forbids, and answers with JSON that satisfies the
schema that was sent, unless ``next`` says otherwise for the calls to come.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

Fault = Callable[[web.Request, dict[str, Any]], Awaitable[web.StreamResponse]]

KEY = "test-key"


@dataclass
class Call:
    """One request as the server saw it."""

    body: dict[str, Any]
    headers: Mapping[str, str]


@dataclass
class StandIn:
    """``delay_s`` is how long the model thinks. ``peak`` is the most requests that were in flight at once."""

    delay_s: float = 0.0
    answer: Callable[[dict[str, Any]], Any] | None = None
    calls: list[Call] = field(default_factory=list)
    in_flight: int = 0
    peak: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        self._faults: deque[Fault] = deque()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="stand-in", daemon=True)

    def next(self, *faults: Fault) -> None:
        """Queue what the next calls get instead of an answer, one each."""
        self._faults.extend(faults)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("The stand-in did not start.")
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/v1/messages", self._handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=512)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            body = json.loads(await request.read())
            self.calls.append(Call(body, dict(request.headers)))
            if self._faults:
                return await self._faults.popleft()(request, body)
            problem = _problem(request, body)
            if problem:
                return problem
            await asyncio.sleep(self.delay_s)
            schema = body["output_config"]["format"]["schema"]
            made = self.answer(body) if self.answer else example(schema)
            return _json(200, message(json.dumps(made), model=body["model"]))
        finally:
            self.in_flight -= 1


def example(schema: Mapping[str, Any]) -> Any:
    """The plainest value that satisfies ``schema``."""
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example(schema["anyOf"][0])
    match schema["type"]:
        case "object":
            return {name: example(part) for name, part in schema["properties"].items()}
        case "array":
            return [example(schema["items"])]
        case "string":
            return "A quiet word."
        case "integer" | "number":
            return 3
        case "boolean":
            return False
    raise ValueError(f"No example for {schema}.")


def message(text: str, *, model: str = "claude-haiku-5-5", stop_reason: str = "end_turn") -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": text}] if text else [],
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {
            "input_tokens": 11,
            "output_tokens": 22,
            "cache_read_input_tokens": 33,
            "cache_creation_input_tokens": 44,
        },
    }


def status(code: int, *, kind: str = "api_error", error_code: str = "", **headers: str) -> Fault:
    """Answer with an error. Header names are written with underscores (``retry_after="7"``)."""

    async def fault(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        error: dict[str, Any] = {"type": kind, "message": f"This is {code}."}
        if error_code:
            error["details"] = {"error_code": error_code}
        extra = {name.replace("_", "-"): value for name, value in headers.items()}
        return _json(code, {"type": "error", "error": error}, extra)

    return fault


def reply(payload: Any, *, content_type: str = "application/json") -> Fault:
    """Answer 200 with this: an object as JSON, a text as it is."""

    async def fault(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        text = payload if isinstance(payload, str) else json.dumps(payload)
        return web.Response(text=text, content_type=content_type, headers={"request-id": "req_1"})

    return fault


async def reset(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Close the connection without a word."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def hang(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Say nothing, for longer than any test waits."""
    await asyncio.sleep(60)
    return web.Response()


async def drip(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Send a good answer at one byte a second: no single read ever times out."""
    text = json.dumps(message("{}")).encode()
    response = web.StreamResponse(
        headers={"Content-Type": "application/json", "Content-Length": str(len(text))}
    )
    await response.prepare(request)
    for byte in text:
        await response.write(bytes([byte]))
        await asyncio.sleep(1)
    return response


async def cut(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Promise more bytes than are sent, then close."""
    text = json.dumps(message("{}")).encode()
    response = web.StreamResponse(
        headers={"Content-Type": "application/json", "Content-Length": str(len(text))}
    )
    await response.prepare(request)
    await response.write(text[:40])
    assert request.transport is not None
    request.transport.close()
    return response


def _problem(request: web.Request, body: dict[str, Any]) -> web.Response | None:
    """What the API would refuse in this request."""
    if KEY not in request.headers.get("Authorization", "") + request.headers.get("x-api-key", ""):
        return _json(401, _error("authentication_error", "invalid key"))
    missing = [name for name in ("model", "max_tokens", "messages", "output_config") if name not in body]
    forbidden = [name for name in ("temperature", "top_p", "top_k") if name in body]
    if missing or forbidden:
        return _json(400, _error("invalid_request_error", f"missing {missing}, not allowed {forbidden}"))
    if [turn["role"] for turn in body["messages"]] != ["user"]:
        return _json(400, _error("invalid_request_error", "This model does not support prefill."))
    fault = _schema_fault(body["output_config"]["format"]["schema"])
    return _json(400, _error("invalid_request_error", fault)) if fault else None


def _schema_fault(schema: Mapping[str, Any]) -> str:
    unsupported = {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "$ref"} & set(
        schema
    )
    if unsupported:
        return f"unsupported in a schema: {sorted(unsupported)}"
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            return "additionalProperties has to be false"
        if set(schema.get("required", ())) != set(schema.get("properties", {})):
            return "every property has to be required"
    parts = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    parts += [schema["items"]] if "items" in schema else []
    return next(filter(None, map(_schema_fault, parts)), "")


def _error(kind: str, said: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": said}}


def _json(code: int, payload: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response(payload, status=code, headers={"request-id": "req_1", **(headers or {})})
