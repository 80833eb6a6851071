"""Patterns of the ways to tell somebody's age."""

from __future__ import annotations

from typing import Final

from agents.engine.checks.characters.cast.people import NAME
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.pattern_set import PatternSet
from agents.engine.text.word_forms import NUMBER, ORDINAL

_LIFE_WORDS: Final = (
    r"(?:years? (?:old\b|of age)|winters old\b|(?:that|this) (?:Easter|Christmas|Lent|year|month|week|day|morning"
    r"|winter|spring|summer"
    r"|autumn)|now\b|and|but|if (?:she|he) (?:was|is) a day"
    r"|today|on the day|at last)"
)
_AGE: Final = rf"(?P<age>(?i:{NUMBER}))"
_ABOUT: Final = (
    "nearly|almost|about|around|pushing|close (?:to|on)|going on|getting on for|approaching|rising"
)
_BIRTH: Final = rf"(?P<age>(?i:{ORDINAL})|\d+(?=th|st|nd|rd))(?:th|st|nd|rd)?"
DECADES: Final = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90,
}  # fmt: skip
_DECADE: Final = "|".join(DECADES)
# Words that tell an age, with the least and the greatest one.
SPANS: Final = {word: (age, age + 9) for word, age in DECADES.items()} | {
    "toddler": (1, 4), "teens": (13, 19), "teenager": (13, 19), "sexagenarian": (60, 69), "septuagenarian": (70, 79),
    "octogenarian": (80, 89), "nonagenarian": (90, 99), "centenarian": (100, 109),
}  # fmt: skip
_OF_AGE: Final = "toddler|teenager|sexagenarian|septuagenarian|octogenarian|nonagenarian|centenarian"
# Patterns, and whether the age may be one of the past.
AGES: Final = PatternSet(
    (lazy_pattern(pattern), may_be_past)
    for pattern, may_be_past in (
        (
            rf"(?P<who>{NAME}),?(?: the \w+(?: \w+)?,)? (?:who )?(?:(?:was|is)(?: (?:just|only|barely|still"
            rf"|already|now|all of|a mere|a full|a good))?"
            rf"|had just turned) {_AGE}(?=[,.;]| {_LIFE_WORDS})",
            False,
        ),
        (
            rf"(?P<who>{NAME}), (?:(?:aged|now|only|just|still|barely|already) ){{0,2}}{_AGE}(?: (?:(?:years"
            rf"|winters) old\b|now|if a day))?(?:,| and (?!counting\b|a half\b)\w+,)",
            False,
        ),
        (
            rf"(?P<who>\b(?:She|He)) (?:was|is|had (?:just )?turned) (?:only |just |barely "
            rf"|still )?{_AGE}(?=[,.;]| {_LIFE_WORDS})",
            False,
        ),
        (
            rf"^\W*(?:(?:[Oo]nly|[Bb]arely"
            rf"|[Jj]ust) )?{_AGE} years old(?: and [\w -]{{1,30}})?, (?P<who>{NAME})(?!'s)",
            False,
        ),
        (rf"\b{_AGE}-year-old (?P<who>{NAME})", False),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:had|has) (?:just |only |already |lately |newly |recently )?turned {_AGE}"
            rf"(?=[,.;]| (?:on|in|that|last|this|the)\b(?! (?:year|day|winter|summer|spring|autumn|month|week) \w))",
            False,
        ),
        (rf"^\W*(?:Now )?[Aa]ged {_AGE}, (?P<who>{NAME})(?!'s)", False),
        (
            rf"(?P<who>{NAME}), (?:though|although) (?:she|he) (?:was|is) (?:only |just |already |now )?{_AGE},",
            False,
        ),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:was|is)(?= no (?:older|more) than (?P<under>(?i:{NUMBER}))(?=[,.;]))",
            False,
        ),
        (rf"(?P<who>{NAME}) (?:would|will) never see {_AGE} again\b", True),
        (rf"(?P<who>{NAME}) at {_AGE} (?:was|is|had|has|still|could|can|looked)\b", True),
        (rf"(?P<who>{NAME}), {_AGE} (?:this|that) (?:\w+),", False),
        (
            rf"(?P<who>{NAME})(?:,|,? (?:who )?(?:was|is)) (?:(?:only|just|still|now|barely"
            rf"|hardly more than) )?(?:a mere |an? )"
            rf"(?P<age>{_OF_AGE})(?=[,.;]| (?:and|with|who|of)\b)",
            False,
        ),
        (rf"\b(?:[Tt]he|[Aa]) (?P<age>{_OF_AGE}),? (?P<who>{NAME})(?!'s)", False),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:(?:was|is) )?(?:still |only |just )?in (?:his|her) (?:early "
            rf"|late )?(?P<age>teens)\b",
            False,
        ),
        (
            rf"(?P<who>{NAME})(?=,? (?:who )?(?:had|has) not (?:yet|quite) (?:reached|turned|seen) (?:the age of )?"
            rf"(?P<under>(?i:{NUMBER}))(?=[,.;]| and\b))",
            False,
        ),
        (
            rf"(?P<who>{NAME}) (?:has|had) seen {_AGE} (?:winters|summers|springs|harvests)(?=[,.;]"
            rf"| and (?:meant|means|hoped|hopes|would|could|still|did)\b)",
            False,
        ),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:had|has) (?:just )?turned {_AGE} (?:the (?:day|week|month) before"
            rf"|yesterday)\b",
            False,
        ),
        (
            rf"^\W*(?:She|He) (?:was|is) an? (?:\w+ )?(?:boy|girl|man|woman|child|lad"
            rf"|youth) of {_AGE}, (?P<who>{NAME}),",
            False,
        ),
        (
            rf"^\W*For an? (?:\w+ )?(?:boy|girl|man|woman|child|lad|youth) of {_AGE}, (?P<who>{NAME})(?!'s)",
            False,
        ),
        (rf"(?P<who>{NAME}) (?:had|has) just had (?:his|her) {_BIRTH} birthday\b", False),
        (rf"\b{_AGE} candles (?:\w+ )?on (?P<who>{NAME})'s (?:birthday )?cake\b", False),
        (
            rf"(?P<who>{NAME}) (?:has|had) (?:lived|seen) {_AGE} (?:years|winters|summers)\b",
            True,
        ),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:(?:was|is) )?(?:now )?in (?:his|her) (?=\w+ti(?:eth|es)\b|\w+ty-\w+)"
            rf"{_BIRTH} year\b(?! (?:of|as|at|in|with)\b)",
            False,
        ),
        (
            rf"\b[Bb]orn {_AGE} years (?:ago|before|earlier)(?: in [\w' ]{{1,30}})?, (?P<who>{NAME})(?!'s)",
            False,
        ),
        (rf"(?P<who>{NAME}) (?:was|had been) born {_AGE} years (?:ago|before|earlier)\b", False),
        (
            rf"(?P<who>{NAME}) (?:had )?(?:reached|turned) (?:the age of )?{_AGE} (?:last|this) (?:week|month|spring"
            rf"|summer|autumn|winter|year)\b",
            False,
        ),
        (rf"(?P<who>{NAME}) (?:had )?reached (?:the age of )?{_AGE}(?=[,.;])", True),
        (rf"(?P<who>{NAME})(?=, not (?:yet|quite) (?P<under>(?i:{NUMBER})),)", False),
        # Younger than that, and still so.
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:was|is)(?= not (?:yet|quite) (?P<under>(?i:{NUMBER}))(?=[,.;]"
            rf"| (?:and|but|when)\b))",
            False,
        ),
        (
            rf"(?P<who>{NAME}), at (?:the age of )?{_AGE},? (?:is\b|(?:(?:was|could|can) )?(?:still|now|already)\b)",
            False,
        ),
        (rf"(?P<who>{NAME}), at (?:the age of )?{_AGE},", True),
        (
            rf"(?P<who>{NAME}) (?:celebrated|celebrates|was celebrating|had|has|held) (?:her|his) {_BIRTH} birthday"
            rf" (?:that|this|today|tonight|tomorrow|on)\b",
            False,
        ),
        (rf"\bAt the age of {_AGE},? (?P<who>{NAME})", True),
        (
            rf"(?P<who>{NAME}), (?:an? |the )?(?:\w+ )?(?:boy|girl|man|woman|child|lad|youth|page|apprentice"
            rf"|squire|student|novice|orphan|widow|widower|bride|maid|spinster|bachelor|midshipman"
            rf"|cadet) of {_AGE}\b",
            False,
        ),
        (rf"\bAt {_AGE},? (?P<who>{NAME}) (?:still|now|is)\b", False),
        (rf"\b[Ii]t (?:was|is) (?P<who>{NAME})'s {_BIRTH} birthday\b", False),
        (
            rf"(?P<who>{NAME})'s {_BIRTH} birthday (?:was|is|fell|falls) (?:on|today|tomorrow|this|next)\b",
            False,
        ),
        (
            rf"(?P<who>{NAME}) (?:was|is) an? (?:\w+ )?(?:boy|girl|man|woman|child|lad|youth"
            rf"|fellow|page|apprentice|widow|widower|bride|maid"
            rf"|squire|student|novice|orphan|spinster|bachelor) of {_AGE}(?=[,.;]"
            rf"| (?:and|who|with|in|at|when)\b)",
            False,
        ),
        (
            rf"(?P<who>{NAME})(?P<future>)(?=,?(?: who)? (?:(?:would|will|shall) (?:be|turn)"
            rf"|was about to turn) {_AGE} (?:on"
            rf"|next|this|that"
            rf"|tomorrow|in (?:January|February|March|April|May|June|July|August|September|October|November|December"
            rf"|the (?:spring|summer|autumn|winter)))\b)",
            False,
        ),
        (rf"(?P<who>{NAME}),? (?:who )?(?:(?:was|is) )?(?:only |just )?(?:an?|the) {_AGE}-year-old\b", False),
        (rf"\b{_AGE}-year-old (?!(?:son|daughter|child|brother|sister)\b)\w+ (?P<who>{NAME})", False),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:was|is) (?:well |just |already )?(?:over|past) {_AGE}(?=[,.;]"
            rf"| (?:and|but|now)\b)",
            True,
        ),
        (rf"(?P<who>{NAME})'s {_BIRTH} birthday\b", True),
        (
            rf"(?P<who>{NAME}) [^.;:]{{0,20}}\b(?:celebrated|had|reached|passed) (?:her|his) {_BIRTH} birthday\b",
            True,
        ),
        (rf"(?P<who>{NAME}),? (?:who )?(?:was|is) (?P<about>{_ABOUT}) {_AGE}(?=[,.;]| {_LIFE_WORDS})", False),
        (
            rf"(?:[:;–—]|,? and|,? but) (?P<who>she|he) (?:was|is) (?:(?:just|only|barely|still"
            rf"|now) )?{_AGE}(?=[.;]| {_LIFE_WORDS})",
            False,
        ),
        (
            rf"\b[Oo]n (?:the (?:eve|morning|evening|day|night) of )?(?:her|his) {_BIRTH} birthday,? (?P<who>{NAME})",
            True,
        ),
        (rf"(?P<who>{NAME}) [^.;:]{{0,60}}\bon (?:her|his) {_BIRTH} birthday\b", True),
        (
            rf"(?P<who>{NAME}),? (?:who )?(?:(?:was|is) )?(?:still |only |now |already )?(?:an? (?:\w+ )?(?:man"
            rf"|woman) )?"
            rf"(?:well |far |still |barely |hardly |just )?"
            rf"(?:in(?:to)?|out of) (?:his|her) (?:early |middle |mid-|late )?(?P<age>{_DECADE})\b",
            False,
        ),
        # "At nineteen" may refer to the past, but not to a birthday that is still to come.
        (
            rf"\bAt {_AGE},? (?P<who>{NAME})(?!'s)"
            r"(?! (?:meant|means|hoped|hopes|intended|intends|planned|plans|wanted|wants|expected|would|will)\b)",
            True,
        ),
        (rf"(?P<who>{NAME}) (?:turns|turned) {_AGE}\b(?! (?:times|pages|of|and|the|her|his))", True),
        (
            rf"(?P<who>{NAME}) (?:turns|turned) {_AGE} (?:today|tonight|tomorrow|this (?:morning|week|month|year))\b",
            False,
        ),
        (
            rf"^\W*An? (?:\w+ )?(?:boy|girl|man|woman|child|lad|youth) of {_AGE},? (?P<who>{NAME})(?!'s)",
            False,
        ),
        (
            rf"^\W*(?:Although|Though|Since|Because|As) (?:she|he) (?:was|is) (?:(?:only|just|barely|already"
            rf"|still) )?"
            rf"{_AGE}(?: years old)?, (?P<who>{NAME})(?!'s)",
            False,
        ),
        (rf"(?P<who>{NAME}) \({_AGE}\)", False),
    )
)
