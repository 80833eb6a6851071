"""Stated numbers: "The council has nine seats.", "At most twelve …", "Two moons cross the sky."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from agents.engine.checks.finding import Finding
from agents.engine.checks.statements import Statement
from agents.engine.checks.world.bans import CONDITION
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading
from agents.engine.text.word_forms import (
    NUMBER,
    NUMBER_WORDS,
    ORDINAL,
    ORDINAL_WORDS,
    noun_forms,
    noun_words,
    number_of,
    singular,
    word_set,
)
from agents.engine.text.word_pattern import WordPattern

_COUNTED: Final = lazy_pattern(
    rf"^(?:there (?:is|are) |(?P<owner>(?:the |a |an )?[\w' -]+?) (?:has|have|holds?|counts|is divided into|keeps?) )"
    rf"(?P<mode>at most |only |no more than |exactly |just )?(?:air for )?(?P<mode2>at most |only )?"
    rf"(?P<number>{NUMBER}|a single) (?P<noun>[\w-]+(?: [\w-]+)?)",
    re.IGNORECASE,
)
_LEADING: Final = lazy_pattern(
    rf"^(?P<mode>at most |only |no more than |exactly )?(?P<number>{NUMBER}) (?P<noun>[\w-]+)(?: \w+ \w+)? "
    rf"(?:may|can|cross|stand|rise|hang|circle|stop|shine|are|is|call|visit|come|sail|live|exist|guard|serve)\b",
    re.IGNORECASE,
)
# "The clan has lived by the lake for seven winters": a text must name the place in these words.
_LASTING: Final = lazy_pattern(
    rf"^[\w' -]+? (?:has|have) (?:been |\w+ )(?P<place>(?:by|in|on|at|near|under|within) [\w' ]+?)"
    rf" for (?P<number>{NUMBER}) (?P<noun>years|winters|summers|months|weeks|generations)\b",
    re.IGNORECASE,
)
# Of these there is only one, so a text need not name the owner.
_WORLDWIDE: Final = word_set("""
    sky world city county ship land kingdom island chain realm town planet island
""")
_MEASURES: Final = word_set("""
    year years month months week weeks day days hour hours minute minutes winter winters mile miles
""")
# Of the moons of a world, "the two" are all.
_HEAVENLY: Final = frozenset(("moon", "sun"))
_ALL: Final = lazy_pattern(
    r"[.;!?]| (?:(?:had |were |was )?(?:rose|risen|rising|shone|shining|hung|hanging|set|setting|stood|sank|climbed|lit"
    r"|cast|threw|up|down|full|new|bright)|were)\b(?![^.;]*\b(?:third|fourth|another|other|rest)\b)"
)
_TIMES: Final = _MEASURES | {"moon", "sun", "summer", "harvest", "generation"}
# Many things have these, so a text must name the owner nearby.
_COMMON: Final = word_set("""
    seat door gate room floor member window wall tower winter child man woman soldier person hand leg wheel page
    bed bell chair table step stair column bridge house street ship boat horse guard head arm finger
