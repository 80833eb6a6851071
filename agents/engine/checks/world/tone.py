"""Words that break the tone of a world: cruelty in a gentle one, curses in a clean one, slang in a formal one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from agents.engine.checks.finding import Finding, finding_at
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading
from agents.engine.text.vocabulary import ROLES, SPECIES
from agents.engine.text.word_forms import word_set
from agents.engine.text.word_pattern import WordPattern
from agents.engine.world import WorldView

_LISTS: Final[dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
# More places of one pattern are not looked at.
_MAX_PLACES: Final = 50

_GENTLE: Final = lazy_pattern(
    r"\b(?:cos[yi]\w*|cozy|family|children'?s?|child-friendly|all ages|gentle|wholesome"
    r"|(?:no|without|never any) (?:\w+ )?(?:blood|violence|gore|cruelty)|nothing cruel|picture book)\b",
    re.IGNORECASE,
)
_FORMAL: Final = lazy_pattern(
    r"\b(?:(?:no|without|free of) (?:modern |any )?slang|solemn|formal|restrained|dignified|courtly|stately"
    r"|ceremonious)\b",
    re.IGNORECASE,
)
_CLEAN: Final = lazy_pattern(
    r"\b(?:no|without|free of) (?:\w+ )?(?:swearing|profanity|cursing|curses|bad language|foul language)\b"
    r"|\bnobody swears\b",
    re.IGNORECASE,
)


def _words(name: str) -> str:
    return "|".join(_LISTS[name].split())


def _lines(name: str) -> str:
    return "|".join(line for line in _LISTS[name].splitlines() if line)


_SOMEBODY: Final = rf"(?:{_words('somebody')}|(?:{'|'.join((*ROLES, *SPECIES))})s?)"
_VICTIM: Final = (
    rf"(?:him|her|them|me|us|himself|herself|themselves|(?-i:[A-Z])[\w'-]+|(?:the|an?|his|her|their|two|three|every"
    rf"|each|all|one|another|both|\w+'s) (?:[\w'-]+ ){{0,2}}?{_SOMEBODY})\b"
)
_AGENT: Final = lazy_pattern(
    rf"(?:\b(?:he|she|they|i|we|you|who|someone|somebody)|(?-i:\b[A-Z])[\w'-]+|\b{_SOMEBODY})"
    r"(?: (?:then|had|has|have|also|just|once|\w+ly|in turn|all|both))* $|(?:,| and| then) (?:then |\w+ly )?$",
    re.IGNORECASE,
)
_THING: Final = lazy_pattern(
    rf"^\W*(?:the|a|an|his|her|their|these|those) (?!(?:[\w'-]+ ){{0,2}}?{_SOMEBODY}\b)", re.IGNORECASE
)
_KILLS: Final = WordPattern.of(
    rf"\b(?:{_words('killing')}) (?:and \w+ )?(?P<whom>{_VICTIM})(?!'s\b(?! (?:heart|chest|back)))(?! (?:an?"
    rf"|another|one|some|his|her|that) (?:[\w-]+ )?(?:looks?|glances?|smiles?"
    rf"|grins?|questions?|warning|stare|frown|line|idea)\b)"
    rf"|\b(?:beat|kicked|whipped|flogged|stoned|clubbed|burned|burnt|hacked|starved|froze)(?: \w+ly)? {_VICTIM}"
    r" (?:to death|alive|to pieces)\b"
    rf"|\b(?:tore|ripped|blew|cut|pulled|hacked|chopped) {_VICTIM} (?:apart|open|limb from limb|to (?:bits"
    rf"|pieces|shreds))\b"
    rf"|\b(?:left) {_VICTIM} to die\b"
    rf"|\b(?:ate|swallowed|skinned|buried|boiled|roasted) {_VICTIM} alive\b"
    rf"|\b(?:beat|kicked|whipped|flogged|thrashed|clubbed) {_VICTIM} (?:until|till) (?:he|she|it|they)\b"
    rf"|\b(?:snapped|broke|wrung|twisted) (?:his|her|its|their|{_VICTIM}'s) necks?\b"
)
_KILLED: Final = lazy_pattern(
    rf"\b(?:he|she|they|who|(?-i:[A-Z])[\w'-]+|{_SOMEBODY}) (?:was|were|had been|has been|lay)(?: \w+ly| \w+)?"
    rf" (?:{_words('killing')}|beaten to death|burned alive|torn (?:apart|to pieces|limb from limb)|hacked to death)\b",
    re.IGNORECASE,
)
# Each match of it contains one of these.
_KILLED_WORDS: Final = word_set(f"{_LISTS['killing']} beaten burned torn hacked")
_OWNED: Final = r"(?:his|her|their|the|my|your|\S+'s|one|both|two)"
_MAIMS: Final = WordPattern.of(
    rf"\b(?:cut|hacked|chopped|sawed|sliced|bit|tore|ripped|lopped|struck|shot|blew|gouged|cutting|hacking|tearing)"
    rf" (?:off|out|away) (?:{_OWNED} ){{0,2}}(?:[\w']+ ){{0,2}}?(?:{_words('body')})\b"
    rf"|\b(?:cut|slit|slashed|tore|ripped|bit|cutting|slitting)(?: through| open)? (?:[\w']+ ){{1,4}}?throats?\b"
    r"|\bthroats? (?:had been |was |were |hung )?(?:\w+ )?(?:cut|slit|slashed|torn|ripped)\b"
    rf"|\b(?:crushed|smashed|split|caved in|stove in|shattered|battered|cleaved"
    rf"|broke open) (?:[\w']+ ){{1,4}}?(?:skulls?"
    r"|heads?|face|ribs|spine|jaw|brains)\b|\b(?:skull|head|face) (?:was |had been )?(?:crushed|smashed|caved in)\b"
    rf"|\bnailed (?:[\w']+ ){{1,4}}?(?:{_words('body')}) to\b"
    r"|\b(?:belly|bellies|stomach|chest|body) (?:was |had been )?(?:slit|ripped|torn|cut|sliced"
    r"|slashed)(?: wide)? open\b"
    rf"|\b(?:stabbed|shot|knifed|speared|struck) (?:[\w']+ ){{1,3}}?in the (?:heart|chest|belly|throat|back|face|head"
    r"|neck|stomach|gut|eye|ribs)\b|\b(?:stabbed|shot|knifed|hacked at) (?:him|her|them) (?:again|\w+ times|over)\b"
    rf"|\b(?:axe|knife|blade|sword|spear|bullet) (?:\w+ )?(?:split|sank into|went through|opened|tore through"
    rf"|took off) "
    rf"(?:[\w']+ ){{1,4}}?(?:{_words('body')})\b"
)
_GORE: Final = WordPattern.of(rf"(?<![\w-])(?:{_lines('gore')}|{_lines('bloodshed')})(?![\w-])")
_BARE: Final = WordPattern.of(r"(?<![\w-])(?:blood|corpses?|gore|bleeding|murder(?:ed|er|s)?)(?![\w-])")
_HARMLESS: Final = lazy_pattern(rf"\b(?:{_lines('harmless')})\b", re.IGNORECASE)
_MILD: Final = lazy_pattern(rf"\b(?:{_lines('mild')})\b", re.IGNORECASE)
_PROFANE: Final = WordPattern.of(rf"(?<![\w-])(?:{_lines('profanity')})(?![\w-])")
_SLANG: Final = WordPattern.of(rf"(?<![\w-])(?:{_lines('slang')})(?![\w-])")
# A word of which the text only speaks: "“Damn” was not a word that one said".
_MENTIONED: Final = lazy_pattern(
    r"[^“”\"]{0,12}[”\"],? (?:was|is|were|being) (?:not |never |hardly )?(?:an?|the|something|what|how)\b",
    re.IGNORECASE,
)


def check_tone(world: WorldView, reading: Reading) -> Iterator[Finding]:
    if not world.tone.strip():
        return
    for breach in _BREACHES:
        if breach.asks.search(world.tone):
            yield from _found(world, reading, breach)


def _killed(reading: Reading) -> Iterator[re.Match[str]]:
    """Yield what may say that somebody was killed; the first word of it is anybody's name."""
    return reading.matches(_KILLED, _KILLED_WORDS)


