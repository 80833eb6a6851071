"""The Message Batches of the Anthropic API, over the line of an ``AnthropicClient``."""

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

# Megabytes go up with a batch, and come down with its results.
_LOAD_S: Final = 300.0
_ASK_S: Final = 30.0

_PATH: Final = "/v1/messages/batches"
_PAGE: Final = 100
_MOST_PAGES: Final = 20

_NAME: Final = re.compile(r"[\w-]{1,100}", re.ASCII)
_OUTCOMES: Final = frozenset({"succeeded", "errored", "canceled", "expired"})


class AnthropicBatches:
    """``Batches`` of the Anthropic API.

    The addresses are our own: results are not fetched where an answer says, because the key would go there.
    """

    def __init__(self, client: AnthropicClient) -> None:
        self._client = client

    def create(self, questions: Mapping[str, LLMRequest]) -> BatchView:
        items = [
            {"custom_id": name, "params": message_arguments(request)} for name, request in questions.items()
        ]
        # Written down here and not by the SDK, whose loop carries other calls meanwhile.
        body = json.dumps({"requests": items}, ensure_ascii=False).encode("utf-8", "replace")
        return _view(self._post(_PATH, body, _LOAD_S))

    def look(self, batch_id: str) -> BatchView:
        return _view(self._get(_at(batch_id), _ASK_S))

    def newest(self, since: datetime) -> Iterator[BatchView]:
        query: dict[str, str | int] = {"limit": _PAGE}
        for _ in range(_MOST_PAGES):
            page = _object(self._get(f"{_PATH}?{urlencode(query)}", _ASK_S))
            listed = page.get("data")
            for view in map(_read, listed if isinstance(listed, list) else ()):
                if view.created_at < since:
                    return
                yield view
            if not page.get("has_more"):
                return
            query["after_id"] = str(page.get("last_id"))
        raise answer_error("There are more batches than can be looked through.", 0)

    def results(self, batch_id: str) -> Iterator[BatchResult]:
        for line in self._get(f"{_at(batch_id)}/results", _LOAD_S).split(b"\n"):
            if (result := _result(line)) is not None:
                yield result

    def cancel(self, batch_id: str) -> None:
        self._post(f"{_at(batch_id)}/cancel", b"", _ASK_S)

    def _get(self, path: str, timeout_s: float) -> bytes:
        async def question(sdk: AsyncAnthropic) -> bytes:
            return (await sdk.get(path, cast_to=httpx2.Response)).content

        return self._client.ask(question, timeout_s)

    def _post(self, path: str, body: bytes, timeout_s: float) -> bytes:
        async def question(sdk: AsyncAnthropic) -> bytes:
            answer = await sdk.post(
                path,
                cast_to=httpx2.Response,
                content=body,
                options={"headers": {"Content-Type": "application/json"}},
            )
            return answer.content

        return self._client.ask(question, timeout_s)


def _at(batch_id: str) -> str:
    return f"{_PATH}/{quote(batch_id, safe='')}"


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise answer_error("The answer is not JSON.", 0) from error
    if not isinstance(said, dict):
        raise answer_error("The answer is not an object.", 0)
    return said


def _view(body: bytes) -> BatchView:
    return _read(_object(body))


def _read(said: Any) -> BatchView:
    try:
        status = said["processing_status"]
        view = BatchView(
            id=said["id"],
            created_at=datetime.fromisoformat(said["created_at"]),
            is_ended=status == "ended",
            is_ending=status == "canceling",
        )
        is_one = said["type"] == "message_batch" and isinstance(view.id, str) and _NAME.fullmatch(view.id)
        if not is_one or view.created_at.tzinfo is None:
            raise ValueError("It is none.")
    except (KeyError, TypeError, ValueError) as error:
        raise answer_error("The answer is not a batch.", 0) from error
    return view


def _result(line: bytes) -> BatchResult | None:
    try:
        said = json.loads(line)
        name, result = said["custom_id"], said["result"]
        outcome = result["type"]
        # What is no name at all would be a value that a database refuses.
        if not _NAME.fullmatch(name) or outcome not in _OUTCOMES:
            return None
        # A request that can never work is as final as an answer.
        is_final = outcome == "succeeded" or (
            outcome == "errored" and isinstance(payload_error(result.get("error")), RequestRejected)
        )
        return BatchResult(custom_id=name, outcome=outcome, is_final=is_final, result=json.dumps(result))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None