""")
_SKIPPED: Final = frozenset(["left", "right", "more", "other", "large", "small", "great"])
_SINGLE: Final = frozenset(("single", "only", "lone", "sole"))
# Any number has one of these, if it is not in digits.
_NUMBERS: Final = NUMBER_WORDS | ORDINAL_WORDS | _SINGLE
_NOT_SOLE: Final = (
    r"[^.;:]*\b(?:wom[ae]n|m[ae]n|girls?|boys?|lad(?:y|ies)|wife|husband|mother|father|neighbours?|widow|stranger"
    r"|friend|sister|brother"
    r"|cousin|aunt|uncle|daughter|who|whose|[a-z]+'s)\b"
)
# "Lise has two sons at home": some of them.
_SOME: Final = lazy_pattern(r" (?:at|in|on|under|by|with|from|here|there|left|still|who|that|already|away)\b")
# "Her two youngest sons" are not all of them.
_PART: Final = lazy_pattern(
    r"(?:[a-z]{2}est|elder|younger|other|remaining|surviving|last|first|next|married|grown)$"
)
# "Eight gates has the house of the dead", "two bridges on the old map".
_ELSEWHERE: Final = lazy_pattern(
    r" ha(?:s|d|ve) (?:the|an?) | (?:they|he|she|we|I) had \w+|[^.;:]{0,20} on (?:the|an?|his|her|this"
    r"|that) (?:\w+ )?(?:map|chart|plan|drawing)\b"
)
# Who sits in seats may be fewer, but not more.
_OCCUPANTS: Final = {"seat": "member"}
# "Eight gates: seven of Ombre and one of the mill".
_SPLIT: Final = lazy_pattern(rf"[^.;:]{{0,30}}: (?P<part>{NUMBER})\b", re.IGNORECASE)
# "They dug a fourth well": one more than there were.
_ADDS: Final = lazy_pattern(
    r"\b(?:dug|dig(?:s|ging)?|built|build(?:s|ing)?|add(?:s|ed|ing)?|s[aiu]nk|hung|cast|cut|opened|plan(?:s"
    r"|ned)?)\b[^.;:]{0,20}$"
)
_WHOSE: Final = re.compile(r"\b(?:his|her|its) [\w-]+$")
_LASTS: Final = re.compile(r"\b(?:for|in|after|within|every|until|past|last|next)\s$")
_MEASURED: Final = lazy_pattern(r"^\s*(?:since|ago|later|old|passed|before|after|long|away)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Count:
    """A stated number of things. ``is_max`` marks an upper limit; ``owner`` must be named nearby unless it is ""."""

    statement: Statement
    noun: str
    number: int
    is_max: bool
    owner: str
    full_owner: str = ""
    rate: str = ""

    def find(self, reading: Reading) -> Iterator[Finding]:
        forms = noun_words(self.noun)
        if reading.words.isdisjoint(forms):
            return
        noun = noun_forms(self.noun)
        pattern = WordPattern.of(
            rf"(?<![\w-])(?P<all>(?:all|the|of the|there were|there are|had|between)(?: of the)? )?"
            rf"(?P<number>{NUMBER}|{ORDINAL}|single|(?:only|lone|sole)(?= {noun}\b(?! (?:who|that|which|to|left"
            rf"|with|in|of)\b)))(?: of (?:the|her|his|their) (?:\S+ )?(?P<total>{NUMBER}))? "
            rf"(?:of (?:its|the|her|his|their|our) (?:[\w-]+'s )?)?(?:(?P<which>(?!of\b"
            rf"|and\b)[\w-]+),? )??{noun}(?![\w-])"
            # "Twelve decks of cards" are others than those of the ship.
            r"(?! of (?-i:[a-z]+s)\b(?<!\bthis)(?<!\bhis)(?<!\bits)(?<!\bus))"
            + (rf" (?:a|an|each|every|per|of the) {re.escape(self.rate)}\b" if self.rate else "")
        )
        for match in pattern.find(reading, forms, _NUMBERS | reading.numbers):
            stated = match["total"] or match["number"]
            is_single = stated.lower() in _SINGLE
            number = 1 if is_single else number_of(stated)
            if (
                number is None
                or (
                    self.noun in _TIMES - _MEASURES
                    and _LASTS.search(reading.lower[max(0, match.start() - 8) : match.start()])
                )
                or (self.noun in _TIMES and _MEASURED.match(reading.plain[match.end() :]))
                or not self._owner_is_near(reading, match.start())
                or (is_single and stated.lower() != "single" and self.noun in _COMMON)
            ):
                continue
            is_ordinal = re.fullmatch(ORDINAL, match["number"], re.IGNORECASE) is not None
            sentence = reading.sentence_at(match.start())
            if is_ordinal and _ADDS.search(reading.plain, sentence.start, match.start()):
                continue
            if self.noun not in _MEASURES and _ELSEWHERE.match(reading.plain, match.end(), sentence.end):
                continue
            split = _SPLIT.match(reading.plain, match.end(), sentence.end)
            if split is not None and number_of(split["part"]) == self.number:
                continue
            # A smaller number may refer to some of them; a larger one cannot.
            is_total = (
                is_single
                or str(match["all"]).casefold().startswith(("all", "there"))
                or self._are_new(reading, match)
                or (
                    not _SOME.match(reading.plain, match.end())
                    and not (match["which"] and _PART.search(match["which"]))
                    and self._owner_has(
                        reading,
                        match.start("number"),
                        # "The council's two oldest members" are not all of them.
                        is_bare=len(reading.plain[match.end("number") : match.end()].split()) == 1,
                    )
                )
            )
            may_be_too_few = is_total and not is_ordinal and not self.is_max
            is_wrong = (number > self.number and self._is_its_own(reading, match)) or (
                may_be_too_few and number < self.number
            )
            # "Of the twelve soldiers not one was there" tells their number as well.
            is_definite = str(match["all"]).casefold().startswith(("all", "the ", "of the")) or (
                reading.plain.endswith("'s ", 0, match.start())
            )
            is_told = reading.is_presupposed if is_definite else reading.is_asserted
            if is_wrong and is_told(match.start(), match.end()):
                limit = "at most " if self.is_max else ""
                why = f"There are {limit}{self.number}, not {number}."
                yield self.statement.finding(reading, match.start(), match.end(), why)

    def find_numbered(self, reading: Reading) -> Iterator[Finding]:
        """Yield a thing whose own number is too great: "floor one hundred and four"."""
        if self.noun in _MEASURES or reading.words.isdisjoint((self.noun,)):
            return
        pattern = WordPattern.of(
            rf"(?<![\w-]){self.noun} (?:number )?(?P<number>{NUMBER})(?![\w-]|[.,:]\d| (?!of\b|in\b|at\b|and\b)\w+s\b)"
        )
        for match in pattern.find(reading, frozenset((self.noun,)), _NUMBERS | reading.numbers):
            number = number_of(match["number"])
            # One more may have been lost, or be new.
            if number is None or number <= self.number + 1 or not self._owner_is_near(reading, match.start()):
                continue
            if reading.is_asserted(*match.span()):
                why = f"There are {self.number}, and this is the {number}th."
                yield self.statement.finding(reading, *match.span(), why)

    def _are_new(self, reading: Reading, match: re.Match[str]) -> bool:
        """Return whether a text speaks of "the two moons" before it has spoken of any: of all that there are."""
        return (
            self.noun in _HEAVENLY
            and not match["which"]
            and (match["number"].lower() == "both" or str(match["all"]).lower() == "the ")
            and _ALL.match(reading.plain, match.end()) is not None
            and re.search(rf"\b{noun_forms(self.noun)}\b", reading.lower[: match.start()]) is None
        )

    def _is_its_own(self, reading: Reading, match: re.Match[str]) -> bool:
        """Return whether a text speaks of the owner's things: "they left Sarn and crossed four bridges" does not."""
        if not self.full_owner or self.statement.element.casefold().removeprefix("the ") != self.full_owner:
            return True
        if _WHOSE.search(reading.lower[max(0, match.start() - 5) : match.end("number")]) or match[
            "which"
        ] in ("his", "her", "its"):
            return True
        behind = rf" (?:of|in|at|on|aboard) (?:the )?{re.escape(self.full_owner)}\b"
        return re.match(behind, reading.lower[match.end() :]) is not None or self._owner_has(
            reading, match.start("number"), is_bare=True
        )

    def _owner_has(self, reading: Reading, start: int, *, is_bare: bool) -> bool:
        """Return whether the words before say that the owner has this number: "The council has"."""
        if not self.full_owner:
            return False
        before = reading.lower[max(0, start - len(self.full_owner) - 40) : start]
        kind, _, whole = self.full_owner.partition(" of ")
        named = {self.full_owner, self.full_owner.split()[-1], *((f"{whole}'s {kind}",) if whole else ())}
        owners = "|".join(map(re.escape, named))
        of = (
            r"|'s (?:own |only )?|(?:,| is| was) (?:the |an? )?\w+ (?:of|with) (?:only |just )?"
            if is_bare
            else ""
        )
        has = "has|had|have|counts|counted|boasts|boasted|keeps|kept|(?:is|was) made up of|consist(?:s|ed) of"
        return (
            re.search(
                rf"\b(?:{owners})(?:(?: still| now)? (?:{has}) (?:only |just |but |exactly |an? )*"
                rf"|,? (?:and|with) (?:her|his|their|its) (?:own )?{of}"
                # "Lise called her three sons": nobody else can be meant.
                rf"|\b(?!{_NOT_SOLE})[^.;:“”\"]{{1,60}} (?:her|his|its) (?:own )?)$",
                before,
            )
            is not None
        )

    def _owner_is_near(self, reading: Reading, start: int) -> bool:
        if not self.owner:
            return True
        near = reading.paragraph_up_to(start)
        kind = self.full_owner.partition(" of ")[0].split()
        owners = {self.owner, *(kind[-1:] if " of " in self.full_owner else ())}
        return re.search(rf"\b(?:{'|'.join(map(re.escape, owners))})\b", near, re.IGNORECASE) is not None


