"""Message Batches of the Anthropic API, over the connections of an ``AnthropicClient``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx2

from agents.llm.anthropic.client import AnthropicClient, AsyncAnthropic
from agents.llm.anthropic.errors import answer_error, payload_error
from agents.llm.anthropic.messages import message_arguments
from agents.llm.base import LLMRequest, RequestRejected
from agents.llm.batches import BatchResult, BatchView

# Requests and results are megabytes.
_TRANSFER_S: Final = 300.0
_TIMEOUT_S: Final = 30.0

_PATH: Final = "/v1/messages/batches"
_PAGE_SIZE: Final = 100
_MAX_PAGES: Final = 20

_ID: Final = re.compile(r"[\w-]{1,100}", re.ASCII)
_OUTCOMES: Final = frozenset({"succeeded", "errored", "canceled", "expired"})


class AnthropicBatches:
    """``Batches`` of the Anthropic API.

    URLs are built here: fetching results from the URL in an answer would send the key there.
    """

    def __init__(self, client: AnthropicClient) -> None:
        self._client = client

    def create(self, requests: Mapping[str, LLMRequest]) -> BatchView:
        items = [
            {"custom_id": name, "params": message_arguments(request)} for name, request in requests.items()
        ]
        # Serialised in this thread, because the event loop serves other calls meanwhile.
        body = json.dumps({"requests": items}, ensure_ascii=False).encode("utf-8", "replace")
        return _view(self._post(_PATH, body, _TRANSFER_S))

    def retrieve(self, batch_id: str) -> BatchView:
        return _view(self._get(_path(batch_id), _TIMEOUT_S))

    def list_since(self, since: datetime) -> Iterator[BatchView]:
        query: dict[str, str | int] = {"limit": _PAGE_SIZE}
        for _ in range(_MAX_PAGES):
            page = _object(self._get(f"{_PATH}?{urlencode(query)}", _TIMEOUT_S))
            listed = page.get("data")
            for view in map(_read, listed if isinstance(listed, list) else ()):
                if view.created_at < since:
                    return
                yield view
            if not page.get("has_more"):
                return
            query["after_id"] = str(page.get("last_id"))
        raise answer_error("There are too many batches to list.", 0)

    def results(self, batch_id: str) -> Iterator[BatchResult]:
        for line in self._get(f"{_path(batch_id)}/results", _TRANSFER_S).split(b"\n"):
            if (result := _result(line)) is not None:
                yield result

    def cancel(self, batch_id: str) -> None:
        self._post(f"{_path(batch_id)}/cancel", b"", _TIMEOUT_S)

    def _get(self, path: str, timeout_s: float) -> bytes:
        async def request(sdk: AsyncAnthropic) -> bytes:
            return (await sdk.get(path, cast_to=httpx2.Response)).content

        return self._client.ask(request, timeout_s)

    def _post(self, path: str, body: bytes, timeout_s: float) -> bytes:
        async def request(sdk: AsyncAnthropic) -> bytes:
            answer = await sdk.post(
                path,
                cast_to=httpx2.Response,
                content=body,
                options={"headers": {"Content-Type": "application/json"}},
            )
            return answer.content

        return self._client.ask(request, timeout_s)


def _path(batch_id: str) -> str:
    return f"{_PATH}/{quote(batch_id, safe='')}"


def _object(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise answer_error("The answer is not JSON.", 0) from error
    if not isinstance(payload, dict):
        raise answer_error("The answer is not an object.", 0)
    return payload


def _view(body: bytes) -> BatchView:
    return _read(_object(body))


def _read(payload: Any) -> BatchView:
    try:
        status = payload["processing_status"]
        view = BatchView(
            id=payload["id"],
            created_at=datetime.fromisoformat(payload["created_at"]),
            is_ended=status == "ended",
            is_ending=status == "canceling",
            ended_at=_moment(payload.get("ended_at")),
            promised=_promised(payload.get("request_counts")),
        )
        is_valid = payload["type"] == "message_batch" and isinstance(view.id, str) and _ID.fullmatch(view.id)
        if not is_valid or view.created_at.tzinfo is None:
            raise ValueError("not a batch")
    except (KeyError, TypeError, ValueError) as error:
        raise answer_error("The answer is not a batch.", 0) from error
    return view


def _moment(text: Any) -> datetime | None:
    moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    return moment if moment is not None and moment.tzinfo is not None else None


def _promised(counts: Any) -> int:
    """Return how many requests have a result by the batch's own count."""
    if not isinstance(counts, dict):
        return 0
    known = (counts.get(outcome) for outcome in _OUTCOMES)
    return sum(
        count for count in known if isinstance(count, int) and not isinstance(count, bool) and count > 0
    )


def _result(line: bytes) -> BatchResult | None:
    try:
        payload = json.loads(line)
        name, result = payload["custom_id"], payload["result"]
        outcome = result["type"]
        # Other names may hold characters that a database refuses.
        if not _ID.fullmatch(name) or outcome not in _OUTCOMES:
            return None
        # A rejected request is as final as an answer.
        is_final = outcome == "succeeded" or (
            outcome == "errored" and isinstance(payload_error(result.get("error")), RequestRejected)
        )
        return BatchResult(custom_id=name, outcome=outcome, is_final=is_final, result=json.dumps(result))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None