@dataclass(frozen=True, slots=True)
class _Breach:
    """A breach of the tones that ``asks`` finds, at a place that ``find`` yields and ``holds`` accepts."""

    asks: re.Pattern[str]
    find: Callable[[Reading], Iterator[re.Match[str]]]
    holds: Callable[[Reading, re.Match[str]], bool]
    why: str
    is_hint: bool = False


def _found(world: WorldView, reading: Reading, breach: _Breach) -> Iterator[Finding]:
    seen: set[str] = set()
    for found in islice(breach.find(reading), _MAX_PLACES):
        key = found.group().casefold()
        if key not in seen and breach.holds(reading, found):
            seen.add(key)
            words = reading.quote(*found.span())[0]
            doubt = ", unless it is harmless here" if breach.is_hint else ""
            yield finding_at(
                reading,
                found.span(),
                kind="tone",
                source_id="tone",
                statement=world.tone,
                why=f"“{words}” {breach.why}{doubt}.",
                strength="hint" if breach.is_hint else "proven",
            )


def _is_said(reading: Reading, found: re.Match[str]) -> bool:
    """Return whether somebody uses the words, rather than speaking of them."""
    return _MENTIONED.match(reading.plain, found.end(), found.end() + 60) is None


def _is_shown(reading: Reading, found: re.Match[str]) -> bool:
    sentence = reading.sentence_at(found.start()).text
    return (
        _MILD.search(sentence) is None
        and _HARMLESS.search(sentence) is None
        and reading.is_asserted(*found.span())
    )


def _is_done(reading: Reading, found: re.Match[str]) -> bool:
    """Return whether it is done by somebody: a curtain strangles nobody."""
    sentence = reading.sentence_at(found.start())
    before = sentence.text[: found.start() - sentence.start]
    if before.strip(" “\"'") and _AGENT.search(before) is None:
        return False
    subject = re.split(r"[;:—–.]", before)[-1]
    is_thing = (
        _THING.match(subject) is not None and re.search(r"[A-Z]|\b(?:he|she|they|who)\b", subject[4:]) is None
    )
    return not is_thing and _is_shown(reading, found)


_IS_CRUEL: Final = "is cruel, and this world is not"
_IS_CURSE: Final = "is a curse, and this world has none"
_BREACHES: Final = (
    _Breach(_GENTLE, _KILLS.find, _is_done, _IS_CRUEL),
    _Breach(_GENTLE, _killed, _is_shown, _IS_CRUEL),
    _Breach(_GENTLE, _MAIMS.find, _is_shown, _IS_CRUEL),
    _Breach(_GENTLE, _GORE.find, _is_shown, _IS_CRUEL),
    _Breach(_GENTLE, _BARE.find, _is_shown, _IS_CRUEL, is_hint=True),
    _Breach(_GENTLE, _PROFANE.find, _is_said, _IS_CURSE),
    _Breach(_CLEAN, _PROFANE.find, _is_said, _IS_CURSE),
    _Breach(_FORMAL, _SLANG.find, _is_said, "is slang, and this world has none"),
)
