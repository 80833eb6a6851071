"""A small continuity check by rule and lexicon: it misses much, and what it finds is really there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from agents.engine.lexicon import Hit, find_forbidden, has_no_magic, is_negated, tech_level_of
from agents.mock.wishes import without_directives

# "No one can teleport.", "Magic cannot raise the dead.", "There are no dragons.", "Dragons do not exist."
_CANNOT: Final = re.compile(
    r"^(?:no ?(?:one|body)|nobody|nothing|no \w+)\s+(?:can|could|may|is able to|is allowed to|ever)\s+(\w+)"
    r"|^(?:\w+\s+){1,4}?(?:cannot|can't|can not|(?:must|may) not|(?:must|may|can) never|never)\s+(\w+)"
    r"|^(\w+ing|\w+ation)\s+is\s+(?:impossible|forbidden|not possible|unknown)",
    re.IGNORECASE,
)
_ABSENT: Final = re.compile(
    r"^there (?:is|are) no ([\w-]+)|^([\w-]+) (?:do|does) not exist|^no ([\w-]+) exists?\b"
    r"|^([\w-]+) (?:are|is) (?:extinct|unknown|a myth|forbidden)",
    re.IGNORECASE,
)
_EMPTY_VERBS: Final = frozenset(
    {"be", "have", "do", "go", "get", "use", "make", "take", "say", "see", "know", "ever"}
)

_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?]*[\"”]?")
_QUOTE_WORDS: Final = 12


def check(world: Mapping[str, Any], content: str, *, is_weak: bool, is_inconsistent: bool) -> dict[str, Any]:
    if is_weak:
        # No explanation worth the name, a verdict that contradicts the list: a reviewer has to look at this.
        return {
            "is_consistent": False,
            "violations": [],
            "explanation": "Something may be wrong with this text.",
            "suggestions": [],
        }
    violations = list(_technology_and_magic(world, content)) + list(_broken_rules(world, content))
    suggestions = [_suggestion(world, violation) for violation in violations]
    if is_inconsistent:
        violations.append(
            {
                "source_id": "text",
                "rule": "The text has to keep to its own facts.",
                "quote": "the clock struck thirteen in an empty hall of glass",
                "severity": "major",
                "explanation": "A passage is claimed that the text does not have: a forged quote.",
            }
        )
        suggestions.append("Look the passage up before changing anything.")
    return {
        "is_consistent": not violations,
        "violations": violations,
        "explanation": _explanation(world, violations),
        "suggestions": list(dict.fromkeys(suggestions)),
    }


def _technology_and_magic(world: Mapping[str, Any], content: str) -> Iterable[dict[str, str]]:
    hits = find_forbidden(
        content,
        tech_level=str(world.get("tech_level", "")),
        genre=str(world.get("genre", "")),
        magic_system=str(world.get("magic_system", "")),
        rules=[rule for _, rule in _rules(world)],
        allowed=[f"{e.get('name', '')}. {e.get('summary', '')}" for e in world.get("elements", ())],
    )
    for hit in hits:
        is_magic = "magic" in hit.why
        yield {
            "source_id": _source_of_magic(world) if is_magic else _source_of_level(world),
            "rule": "There is no magic in this world." if is_magic else f"Technology: {_level(world)}.",
            "quote": _around(content, hit.start, hit.start + len(hit.text)),
            "severity": "critical" if is_magic or _is_glaring(hit) else "major",
            "explanation": f"“{hit.text}” {hit.why}.",
        }


def _broken_rules(world: Mapping[str, Any], content: str) -> Iterable[dict[str, str]]:
    for rule_id, rule in _rules(world):
        word = _forbidden_word(rule)
        pattern = _inflected(word) if word else None
        # Who recites a rule does not break it.
        recital = re.compile(re.escape(rule.strip().rstrip(".")), re.IGNORECASE)
        told = recital.sub(lambda said: " " * len(said.group()), content)
        found = next(
            (m for m in pattern.finditer(told) if not is_negated(told, m.start())) if pattern else iter(()),
            None,
        )
        if found is not None:
            yield {
                "source_id": rule_id,
                "rule": rule,
                "quote": _around(content, found.start(), found.end()),
                "severity": "critical",
                "explanation": f"“{found.group()}” is just what the rule “{rule.rstrip('.')}” rules out.",
            }


def _rules(world: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The rules with their ids; a world whose rules have none cites them by their place."""
    rules = world.get("rules", ())
    return [
        (str(rule["id"]), str(rule["text"])) if isinstance(rule, Mapping) else (f"r{number}", str(rule))
        for number, rule in enumerate(rules, start=1)
    ]


