"""Requests that schemathesis generates from the OpenAPI schema, and the rules for their answers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dev.fuzz.findings import Findings
from dev.fuzz.things import Ids, with_real_ids

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Headers of HTTP itself and of every page of the site, which no operation documents.
GENERAL_HEADERS: Final = frozenset(
    {
        *("allow", "content-language", "content-length", "content-type", "date", "server", "vary"),
        *("content-security-policy", "referrer-policy", "x-content-type-options", "x-frame-options"),
        *("cross-origin-opener-policy", "x-request-id", "transfer-encoding", "connection"),
    }
)
# A longer wait would only take time.
MAX_WAIT_S: Final = 1
_OF_SIGN_IN: Final = {"security", "securitySchemes"}
# Successful changes after which there are new objects.
MADE_ANEW_AFTER: Final = 5

Token = Callable[[str], str]


def strict(node: Any) -> Any:
    """Return a copy of the schema whose objects have no other fields than those that it names.

    It says nothing of signing in: an invalid request would then mostly be one without a token.
    """
    if isinstance(node, list):
        return [strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: strict(value) for key, value in node.items() if key not in _OF_SIGN_IN}
    if isinstance(copy.get("properties"), dict) and copy.get("type") == "object":
        copy.setdefault("additionalProperties", False)
    return copy


class Fuzzer:
    """Send generated requests as several accounts, and collect the answers that break the contract.

    ``token`` returns a valid access token of an account. ``app``: a WSGI application to call in this process, instead
    of the server at ``base_url``.
    """

    def __init__(
        self,
        schema: dict[str, Any],
        *,
        token: Token,
        make_ids: Callable[[], Ids],
        seed: int,
        base_url: str | None = None,
        app: Any = None,
    ) -> None:
        self.findings = Findings()
        self._schema = schemathesis.openapi.from_dict(strict(schema))
        self._schema.app = app
        self._base_url = base_url
        self._session = None if app else requests.Session()
        self._token, self._make_ids = token, make_ids
        self._ids: Ids | None = None
        self._since_made = 0
        self._chance = random.Random(seed)  # noqa: S311

    def _operations(self) -> list[Any]:
        found: list[Any] = list(self._schema.get_all_operations())
        return [operation.ok() for operation in found]

    def run(self, accounts: Iterable[str], *, cases: int) -> None:
        """Send about this many requests to each operation as each account, half of them valid by the schema."""
        for operation in self._operations():
            for account in accounts:
                for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                    self._fuzz(operation, account, mode, max(1, cases // 2))

    def run_once(self, accounts: Sequence[str], *, cases: int) -> None:
        """Send this many requests to each operation, as one of the accounts in turn, a quarter of them invalid."""
        for number, operation in enumerate(self._operations()):
            mode = GenerationMode.NEGATIVE if number % 4 == 3 else GenerationMode.POSITIVE
            self._fuzz(operation, accounts[number % len(accounts)], mode, cases)

    def _fuzz(self, operation: Any, account: str, mode: GenerationMode, cases: int) -> None:
        # Deleted objects are gone, and decided ones are decided.
        if self._since_made >= MADE_ANEW_AFTER or self._ids is None:
            self._ids, self._since_made = self._make_ids(), 0
        ids = self._ids

        @hypothesis.seed(self._chance.getrandbits(32))
        @hypothesis.settings(
            max_examples=cases,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def send(case: Any) -> None:
            self._send(case, account, ids)

        try:
            send()
        except hypothesis.errors.Unsatisfiable:
            return

    def _send(self, case: Any, account: str, ids: Ids) -> None:
        where = f"{case.method.upper()} {case.operation.path}"
        case.path_parameters = with_real_ids(dict(case.path_parameters), ids, self._chance)
        case.query = with_real_ids(dict(case.query), ids, self._chance)
        case.body = with_real_ids(case.body, ids, self._chance)
        headers = {name: value for name, value in case.headers.items() if self._is_sent(name)}
        case.headers = headers
        answer = self._call(case, account)
        if answer.status_code == 401:
            # An earlier request was a logout.
            answer = self._call(case, account)
        self.findings.statuses[answer.status_code] += 1
        self._since_made += case.method.upper() != "GET" and answer.status_code < 300
        for what in self._faults(case, answer):
            self.findings.add(where, what, f"  as {account}: {_shown(case)}\n  {_body(answer)}")

    def _is_sent(self, name: str) -> bool:
        """Leave out most headers that would end nearly every request early."""
        if name.lower() in {"if-match", "idempotency-key", "last-event-id"}:
            return self._chance.random() < 0.3
        return name.lower() not in {"authorization", "prefer"}

    def _call(self, case: Any, account: str) -> Any:
        headers = {"Authorization": f"Bearer {self._token(account)}"}
        if self._chance.random() < 0.05:
            headers["Prefer"] = f"wait={self._chance.randint(-1, MAX_WAIT_S)}"
        if self._session is None:
            return case.call(headers=headers)
        return case.call(base_url=self._base_url, session=self._session, headers=headers, timeout=60)

    def _faults(self, case: Any, answer: Any) -> Iterable[str]:
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                message = failure.message.split("\n\n")[0] if isinstance(failure, Failure) else str(failure)
                yield f"{type(failure).__name__} {answer.status_code}: {message[:300]}"
        documented = case.operation.definition.raw["responses"]
        found = documented.get(str(answer.status_code))
        if found is None and answer.status_code < 400:
            yield f"Undocumented status {answer.status_code}"
        named = (found or documented.get("default") or {}).get("headers", {})
        for name in sorted({header.lower() for header in answer.headers} - GENERAL_HEADERS):
            if name not in {header.lower() for header in named}:
                yield f"Undocumented header {name} of a {answer.status_code // 100}xx"


def _shown(case: Any) -> str:
    parts = [case.method.upper(), case.formatted_path]
    parts += [f"?{dict(case.query)!r}"] if case.query else []
    parts += [f"{dict(case.headers)!r}"] if case.headers else []
    body = repr(case.body)
    return " ".join([*parts, body[:1500] if body != "<NOT_SET>" else ""])


def _body(answer: Any) -> str:
    return f"{answer.status_code} {answer.content[:700]!r}"
