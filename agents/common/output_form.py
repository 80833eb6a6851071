"""Forms generated from the type of an output, in which people edit it, so that new agents need no code here."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from agents.engine.registry import get_agent
from agents.errors import FieldError

# Fields that people cannot edit, besides the agent's own fixed fields.
FIXED = frozenset({"word_count", "type", "source_id"})
# Fields whose text is usually a single line.
SINGLE_LINE = frozenset({"title", "name", "location_name", "rule", "camera", "mood"})
# Empty rows, so that a list can grow without scripts.
SPARE_ROWS = 1
MAX_ROWS = 200
LINE_LENGTH = 90


@dataclass
class Input:
    """A control of ``kind`` line, text, lines, flag, number or choice."""

    name: str
    label: str
    kind: str
    value: Any
    choices: tuple[str, ...] = ()
    errors: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        text = str(self.value)
        return max(2, min(28, text.count("\n") + len(text) // LINE_LENGTH + 2))

    @property
    def error_id(self) -> str:
        return f"{self.name}-error"


@dataclass
class Row:
    """The controls of one object in a list; ``is_spare`` marks an empty row for a new object."""

    name: str
    controls: list[Input]
    is_spare: bool

    @property
    def remove_name(self) -> str:
        return f"{self.name}-remove"


@dataclass
class Group:
    """A list of objects, with a row of controls for each and spare rows at the end."""

    name: str
    label: str
    rows: list[Row]
    errors: list[str] = field(default_factory=list)

    kind = "group"

    @property
    def count_name(self) -> str:
        return f"{self.name}-count"

    @property
    def max_rows(self) -> int:
        return max_rows(len(self.rows) - SPARE_ROWS)


@dataclass
class EditForm:
    controls: list[Input | Group]
    general_errors: list[str] = field(default_factory=list)

    def add_errors(self, errors: Iterable[FieldError]) -> None:
        """Add each error, whose pointer starts with ``/output``, to its control or to the general errors."""
        by_name: dict[str, Input | Group] = {}
        for control in self.controls:
            by_name[control.name] = control
            if isinstance(control, Group):
                by_name.update({part.name: part for row in control.rows for part in row.controls})
        for error in errors:
            pointer = error.pointer.removeprefix("/output")
            parts = pointer.strip("/").split("/")
            names = ["-".join(["output", *parts[:length]]) for length in range(len(parts), 0, -1)]
            target = next((by_name[name] for name in names if name in by_name), None)
            if target is None:
                self.general_errors.append(f"{pointer} {error.detail}".strip())
            else:
                target.errors.append(error.detail)


def max_rows(count: int) -> int:
    """Return the number of rows to read for a list of ``count`` rows, which are all shown."""
    return max(MAX_ROWS, count + SPARE_ROWS)


def edit_form(agent_type: str, output: Mapping[str, Any]) -> EditForm:
    """Build the form that shows ``output``."""
    controls: list[Input | Group] = []
    for name, info in _fields(agent_type, output):
        row_type = row_type_of(info)
        if row_type is None:
            controls.append(control_of(f"output-{name}", name, info, output.get(name)))
            continue
        objects = [row if isinstance(row, Mapping) else {} for row in output.get(name) or []]
        rows = []
        for index, row in enumerate([*objects, *({} for _ in range(SPARE_ROWS))]):
            row_name = f"output-{name}-{index}"
            parts = [
                control_of(f"{row_name}-{part}", part, part_info, row.get(part))
                for part, part_info in _parts(row_type)
            ]
            rows.append(Row(row_name, parts, is_spare=index >= len(objects)))
        controls.append(Group(f"output-{name}", label_of(name), rows))
    return EditForm(controls)


def read_form(agent_type: str, output: Mapping[str, Any], data: Mapping[str, str]) -> dict[str, Any]:
    """Apply the form in ``data`` to the output; unchanged values stay exactly as they were."""
    edited = dict(output)
    for name, info in _fields(agent_type, output):
        row_type = row_type_of(info)
        if row_type is None:
            edited[name] = value_in(f"output-{name}", info, output.get(name), data)
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


def row_type_of(info: FieldInfo) -> type[BaseModel] | None:
    if typing.get_origin(info.annotation) is not list:
        return None
    (inner,) = typing.get_args(info.annotation)
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def kind_of(info: FieldInfo) -> str:
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


def control_of(name: str, field_name: str, info: FieldInfo, value: Any) -> Input:
    kind = kind_of(info)
    choices = tuple(str(choice) for choice in typing.get_args(info.annotation)) if kind == "choice" else ()
    if kind == "text" and field_name in SINGLE_LINE and "\n" not in str(value or ""):
        kind = "line"
    return Input(name, label_of(field_name), kind, _displayed(kind, value), choices)


def _displayed(kind: str, value: Any) -> Any:
    if kind == "lines":
        return "\n".join(" ".join(str(line).split("\n")) for line in value or [])
    if kind == "flag":
        return bool(value)
    return "" if value is None else _with_newlines(str(value))


def _with_newlines(text: str) -> str:
    """Normalise line ends, which browsers send as two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def value_in(name: str, info: FieldInfo, original: Any, data: Mapping[str, str]) -> Any:
    kind = kind_of(info)
    if kind == "flag":
        return name in data
    if name not in data:
        return original
    text = _with_newlines(data[name])
    if original is not None and text == _displayed(kind, original):
        return original
    if kind == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if kind == "number":
        try:
            return int(text)
        except ValueError:
            # The agent's validation reports the invalid number.
            return text
    return text


def _rows(
    name: str, row_type: type[BaseModel], originals: list[Any], data: Mapping[str, str]
) -> list[dict[str, Any]]:
    count = data.get(f"output-{name}-count", "")
    rows = []
    for index in range(min(int(count[:6]) if count.isdecimal() else 0, max_rows(len(originals)))):
        if f"output-{name}-{index}-remove" in data:
            continue
        original = (
            originals[index] if index < len(originals) and isinstance(originals[index], Mapping) else {}
        )
        row = {
            part: value_in(f"output-{name}-{index}-{part}", info, original.get(part), data)
            for part, info in _parts(row_type)
        }
        # A row without any text was emptied in order to remove it, or is an unused spare row.
        texts = [row[part] for part, info in _parts(row_type) if kind_of(info) in {"text", "number"}]
        if any(str(text if text is not None else "").strip() for text in texts):
            rows.append({**original, **{part: "" if value is None else value for part, value in row.items()}})
    return rows


def label_of(name: str) -> str:
    words = name.removesuffix("_s").replace("_", " ")
    return f"{words} (seconds)".capitalize() if name.endswith("_s") else words.capitalize()
