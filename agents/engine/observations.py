"""Signals that more than one agent gives, each with the sentence that a reviewer reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agents.engine.confidence import Signal, bad, doubtful, good
from agents.engine.lexicon import Hit, find_forbidden, rules_anything_out
from agents.engine.text import count_words, is_quoted_from, mentions, mentions_person
from agents.engine.world import WorldView

# A little over the wished length is a blemish; beyond this share of it the text is not what was asked for.
_TOLERATED_EXCESS = 1.25

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


def hits_in(text: str, world: WorldView, allowed: Iterable[str] = ()) -> list[Hit]:
    """What ``text`` mentions against the world's technology or lack of magic. The world's own things are
    its own.
    """
    return find_forbidden(
        text,
        tech_level=world.tech_level,
        genre=world.genre,
        magic_system=world.magic_system,
        rules=world.rule_texts(),
        allowed=(*world.element_texts(), *allowed),
    )


def forbidden_terms(text: str, world: WorldView, allowed: Iterable[str] = ()) -> tuple[Signal, ...]:
    """One signal; none for a world against which nothing could be held."""
    if not rules_anything_out(world.tech_level, world.genre, world.magic_system, world.rule_texts()):
        return ()
    hits = hits_in(text, world, allowed)
    if not hits:
        sentence = "Nothing in the text is ahead of this world's technology or against its magic."
        return (good("forbidden_terms", sentence),)
    said = " ".join(f"“{hit.text}” {hit.why}." for hit in hits[:5])
    more = f" And {len(hits) - 5} more." if len(hits) > 5 else ""
    return (bad("forbidden_terms", 0.0, f"{said}{more}"),)


def hits_reported(hits: Sequence[Hit], report: str) -> Signal:
    """For a consistency report: whether what the lexicon found is in it."""
    missed = [
        hit
        for hit in hits
        if hit.term not in report.casefold() and hit.text.casefold() not in report.casefold()
    ]
    if not hits:
        return good("forbidden_terms", "The lexicon finds nothing in the text that this world rules out.")
    if not missed:
        return good("forbidden_terms", "The report names everything that the lexicon finds in the text.")
    said = " ".join(f"“{hit.text}” {hit.why}, and the report does not say so." for hit in missed[:5])
    return bad("forbidden_terms", 1 - len(missed) / len(hits), said)


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
        "quotes_verified", 1 - len(forged) / len(quotes), f"Quoted, but {verb} not in the text: {said}."
    )


def verdict_agrees(is_consistent: bool, violations: int) -> Signal:
    if is_consistent == (violations == 0):
        return good("verdict_agrees", "The verdict agrees with the list of violations.")
    verdict = "consistent" if is_consistent else "inconsistent"
    noun = "violation" if violations == 1 else "violations"
    return bad("verdict_agrees", 0.0, f"The report calls the text {verdict} and lists {violations} {noun}.")


def _listed(names: Sequence[str]) -> str:
    shown = [name[:80] for name in names[:10]]
    if len(names) > 10:
        shown.append(f"{len(names) - 10} more")
    return ", ".join(shown[:-1]) + " and " + shown[-1] if len(shown) > 1 else shown[0]
