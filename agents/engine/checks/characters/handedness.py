"""Hands with which the left-handed and the right-handed do nothing."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Final

from agents.engine.checks.characters.cast.people import DOES, NAME, SUBJECT, WHOSE
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.statements import stated
from agents.engine.text.lazy_pattern import lazy_pattern

_WHOSE: Final = rf"(?P<who>{WHOSE})"
_DOES: Final = rf"(?P<who>{DOES})"
_HANDED: Final = lazy_pattern(r"\b(?P<side>left|right)-handed\b")
_WRITES: Final = r"(?:wrote|writes|writing|written|signed|signs|drew|sketched|fenced|parried)"
# A reason not to use one's own hand.
_FOR_ONCE: Final = (
    r"(?!,? (?:and (?:gave|handed|passed|put|laid|pocketed)\b|to (?:amuse|show|tease|please|prove|spare|rest"
    r"|hide|annoy|disguise|practise)|for (?:a )?(?:bet"
    r"|wager|show|fun|once"
    r"|practice)|because|since|while|now|until)\b"
    r"|[^.;]{0,25}\b(?:because|to (?:give|let|make it))\b|[^.;]{0,25}\bfor (?:a (?:bet|wager|joke|day|week"
    r"|month)|the (?:day|week)|fun|show|once|practice)\b)"
)


def hands(person: Person, words: Set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the patterns of the wrong hand, each with the statement of the right one and the reason."""
    found = stated(_HANDED, person.told)
    if not found:
        return
    known = found[0]
    wrong = "right" if known["side"] == "left" else "left"
    if wrong not in words:
        return
    for pattern in (
        rf"(?P<who>{NAME}),? (?:\w+,? ){{0,2}}?{_WRITES}\b[^.;]{{0,40}}?\b{wrong} hand\b{_FOR_ONCE}",
        rf"(?P<who>{NAME})'s note, {_WRITES}\b[^.;]{{0,30}}?\b{wrong} hand\b",
        rf"(?P<who>{SUBJECT}) {_WRITES}\b[^.;]{{0,30}}?\b{wrong} hand\b{_FOR_ONCE}",
        rf"(?P<who>{DOES}) (?:took|picked up|held|dipped|gripped|lifted) (?:the|a|his|her) (?:\w+ )?"
        rf"(?:pen|quill|pencil|brush|chalk|stylus)(?: up)? (?:in|with) (?:his|her) {wrong} hand\b{_FOR_ONCE}",
        rf"(?i:\b{wrong})-hand(?:ed|er)(?: as (?:she|he) (?:was|is))?,? (?P<who>{NAME})",
        rf"{_WHOSE} {wrong} (?:was|is) (?:his|her) (?:sword|writing|pen|drawing|throwing|better|good) (?:hand|one)\b",
        rf"\b(?:sword|rapier|foil|dagger|pen|pencil|quill|brush) (?:was "
        rf"|is )?in {_WHOSE} {wrong} hand,? (?:where|as)\b[^.;]*"
        r"\balways\b",
        rf"(?P<who>{NAME}),? {_WRITES}\b[^.;]{{0,30}}? with the {wrong}(?: hand)?(?=[.,;])",
        rf"(?P<who>{DOES}) (?:hammered|sewed|carved|painted|stitched|planed|threw"
        rf"|drew) (?:\w+ ){{0,2}}?with (?:his|her) {wrong}"
        rf" hand and (?:held|steadied) (?:the|an?) \w+ (?:with|in) (?:his|her)\b",
        rf"(?P<who>{NAME}),? (?:(?:like|unlike) [^,.;]{{1,25}}, )?(?:who )?(?:(?:was|is"
        rf"|being) )?(?:\w+ )?{wrong}-handed\b{_FOR_ONCE}",
        rf"(?P<who>{NAME}) \w+(?:ed|ote|ew|aw|ung|ought)(?: \w+){{0,3}},? {wrong}-handed\b{_FOR_ONCE}",
        rf"{_WHOSE} (?:sword|writing|pen|drawing|throwing|better|good|strong) (?:hand|arm) (?:was|is) (?:his|her|the)"
        rf" {wrong}\b",
        rf"(?P<who>{NAME}),? (?:who )?(?:(?:was|is) )?an? (?:\w+ )?{wrong}-hander\b",
        rf"\b[Aa] {wrong}-handed \w+, (?P<who>{NAME})(?!'s)",
        rf"(?P<who>{SUBJECT}) (?:was|is|(?:had|has) always been) {wrong}-handed\b",
        rf"{_WHOSE} {wrong} hand(?: was|,(?: (?:which|that) (?:was|is|had always been))?) (?:his|her"
        rf"|the) (?:sword|writing|pen|drawing|throwing"
        rf"|better"
        rf"|good|strong(?:er)?) (?:hand|one)\b",
        rf"{_DOES}(?!'s)[^.:“”\"]{{1,80}}[;,] it was the {wrong}(?: hand)? (?:that|which|with which|she|he)\b",
        rf"(?P<who>{DOES}) [^.;:]{{1,40}}? (?:in|with) (?:his|her) {wrong} hand, (?:his|her) (?:sword|writing"
        rf"|pen|drawing"
        rf"|throwing|better|good) (?:hand|one)\b",
        rf"(?P<who>{NAME}) (?:did|does|do|writes?|draws?|fences?|throws?|eats?|ate|fights?|fought|paints?|sews?"
        rf"|shoots?)"
        rf" (?:\w+ ){{0,2}}?{wrong}-handed\b{_FOR_ONCE}",
        rf"(?P<who>{DOES}) (?:will|can) (?:write|sign|draw|sketch|sew"
        rf"|paint)\b[^.;:]{{0,40}}?\b{wrong} hand\b{_FOR_ONCE}",
        rf"(?P<who>{DOES}) (?:took|picked up|held|dipped|gripped|lifted) (?:the|a|his|her) (?:\w+ )?(?:pen"
        rf"|quill|pencil"
        rf"|brush|chalk|stylus|needle|sword|hammer|mallet)(?: up)? (?:in|with) (?:his"
        rf"|her) {wrong} hand,? as (?:she|he)"
        rf" always (?:did|had|does)\b",
        rf"(?P<who>{DOES}),? (?:who )?(?:did|does) (?:everything|most things|all (?:her|his) \w+) (?:in|with)"
        rf" (?:his|her) {wrong} hand\b",
        rf"(?P<who>{NAME}) (?:always|usually) [a-z]+(?:ed|s|ote|ew) (?:\w+ )?(?:with|in) (?:his|her)"
        rf" {wrong} hand\b{_FOR_ONCE}",
        rf"(?P<who>{NAME}) (?:used|uses) (?:his|her) {wrong} hand to (?:write|draw|sign|paint)\b",
        rf"(?P<who>{DOES}) (?:always|mostly|usually) (?:used|uses|favoured|favours|favored|favors|preferred|prefers"
        rf"|led with) (?:his|her) {wrong}(?: hand)?(?=[.,;]| (?:to|for|when|and)\b)",
        rf"\b(?:pen|pencil|quill|brush) (?:was )?in {_WHOSE} {wrong} hand\b{_FOR_ONCE}",
        rf"{_WHOSE} {wrong} hand (?:wrote|signed|sketched|moved (?:\w+ )?(?:across|over) the (?:page|paper|sheet))\b",
        rf"{_DOES}(?!'s)[^.:“”\"]{{1,60}}? (?:with|in) (?:his|her) {wrong} hand, the (?:one"
        rf"|hand) (?:that )?(?:she|he)\b",
        rf"{_WHOSE} {wrong} hand, the (?:one|hand) (?:she|he) (?:wrote|fenced|threw|drew|fought|ate"
        rf"|did everything)\b",
    ):
        yield (
            pattern,
            known.group(),
            f"{person.name} is {known.group().lower()}, not {wrong}-handed.",
        )
