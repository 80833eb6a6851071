"""Entries made to fit the tables: what is too long goes on in another entry, and what has no type is kept as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from universes import limits
from universes.choices import CanonStatus, ElementKind
from universes.errors import Invalid
from universes.fields import fold
from universes.invisible import is_blank
from universes.mentions import validate_mentions
from universes.traits import TRAITS_OF, validate_traits
from universes.transfer.world import ElementDraft, Report, RuleDraft, SceneDraft, World, digest

_TOO_LONG: Final = "{length:,} characters, of which {limit:,} fit: it goes on in {names}."


def fit(world: World) -> None:
    """Make every entry of a world storable, in place, and report each change."""
    world.elements = [part for draft in world.elements for part in _fit_element(draft, world.report)]
    world.scenes = [part for draft in world.scenes for part in _fit_scene(draft, world.report)]
    _fit_rules(world)
    _number_names(world)
    for drafts in (world.elements, world.scenes, world.rules):
        _number_keys(drafts, world.report)
    world.name = _line(world.name) or "Imported world"
    if len(world.name) > limits.NAME:
        world.report.add("cut", "world", f"The name has {len(world.name)} characters: {world.name}")
        world.name = world.name[: limits.NAME].strip()
    if len(world.description) > limits.DESCRIPTION:
        rest = ElementDraft("world/description", ElementKind.CONCEPT, world.name, world.description)
        world.elements = [*_fit_element(rest, world.report), *world.elements]
        world.description = ""
    for name, text in list(world.config.items()):
        limit = limits.WORLD_TEXT if name in {"magic_system", "physics"} else limits.WORLD_LABEL
        if len(text) > limit:
            label = name.replace("_", " ").capitalize()
            world.elements.append(ElementDraft(f"world/{name}", ElementKind.CONCEPT, label, text))
            world.report.add("kept", name, f"Over {limit} characters: kept as the element {label}.")
            world.config[name] = ""


def _fit_element(draft: ElementDraft, report: Report) -> Iterator[ElementDraft]:
    name = _line(draft.name)
    if is_blank(name):
        name = f"Unnamed {draft.kind}"
        report.add("renamed", draft.key, f"It has no name, and is called {name}.")
    overflow: list[str] = []
    if len(name) > limits.NAME:
        overflow.append(name)
        name = name[: limits.NAME - 1].rstrip() + "…"
        report.add("cut", name, "The name is too long; the whole name stands in the text.")
    draft.name = name
    draft.traits = _fit_traits(ElementKind(draft.kind), draft.traits, overflow, name, report)
    draft.mentions = _fit_mentions(draft.mentions, name, report)
    text = "\n\n".join(part for part in (draft.summary.strip(), *overflow) if part)
    first, *rest = cut(text, limits.SUMMARY) or [""]
    draft.summary = first
    yield draft
    if rest:
        names = [f"{name[: limits.NAME - 20]} (part {number})" for number in range(2, len(rest) + 2)]
        report.add("cut", name, _TOO_LONG.format(length=len(text), limit=limits.SUMMARY, names=_span(names)))
        for number, (title, part) in enumerate(zip(names, rest, strict=True), start=2):
            yield ElementDraft(
                f"{draft.key}#{number}", draft.kind, title, part, status=draft.status, declared=draft.declared
            )


def _fit_scene(draft: SceneDraft, report: Report) -> Iterator[SceneDraft]:
    draft.title = _line(draft.title)[: limits.NAME] or "Untitled"
    draft.mentions = _fit_mentions(draft.mentions, draft.title, report)
    parts = cut(draft.text.strip(), limits.SCENE_TEXT)
    if not parts or is_blank(parts[0]):
        report.add("left out", draft.title, "The scene has no text.")
        return
    length, draft.text = len(draft.text), parts[0]
    yield draft
    if rest := parts[1:]:
        names = [f"{draft.title[: limits.NAME - 20]} (part {number})" for number in range(2, len(rest) + 2)]
        why = _TOO_LONG.format(length=length, limit=limits.SCENE_TEXT, names=_span(names))
        report.add("cut", draft.title, why)
        for number, (title, part) in enumerate(zip(names, rest, strict=True), start=2):
            yield SceneDraft(
                f"{draft.key}#{number}", title, part, status=draft.status, declared=draft.declared
            )


def _fit_rules(world: World) -> None:
    kept: list[RuleDraft] = []
    for draft in world.rules:
        draft.text = _line(draft.text)
        if is_blank(draft.text):
            continue
        if len(draft.text) > limits.RULE_TEXT or len(kept) >= limits.RULES:
            why = (
                "too long for a rule" if len(draft.text) > limits.RULE_TEXT else f"over {limits.RULES} rules"
            )
            name = f"Rule: {draft.text[:60].strip()}"
            world.elements.extend(
                _fit_element(ElementDraft(draft.key, ElementKind.CONCEPT, name, draft.text), world.report)
            )
            world.report.add("kept", name, f"It is {why}, and kept as an element.")
            continue
        kept.append(draft)
    world.rules = kept


def _fit_traits(
    kind: ElementKind, traits: Mapping[str, Any], overflow: list[str], where: str, report: Report
) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    spelling: dict[str, str] = {}
    for raw_key, value in traits.items():
        key = _line(str(raw_key))
        if value is None or value in ("", [], {}) or is_blank(key):
            continue
        if len(key) > limits.TRAIT_KEY:
            overflow.append(f"{key}: {as_text(value)}")
            report.add("kept", where, f"The name of a trait is too long; it stands in the text: {key[:80]}")
            continue
        key, value = _typed(kind, key, value, where, report)
        text = as_text(value)
        folded = fold(key.replace("_", " "))
        if folded in spelling:
            first = spelling[folded]
            if as_text(kept[first]) != text:
                overflow.append(f"{key}: {text}")
                report.add("kept", where, f"{key} is there twice; the second stands in the text.")
        elif len(kept) >= limits.TRAITS or (isinstance(value, str) and len(value) > limits.TRAIT_TEXT):
            overflow.append(f"**{key}**: {text}")
            report.add("kept", where, f"{key} is too long or one trait too many; it stands in the text.")
        else:
            kept[key] = value
            spelling[folded] = key
    return kept


def _typed(kind: ElementKind, key: str, value: Any, where: str, report: Report) -> tuple[str, Any]:
    """Return a trait as it can be stored; a value that does not fit its declared key is kept as text beside it."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, int | float) and not _is_number(kind, key):
        value = str(value)
    try:
        ((name, checked),) = validate_traits(kind, {key: value}).items()
    except (Invalid, ValueError):
        declared = {fold(name.replace("_", " ")) for name in TRAITS_OF[kind].model_fields}
        text = as_text(value)
        if fold(key.replace("_", " ")) not in declared:
            return key, text
        if len(text) <= limits.TRAIT_TEXT and not isinstance(value, list):
            report.add("kept", where, f"{key} is no number or list here; it is kept as text: {text[:80]}")
        return f"{key} in words", text
    return name, checked