def _source_of_magic(world: Mapping[str, Any]) -> str:
    if has_no_magic(str(world.get("magic_system", ""))):
        return "magic_system"
    return next((rule_id for rule_id, rule in _rules(world) if has_no_magic("", [rule])), "magic_system")


def _source_of_level(world: Mapping[str, Any]) -> str:
    return "tech_level" if tech_level_of(str(world.get("tech_level", ""))) is not None else "genre"


def _forbidden_word(rule: str) -> str:
    """The verb or noun that a rule forbids; "" for a rule that this check cannot read."""
    said = without_directives(rule).strip()
    for pattern in (_CANNOT, _ABSENT):
        found = pattern.match(said)
        word = next((group for group in found.groups() if group), "") if found else ""
        # "There is no magic" is the lexicon's business, which knows what magic is called.
        if word and word.casefold() not in _EMPTY_VERBS and word.casefold() != "magic" and len(word) > 2:
            return word.casefold()
    return ""


def _inflected(word: str) -> re.Pattern[str]:
    """``word`` and its forms: fly, flies, flying; teleport, teleported, teleportation."""
    stem = re.sub(r"(?:ation|ing|ies|es|s|e|y)$", "", word) if len(word) > 4 else word.rstrip("sy")
    stem = stem if len(stem) >= 2 else word
    irregular = {"fly": "fl(?:y|ies|ew|own|ying|ight)", "flying": "fl(?:y|ies|ew|own|ying|ight)"}
    body = irregular.get(
        word, rf"{re.escape(stem)}{re.escape(stem[-1])}?(?:e|y|s|es|ies|ed|ied|ing|ation|er|or|ion)?"
    )
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)


def _around(content: str, start: int, end: int) -> str:
    """The words around a place in the text, letter for letter, within its sentence."""
    sentence = next((m for m in _SENTENCE.finditer(content) if m.start() <= start < m.end()), None)
    left, right = (sentence.start(), sentence.end()) if sentence else (start, end)
    right = max(right, end)
    before = list(re.finditer(r"\S+", content[left:start]))[-_QUOTE_WORDS // 2 :]
    after = list(re.finditer(r"\S+", content[end:right]))[: _QUOTE_WORDS // 2]
    first = left + before[0].start() if before else start
    last = end + after[-1].end() if after else end
    return content[first:last].strip()


def _is_glaring(hit: Hit) -> bool:
    return hit.term.split()[-1] in {
        "smartphone",
        "phone",
        "computer",
        "laptop",
        "internet",
        "television",
        "starship",
    }


def _suggestion(world: Mapping[str, Any], violation: Mapping[str, str]) -> str:
    if violation["rule"].startswith("Technology"):
        term = violation["explanation"].split("”")[0].lstrip("“")
        return f"Replace “{term}” with something that people of this world ({_level(world)}) could have made."
    if "no magic" in violation["rule"]:
        return "Let skill, chance or trickery bring about what magic does here."
    return f"Find another way through the scene that keeps the rule “{violation['rule'].rstrip('.')}”."


def _explanation(world: Mapping[str, Any], violations: list[dict[str, str]]) -> str:
    level, rules = _level(world), len(world.get("rules", ()))
    count = f", its magic and its {rules} rule{'s' if rules > 1 else ''}" if rules else " and its magic"
    checked = f"The text was held against the technology of this world ({level}){count}."
    if not violations:
        return f"{checked} Nothing in it contradicts them."
    noun = "One passage contradicts" if len(violations) == 1 else f"{len(violations)} passages contradict"
    return f"{checked} {noun} what the world says; each is quoted below with the reason."


def _level(world: Mapping[str, Any]) -> str:
    return str(world.get("tech_level") or world.get("genre") or "not stated").strip()
