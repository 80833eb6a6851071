"""The OpenAPI schema as the server sends it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    response = Client().get("/schema", headers={"accept": "application/vnd.oai.openapi+json"})
    assert response.status_code == 200
    parsed: dict[str, Any] = response.json()
    return parsed
