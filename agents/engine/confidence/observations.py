"""Signals that more than one agent gives, each with the sentence that a reviewer reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agents.engine.checks import Finding, check
from agents.engine.confidence.prose_defects import prose_faults
from agents.engine.confidence.signals import Signal, bad, doubtful, good
from agents.engine.text.lexicon import rules_anything_out
from agents.engine.text.matching import count_words, flatten, is_quoted_from, mentions, mentions_person
from agents.engine.world import WorldView

# A little over the wished length is a blemish; beyond this share of it the text is not what was asked for.
_TOLERATED_EXCESS = 1.25

# Findings that lie in a single word; the others are about what is said.
_WORD_KINDS = frozenset({"tech", "magic"})

_GOOD_ENDS = frozenset({"end_turn", "stop_sequence"})


def schema_valid(was_fenced: bool, extra_fields: Iterable[str]) -> Signal:
    extra = sorted(extra_fields)
    if extra:
        return doubtful(
            "schema_valid", 0.5, f"The answer had fields that nobody asked for: {', '.join(extra)[:200]}."
        )
    if was_fenced:
        return doubtful("schema_valid", 0.5, "The answer had to be unwrapped from a code block.")
    return good("schema_valid", "The answer has the agreed form.")


def second_try(fault: str) -> Signal:
    """Given only to an output that was repaired."""
    return doubtful("second_try", 0.5, f"The model needed a second try. Of the first: {fault[:300]}")


def stop_reason(reason: str) -> Signal:
    if reason in _GOOD_ENDS:
        return good("stop_reason", "The model ended by itself.")
    return bad("stop_reason", 0.0, f"The model did not end by itself (stop reason {reason or 'unknown'}).")


def complete(parts: Mapping[str, bool]) -> Signal:
    """``parts`` maps what was asked for, in words, to whether it is there."""
    missing = [part for part, is_there in parts.items() if not is_there]
    if not missing:
        return good("complete", "Every part that was asked for is there.")
    return bad("complete", 1 - len(missing) / len(parts), f"Not there as asked: {_listed(missing)}.")


def word_range(text: str, least: int, most: int) -> Signal:
    words = count_words(text)
    if words < least:
        return bad(
            "word_range", words / least, f"The text has {words} words; at least {least} were asked for."
        )
    if words <= most:
        return good("word_range", f"The text has {words} words, within the {least} to {most} asked for.")
    sentence = f"The text has {words} words; at most {most} were asked for."
    if words <= most * _TOLERATED_EXCESS:
        return doubtful("word_range", most / words, sentence)
    return bad("word_range", most / words, sentence)


def characters_present(names: Sequence[str], text: str) -> Signal:
    missing = [name for name in names if not mentions_person(name, text)]
    return _names_present("characters_present", "Character", "not in the text", names, missing)


def landmarks_present(names: Sequence[str], text: str) -> Signal:
    missing = [name for name in names if not mentions(name, text)]
    return _names_present("landmarks_present", "Landmark", "not in the place", names, missing)


def _names_present(signal: str, what: str, lack: str, names: Sequence[str], missing: Sequence[str]) -> Signal:
    if not names:
        return good(signal, f"No {what.lower()} was asked for by name.")
    if not missing:
        return good(signal, f"Every requested {what.lower()} is there: {_listed(names)}.")
    plural, verb = ("s", "are") if len(missing) > 1 else ("", "is")
    sentence = f"{what}{plural} {_listed(missing)} {verb} {lack}."
    return bad(signal, 1 - len(missing) / len(names), sentence)


def against_world(text: str, world: WorldView, allowed: Iterable[str] = ()) -> tuple[Signal, ...]:
    """What the deterministic checks say of a text: one signal for single words, one for rules and facts.

    Neither for a world against which nothing of its sort could be held.
    """
    findings = check(text, world, allowed)
    words = [one for one in findings if one.kind in _WORD_KINDS]
    facts = [one for one in findings if one.kind not in _WORD_KINDS]
    signals: list[Signal] = []
    if words:
        signals.append(bad("forbidden_terms", 0.0, _said([one.why for one in words])))
    elif rules_anything_out(world.tech_level, world.genre, world.magic_system, world.rule_texts()):
        sentence = "Nothing in the text is ahead of this world's technology or against its magic."
        signals.append(good("forbidden_terms", sentence))
    if facts:
        signals.append(bad("contradictions", 0.0, _said([f"{one.sentence} {one.why}" for one in facts])))
    elif world.rules or world.elements or world.physics:
        sentence = "No contradiction with the world's rules and facts can be proven."
        signals.append(good("contradictions", sentence))
    return tuple(signals)


def findings_reported(findings: Sequence[Finding], report: str) -> tuple[Signal, ...]:
    """For a consistency report: whether what the deterministic checks found is in it."""
    said = flatten(report)
    missed = [one for one in findings if flatten(one.quote) not in said]
    words = [one.why for one in missed if one.kind in _WORD_KINDS]
    facts = [one.sentence for one in missed if one.kind not in _WORD_KINDS]
    if not missed:
        sentence = "What the checks find in the text is in the report."
        return (good("forbidden_terms", sentence),)
    signals: list[Signal] = []
    if words:
        value = 1 - len(words) / len(findings)
        signals.append(bad("forbidden_terms", value, f"The report says nothing of this: {_said(words)}"))
    if facts:
        value = 1 - len(facts) / len(findings)
        signals.append(bad("contradictions", value, f"The report says nothing of this: {_said(facts)}"))
    return tuple(signals)


def clean_prose(text: str) -> Signal:
    """Whether a text ends, does not repeat itself, and is nothing but the text that was asked for."""
    faults = list(prose_faults(text))
    if not faults:
        return good("clean_prose", "The text comes to an end, and repeats nothing.")
    return bad("clean_prose", 0.0, " ".join(faults))


def quotes_verified(quotes: Sequence[str], content: str) -> Signal:
    if not quotes:
        return good("quotes_verified", "The report quotes nothing that had to be verified.")
    forged = [quote for quote in quotes if not is_quoted_from(quote, content)]
    if not forged:
        count = (
            "The quotation in the report stands"
            if len(quotes) == 1
            else f"All {len(quotes)} quotations stand"
        )
        return good("quotes_verified", f"{count} in the text.")
    said = "; ".join(f"“{quote[:160]}”" for quote in forged[:3])
    verb = "is" if len(forged) == 1 else "are"
    return bad(
        "quotes_verified",
        1 - len(forged) / len(quotes),
        f"Quoted, but {verb} not in the text: {said}. {_left_out(len(forged), len(quotes))}",
    )


def sources_verified(uncited: Sequence[str], violations: int) -> Signal:
    """``uncited`` are the ids that the violations cite and that no rule and no fact of the world has."""
    if not uncited:
        return good("sources_verified", "Every violation cites a rule or a fact of this world.")
    said = _listed([f"“{cited}”" if cited.strip() else "nothing" for cited in uncited])
    return bad(
        "sources_verified",
        1 - len(uncited) / violations,
        f"Cited, but not stated by this world: {said}. {_left_out(len(uncited), violations)}",
    )


def verdict_agrees(is_consistent: bool, violations: int) -> Signal:
    if is_consistent == (violations == 0):
        return good("verdict_agrees", "The verdict agrees with the list of violations.")
    verdict = "consistent" if is_consistent else "inconsistent"
    noun = "violation" if violations == 1 else "violations"
    return bad("verdict_agrees", 0.0, f"The report calls the text {verdict} and lists {violations} {noun}.")


def _left_out(count: int, violations: int) -> str:
    return f"Left out of the report as unproven: {count} of {violations}."


def _said(sentences: Sequence[str]) -> str:
    more = f" And {len(sentences) - 5} more." if len(sentences) > 5 else ""
    return f"{' '.join(sentences[:5])}{more}"


def _listed(names: Sequence[str]) -> str:
    shown = [name[:80] for name in names[:10]]
    if len(names) > 10:
        shown.append(f"{len(names) - 10} more")
    return ", ".join(shown[:-1]) + " and " + shown[-1] if len(shown) > 1 else shown[0]
