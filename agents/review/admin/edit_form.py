"""A form made from an output's own type, so that a new agent's output can be edited without a line here."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from agents.engine.registry import get_agent
from agents.errors import FieldError

# Besides the agent's own fixed fields: what the system counted, or was told, and by which id it was proven.
FIXED = frozenset({"word_count", "type", "source_id"})
# An empty row, for a list to grow without scripts.
SPARE_ROWS = 1
# A list grows no longer than this by hand.
MOST_ROWS = 200
SHORT = 90


@dataclass
class Input:
    """One control. ``kind``: line, text, lines, flag, number or choice; ``value`` is what it shows."""

    name: str
    label: str
    kind: str
    value: Any
    choices: tuple[str, ...] = ()
    errors: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        text = str(self.value)
        return max(2, min(28, text.count("\n") + len(text) // SHORT + 2))

    @property
    def error_id(self) -> str:
        return f"{self.name}-error"


@dataclass
class Row:
    """The controls of one object in a list; ``is_spare``: of one that is not there yet."""

    name: str
    controls: list[Input]
    is_spare: bool

    @property
    def remove_name(self) -> str:
        return f"{self.name}-remove"


@dataclass
class Group:
    """A list of objects: one row of controls for each, and spare rows at the end."""

    name: str
    label: str
    rows: list[Row]
    errors: list[str] = field(default_factory=list)

    kind = "group"

    @property
    def count_name(self) -> str:
        return f"{self.name}-count"

    @property
    def most_rows(self) -> int:
        return most_rows(len(self.rows) - SPARE_ROWS)


@dataclass
class EditForm:
    controls: list[Input | Group]
    general_errors: list[str] = field(default_factory=list)

    def add_errors(self, errors: Iterable[FieldError]) -> None:
        """Put each error (pointers below ``/output``) beside its control; what has none stands above the form."""
        places: dict[str, Input | Group] = {}
        for control in self.controls:
            places[control.name] = control
            if isinstance(control, Group):
                places.update({one.name: one for row in control.rows for one in row.controls})
        for error in errors:
            parts = error.pointer.removeprefix("/output").strip("/").split("/")
            names = ["-".join(["output", *parts[:length]]) for length in range(len(parts), 0, -1)]
            place = next((places[name] for name in names if name in places), None)
            if place is None:
                self.general_errors.append(f"{error.pointer.removeprefix('/output')} {error.detail}".strip())
            else:
                place.errors.append(error.detail)


def most_rows(count: int) -> int:
    """How many rows are read of a list that had ``count``: what the agent wrote is shown whole, and so it is read."""
    return max(MOST_ROWS, count + SPARE_ROWS)


def edit_form(agent_type: str, output: Mapping[str, Any]) -> EditForm:
    """The form that shows ``output``."""
    controls: list[Input | Group] = []
    for name, info in _fields(agent_type, output):
        row_type = _row_type(info)
        if row_type is None:
            controls.append(_control(f"output-{name}", name, info, output.get(name)))
            continue
        given = [row if isinstance(row, Mapping) else {} for row in output.get(name) or []]
        rows = []
        for index, row in enumerate([*given, *({} for _ in range(SPARE_ROWS))]):
            row_name = f"output-{name}-{index}"
            parts = [
                _control(f"{row_name}-{part}", part, part_info, row.get(part))
                for part, part_info in _parts(row_type)
            ]
            rows.append(Row(row_name, parts, is_spare=index >= len(given)))
        controls.append(Group(f"output-{name}", _label(name), rows))
    return EditForm(controls)


def read_form(agent_type: str, output: Mapping[str, Any], data: Mapping[str, str]) -> dict[str, Any]:
    """The output as the form in ``data`` changes it; what was not touched stays exactly as it was."""
    edited = dict(output)
    for name, info in _fields(agent_type, output):
        row_type = _row_type(info)
        if row_type is None:
            edited[name] = _value(f"output-{name}", info, output.get(name), data)
        elif f"output-{name}-count" in data:
            edited[name] = _rows(name, row_type, output.get(name) or [], data)
    return edited


def _fields(agent_type: str, output: Mapping[str, Any]) -> list[tuple[str, FieldInfo]]:
    agent = get_agent(agent_type)
    shape: type[BaseModel] = agent.output_shape(output)
    fixed = FIXED.union(agent.fixed_fields)
    return [(name, info) for name, info in shape.model_fields.items() if name not in fixed]


def _parts(row_type: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(part, info) for part, info in row_type.model_fields.items() if part not in FIXED]


def _row_type(info: FieldInfo) -> type[BaseModel] | None:
    if typing.get_origin(info.annotation) is not list:
        return None
    (inner,) = typing.get_args(info.annotation)
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _kind(info: FieldInfo) -> str:
    annotation = info.annotation
    if annotation is bool:
        return "flag"
    if annotation is int:
        return "number"
    if typing.get_origin(annotation) is typing.Literal:
        return "choice"
    if typing.get_origin(annotation) is list:
        return "lines"
    return "text"


def _control(name: str, field_name: str, info: FieldInfo, value: Any) -> Input:
    kind = _kind(info)
    choices = tuple(str(choice) for choice in typing.get_args(info.annotation)) if kind == "choice" else ()
    if (
        kind == "text"
        and field_name in {"title", "name", "location_name", "rule", "camera", "mood"}
        and "\n" not in str(value or "")
    ):
        kind = "line"
    return Input(name, _label(field_name), kind, _shown(kind, value), choices)


def _shown(kind: str, value: Any) -> Any:
    if kind == "lines":
        return "\n".join(" ".join(str(one).split("\n")) for one in value or [])
    if kind == "flag":
        return bool(value)
    return "" if value is None else _plain(str(value))


def _plain(text: str) -> str:
    """Line ends as they are stored here; browsers send two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _value(name: str, info: FieldInfo, original: Any, data: Mapping[str, str]) -> Any:
    kind = _kind(info)
    if kind == "flag":
        return name in data
    if name not in data:
        return original
    sent = _plain(data[name])
    if original is not None and sent == _shown(kind, original):
        return original
    if kind == "lines":
        return [line.strip() for line in sent.split("\n") if line.strip()]
    if kind == "number":
        try:
            return int(sent)
        except ValueError:
            # Left as typed: the agent's own check says what is wrong with it.
            return sent
    return sent


def _rows(
    name: str, row_type: type[BaseModel], originals: list[Any], data: Mapping[str, str]
) -> list[dict[str, Any]]:
    count = data.get(f"output-{name}-count", "")
    rows = []
    for index in range(min(int(count[:6]) if count.isdecimal() else 0, most_rows(len(originals)))):
        if f"output-{name}-{index}-remove" in data:
            continue
        original = (
            originals[index] if index < len(originals) and isinstance(originals[index], Mapping) else {}
        )
        row = {
            part: _value(f"output-{name}-{index}-{part}", info, original.get(part), data)
            for part, info in _parts(row_type)
        }
        # A row whose texts were all emptied is a row taken out; a spare one that was not used never was one.
        texts = [row[part] for part, info in _parts(row_type) if _kind(info) in {"text", "number"}]
        if any(str(text if text is not None else "").strip() for text in texts):
            rows.append({**original, **{part: "" if value is None else value for part, value in row.items()}})
    return rows


def _label(name: str) -> str:
    words = name.removesuffix("_s").replace("_", " ")
    return f"{words} (seconds)".capitalize() if name.endswith("_s") else words.capitalize()
