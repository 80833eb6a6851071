"""Signals that several agents share, each with its sentence for the reviewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agents.engine.checks import Finding, check
from agents.engine.confidence.prose_defects import prose_defects
from agents.engine.confidence.signals import Signal, bad, doubtful, good
from agents.engine.fields import storable
from agents.engine.text.lexicon import has_restrictions
from agents.engine.text.matching import count_words, flatten, is_quoted_from, mentions, mentions_person
from agents.engine.world import WorldView

# Up to this multiple of the requested length an excess is only a blemish.
_TOLERATED_EXCESS = 1.25

# Findings about a single term; the others are about statements.
_WORD_KINDS = frozenset({"tech", "magic"})

_GOOD_ENDS = frozenset({"end_turn", "stop_sequence"})


def schema_valid(slips: Sequence[str], extra_fields: Iterable[str]) -> Signal:
    """Return the signal of an answer's form. ``slips`` are sentences about deviations that were corrected."""
    sentences = list(slips)
    if extra := sorted(extra_fields):
        names = storable(", ".join(extra))[:200]
        sentences.append(f"The answer had fields that nobody asked for: {names}.")
    if sentences:
        return doubtful("schema_valid", 0.5, " ".join(sentences))
    return good("schema_valid", "The answer has the agreed form.")


def second_try(error: str) -> Signal:
    """Return the signal of an output that was repaired."""
    return doubtful("second_try", 0.5, f"The model needed a second try. Of the first: {error[:300]}")


def stop_reason(reason: str) -> Signal:
    if reason in _GOOD_ENDS:
        return good("stop_reason", "The model ended by itself.")
    return bad("stop_reason", 0.0, f"The model did not end by itself (stop reason {reason or 'unknown'}).")


def complete(parts: Mapping[str, bool]) -> Signal:
    """Return the signal of missing parts. ``parts`` maps each requested part, in words, to its presence."""
    missing = [part for part, is_there in parts.items() if not is_there]
    if not missing:
        return good("complete", "Every part that was asked for is there.")
    return bad("complete", 1 - len(missing) / len(parts), f"Not there as asked: {_listed(missing)}.")


def word_range(text: str, min_words: int, max_words: int) -> Signal:
    words = count_words(text)
    if words < min_words:
        return bad(
            "word_range",
            words / min_words,
            f"The text has {words} words; at least {min_words} were asked for.",
        )
    if words <= max_words:
        return good(
            "word_range", f"The text has {words} words, within the {min_words} to {max_words} asked for."
        )
    sentence = f"The text has {words} words; at most {max_words} were asked for."
    if words <= max_words * _TOLERATED_EXCESS:
        return doubtful("word_range", max_words / words, sentence)
    return bad("word_range", max_words / words, sentence)


def characters_present(names: Sequence[str], text: str) -> Signal:
    missing = [name for name in names if not mentions_person(name, text)]
    return _names_present("characters_present", "Character", "not in the text", names, missing)


def landmarks_present(names: Sequence[str], text: str) -> Signal:
    missing = [name for name in names if not mentions(name, text)]
    return _names_present("landmarks_present", "Landmark", "not in the place", names, missing)


def _names_present(signal: str, noun: str, lack: str, names: Sequence[str], missing: Sequence[str]) -> Signal:
    if not names:
        return good(signal, f"No {noun.lower()} was asked for by name.")
    if not missing:
        return good(signal, f"Every requested {noun.lower()} is there: {_listed(names)}.")
    plural, verb = ("s", "are") if len(missing) > 1 else ("", "is")
    sentence = f"{noun}{plural} {_listed(missing)} {verb} {lack}."
    return bad(signal, 1 - len(missing) / len(names), sentence)


