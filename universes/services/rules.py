"""The rules of a world: add, move, reword and remove one, or replace the whole list.

A rule keeps its id for as long as it exists, whatever becomes of its text and position.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from universes import limits
from universes.errors import FieldError, Invalid, NotFound
from universes.models import Universe, WorldRule
from universes.services.history.world_steps import world_step, write_rules
from universes.services.locks import lock_writable_universe
from universes.services.validation import check_range, clean_line


@dataclass(frozen=True, slots=True)
class RuleInput:
    """Rule of a new list.

    With ``id`` it is that existing rule, perhaps reworded; without, an existing rule of equal text keeps its id.
    """

    text: str
    id: uuid.UUID | None = None


def find_rule(universe: Universe, rule_id: uuid.UUID) -> WorldRule:
    return _find(_stored(universe), universe, rule_id)


def add_rule(
    universe: Universe, *, text: str, position: int | None = None, by: User | None = None
) -> WorldRule:
    """Add a rule at a position, counted from 1, or at the end; the rules from there on move down.

    Raises ``Invalid``, ``Conflict`` ``universe_archived``.
    """
    text = clean_line(text, "/text", limit=limits.RULE_TEXT)
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        rules = _stored(locked)
        if len(rules) >= limits.RULES:
            raise _too_many("/text")
        rule = WorldRule(universe=locked, text=text)
        _insert(rules, rule, position)
        _write(locked, rules, by)
    return rule


def change_rule(
    universe: Universe,
    rule_id: uuid.UUID,
    *,
    text: str | None = None,
    position: int | None = None,
    by: User | None = None,
) -> WorldRule:
    """Reword a rule, move it, or both; raise ``NotFound`` ``rule_not_found``, and what ``add_rule`` raises."""
    if text is not None:
        text = clean_line(text, "/text", limit=limits.RULE_TEXT)
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        rules = _stored(locked)
        rule = _find(rules, locked, rule_id)
        if text is not None:
            rule.text = text
        if position is not None:
            rules.remove(rule)
            _insert(rules, rule, position)
        _write(locked, rules, by)
    return rule


def remove_rule(universe: Universe, rule_id: uuid.UUID, by: User | None = None) -> None:
    """Remove a rule; the rules after it move up. Raises ``NotFound`` ``rule_not_found``."""
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        rules = _stored(locked)
        rules.remove(_find(rules, locked, rule_id))
        _write(locked, rules, by)


def replace_rules(universe: Universe, rules: Sequence[RuleInput]) -> None:
    """Replace the whole list; the caller has locked the universe, and records the step."""
    if len(rules) > limits.RULES:
        raise _too_many("/rules")
    stored = {rule.pk: rule for rule in _stored(universe)}
    texts = [
        clean_line(rule.text, f"/rules/{index}", limit=limits.RULE_TEXT) for index, rule in enumerate(rules)
    ]
    named_ids = [rule.id for rule in rules if rule.id is not None]
    unmatched = {pk: rule for pk, rule in stored.items() if pk not in named_ids}
    rows: list[WorldRule] = []
    for index, (rule, text) in enumerate(zip(rules, texts, strict=True)):
        if rule.id is not None and (rule.id not in stored or named_ids.count(rule.id) > 1):
            detail = "There is no such rule here." if rule.id not in stored else "This rule is named twice."
            pointer = f"/rules/{index}/id"
            raise Invalid(f"Not valid: {pointer[1:]}.", [FieldError(pointer, detail, "invalid")])
        rule_id = rule.id or next((pk for pk, other in unmatched.items() if other.text == text), None)
        row = stored[rule_id] if rule_id else WorldRule(universe=universe)
        unmatched.pop(row.pk, None)
        row.text = text
        rows.append(row)
    write_rules(universe, rows)


def _stored(universe: Universe) -> list[WorldRule]:
    return list(WorldRule.objects.filter(universe=universe).order_by("position"))


def _find(rules: Sequence[WorldRule], universe: Universe, rule_id: uuid.UUID) -> WorldRule:
    rule = next((rule for rule in rules if rule.pk == rule_id), None)
    if rule is None:
        raise NotFound(f"“{universe.name}” has no rule {rule_id}.", code="rule_not_found")
    return rule


def _insert(rules: list[WorldRule], rule: WorldRule, position: int | None) -> None:
    last = len(rules) + 1
    if position is None:
        position = last
    check_range(position, "/position", low=1, high=last)
    rules.insert(position - 1, rule)


def _write(universe: Universe, rules: Sequence[WorldRule], by: User | None) -> None:
    with world_step(universe, by):
        write_rules(universe, rules)


def _too_many(pointer: str) -> Invalid:
    detail = f"A world has at most {limits.RULES} rules."
    return Invalid(f"Not valid: {pointer[1:]}.", [FieldError(pointer, detail, "too_many")])
