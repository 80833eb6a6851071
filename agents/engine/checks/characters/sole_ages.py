"""Ages that a sentence tells of its only person, in words that no form of ``age_forms`` has foreseen."""

from __future__ import annotations

import re
from typing import Final, Literal

from agents.engine.checks.characters.cast.people import DOES, NAME
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.pattern_set import PatternSet
from agents.engine.text.vocabulary import ROLES
from agents.engine.text.word_forms import NUMBER, ORDINAL, one_of

# What the number is: the age, nearly the age, a limit that the person is above or below, or an age that may be past.
Limit = Literal["exact", "about", "over", "under", "past"]

_AGE: Final = rf"(?P<age>(?i:{NUMBER}))"
_BIRTH: Final = rf"(?P<age>(?i:{ORDINAL})|\d+(?=th|st|nd|rd))(?:th|st|nd|rd)?"
_WHO: Final = (
    "(?:man|woman|girl|boy|child|lad|lass|youth|lady|fellow|person|widow|widower|spinster|bachelor|bride)"
)
_RELATIVE: Final = "grandmother|grandfather|mother|father|blonde?|redhead|brunette|old maid|veteran"
_BODY: Final = (
    "(?:knees?|hands?|face|body|bones|back|eyes|heart|legs?|feet|fingers|voice|lungs|stomach|hips?|joints)"
)
_ENDS: Final = (
    r"(?=[,.;:!)]| (?:and|but|now|that|this|last|next|when|or|if|in|on|to)\b(?! (?:of|the (?:way|road))\b))"
)
_SUBJECT: Final = (
    rf"{DOES}(?:, [^,.;:“”\"]{{1,40}},"
    r"| (?:herself|himself|now|then|too|also|already|still|only|just|at last|by now))?"
)
_STATE: Final = (
    r"(?:(?:was|is) (?:the|still|already|now|too|not|as|so|by far|only|no|past|beyond)\b|(?:could|can) (?:not"
    r"|barely|hardly|just"
    r"|only)\b"
    r"|(?:did|does) not (?:expect|know|want|care|need|like|mean|intend)\b|had (?:no|few|little|every)\b|looked\b)"
)
_FORMS: Final[tuple[tuple[str, Limit], ...]] = (
    (
        rf"\b(?:[Ff]or|[Aa]s|[Bb]eing|was|is|[Bb]ecome|became|still|only|just|already"
        rf"|now) an? (?:\w+ )?{_WHO} of {_AGE}\b",
        "exact",
    ),
    (rf"\b(?:[Hh]is|[Hh]er|{NAME}'s) {_AGE}-year-old {_BODY}\b", "exact"),
    (
        rf"\b(?:his|her) {_AGE} (?:years|winters|summers)\b(?! (?:of|in|at|as|on|with|there|here|since|under"
        rf"|aboard)\b)",
        "exact",
    ),
    (
        rf"\b[Tt]he {_AGE}-year-old(?: (?:[\w-]+ )?(?:{_WHO}|{_RELATIVE}|{one_of(ROLES)}))?(?: in"
        rf" [^,.;]{{1,25}})?(?:,| was| is) {NAME}(?!'s)",
        "exact",
    ),
    (
        rf"{NAME} (?:had |has )?(?:turned|turns|reached|reaches|attained) (?:the age of )?{_AGE}\b(?!"
        rf" (?:[a-z]+s\b|of\b|and\b|the\b"
        r"|his\b|her\b))",
        "past",
    ),
    (rf"\ban? (?:[\w-]+ )?(?:{_RELATIVE}|{one_of(ROLES)}) of {_AGE}(?=[,.;]| (?:and|who|with)\b)", "exact"),
    (rf"\b(?:the|on the) (?:wrong|far|other|dark|shady) side of {_AGE}\b", "over"),
    (rf"\b(?:the|on the) (?:right|sunny|near|better) side of {_AGE}\b", "under"),
    (
        rf"{_SUBJECT} (?:was|is|must be|had to be) (?:well |long |far |already |just )?(?:past|over|above"
        rf"|beyond) {_AGE}{_ENDS}",
        "over",
    ),
    (rf"{_SUBJECT} (?:was|is) (?:well |still |not yet )?(?:under|below|short of) {_AGE}{_ENDS}", "under"),
    (
        rf"{_SUBJECT} (?:was|is|must be) (?:now )?(?:nearly|almost|about|around|pushing|rising|going on"
        rf"|getting on for"
        rf"|close (?:to|on)|approaching|nearing|nearer|hard on) {_AGE}(?:{_ENDS}|(?= than\b))",
        "about",
    ),
    (rf"\b[Aa]t (?:nearly|almost|about|close to|just over|just under|well over) {_AGE}(?=[,.;])", "about"),
    (rf"\b[Aa]t (?:the (?:ripe (?:old )?|tender |early |late |great )?)?age of {_AGE}\b", "past"),
    (rf"\b[Aa]ged (?:only |about |just |barely )?{_AGE}(?=[,.;:)]| (?:and|but|or)\b)", "exact"),
    (rf"\b(?:his|her) {_BIRTH} birthday\b", "past"),
    (rf"\bin (?:his|her) {_BIRTH} (?:year|summer|winter|spring|autumn)\b", "about"),
    (
        rf"{_SUBJECT} (?:had |has )?(?:just |only |already )?(?:turned|reached|turns) {_AGE}(?=[,.;]| (?:in"
        rf"|on|last|this|that"
        r"|yesterday|today|tomorrow|before)\b)",
        "past",
    ),
    (
        rf"(?:{DOES}) (?:\w+ ){{0,3}}?(?:was|is|being|been) (?:\w+ ){{0,3}}?{_AGE} (?:years|winters"
        rf"|summers) (?:old|of age)\b",
        "exact",
    ),
    (
        rf"^\W*(?:(?:Nearly|Almost|Only|Just|Barely|Already|Now) )?{_AGE} (?:(?:now|already|years old"
        rf"|years of age)(?:,? and"
        rf" [\w' -]{{1,40}})?|and (?:still|not|never|as|already|yet|too) [\w' -]{{1,40}}), (?:{DOES})",
        "exact",
    ),
    (rf"{_SUBJECT} (?:was|is) (?:\w+ly )?{_AGE}(?=[,.;:!)]| (?:and|but|now|that|this|last|next)\b)", "exact"),
    (rf"{_SUBJECT} (?:would|will) be {_AGE} (?:in|on|next|this|tomorrow|at)\b", "exact"),
    (
        rf"\b(?:and|but|though|although|since|because|for|that) (?:he|she) (?:was"
        rf"|is) (?:\w+ )?{_AGE}{_ENDS}",
        "exact",
    ),
    (rf"\bborn(?:, [^,.;]{{1,50}},)? {_AGE} (?:years|winters|summers) (?:ago|before|earlier)\b", "exact"),
    (
        rf"\b{_AGE} (?:years|winters|summers) (?:lay|were|sat|weighed) (?:\w+ )?(?:on|upon|behind) (?:his|her"
        rf"|{NAME})",
        "exact",
    ),
    (rf"\b(?:[Ff]or|[Oo]n|[Bb]efore|[Aa]fter|celebrate|celebrated) {NAME}'s {_BIRTH}(?=[.,;])", "past"),
    (rf"{NAME},? (?:who )?(?:would|will) never see {_AGE} again\b", "past"),
    # A state, not an event that may be long past.
    (rf"{NAME},? at (?:the age of )?{_AGE}(?=,? {_STATE})", "exact"),
    (rf"\bAt (?:the age of )?{_AGE},? {NAME}(?= {_STATE})", "exact"),
    (rf"{_SUBJECT} (?:was|is) (?:\w+ )?{_AGE}(?:-odd|ish|-something)\b", "about"),
    (
        rf"{NAME} had (?:only )?just (?:celebrated|had|passed|reached) (?:his|her) {_BIRTH} birthday\b",
        "exact",
    ),
    (rf"{NAME} had (?:barely|hardly|scarcely|only just|just|newly) turned {_AGE}(?=[.;])", "exact"),
    (
        rf"{NAME}(?:,| [–—-]) {_AGE}(?:,| and) (?:already|still|not|very|too|as|barely|long|tall|small|thin|fat"
        rf"|gangling"
        r"|unmarried|married|widowed|childless|toothless|deaf|blind|bald|grey|fit|strong|proud|stubborn)\b",
        "exact",
    ),
    (
        rf"{NAME},? {_AGE} (?:years|winters|summers) (?:old|of age)\b(?: (?:last|this) (?:week|month|spring|summer"
        rf"|autumn|winter|year)\b)?",
        "exact",
    ),
    (
        rf"{NAME}, (?:[\w'-]+ ){{0,4}}?{_WHO},? (?:now|already|barely|hardly|only|just)? ?of {_AGE}(?=[.,;])",
        "exact",
    ),
    (rf"{NAME} (?:had |has )?(?:reached|entered|begun|began) (?:his|her) {_BIRTH} year\b", "about"),
    (rf"\bin the {_BIRTH} year of (?:his|her) life\b", "about"),
    (
        rf"{NAME} (?:had )?turned {_AGE}(?: that (?:week|day|month|year|summer|winter|spring|autumn|night|morning)"
        r"|on the (?:day|night|eve)\b|(?= without\b))",
        "exact",
    ),
    (rf"{_SUBJECT},? (?:who )?(?:was|is) (?:going|about|soon|due|shortly) to (?:be|turn) {_AGE}\b", "exact"),
    (rf"{NAME}, an? (?:\w+ )?{_WHO} (?:not yet|not quite|under|short of) {_AGE}(?=[.,;])", "under"),
    (rf"{NAME}, an? (?:\w+ )?{_WHO} (?:well |far |long )?(?:over|past|beyond) {_AGE}(?=[.,;])", "over"),
    (rf"{NAME}, an? (?:\w+ )?{_WHO} (?:of )?(?:nearly|almost|about|barely|hardly) {_AGE}(?=[.,;])", "about"),
    (
        rf"{NAME},? who (?:was|is) {_AGE} (?:last|this|next) (?:birthday|week|month|spring|summer|autumn|winter"
        rf"|year)\b",
        "exact",
    ),
    (
        rf"\b(?:felt|feels|carried|wore|bore|showed) (?:all )?(?:his|her) {_AGE} (?:years|winters|summers)\b",
        "exact",
    ),
    (rf"^\W*(?:Only|Barely|Just|Already|Nearly|Almost|Not yet) {_AGE}, {NAME}", "about"),
    (rf"{NAME}, {_AGE} (?:last|this|next) (?:week|month|year|spring|summer|autumn|winter|\w+day),", "exact"),
    (rf"{NAME}'s age (?:was|is) {_AGE}\b", "exact"),
    (rf"{NAME} (?:had|has) lived through {_AGE} (?:winters|summers|springs|harvests)\b", "past"),
    (rf"{NAME} (?:had|has) {_AGE} (?:years|winters|summers) to (?:his|her) name\b", "exact"),
    (rf"{NAME} (?:had|has) lived (?:for )?{_AGE} (?:years|winters|summers)(?=[.,;]| and \w+ed\b)", "past"),
    (
        rf"{NAME} (?:celebrated|celebrates|kept) (?:his|her) {_BIRTH} birthday (?:with|among|alone|by)\b",
        "exact",
    ),
    (rf"\bhalf[- ](?:way )?(?:through|to) (?:his|her) {_BIRTH} year\b", "about"),
)
SOLE_AGES: Final = PatternSet[Limit]((lazy_pattern(pattern), limit) for pattern, limit in _FORMS)  # fmt: skip


def contradicts(told: int, age: int, limit: Limit) -> bool:
    """Return whether somebody of an ``age`` cannot be what is ``told``."""
    if limit == "over":
        return age < told - 1
    if limit == "under":
        return age > told + 1
    if limit == "past":
        return told > age + 1
    return abs(told - age) >= (5 if limit == "about" else 2)


NOT_SO: Final = lazy_pattern(
    r"\bas \w+ as an?\b|\b(?:look(?!(?:s|ed)? (?:it|every)\b)\w*|seem\w*|pass\w* for|act\w*|dress\w*"
    r"|might be|could be|would be when"
    r"|pretend\w*|said to be"
    r"|claim\w*|lied"
    r"|count\w*|guess\w*|weigh\w*|degrees|miles|pounds|pages|shillings|minutes|feet|inches|per cent|boats?"
    r"|ships?|sheep|cows"
    r"|when (?:she|he) was|as if|as though|by the time|until|before|once|used to|had been|remember\w*"
    rf"|would never|(?:page|chapter|row|number|room|house) (?:\d+|{NUMBER}))\b",
    re.IGNORECASE,
)