def against_world(text: str, world: WorldView, allowed: Iterable[str] = ()) -> tuple[Signal, ...]:
    """Run the deterministic checks: one signal for forbidden terms, one for contradictions.

    A signal is left out if the world states nothing that a text could contradict.
    """
    findings = check(text, world, allowed)
    terms = [finding for finding in findings if finding.kind in _WORD_KINDS]
    facts = [finding for finding in findings if finding.kind not in _WORD_KINDS]
    signals: list[Signal] = []
    if terms:
        signals.append(bad("forbidden_terms", 0.0, _joined([finding.why for finding in terms])))
    elif has_restrictions(world.tech_level, world.genre, world.magic_system, world.rule_texts()):
        sentence = "Nothing in the text is ahead of this world's technology or against its magic."
        signals.append(good("forbidden_terms", sentence))
    if facts:
        proofs = [f"{finding.sentence} {finding.why}" for finding in facts]
        signals.append(bad("contradictions", 0.0, _joined(proofs)))
    elif world.rules or world.elements or world.physics:
        sentence = "No contradiction with the world's rules and facts can be proven."
        signals.append(good("contradictions", sentence))
    return tuple(signals)


def findings_reported(findings: Sequence[Finding], report: str) -> tuple[Signal, ...]:
    """Check that a consistency report contains the findings of the deterministic checks."""
    flat_report = flatten(report)
    missed = [finding for finding in findings if flatten(finding.quote) not in flat_report]
    if not missed:
        return (good("forbidden_terms", "What the checks find in the text is in the report."),)
    missed_by_signal = {
        "forbidden_terms": [finding.why for finding in missed if finding.kind in _WORD_KINDS],
        "contradictions": [finding.sentence for finding in missed if finding.kind not in _WORD_KINDS],
    }
    return tuple(
        bad(
            name,
            1 - len(sentences) / len(findings),
            f"The report says nothing of this: {_joined(sentences)}",
        )
        for name, sentences in missed_by_signal.items()
        if sentences
    )


def clean_prose(text: str) -> Signal:
    defects = list(prose_defects(text))
    if not defects:
        return good("clean_prose", "The text comes to an end, and repeats nothing.")
    return bad("clean_prose", 0.0, " ".join(defects))


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
    shown = "; ".join(f"“{quote[:160]}”" for quote in forged[:3])
    verb = "is" if len(forged) == 1 else "are"
    return bad(
        "quotes_verified",
        1 - len(forged) / len(quotes),
        f"Quoted, but {verb} not in the text: {shown}. {_left_out(len(forged), len(quotes))}",
    )


def sources_verified(unknown_ids: Sequence[str], violations: int) -> Signal:
    """Return the signal of sources. ``unknown_ids`` are the cited ids that the world does not have."""
    if not unknown_ids:
        return good("sources_verified", "Every violation cites a rule or a fact of this world.")
    shown = _listed([f"“{cited}”" if cited.strip() else "nothing" for cited in unknown_ids])
    return bad(
        "sources_verified",
        1 - len(unknown_ids) / violations,
        f"Cited, but not stated by this world: {shown}. {_left_out(len(unknown_ids), violations)}",
    )


def verdict_agrees(is_consistent: bool, violations: int) -> Signal:
    if is_consistent == (violations == 0):
        return good("verdict_agrees", "The verdict agrees with the list of violations.")
    verdict = "consistent" if is_consistent else "inconsistent"
    noun = "violation" if violations == 1 else "violations"
    return bad("verdict_agrees", 0.0, f"The report calls the text {verdict} and lists {violations} {noun}.")


def _left_out(count: int, violations: int) -> str:
    return f"Left out of the report as unproven: {count} of {violations}."


def _joined(sentences: Sequence[str]) -> str:
    more = f" And {len(sentences) - 5} more." if len(sentences) > 5 else ""
    return f"{' '.join(sentences[:5])}{more}"


def _listed(names: Sequence[str]) -> str:
    shown = [name[:80] for name in names[:10]]
    if len(names) > 10:
        shown.append(f"{len(names) - 10} more")
    return ", ".join(shown[:-1]) + " and " + shown[-1] if len(shown) > 1 else shown[0]
