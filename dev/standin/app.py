"""ASGI application with the paths of the API, and ``/_control`` for tests in other processes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dev.standin import batches, messages
from dev.standin.control import COMMANDS, Control, State
from dev.standin.exchange import ApiError, Exchange, invalid
from dev.standin.instruments.faults import Route as FaultRoute

Handler = Callable[[State, Exchange], Awaitable[None]]


async def _retrieve_model(state: State, exchange: Exchange) -> None:
    await exchange.answer(state.catalogue.find(exchange.request.path_params["model_id"]).info())


_BATCH: Final = "/v1/messages/batches/{batch_id}"
_PATHS: Final[tuple[tuple[str, str, FaultRoute, Handler], ...]] = (
    ("POST", "/v1/messages", "messages", messages.create_message),
    ("POST", "/v1/messages/batches", "batches", batches.create),
    ("GET", "/v1/messages/batches", "batches", batches.list_page),
    ("GET", _BATCH, "batches", batches.retrieve),
    ("POST", f"{_BATCH}/cancel", "batches", batches.cancel),
    ("GET", f"{_BATCH}/results", "batches", batches.results),
    ("GET", "/v1/models/{model_id}", "models", _retrieve_model),
)


def make_app(state: State) -> Starlette:
    routes = [
        Route(path, _Endpoint(state, name, handler), methods=[method])
        for method, path, name, handler in _PATHS
    ]
    return Starlette(routes=[*routes, *_control_routes(state)], exception_handlers={404: _not_found})


class _Endpoint:
    """A path of the API: check the key, inject a fault, log the call, answer errors."""

    def __init__(self, state: State, route: FaultRoute, handler: Handler) -> None:
        self._state = state
        self._route = route
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        log = self._state.log
        call = log.open(self._route, self._state.clock.now(), request_id=self._state.new_id("req"))
        exchange = Exchange(scope, receive, send, call)
        try:
            await self._answer(exchange)
        except ApiError as error:
            await exchange.refuse(error)
        finally:
            log.close(call)

    async def _answer(self, exchange: Exchange) -> None:
        _check_headers(exchange.request, self._state.key)
        call, state = exchange.call, self._state
        call.body = await exchange.json()
        fault = exchange.fault = state.faults.draw(self._route, call.body)
        call.fault = fault.name if fault else ""
        if fault and (fault.is_instead_of_work or self._route != "messages"):
            model = call.body.get("model") if isinstance(call.body, Mapping) else None
            await exchange.fail(fault, state.limits.headers(model, state.clock.now()) if model else {})
        else:
            await self._handler(state, exchange)


def _check_headers(request: Request, key: str) -> None:
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if (request.headers.get("x-api-key") or bearer) != key:
        raise ApiError(401, "invalid x-api-key")
    if "anthropic-version" not in request.headers:
        raise invalid("anthropic-version: header is required")


def _control_routes(state: State) -> list[Route]:
    control = Control(state)

    async def command(request: Request) -> Response:
        name = request.path_params["command"]
        if name not in COMMANDS:
            return JSONResponse({"error": f"There is no command {name}."}, 404)
        body: dict[str, Any] = json.loads(await request.body() or b"{}")
        try:
            getattr(control, name)(*body.get("args", []), **body.get("options", {}))
        except (TypeError, ValueError, KeyError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return JSONResponse({})

    async def log(request: Request) -> Response:
        calls = [call.as_dict() for call in state.log.calls]
        totals = {"peak": state.log.peak, "in_flight": state.log.in_flight}
        sums = {"price_usd": str(state.log.price_usd), "tokens": asdict(state.log.tokens)}
        return JSONResponse({**totals, **sums, "calls": calls})

    return [
        Route("/_control/log", log, methods=["GET"]),
        Route("/_control/{command}", command, methods=["POST"]),
    ]


async def _not_found(request: Request, error: Exception) -> Response:
    return JSONResponse(ApiError(404, "Not found").payload("req_none"), 404)
