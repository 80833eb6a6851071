"""Forms generated from the input type of an agent, so that a new agent has its form without code here."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from annotated_types import MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from agents.common.asking.works import KIND, Work, choices_of, plain_type
from agents.common.output_form import label_of
from agents.engine.fields import NAME_CHARS, AgentInput, WordRange
from agents.engine.registry import get_agent
from universes.errors import FieldError

PREFIX: Final = "input"
# Empty rows for objects that are not only a name.
SPARE_ROWS: Final = 1
MAX_ROWS: Final = 50


@dataclass
class Control:
    """A control of ``kind`` line, text, lines, names, number, choice, range, rows or section, with those inside it.

    ``kinds_named``: kinds of elements whose names are offered while typing.
    """

    name: str
    label: str
    kind: str
    value: Any = ""
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = ()
    max_length: int | None = None
    is_required: bool = False
    kinds_named: str = ""
    parts: list[Control] = field(default_factory=list)
    rows: list[list[Control]] = field(default_factory=list)
    error: str = ""

    @property
    def error_id(self) -> str:
        return f"{self.name}-error"

    @property
    def help_id(self) -> str:
        return f"{self.name}-help"

    @property
    def lines_shown(self) -> int:
        text = str(self.value)
        return max(3, min(24, text.count("\n") + len(text) // 80 + 2))


@dataclass
class InputForm:
    """The controls that say what is asked for, those that few need, and errors that belong to none."""

    main: list[Control]
    more: list[Control]
    errors: list[str] = field(default_factory=list)

    @property
    def is_more_open(self) -> bool:
        return any(control.error or control.value or control.rows[1:] for control in _all(self.more))

    def add_errors(self, errors: Iterable[FieldError]) -> None:
        """Put each error, whose pointer begins with ``/input_data``, at its control."""
        controls = {control.name: control for control in _all([*self.main, *self.more])}
        for error in errors:
            steps = error.pointer.removeprefix("/input_data").strip("/").split("/")
            names = ["-".join([PREFIX, *steps[:length]]) for length in range(len(steps), 0, -1)]
            target = next((controls[name] for name in names if name in controls), None)
            if target is None:
                self.errors.append(error.detail)
            elif error.detail not in target.error:
                target.error = f"{target.error} {error.detail}".strip()


def input_form(work: Work, values: Mapping[str, Any]) -> InputForm:
    """Build the form that shows ``values``, which may be input of any age or what was typed before."""
    main: list[Control] = []
    more: list[Control] = []
    for name, info in _fields(work):
        control = _control(f"{PREFIX}-{name}", name, info, values.get(name))
        (more if name in AgentInput.model_fields else main).append(control)
    return InputForm(main, more)


def read_input(work: Work, data: Mapping[str, str]) -> dict[str, Any]:
    """Return the input that a form asks for, without the fields that were left empty."""
    found = {name: _read(f"{PREFIX}-{name}", info, data) for name, info in _fields(work)}
    kind = {KIND: work.kind} if work.kind else {}
    return kind | {name: value for name, value in found.items() if value not in ("", None, [], {})}


def _fields(work: Work) -> list[tuple[str, FieldInfo]]:
    fields = get_agent(work.agent_type).input_model.model_fields.items()
    return [(name, info) for name, info in fields if not (work.kind and name == KIND)]


def _all(controls: Iterable[Control]) -> Iterable[Control]:
    for control in controls:
        yield control
        yield from _all(control.parts)
        for row in control.rows:
            yield from _all(row)


def _model(annotation: Any) -> type[BaseModel] | None:
    plain = plain_type(annotation)
    return plain if isinstance(plain, type) and issubclass(plain, BaseModel) else None


def _row_model(info: FieldInfo) -> type[BaseModel] | None:
    plain = plain_type(info.annotation)
    return _model(typing.get_args(plain)[0]) if typing.get_origin(plain) is list else None


def _is_named_list(info: FieldInfo) -> bool:
    """Return whether rows need only a name and may have a description, so that a line each will do."""
    model = _row_model(info)
    if model is None:
        return False
    required = [name for name, part in model.model_fields.items() if part.is_required()]
    return required == ["name"] and "description" in model.model_fields


def _kind(info: FieldInfo) -> str:
    plain = plain_type(info.annotation)
    if plain is WordRange:
        return "range"
    if _model(plain) is not None:
        return "section"
    if typing.get_origin(plain) is list:
        return "names" if _is_named_list(info) else "rows" if _row_model(info) else "lines"
    if choices_of(info):
        return "choice"
    if plain in {int, float}:
        return "number"
    limit = _limit(info)
    return "text" if limit is None or limit > NAME_CHARS else "line"


def _limit(info: FieldInfo) -> int | None:
    return next((part.max_length for part in info.metadata if isinstance(part, MaxLen)), None)


def _control(name: str, field_name: str, info: FieldInfo, value: Any) -> Control:
    control = Control(
        name=name,
        label=info.title or label_of(field_name),
        kind=_kind(info),
        help=info.description or "",
        max_length=_limit(info),
        is_required=info.is_required(),
        choices=tuple((choice, label_of(choice)) for choice in choices_of(info)),
    )
    if isinstance(info.json_schema_extra, dict):
        control.kinds_named = str(info.json_schema_extra.get("x-names", ""))
        suggested = str(info.json_schema_extra.get("x-suggestions", ""))
        control.suggestions = tuple(suggested.split(", ")) if suggested else ()
    match control.kind:
        case "section":
            model, inside = _model(info.annotation), value if isinstance(value, Mapping) else {}
            assert model is not None
            control.parts = _parts(model, name, inside)
        case "rows":
            model = _row_model(info)
            assert model is not None
            objects = [row for row in value or [] if isinstance(row, Mapping)][:MAX_ROWS]
            control.rows = [
                _parts(model, f"{name}-{index}", row)
                for index, row in enumerate([*objects, *({} for _ in range(SPARE_ROWS))])
            ]
            for part in _all(part for row in control.rows for part in row):
                # A row may be left empty as a whole.
                part.is_required = False
        case "range":
            low, high = value if isinstance(value, list | tuple) and len(value) == 2 else ("", "")
            control.parts = [
                Control(f"{name}-{bound}", label, "number", number)
                for bound, label, number in (("low", "At least", low), ("high", "At most", high))
            ]
        case "names":
            control.value = "\n".join(_named_line(row) for row in value or [])
        case "lines":
            control.value = "\n".join(map(str, value or []))
        case _:
            default = info.default if control.kind == "choice" and not info.is_required() else ""
            control.value = str(default if value is None else value)
    return control


def _parts(model: type[BaseModel], name: str, values: Mapping[str, Any]) -> list[Control]:
    return [
        _control(f"{name}-{part}", part, info, values.get(part)) for part, info in model.model_fields.items()
    ]


def _named_line(row: Any) -> str:
    if not isinstance(row, Mapping):
        return str(row)
    traits = row.get("traits") or []
    told = [f"{key}: {value}" for key, value in traits.items()] if isinstance(traits, Mapping) else traits
    about = "; ".join(str(part) for part in (row.get("description"), *told) if part)
    return f"{row.get('name', '')}: {about}" if about else str(row.get("name", ""))


def _read(name: str, info: FieldInfo, data: Mapping[str, str]) -> Any:
    match _kind(info):
        case "section":
            model = _model(info.annotation)
            assert model is not None
            return _read_parts(model, name, data)
        case "rows":
            model = _row_model(info)
            assert model is not None
            rows = (_read_parts(model, f"{name}-{index}", data) for index in range(MAX_ROWS))
            # A choice always has a value; a row counts once something is typed.
            typed = [key for key, part in model.model_fields.items() if not choices_of(part)]
            return [row for row in rows if any(row.get(key) for key in typed)]
        case "range":
            bounds = [data.get(f"{name}-{bound}", "").strip() for bound in ("low", "high")]
            return [_number(bound) for bound in bounds] if any(bounds) else None
        case "names":
            return [_named(line) for line in _lines(name, data)]
        case "lines":
            return _lines(name, data)
        case "number":
            text = data.get(name, "").strip()
            return _number(text) if text else None
        case _:
            return data.get(name, "").replace("\r\n", "\n").strip()


def _read_parts(model: type[BaseModel], name: str, data: Mapping[str, str]) -> dict[str, Any]:
    found = {part: _read(f"{name}-{part}", info, data) for part, info in model.model_fields.items()}
    return {part: value for part, value in found.items() if value not in ("", None, [], {})}


def _lines(name: str, data: Mapping[str, str]) -> list[str]:
    return [line.strip() for line in data.get(name, "").splitlines() if line.strip()]


def _named(line: str) -> Any:
    called, colon, about = line.partition(":")
    return (
        {"name": called.strip(), "description": about.strip()} if colon and about.strip() else called.strip()
    )


def _number(text: str) -> int | str:
    # The agent's validation says what is wrong with anything else.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
