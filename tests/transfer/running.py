"""Imports as a worker runs them, without a worker."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User

from universes.models import WorldImport
from universes.transfer import imports

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def run_import(owner: User, data: bytes, name: str, **options: Any) -> WorldImport:
    row = imports.submit(owner, io.BytesIO(data), name=name, **options)
    imports.run_due()
    row.refresh_from_db()
    return row


def run_sample(owner: User, name: str, **options: Any) -> WorldImport:
    return run_import(owner, sample(name), name, **options)


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def as_zip(members: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def lines(row: WorldImport, what: str = "") -> list[str]:
    """Return the report as texts "where: why"."""
    return [f"{line['where']}: {line['why']}" for line in row.report if not what or line["what"] == what]
