"""Decision whether a text is finished or breaks off; in doubt it is finished."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern
from universes.invisible import BLANK

# Enough for the last lines of a poem or a letter.
_TAIL_CHARS: Final = 2_000
_VERSE_CHARS: Final = 55
_SIGN_OFF_WORDS: Final = 7

# Full stops, question marks and exclamation marks of all scripts.
_FULL_STOPS: Final = frozenset(
    ".!?…‥‼‽⁇⁈⁉⸮。．｡！？﹒﹗﹖։՜՞׃؞؟۔܀܁܂߹।॥෴།༎༏༐༑။჻።፧፨᙮។៕᠃᠉᥄᥅᪨᪩᪪᪫᭚᭛᭞᭟᰻᰼᱾᱿⳹⵰꓿꘎꘏꛳꛷꡶꡷꣎꣏꤯꧉꩝꩞꩟꫰꫱꯫๚๛"
)
_QUOTES: Final = "\"”“'’‘«»‹›」』﹂﹄〞〟＂＇"
_CLOSING: Final = f"{_QUOTES})]}}>）］｝〉》】〕〗〙〛⟩⟫❯*_~`"
_DASHES: Final = "—–―‒-⸺⸻─"
# Thai, Lao and Tibetan sentences end without a sign.
_WITHOUT_FULL_STOPS: Final = lazy_pattern("[\u0e00-\u0fff]")
_ORNAMENTS: Final = frozenset("*#~⁂❧❦☙✦✧◆◇❖★☆§◊∗⋆•·")
# Ornaments only in a row.
_LINE_SIGNS: Final = frozenset("-–—_=+")
_STOP_AND_SPACE: Final = lazy_pattern(r"(?<![.!?…。！？])[.!?…。！？]++[”\"’')\]*_]*+\s+")
_FACE: Final = lazy_pattern(r"[:;=]-?[()DP]$")

_END_WORDS: Final = frozenset(
    {
        "the end",
        "end",
        "fin",
        "fine",
        "finis",
        "ende",
        "fim",
        "koniec",
        "konec",
        "kraj",
        "slut",
        "slutt",
        "loppu",
    }
    | {
        "einde",
        "vége",
        "sfârșit",
        "конец",
        "кінець",
        "край",
        "τέλος",
        "son",
        "tamat",
        "hết",
        "終",
        "终",
        "完",
        "了",
    }
    | {"おわり", "終わり", "つづく", "続く", "未完待续", "끝", "النهاية", "پایان", "סוף", "समाप्त", "จบ"}
    | {"to be continued", "fortsetzung folgt", "à suivre", "continuará", "continua", "продолжение следует"}
)
_SIGN_OFFS: Final = frozenset(
    {
        "yours",
        "sincerely",
        "faithfully",
        "truly",
        "love",
        "regards",
        "wishes",
        "cheers",
        "respectfully",
        "best",
    }
    | {
        "affectionately",
        "warmly",
        "always",
        "forever",
        "kisses",
        "xoxo",
        "obediently",
        "gratefully",
        "servant",
    }
    | {
        "your",
        "votre",
        "dein",
        "deine",
        "ihr",
        "ihre",
        "euer",
        "eure",
        "grüße",
        "gruß",
        "grüßen",
        "herzlichst",
        "liebe",
    }
    | {"cordialement", "affectueusement", "bises", "baisers", "tendrement", "sentiments", "vous", "toi"}
    | {"atentamente", "saludos", "abrazo", "besos", "amor", "cariño", "tuyo", "tuya", "suyo", "suya"}
    | {"saluti", "tuo", "tua", "baci", "abbracci", "abraço", "beijos", "atenciosamente", "cumprimentos"}
    | {"groet", "groeten", "groetjes", "liefs", "pozdrawiam", "twój", "twoja", "całuję"}
    | {"ваш", "ваша", "твой", "твоя", "любовью", "уважением", "целую"}
)
_SALUTATION: Final = lazy_pattern(
    r"\W*(?:my )?(?:dear(?:est)?|beloved|liebe[rs]?|liebste[rs]?|geehrte[rs]?|mon cher|ma chère|chère?s?"
    r"|querid[oa]s?|estimad[oa]|car[oa]|carissim[oa]|lieve|beste|drog[ia]|дорог(?:ой|ая)|милый|милая)\b",
    re.IGNORECASE,
)
_PARTICLES: Final = frozenset(
    {"of", "the", "von", "van", "de", "der", "la", "du", "da", "y", "und", "and", "&", "et"}
)


def is_finished(text: str) -> bool:
    """Return whether ``text`` comes to an end, without regard to invisible signs and ornaments behind it."""
    lines = [line.strip(BLANK) for line in text.rstrip(BLANK)[-_TAIL_CHARS:].split("\n")]
    while lines and (not lines[-1] or _is_ornament(lines[-1])):
        lines.pop()
    if not lines:
        return True
    last = lines[-1]
    return (
        _is_closed(last)
        or _is_end_word(last)
        or _is_sign_off(text, [line for line in lines if line])
        or _is_verse(lines)
    )


def _is_ornament(line: str) -> bool:
    signs = set(line) - {" ", "\t"}
    return signs <= _ORNAMENTS or (signs <= _ORNAMENTS | _LINE_SIGNS and len(line) >= 3)


def _is_closed(line: str) -> bool:
    """Return whether the last sentence of a line ends as sentences of its script do."""
    core = line.rstrip(_CLOSING + BLANK + "\u20e3")
    if not core:
        return True
    last, marks = core[-1], line[len(core) :]
    if _opens_quotation(line):
        return False
    if last in _FULL_STOPS or _WITHOUT_FULL_STOPS.match(last) or _FACE.search(line):
        return True
    if last in _DASHES:
        # A speaker who is cut off; a double dash also ends sentences of the narrator in Chinese and Japanese.
        return bool(marks) or core.endswith(("——", "――", "⸺", "──", "---"))
    if unicodedata.category(last) in {"So", "Sk"}:
        return True
    if last in ";:":
        # The question mark of Greek, and a substitute for the full stop of Armenian.
        script = {";": "GREEK", ":": "ARMENIAN"}[last]
        return any(script in unicodedata.name(sign, "") for sign in core[-3:-1])
    return last.isalnum() and bool(marks) and _is_closing(line, marks)


def _opens_quotation(line: str) -> bool:
    """Return whether the last mark opens a quotation, so that nothing of it is there."""
    if len(line) < 2 or not line[-2].isspace():
        return False
    match line[-1]:
        case "“" | "‘" | "«" | "‹":
            return True
        case '"' | "'" as mark:
            return line.count(mark) % 2 == 1
        case "»" | "›":
            return "«" not in line and "‹" not in line
    return False


def _is_closing(line: str, marks: str) -> bool:
    """Return whether marks behind a word close something; an apostrophe may belong to the word."""
    if marks in {"’", "'"}:
        return "‘" in line or "‚" in line or re.search(r"(?:^|[\s(])'\w", line) is not None
    return not marks[0].isspace() or marks.strip(BLANK)[-1] in "»›"


def _is_end_word(line: str) -> bool:
    last_sentence = _STOP_AND_SPACE.split(line)[-1]
    return re.sub(r"^[\W_]+|[\W_]+$", "", last_sentence).casefold() in _END_WORDS


def _is_sign_off(text: str, lines: Sequence[str]) -> bool:
    """Return whether the last line signs a letter: "Yours, Mira", or a name below such words."""
    last_sentence = _STOP_AND_SPACE.split(lines[-1])[-1]
    if last_sentence.startswith(tuple(_DASHES)) and _is_name(last_sentence.lstrip(f"{_DASHES} ")):
        return True
    phrase, _, name = last_sentence.partition(",")
    if _is_sign_off_phrase(phrase) and 0 < len(name.split()) <= _SIGN_OFF_WORDS:
        return True
    if phrase and _is_sign_off_phrase(phrase.split()[0]) and _is_name(phrase):
        return len(lines) > 1
    if len(lines) < 2 or len(last_sentence.split()) > _SIGN_OFF_WORDS:
        return False
    before = _STOP_AND_SPACE.split(lines[-2])[-1]
    if _is_sign_off_phrase(before.rstrip(",!—- ")):
        return True
    is_letter = any(_SALUTATION.match(line) for line in text[:500].splitlines())
    return is_letter and before.endswith((",", *_FULL_STOPS)) and _is_name(last_sentence)


def _is_sign_off_phrase(phrase: str) -> bool:
    words = re.findall(r"\w+", phrase.casefold())
    return 0 < len(words) <= _SIGN_OFF_WORDS and not _SIGN_OFFS.isdisjoint(words)


def _is_name(phrase: str) -> bool:
    words = phrase.split()
    return 0 < len(words) <= 5 and all(word[0].isupper() or word in _PARTICLES for word in words)


def _is_verse(lines: Sequence[str]) -> bool:
    """Return whether the last lines are short and not sentences of their own. A stanza may have a single line."""
    stanzas: list[list[str]] = [[]]
    for line in reversed(lines):
        if line:
            stanzas[-1].append(line)
        elif stanzas[-1]:
            stanzas.append([])
    verse = stanzas[0] if len(stanzas[0]) > 1 else [line for stanza in stanzas[:2] for line in stanza]
    return (
        len(verse) - (stanzas[0] != verse) > 1
        and all(len(line) <= _VERSE_CHARS for line in verse)
        and any(not _is_closed(line) and not _SALUTATION.match(line) for line in verse[1:])
    )
