"""Models of the stand-in and their lifecycle."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from dev.standin.exchange import ApiError
from dev.standin.prices import RATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model, with the values that ``/v1/models`` shows."""

    id: str
    type: Literal["model"] = "model"
    display_name: str = "A model"
    created_at: str = "2026-06-09T00:00:00Z"
    lifecycle: Literal["active", "deprecated", "retired"] = "active"
    deprecated_at: str | None = None
    retires_at: str | None = None

    def info(self) -> dict[str, Any]:
        return asdict(self)


_RETIRED: Final = Model(
    id="claude-opus-4-20250514",
    lifecycle="retired",
    deprecated_at="2026-04-14T00:00:00Z",
    retires_at="2026-06-15T00:00:00Z",
)


class Catalogue:
    """Models by id: those with a price, and a retired one."""

    def __init__(self) -> None:
        self._models = {_RETIRED.id: _RETIRED, **{name: Model(id=name) for name in RATES}}

    def find(self, name: object) -> Model:
        """Return a model, even a retired one; raise a 404 for an unknown name."""
        model = self._models.get(name) if isinstance(name, str) else None
        if model is None:
            raise ApiError(404, f"model: {name}")
        return model

    def find_callable(self, name: object) -> Model:
        """Return a model, or raise a 404 for an unknown or retired one."""
        model = self.find(name)
        if model.lifecycle == "retired":
            raise ApiError(404, f"model: {name}")
        return model

    def change(self, name: str, **values: Any) -> None:
        """Change values of a model, or add one."""
        self._models[name] = replace(self._models.get(name, Model(id=name)), **values)