def _is_number(kind: ElementKind, key: str) -> bool:
    """Return whether the kind declares this trait as a number."""
    try:
        return isinstance(next(iter(validate_traits(kind, {key: 1}).values())), int)
    except Invalid:
        return False


def _fit_mentions(mentions: Any, where: str, report: Report) -> list[dict[str, str]]:
    try:
        return validate_mentions(mentions)
    except Invalid:
        report.add("left out", where, "Its list of mentions is not valid.")
        return []


def _number_names(world: World) -> None:
    """Make names unique in each kind: the second of a name is "Name (2)"."""
    seen: dict[tuple[str, str], int] = {}
    for draft in world.elements:
        if draft.status == CanonStatus.RETIRED:
            continue
        base, number = draft.name, seen.get((draft.kind, fold(draft.name)), 0)
        if number:
            while (draft.kind, fold(draft.name)) in seen:
                number += 1
                draft.name = f"{base[: limits.NAME - 8]} ({number})"
            seen[draft.kind, fold(base)] = number
            world.report.add("renamed", draft.name, f"There is another {draft.kind} called {base}.")
        seen[draft.kind, fold(draft.name)] = max(1, seen.get((draft.kind, fold(draft.name)), 0))


def _number_keys(drafts: Sequence[ElementDraft | SceneDraft | RuleDraft], report: Report) -> None:
    """Make keys unique, and short enough for their column; relations mean the first entry of a key."""
    seen: set[str] = set()
    for draft in drafts:
        if len(draft.key) > limits.SOURCE_KEY:
            draft.key = digest(draft.key)
        base, number = draft.key, 1
        while draft.key in seen:
            number += 1
            draft.key = f"{base[: limits.SOURCE_KEY - 10]} ~{number}"
        if number > 1:
            report.add("kept", draft.where, "Another entry has its id in the source.")
        seen.add(draft.key)


def cut(text: str, limit: int) -> list[str]:
    """Cut a text into parts within ``limit``, at the end of a paragraph, a sentence or a word where there is one."""
    parts: list[str] = []
    while len(text) > limit:
        ends = (text.rfind(mark, limit // 2, limit) for mark in ("\n\n", "\n", ". ", "。", " "))
        at = next((end + 1 for end in ends if end > 0), limit)
        parts.append(text[:at].strip())
        text = text[at:].strip()
    return [*parts, text] if text else parts


def as_text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {as_text(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(as_text(part) for part in value)
    return str(value)


def _line(text: str) -> str:
    return " ".join(text.split())


def _span(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
