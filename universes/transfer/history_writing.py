"""Writes of the history of a native world."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from universes.choices import EntryKind
from universes.ids import new_id
from universes.models import CanonChange
from universes.transfer.recording import Recorder, instant

_OF_ENTRIES = frozenset({EntryKind.ELEMENT, EntryKind.SCENE, EntryKind.MOMENT})


class HistoryWriter(Recorder):
    def _write_history(self) -> None:
        """Put the steps of the source in the place of our own first ones, in a universe that the import has made."""
        if not self.world.history:
            return
        if not self.row.is_new_universe:
            self.world.report.add("left out", "history", "Of a world that is added to another one.")
            return
        steps: list[CanonChange] = []
        for step in self.world.history:
            change = self._change(step["target_kind"], self._target(step), step["action"])
            before, after = step["before"], step["after"]
            change.before = None if before is None else self._with_ids(before)
            change.after, change.user = self._with_ids(after), None
            change.at = instant(step["at"]) or self._now
            steps.append(change)
        told = {(change.target_kind, change.target_id) for change in steps}
        ours = [change for change in self._changes if (change.target_kind, change.target_id) not in told]
        self._changes = ours + steps
        if people := sorted({step["by"] for step in self.world.history if step["by"]}):
            why = f"Steps of the history have no account here: {', '.join(people)}."
            self.world.report.add("left out", "history", why)

    def _target(self, step: Mapping[str, Any]) -> uuid.UUID:
        if step["target_kind"] == EntryKind.WORLD:
            return self.universe.pk
        known = self._ids if step["target_kind"] in _OF_ENTRIES else self._other_ids
        return _id_in(known, step["target_id"])

    def _with_ids(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Return a recorded state with the ids of this site in the place of those of the source."""
        told = dict(state)
        for name in ("from_element", "to_element", "place_id"):
            if isinstance(told.get(name), str):
                told[name] = str(_id_in(self._ids, told[name]))
        if isinstance(ids := told.get("participant_ids"), list):
            told["participant_ids"] = [str(_id_in(self._ids, str(each))) for each in ids]
        if isinstance(rules := told.get("rules"), list):
            told["rules"] = [
                {"id": str(_id_in(self._other_ids, str(rule["id"]))), "text": str(rule["text"])}
                for rule in rules
                if isinstance(rule, Mapping) and {"id", "text"} <= rule.keys()
            ]
        return told


def _id_in(known: dict[str, uuid.UUID], key: str) -> uuid.UUID:
    """Return the id of something here; what is gone from the source gets a new one, the same in all steps."""
    return known.setdefault(key, new_id())
