"""Signals that several agents share, each with its sentence for the reviewer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from agents.engine.checks import Finding, Report, report
from agents.engine.confidence.prose_defects import prose_faults
from agents.engine.confidence.signals import Signal, bad, doubtful, good, not_checked
from agents.engine.fields import storable
from agents.engine.text.languages.detection import language_of
from agents.engine.text.lexicon import has_restrictions
from agents.engine.text.matching import count_words, flatten, is_quoted_from, mentions
from agents.engine.text.names.index import is_named
from agents.engine.text.names.scripts import name_is_in
from agents.engine.text.reading import Reading, read
from agents.engine.world import WorldView

# Up to this multiple of the requested length an excess is only a blemish.
_TOLERATED_EXCESS = 1.25

# Findings about a single term; the others are about statements.
_WORD_KINDS = frozenset({"tech", "magic"})

_IN_REPORT = "The report covers everything that the checks found."

# Value of a signal whose findings are likely, and none of them proven.
_LIKELY = 0.3

_GOOD_ENDS = frozenset({"end_turn", "stop_sequence"})


def schema_valid(slips: Sequence[str], extra_fields: Iterable[str]) -> Signal:
    """Return the signal of an answer's form. ``slips`` are sentences about deviations that were corrected."""
    sentences = list(slips)
    if extra := sorted(extra_fields):
        names = storable(", ".join(extra))[:200]
        sentences.append(f"The answer had unexpected fields: {names}.")
    if sentences:
        return doubtful("schema_valid", 0.5, " ".join(sentences))
    return good("schema_valid", "The answer matches the schema.")


def second_try(error: str) -> Signal:
    """Return the signal of an output that was repaired."""
    return doubtful("second_try", 0.5, f"The model needed a second attempt. The first failed: {error[:300]}")


def stop_reason(reason: str) -> Signal:
    if reason in _GOOD_ENDS:
        return good("stop_reason", "The model finished normally.")
    return bad("stop_reason", 0.0, f"The model did not finish normally (stop reason {reason or 'unknown'}).")


def complete(parts: Mapping[str, bool]) -> Signal:
    """Return the signal of missing parts. ``parts`` maps each requested part, in words, to its presence."""
    missing = [part for part, is_there in parts.items() if not is_there]
    if not missing:
        return good("complete", "All requested parts are present.")
    return bad("complete", 1 - len(missing) / len(parts), f"Missing: {_listed(missing)}.")


def word_range(text: str, min_words: int, max_words: int) -> Signal:
    words = count_words(text)
    if words < min_words:
        return bad(
            "word_range",
            words / min_words,
            f"The text has {words} words; at least {min_words} were requested.",
        )
    if words <= max_words:
        return good(
            "word_range", f"The text has {words} words, within the {min_words} to {max_words} asked for."
        )
    sentence = f"The text has {words} words; at most {max_words} were requested."
    if words <= max_words * _TOLERATED_EXCESS:
        return doubtful("word_range", max_words / words, sentence)
    return bad("word_range", max_words / words, sentence)


def characters_present(names: Sequence[str], text: str) -> Signal:
    reading = read(text)
    code = language_of(text) if names else None
    is_named = [_is_named(name, reading, code) for name in names]
    missing = [name for name, is_there in zip(names, is_named, strict=True) if is_there is False]
    if not missing and names and None in is_named:
        unsure = [name for name, is_there in zip(names, is_named, strict=True) if is_there is None]
        shown = _quoted(unsure)
        return not_checked("characters_present", f"Not checked: whether the text mentions {shown}.")
    return _names_present("characters_present", "character", names, missing)


def _is_named(name: str, reading: Reading, code: str | None) -> bool | None:
    """Return whether the text names the character; None if that cannot be told."""
    if is_named(name, reading):
        return True
    if code in (None, "en") and name.isascii():
        return False
    return name_is_in(name, reading.source, code)


def landmarks_present(names: Sequence[str], text: str) -> Signal:
    missing = [name for name in names if not mentions(name, text)]
    return _names_present("landmarks_present", "landmark", names, missing)


def _names_present(signal: str, noun: str, names: Sequence[str], missing: Sequence[str]) -> Signal:
    if not names:
        return good(signal, f"No {noun}s were requested by name.")
    if not missing:
        return good(signal, f"All requested {noun}s are present: {_quoted(names)}.")
    plural, verb = ("s", "are") if len(missing) > 1 else ("", "is")
    sentence = f"The {noun}{plural} {_quoted(missing)} {verb} missing."
    return bad(signal, 1 - len(missing) / len(names), sentence)


def against_world(
    text: str,
    world: WorldView,
    allowed: Iterable[str] = (),
    *,
    only_mentioned: Collection[str] = (),
    intentional: Collection[str] = (),
) -> tuple[Signal, ...]:
    """Run the deterministic checks: one signal for forbidden terms, one for contradictions.

    A signal is left out if the world states nothing that a text could contradict. The other parameters are those of
    ``checks.report``.
    """
    result = report(text, world, allowed, only_mentioned=only_mentioned, intentional=intentional)
    terms = [finding for finding in result.findings if finding.kind in _WORD_KINDS]
    facts = [finding for finding in result.findings if finding.kind not in _WORD_KINDS]
    signals: list[Signal] = []
    if terms or has_restrictions(world.tech_level, world.genre, world.magic_system, world.rule_texts()):
        sentence = "No anachronisms or magic violations found."
        signals.append(_of_findings("forbidden_terms", terms, _terms_not_checked(result), sentence))
    if facts or world.rules or world.elements or world.physics:
        sentence = "No contradictions with the world's rules and facts found."
        signals.append(_of_findings("contradictions", facts, result.not_checked, sentence))
    return tuple(signals)


