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
from agents.engine.text.reading import Reading
from agents.engine.text.vocabulary import ROLES, SPECIES
from agents.engine.text.word_forms import word_set
from agents.engine.world import WorldView

_LISTS: Final[dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
# More places of one pattern are not looked at.
_MAX_PLACES: Final = 50

_GENTLE: Final = re.compile(
    r"\b(?:cos[yi]\w*|cozy|family|children'?s?|child-friendly|all ages|gentle|wholesome"
    r"|(?:no|without|never any) (?:\w+ )?(?:blood|violence|gore|cruelty)|nothing cruel|picture book)\b",
    re.IGNORECASE,
)
_FORMAL: Final = re.compile(
    r"\b(?:(?:no|without|free of) (?:modern |any )?slang|solemn|formal|restrained|dignified|courtly|stately"
    r"|ceremonious)\b",
    re.IGNORECASE,
)
_CLEAN: Final = re.compile(
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
_AGENT: Final = re.compile(
    rf"(?:\b(?:he|she|they|i|we|you|who|someone|somebody)|(?-i:\b[A-Z])[\w'-]+|\b{_SOMEBODY})"
    r"(?: (?:then|had|has|have|also|just|once|\w+ly|in turn|all|both))* $|(?:,| and| then) (?:then |\w+ly )?$",
    re.IGNORECASE,
)
_THING: Final = re.compile(
    rf"^\W*(?:the|a|an|his|her|their|these|those) (?!(?:[\w'-]+ ){{0,2}}?{_SOMEBODY}\b)", re.IGNORECASE
)
_KILLS: Final = re.compile(
    rf"\b(?:{_words('killing')}) (?:and \w+ )?(?P<whom>{_VICTIM})(?!'s\b(?! (?:heart|chest|back)))"
    rf"|\b(?:beat|kicked|whipped|flogged|stoned|clubbed|burned|burnt|hacked|starved|froze)(?: \w+ly)? {_VICTIM}"
    r" (?:to death|alive|to pieces)\b"
    rf"|\b(?:tore|ripped|blew|cut|pulled|hacked|chopped) {_VICTIM} (?:apart|open|limb from limb|to (?:bits"
    rf"|pieces|shreds))\b"
    rf"|\b(?:left) {_VICTIM} to die\b",
    re.IGNORECASE,
)
_KILLED: Final = re.compile(
    rf"\b(?:he|she|they|who|(?-i:[A-Z])[\w'-]+|{_SOMEBODY}) (?:was|were|had been|has been|lay)(?: \w+ly| \w+)?"
    rf" (?:{_words('killing')}|beaten to death|burned alive|torn (?:apart|to pieces|limb from limb)|hacked to death)\b",
    re.IGNORECASE,
)
_OWNED: Final = r"(?:his|her|their|the|my|your|\S+'s|one|both|two)"
_MAIMS: Final = re.compile(
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
    rf"(?:[\w']+ ){{1,4}}?(?:{_words('body')})\b",
    re.IGNORECASE,
)
_GORE: Final = re.compile(rf"(?<![\w-])(?:{_lines('gore')}|{_lines('bloodshed')})(?![\w-])", re.IGNORECASE)
_BARE: Final = re.compile(
    r"(?<![\w-])(?:blood|corpses?|gore|bleeding|murder(?:ed|er|s)?)(?![\w-])", re.IGNORECASE
)
_HARMLESS: Final = re.compile(rf"\b(?:{_lines('harmless')})\b", re.IGNORECASE)
_MILD: Final = re.compile(rf"\b(?:{_lines('mild')})\b", re.IGNORECASE)
_PROFANE: Final = re.compile(rf"(?<![\w-])(?:{_lines('profanity')})(?![\w-])", re.IGNORECASE)
_SLANG: Final = re.compile(rf"(?<![\w-])(?:{_lines('slang')})(?![\w-])", re.IGNORECASE)
# A word of which the text only speaks: "“Damn” was not a word that one said".
_MENTIONED: Final = re.compile(
    r"[^“”\"]{0,12}[”\"],? (?:was|is|were|being) (?:not |never |hardly )?(?:an?|the|something|what|how)\b",
    re.IGNORECASE,
)


def check_tone(world: WorldView, reading: Reading) -> Iterator[Finding]:
    if not world.tone.strip():
        return
    for breach in _BREACHES:
        if breach.asks.search(world.tone) and breach.triggers.are_in(reading):
            yield from _found(world, reading, breach)


@dataclass(frozen=True, slots=True)
class _Breach:
    """A breach of the tones that ``asks`` finds; a text without one of the ``triggers`` has none."""

    asks: re.Pattern[str]
    pattern: re.Pattern[str]
    triggers: _Triggers
    holds: Callable[[Reading, re.Match[str]], bool]
    why: str
    is_hint: bool = False


def _found(world: WorldView, reading: Reading, breach: _Breach) -> Iterator[Finding]:
    seen: set[str] = set()
    for found in islice(breach.pattern.finditer(reading.plain), _MAX_PLACES):
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


_STEM: Final = re.compile(r"([a-z]+)\\w[*+]")
_LITERAL: Final = re.compile(r"(?<!\\)\b(?P<word>[a-z]+)(?P<maybe>\??)")
_FUNCTION_WORDS: Final = word_set("""
    the a an his her their your my some this that it of on over all out in to with from down up was were is are be had
    have has so no not at and he she they we you s for who where how why what me into along through across just
    really her him them
""")


@dataclass(frozen=True, slots=True)
class _Triggers:
    """Words and beginnings of words of which a text that has one of the alternatives has at least one."""

    words: frozenset[str]
    stems: tuple[str, ...] = ()

    @classmethod
    def of(cls, *lists: str) -> _Triggers:
        text = " ".join(lists)
        found = list(_LITERAL.finditer(text))
        words = {match["word"] for match in found} | {match["word"][:-1] for match in found if match["maybe"]}
        return cls(frozenset(words) - _FUNCTION_WORDS, tuple(set(_STEM.findall(text))))

    def are_in(self, reading: Reading) -> bool:
        return not self.words.isdisjoint(reading.words) or (
            bool(self.stems) and any(word.startswith(self.stems) for word in reading.words)
        )


_IS_CRUEL: Final = "is cruel, and this world is not"
_IS_CURSE: Final = "is a curse, and this world has none"
_KILLING: Final = (
    f"{_LISTS['killing']} beat kicked stoned burned burnt tore ripped blew cut hacked left beaten torn"
)
_MAIMING: Final = (
    f"{_LISTS['maiming']} cutting hacking tearing axe knife blade sword throat throats struck stabbed shot"
)
_BREACHES: Final = tuple(
    _Breach(asks, pattern, _Triggers.of(*words), holds, why, is_hint)
    for asks, pattern, words, holds, why, is_hint in (
        (_GENTLE, _KILLS, (_KILLING,), _is_done, _IS_CRUEL, False),
        (_GENTLE, _KILLED, (_KILLING,), _is_shown, _IS_CRUEL, False),
        (_GENTLE, _MAIMS, (_MAIMING,), _is_shown, _IS_CRUEL, False),
        (_GENTLE, _GORE, (_LISTS["gore"], _LISTS["bloodshed"]), _is_shown, _IS_CRUEL, False),
        (
            _GENTLE,
            _BARE,
            ("blood corpse corpses gore bleeding murder murdered murders murderer",),
            _is_shown,
            _IS_CRUEL,
            True,
        ),
        (_GENTLE, _PROFANE, (_LISTS["profanity"],), _is_said, _IS_CURSE, False),
        (_CLEAN, _PROFANE, (_LISTS["profanity"],), _is_said, _IS_CURSE, False),
        (_FORMAL, _SLANG, (_LISTS["slang"],), _is_said, "is slang, and this world has none", False),
    )
)
