"""Steps of a world config with its rules, each with its record, and the way back.

The callers have locked the universe.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from textwrap import shorten
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from universes.choices import ChangeAction, EntryKind
from universes.errors import Conflict
from universes.models import CanonChange, Universe, WorldConfig, WorldImport, WorldRule
from universes.services.locks import lock_writable_universe

FIELDS: Final = ("genre", "tone", "tech_level", "magic_system", "physics")
# Characters of a rule that the summary of a step shows.
MAX_RULE_SHOWN: Final = 100


def world_state(universe: Universe) -> dict[str, Any]:
    config = WorldConfig.objects.filter(universe=universe).first() or WorldConfig(universe=universe)
    rules = WorldRule.objects.filter(universe=universe).order_by("position")
    return {
        **{name: getattr(config, name) for name in FIELDS},
        "rules": [{"id": str(rule.pk), "text": rule.text} for rule in rules],
    }


@contextmanager
def world_step(
    universe: Universe,
    by: User | None,
    *,
    action: ChangeAction = ChangeAction.REVISED,
    world_import: WorldImport | None = None,
) -> Iterator[None]:
    """Record what the block changes in the world of a universe as one step; no change leaves no record."""
    before = world_state(universe)
    yield
    after = world_state(universe)
    if before != after:
        CanonChange.objects.create(
            universe=universe,
            target_kind=EntryKind.WORLD,
            target_id=universe.pk,
            action=action,
            user=by,
            world_import=world_import,
            before=before,
            after=after,
        )


def write_rules(universe: Universe, rules: Sequence[WorldRule]) -> None:
    """Store the whole list in its order."""
    for index, rule in enumerate(rules):
        rule.position = index + 1
    # Delete and insert, because positions are unique in each statement and rules may swap places.
    WorldRule.objects.filter(universe=universe).delete()
    WorldRule.objects.bulk_create(rules)
    WorldConfig.objects.get(universe=universe).save(update_fields=["updated_at"])


def changed_parts(change: CanonChange) -> list[str]:
    """Return what a step changed, in words: its fields together, each rule with its text, the order of the rules."""
    before = change.before or {}
    old, new = _by_id(before), _by_id(change.after)
    fields = [name.replace("_", " ") for name in FIELDS if before.get(name) != change.after.get(name)]
    parts = [f"{', '.join(fields)} changed"] if fields else []
    for rule_id, text in {**old, **new}.items():
        if old.get(rule_id) != new.get(rule_id):
            how = "added" if rule_id not in old else "changed" if rule_id in new else "removed"
            parts.append(f"rule “{shorten(text, MAX_RULE_SHOWN, placeholder=' …')}” {how}")
    if _is_only_moved(old, new):
        parts.append("order of the rules changed")
    return parts


def fields_changed_since(change: CanonChange) -> list[str]:
    """Return the names of the fields that a step changed and that are not as the step left them."""
    before, now = change.before or {}, world_state(change.universe)
    return [
        name.replace("_", " ")
        for name in FIELDS
        if before.get(name) != change.after[name] and now[name] != change.after[name]
    ]


def changed_since(change: CanonChange) -> list[str]:
    """Return the names of what a step changed that is not as the step left it."""
    moved = fields_changed_since(change)
    states = (change.before or {}, change.after, world_state(change.universe))
    old, new, present = (_by_id(state) for state in states)
    moved += (
        f"the rule “{new.get(rule_id) or old[rule_id]}”"
        for rule_id in old.keys() | new.keys()
        if old.get(rule_id) != new.get(rule_id) and present.get(rule_id) != new.get(rule_id)
    )
    if _is_only_moved(old, new) and list(present) != list(new):
        moved.append("the order of the rules")
    return sorted(moved)


def restore_world(change: CanonChange, by: User) -> CanonChange | None:
    """Undo what a step changed; later steps that changed something else stay.

    Raises ``Conflict``: ``canon_moved_on`` that names what has changed again since, ``universe_archived``.
    """
    with transaction.atomic():
        universe = lock_writable_universe(change.universe_id)
        if moved := changed_since(change):
            raise Conflict(f"Changed again since: {', '.join(moved)}.", code="canon_moved_on")
        before = change.before or {}
        with world_step(universe, by, action=ChangeAction.WITHDRAWN):
            fields = {name: before[name] for name in FIELDS if before.get(name) != change.after[name]}
            WorldConfig.objects.update_or_create(universe=universe, defaults=fields)
            _restore_rules(universe, _by_id(before), _by_id(change.after))
    steps = CanonChange.objects.filter(target_kind=EntryKind.WORLD, target_id=universe.pk)
    newest: CanonChange | None = steps.select_related("user").order_by("-at", "-id").first()
    return newest


def _restore_rules(universe: Universe, old: dict[str, str], new: dict[str, str]) -> None:
    stored = {str(rule.pk): rule for rule in WorldRule.objects.filter(universe=universe).order_by("position")}
    if old == new and list(old) == list(new):
        return
    kept = [rule for pk, rule in stored.items() if pk in old or pk not in new]
    if _is_only_moved(old, new):
        order = list(old)
        kept.sort(key=lambda rule: order.index(str(rule.pk)))
    for rule in kept:
        rule.text = old.get(str(rule.pk), rule.text) if str(rule.pk) in new else rule.text
    for position, (rule_id, text) in enumerate(old.items()):
        if rule_id not in new:
            kept.insert(position, WorldRule(pk=uuid.UUID(rule_id), universe=universe, text=text))
    write_rules(universe, kept)


def _by_id(state: dict[str, Any]) -> dict[str, str]:
    return {rule["id"]: rule["text"] for rule in state.get("rules", [])}


def _is_only_moved(old: dict[str, str], new: dict[str, str]) -> bool:
    return old == new and list(old) != list(new)