def _terms_not_checked(result: Report) -> Sequence[str]:
    """Return what was not checked of the terms; the facts of a text in another language are a matter of their own."""
    return [what for what in result.not_checked if not what.startswith("facts")]


def _of_findings(name: str, findings: Sequence[Finding], missed: Sequence[str], fine: str) -> Signal:
    """Return the signal of some findings: proven ones cap the confidence, likely ones lower it, hints are shown."""
    counted = [finding for finding in findings if not finding.is_intentional]
    proven = [finding for finding in counted if finding.strength == "proven"]
    likely = [finding for finding in counted if finding.strength == "likely"]
    lacks = f" Not checked: {'; '.join(missed)}." if missed else ""
    if proven:
        return bad(name, 0.0, f"{_joined([_in_words(finding) for finding in proven])}{lacks}", findings)
    if likely:
        words = _joined([_in_words(finding) for finding in likely])
        return doubtful(name, _LIKELY, f"Likely: {words}{lacks}", findings)
    if missed:
        return Signal(name, None, f"Not checked: {'; '.join(missed)}.", findings=tuple(findings))
    hints = len(counted)
    shown = f" {hints} hint{'s' if hints > 1 else ''} to check." if hints else ""
    return Signal(name, 1.0, f"{fine}{shown}", findings=tuple(findings))


def _in_words(finding: Finding) -> str:
    return finding.why if finding.kind in _WORD_KINDS else f"{finding.sentence} {finding.why}"


def findings_reported(result: Report, report: str) -> tuple[Signal, ...]:
    """Check that a consistency report contains the proven findings of the deterministic checks."""
    flat_report = flatten(report)
    proven = [
        finding for finding in result.findings if finding.strength == "proven" and not finding.is_intentional
    ]
    missed = [finding for finding in proven if flatten(finding.quote) not in flat_report]
    terms = [finding for finding in result.findings if finding.kind in _WORD_KINDS]
    facts = [finding for finding in result.findings if finding.kind not in _WORD_KINDS]
    signals = []
    for name, shown, not_read in (
        ("forbidden_terms", terms, _terms_not_checked(result)),
        ("contradictions", facts, result.not_checked),
    ):
        unsaid = [finding for finding in missed if finding in shown]
        if unsaid:
            words = _joined([f.why if f.kind in _WORD_KINDS else f.sentence for f in unsaid])
            sentence = f"The report misses this: {words}"
            signals.append(bad(name, 1 - len(unsaid) / len(proven), sentence, shown))
        elif not_read:
            sentence = f"Not checked: {'; '.join(not_read)}."
            signals.append(Signal(name, None, sentence, findings=tuple(shown)))
        elif shown:
            signals.append(Signal(name, 1.0, _IN_REPORT, findings=tuple(shown)))
    return tuple(signals) or (good("forbidden_terms", _IN_REPORT),)


def clean_prose(text: str, *other_texts: str) -> Signal:
    """Return the signal of the main text's form, and of marks in it and the other fields that a model left behind."""
    faults = prose_faults(text, other_texts)
    if faults.defects:
        return bad("clean_prose", 0.0, " ".join(faults.defects))
    if faults.blemishes:
        return doubtful("clean_prose", 0.5, " ".join(faults.blemishes))
    return good("clean_prose", "The text is complete and does not repeat itself.")


def quotes_verified(quotes: Sequence[str], content: str) -> Signal:
    if not quotes:
        return good("quotes_verified", "The report has no quotations to verify.")
    forged = [quote for quote in quotes if not is_quoted_from(quote, content)]
    if not forged:
        count = "The quotation in the report is" if len(quotes) == 1 else f"All {len(quotes)} quotations are"
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
    shown = _listed([f"“{cited[:80]}”" if cited.strip() else "nothing" for cited in unknown_ids])
    return bad(
        "sources_verified",
        1 - len(unknown_ids) / violations,
        f"Cited, but not part of this world: {shown}. {_left_out(len(unknown_ids), violations)}",
    )


def verdict_agrees(is_consistent: bool, violations: int) -> Signal:
    if is_consistent == (violations == 0):
        return good("verdict_agrees", "The verdict agrees with the list of violations.")
    verdict = "consistent" if is_consistent else "inconsistent"
    noun = "violation" if violations == 1 else "violations"
    return bad("verdict_agrees", 0.0, f"The report calls the text {verdict} and lists {violations} {noun}.")


def _left_out(count: int, violations: int) -> str:
    return f"Removed from the report as unproven: {count} of {violations}."


def _joined(sentences: Sequence[str]) -> str:
    more = f" And {len(sentences) - 5} more." if len(sentences) > 5 else ""
    return f"{' '.join(sentences[:5])}{more}"


def _quoted(names: Sequence[str]) -> str:
    return _listed([f"“{name[:80]}”" for name in names])


def _listed(names: Sequence[str]) -> str:
    shown = list(names[:10])
    if len(names) > 10:
        shown.append(f"{len(names) - 10} more")
    return ", ".join(shown[:-1]) + " and " + shown[-1] if len(shown) > 1 else shown[0]