@lru_cache(maxsize=4096)
def read_counts(statement: Statement) -> tuple[Count, ...]:
    return tuple(_read(statement))


def _read(statement: Statement) -> Iterator[Count]:
    found = _COUNTED.search(statement.text) or _LEADING.search(statement.text)
    if found is None and (lasting := _LASTING.search(statement.text)) is not None:
        number, noun = number_of(lasting["number"]), singular(lasting["noun"].casefold())
        if number is not None:
            yield Count(statement, noun, number, is_max=False, owner=lasting["place"].casefold())
    if found is None or CONDITION.search(statement.text[found.end() :]):
        return
    number = number_of(found["number"].lower().replace("a single", "one"))
    words = found["noun"].casefold().split()
    noun = words[0] if len(words) == 1 or words[1] in _LINKS else words[-1]
    if number is None or noun in _SKIPPED or (noun in _MEASURES and statement.element):
        return
    owner = (found.groupdict().get("owner") or "").casefold().removeprefix("the ").strip()
    if owner in ("he", "she", "it", "they") and statement.element:
        owner = statement.element.casefold().removeprefix("the ")
    head = owner.split()[-1] if owner else ""
    # Seven days are no week: only those "of the week" are of it.
    is_of_calendar = singular(noun) in _MEASURES and head in _MEASURES
    mode = f"{found['mode'] or ''}{found.groupdict().get('mode2') or ''}".casefold()
    occupant = _OCCUPANTS.get(singular(noun))
    if occupant is not None and head:
        yield Count(statement, occupant, number, is_max=True, owner=head, full_owner=owner)
    yield Count(
        statement,
        singular(noun),
        number,
        is_max=mode.strip() in ("at most", "no more than") or "may be" in statement.text,
        owner=""
        if not is_of_calendar
        and (head in _WORLDWIDE or singular(noun) not in _COMMON or statement.element.casefold() == owner)
        else head,
        full_owner=owner,
        rate=rate[1].casefold()
        if (rate := _RATE.match(statement.text, found.end("noun"))) is not None
        else "",
    )


_RATE: Final = lazy_pattern(r" (?:a|an|each|every|per) (year|month|week|day|night|hour)\b", re.IGNORECASE)
_LINKS: Final = word_set("""
    in of on for at to a an no and left by cross circle may can that who with there every stop each
""")
