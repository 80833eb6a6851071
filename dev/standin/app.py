"""The ASGI application: the API's paths, and ``/_control`` beside them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dev.standin import batch_routes, messages, model_routes
from dev.standin.desk import COMMANDS, Desk
from dev.standin.errors import ApiError, invalid
from dev.standin.exchange import Exchange
from dev.standin.faults import Route as FaultRoute
from dev.standin.state import State

Work = Callable[[State, Exchange], Awaitable[None]]

_PATHS: Final[tuple[tuple[str, str, FaultRoute, Work], ...]] = (
    ("POST", "/v1/messages", "messages", messages.create_message),
    ("POST", "/v1/messages/count_tokens", "count_tokens", messages.count_tokens),
    ("POST", "/v1/messages/batches", "batches", batch_routes.create),
    ("GET", "/v1/messages/batches", "batches", batch_routes.list_all),
    ("GET", "/v1/messages/batches/{batch_id}", "batches", batch_routes.retrieve),
    ("DELETE", "/v1/messages/batches/{batch_id}", "batches", batch_routes.delete),
    ("POST", "/v1/messages/batches/{batch_id}/cancel", "batches", batch_routes.cancel),
    ("GET", "/v1/messages/batches/{batch_id}/results", "batches", batch_routes.results),
    ("GET", "/v1/models", "models", model_routes.list_all),
    ("GET", "/v1/models/{model_id}", "models", model_routes.retrieve),
)


def make_app(state: State) -> Starlette:
    routes = [
        Route(path, _Endpoint(state, name, work), methods=[method]) for method, path, name, work in _PATHS
    ]
    return Starlette(routes=[*routes, *_control_routes(state)], exception_handlers={404: _no_such_path})


class _Endpoint:
    """Everything that all paths share: the key, the version, chance faults, the log, and saying no."""

    def __init__(self, state: State, route: FaultRoute, work: Work) -> None:
        self._state = state
        self._route = route
        self._work = work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = self._state
        call = state.log.open(self._route, state.clock.now(), request_id=state.new_id("req"))
        exchange = Exchange(scope, receive, send, call)
        call.headers = dict(exchange.request.headers)
        try:
            await self._answer(exchange)
        except ApiError as error:
            await exchange.refuse(error)
        finally:
            state.log.close(call, state.clock.now())

    async def _answer(self, exchange: Exchange) -> None:
        _check_headers(exchange.request, self._state.key)
        # A message's own faults depend on its body; see ``messages``.
        fault = None if self._route == "messages" else self._state.faults.draw(self._route)
        if fault is None:
            await self._work(self._state, exchange)
            return
        exchange.call.fault = fault.name
        await exchange.fail(fault, {})


def _check_headers(request: Request, key: str) -> None:
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    given = request.headers.get("x-api-key") or bearer
    if not given:
        raise ApiError(401, "x-api-key header is required")
    if given != key:
        raise ApiError(401, "invalid x-api-key")
    if "anthropic-version" not in request.headers:
        raise invalid("anthropic-version: header is required")


def _control_routes(state: State) -> list[Route]:
    desk = Desk(state)

    async def command(request: Request) -> Response:
        name = request.path_params["command"]
        if name not in COMMANDS:
            return JSONResponse({"error": f"There is no command {name}."}, 404)
        said: dict[str, Any] = json.loads(await request.body() or b"{}")
        try:
            getattr(desk, name)(*said.get("args", []), **said.get("options", {}))
        except (TypeError, ValueError, KeyError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return JSONResponse({})

    async def log(request: Request) -> Response:
        query = request.query_params
        with_bodies, after = "bodies" in query, int(query.get("after", 0))
        calls = [call.as_dict(with_bodies=with_bodies) for call in state.log.calls[after:]]
        return JSONResponse({"totals": state.log.totals(), "calls": calls})

    return [
        Route("/_control/log", log, methods=["GET"]),
        Route("/_control/{command}", command, methods=["POST"]),
    ]


async def _no_such_path(request: Request, error: Exception) -> Response:
    return JSONResponse(ApiError(404, "Not found").payload("req_none"), 404)
