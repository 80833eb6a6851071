"""Writes of an import to the world config and its rules."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from universes import limits
from universes.choices import EntryKind
from universes.models import WorldConfig, WorldRule
from universes.services.history.world_steps import world_step
from universes.transfer.recording import Recorder
from universes.transfer.world import digest

RULE = "rule"


class WorldWriter(Recorder):
    def _write_world(self) -> None:
        # Of a new universe, a file with the history of its world tells this step itself.
        has_history = any(step["target_kind"] == EntryKind.WORLD for step in self.world.history)
        is_told = self.row.is_new_universe and has_history
        with nullcontext() if is_told else world_step(self.universe, self.by, world_import=self.row):
            self._write_config()
            self._write_rules()

    def _write_config(self) -> None:
        config = WorldConfig.objects.get(universe=self.universe)
        before: dict[str, str] = {}
        for name, text in self.world.config.items():
            present = getattr(config, name)
            if not text or present == text:
                continue
            if present:
                self._conflict(name, f"The world has another {name.replace('_', ' ')} here; it was kept.")
                continue
            before[name] = present
            setattr(config, name, text)
        if before:
            config.save()
        self.row.before = {"config": before}
        if self.world.description and not self.universe.description:
            self.universe.description = self.world.description
            self.universe.save(update_fields=["description", "updated_at"])
            self.row.before["description"] = self.world.description
        elif self.world.description not in ("", self.universe.description):
            self._conflict(self.universe.name, "The universe has another description here; it was kept.")

    def _write_rules(self) -> None:
        stored = {rule.pk: rule for rule in WorldRule.objects.filter(universe=self.universe)}
        by_text = {rule.text: rule for rule in stored.values()}
        added: list[WorldRule] = []
        # For undoing only what the import itself did.
        before: dict[str, Any] = {"added": [], "changed": {}}
        self.row.before["rules"] = before
        for draft in self.world.rules:
            source_hash = digest(draft.content())
            record = self._records.get((RULE, draft.key))
            present = stored.get(record.target_id) if record else None
            if present is not None:
                self._other_ids[draft.key] = present.pk
            if record is not None and record.source_hash == source_hash:
                self.skipped += 1
                if present is None:
                    self.world.report.add(
                        "unchanged", draft.where, "The rule was removed here, and stays so."
                    )
            elif record is not None and (
                present is None or digest({"text": present.text}) != record.stored_hash
            ):
                self._conflict(
                    draft.where, "The rule changed at its source and here; it was left as it is here."
                )
            elif present is not None:
                before["changed"][str(present.pk)] = present.text
                present.text = draft.text
                present.save(update_fields=["text"])
                self.updated += 1
                self._remember(RULE, draft.key, present.pk, source_hash, source_hash)
            elif draft.text in by_text:
                self.skipped += 1
                same = by_text.pop(draft.text)
                self._other_ids[draft.key] = same.pk
                self._remember(RULE, draft.key, same.pk, source_hash, source_hash)
            elif len(stored) + len(added) >= limits.RULES:
                self._conflict(draft.where, f"The world has {limits.RULES} rules already; it was left out.")
            else:
                rule = WorldRule(universe=self.universe, text=draft.text)
                rule.position = len(stored) + len(added) + 1
                added.append(rule)
                before["added"].append(str(rule.pk))
                self._other_ids[draft.key] = rule.pk
                self._remember(RULE, draft.key, rule.pk, source_hash, source_hash)
        WorldRule.objects.bulk_create(added)
        if added or before["changed"]:
            WorldConfig.objects.get(universe=self.universe).save(update_fields=["updated_at"])
        self._count("rule", len(added))
