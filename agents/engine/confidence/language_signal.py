"""Signal of the language: whether a text is in the language that was asked for, from its first sentence to its last.

What is asked for is the preference, or a plain order in the request ("Write it in German"); a text in either is right.
If nothing is asked for, the text has to be in the language of the request, or in a language that the request names: "in
the style of a French poem" is no order, but it excuses a French answer. In doubt nothing is said.
"""

from __future__ import annotations

from collections.abc import Collection

from agents.engine.confidence.signals import Signal, bad, good, not_checked
from agents.engine.text.languages.detection import are_near, is_english, language_of
from agents.engine.text.languages.names import code_of, language_name, names_in
from agents.engine.text.languages.parts import parts_in
from agents.engine.text.languages.requests import requested_languages
from agents.engine.text.matching import shortened

# A shorter request may be a title, a name or a quotation.
_MIN_REQUEST_LETTERS = 60
_MIN_REQUEST_WORDS = 8
_QUOTED_CHARS = 60


def language(text: str, wanted: str, request: str, world_languages: Collection[str] = ()) -> Signal | None:
    """Return the signal of the language of ``text``, or None if nothing was asked for and nothing is wrong.

    ``wanted`` is the preference in free words, or empty. ``world_languages`` are codes of the languages in which the
    world is described: where nothing is asked for, a text in one of them is right too.
    """
    accepted = sorted(requested_languages(request))
    preferred = code_of(wanted)
    if preferred is not None and preferred not in accepted:
        accepted.append(preferred)
    if wanted.strip() and not accepted:
        return not_checked(
            "language", f"It could not be checked whether the text is in “{shortened(wanted, 40)}”."
        )
    parts = parts_in(text)
    of_request = _language_of_request(request, parts)
    named = {code for _, _, code in names_in(request)}
    if accepted:
        return _as_asked(text, parts, accepted, named - {of_request})
    right = {*named, *world_languages}
    return _as_the_request(text, parts, of_request, right)


def _as_asked(text: str, parts: list[tuple[int, int, str]], accepted: list[str], named: set[str]) -> Signal:
    """Judge what was asked for; a smaller part may be in another language that the request names."""
    name = " or ".join(map(language_name, accepted))
    if not parts:
        return not_checked(
            "language", f"The text is too short or too unusual to tell whether it is in {name}."
        )
    main = _main(parts)
    wrong = _wrong(parts, accepted)
    if not _wrong([main], accepted):
        wrong = _wrong(wrong, named)
    if wrong:
        return _bad(text, parts, wrong, f"{name} was requested")
    told = language_name(main[2])
    if main[2] not in accepted:
        return not_checked(
            "language",
            f"{name} was requested. The text may be in {told}, which is too similar to tell apart.",
        )
    return good("language", f"The text is in {told}, as requested.")


def _as_the_request(
    text: str, parts: list[tuple[int, int, str]], of_request: str | None, right: set[str]
) -> Signal | None:
    if not parts or (of_request is None and len(parts) == 1):
        return None
    wrong = _wrong(parts, {of_request or _main(parts)[2], *right})
    if not wrong:
        return None
    reason = (
        f"the request is in {language_name(of_request)}" if of_request else "no second language was requested"
    )
    return _bad(text, parts, wrong, reason)


def _main(parts: list[tuple[int, int, str]]) -> tuple[int, int, str]:
    return max(parts, key=lambda part: part[1] - part[0])


def _language_of_request(request: str, parts: list[tuple[int, int, str]]) -> str | None:
    # The ordinary case, told without the model. A request that is not English after all would only be no reason.
    if parts and parts[0][2] == "en" and is_english(request, _MIN_REQUEST_WORDS):
        return "en"
    is_long = (
        sum(map(str.isalpha, request)) >= _MIN_REQUEST_LETTERS and len(request.split()) >= _MIN_REQUEST_WORDS
    )
    return language_of(request) if is_long else None


def _wrong(parts: list[tuple[int, int, str]], accepted: Collection[str]) -> list[tuple[int, int, str]]:
    return [part for part in parts if not any(are_near(part[2], code) for code in accepted)]


def _bad(
    text: str, parts: list[tuple[int, int, str]], wrong: list[tuple[int, int, str]], reason: str
) -> Signal:
    share = sum(end - start for start, end, _ in wrong) / len(text)
    if len(wrong) == len(parts):
        names = " and ".join(dict.fromkeys(language_name(code) for _, _, code in wrong))
        return bad("language", 0.0, f"The text is in {names}; {reason}.")
    start, end, code = wrong[0]
    quote = shortened(text[start : start + 2 * _QUOTED_CHARS].strip(), _QUOTED_CHARS)
    where = "From" if end == len(text) else "In the part from"
    return bad(
        "language", 1 - share, f"{where} “{quote}” on, the text is in {language_name(code)}; {reason}."
    )
