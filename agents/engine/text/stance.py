"""The stance of a narrator to the words of a sentence: asserted, negated, asked, compared, depicted and so on.

In doubt words count as not asserted: a missed contradiction costs less than a false accusation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Stance = Literal[
    "asserted", "negated", "asked", "compared", "depicted", "reported", "supposed", "dreamt", "remembered"
]

_CLAUSE: Final = re.compile(r"[,;:—–]|(?<=\s)-(?=\s)|\b(?:but|while)\b")
_NEGATION: Final = re.compile(
    r"\b(?:no|not|without|neither|nor|never|nobody|none|nothing|nowhere|lack\w*|cannot|unable|impossible|instead of"
    r"|unlike|hardly|scarcely|rather than|far from|free of|anything but|refus(?:ed|es|ing) to|fail(?:ed|s|ing) to"
    r"|too \w+ to|could have|stopped short of|ceased|absence of|devoid of)\b|\b\w+n't\b",
    re.IGNORECASE,
)
_COMPARISON: Final = re.compile(
    r"\bas (?:if|though)\b|(?<!would )(?<!\bd )\blike\b(?! to\b)|\bmight (?:as well|have)\b"
    r"|\b(?:seem|resembl|remind)\w*\b|\bas \w+ as\b|\bcould have been\b|\bso to speak\b|\b(?:more|less) \w+ than\b"
    r"|\b(?:a|some) (?:sort|kind) of\b|\bnothing short of\b|\bakin to\b|\bwhat one might call\b",
    re.IGNORECASE,
)
_COMPARED_AFTER: Final = re.compile(
    r"^[^.;]{0,40}\b(?:of a (?:man|woman|girl|boy|voice|place|room|person)|so to speak|as it were|if you (?:like|will)"
    r"|in a manner of speaking|figuratively)\b",
    re.IGNORECASE,
)
_SAYING: Final = re.compile(
    r"\bas (?:the|they|he|she|people|one|later)\b[^.]{0,30}\b(?:saying|proverb|put|said|say|is|goes|called?)\b"
    r"|\bthe (?:old )?(?:saying|proverb|joke) (?:goes|went|has|had|ran)\b|\bby which\b|\bmeaning that\b|\bused to say\b"
    r"|\bin a manner of speaking\b|\bpure\b|\bfiguratively\b|\bproverbial\b|\bso-called\b|\bnicknamed\b"
    r"|\b(?:a|the) word (?:for|that)\b|\b(?:people|they|everyone|everybody|folk|children|we|some"
    r"|men) call(?:ed)? (?:it|him"
    r"|her|them|this|that)\b|\bwas (?:known as|called|named)\b",
    re.IGNORECASE,
)
_DREAM: Final = re.compile(
    r"\b(?:dream\w*|nightmares?|visions?|(?:her|his|their|my|our) sleep|imagin\w+|hallucinat\w+|fantas\w+|daydream\w*"
    r"|delirious|delirium|fever\w*|in (?:her|his|their|my|the) mind(?:'s eye)?|pictured|envision\w*|reverie)\b",
    re.IGNORECASE,
)
_DREAMING: Final = re.compile(r"\bdream(?:ed|t|s)?\b|\bnightmares?\b", re.IGNORECASE)
_WOKE: Final = re.compile(r"\b(?:woke|woken|awoke|waking|awake)\b", re.IGNORECASE)
# Works of words: whatever the sentence says, it may be their content.
_NARRATED: Final = re.compile(
    r"\b(?:stor(?:y|ies)|tales?|legends?|legendary|myths?|mythical|songs?|sang of|sings? of|ballads?|rhymes?"
    r"|fables?|sagas?"
    r"|epics?|puppets?|(?:the|a|that|this|school|her|his) plays?\b(?! with)|plays\b(?! with)|novels?|poems?"
    r"|pageant|masks?"
    r"|masked|costumes?|games?|museum|prophec\w+|prophesied|scriptures?|toys?|dolls?|chronicles?|annals"
    r"|folklore|memoirs?"
    r"|diar(?:y|ies)|epitaphs?|obituar(?:y|ies)|verses?|hymns?|operas?|parables?|riddles?|theatre|theater|actors?"
    r"|actress\w*|on stage|the stage|role of|part of the (?:king|queen|witch|wizard|hero)|dressed (?:up )?as|disguis\w+"
    r"|pretend\w*|play(?:ed|ing) at)\b",
    re.IGNORECASE,
)
_PICTURES: Final = (
    r"(?:paintings?|portraits?|pictures?|photographs?|photos?|snapshots?|daguerreotypes?|frescos?|frescoes"
    r"|murals?|mosaics?"
    r"|statues?|statuettes?|busts?|effig(?:y|ies)|figurines?|sketch(?:es)?|drawings?|engravings?|woodcuts?"
    r"|posters?|films?"
    r"|footage|recordings?|reels?|tapes?|holograms?|likeness(?:es)?|icons?|tapestr(?:y|ies)|carvings?|reliefs?|friezes?"
    r"|medallions?|lockets?|coins?|penn(?:y|ies)|stamps?|banners?|signboards?|(?:inn )?signs?|illustrations?"
    r"|watercolou?rs?"
    r"|canvas(?:es)?|picture frames?|stained glass|windows? of|plaques?|monuments?|gravestones?|headstones?"
    r"|tombstones?)"
)
_WRITINGS: Final = (
    r"(?:letters?|records?|registers?|ledgers?|logs?|archives?|books?|pages?|newspapers?|papers?|telegrams?"
    r"|histor(?:y|ies)"
    r"|inscriptions?|screens?|videos?|mirrors?|memory|memories|mind|thoughts?|head|imagination|minutes|reports?"
    r"|catalogues?)"
)
_A_FEW: Final = (
    r"(?:the |an? |his |her |their |its |that |this |those |these |one |every |some |old )?(?:[\w'-]+ ){0,3}?"
)
_A_WRITING: Final = r"(?:the|an?|that|this|one|every) (?:[\w'-]+ ){0,2}?"
_DEPICTED: Final = (
    r"(?:painted|carved|embroidered|woven|sculpt\w+|engraved|etched|stitched|drawn|sketched|chisell?ed|stuffed|filmed"
    r"|photographed|recorded|depict\w*|portray\w*|tattoo\w*|stamped|cast in (?:bronze|plaster|iron))"
)
_PICTURED: Final = re.compile(
    rf"\b(?:in|on|from|of|out of|within|upon|through|across|inside|beneath|under|above) {_A_FEW}{_PICTURES}\b"
    rf"|\b(?:in|from|into|through) {_A_WRITING}{_WRITINGS}\b"
    rf"|\b(?:{_PICTURES}|{_WRITINGS}),? (?:that |which )?(?:show(?:s|ed|ing)?|depict\w*|portray\w*|says?|said"
    rf"|tells?|told|ran)\b",
    re.IGNORECASE,
)
# Something that is drawn, or an image, a ghost or a thought of it.
_IMAGE_BEFORE: Final = re.compile(
    rf"\b{_DEPICTED}(?: (?:[\w'-]+ ){{0,4}})?$|\b(?:painting|portrait|picture|photograph|photo|statue|bust"
    rf"|drawing|sketch"
    r"|likeness|effigy|carving|mask|image|ghost|shade|spirit|memory|memories|thought|name|voice|model|outline"
    r"|shape)s? of"
    r" (?:[\w'-]+ ){0,3}$|\bcarved (?:\w+ ){0,2}$",
    re.IGNORECASE,
)
_IMAGE_AFTER: Final = re.compile(rf"^(?: [\w'-]+){{0,4}} {_DEPICTED}\b", re.IGNORECASE)
_PORTRAIT: Final = re.compile(
    r"\b(?:portraits?|paintings?|photographs?|photos?|pictures?|statues?|busts?|tapestr(?:y|ies)|frescos?"
    r"|murals?|snapshots?"
    r"|daguerreotypes?|effig(?:y|ies)|films?|footage|recordings?|holograms?|dream(?:ed|t|s)?)\b",
    re.IGNORECASE,
)
_REPORT: Final = re.compile(
    r"\b(?:claim\w*|(?:said|says|wrote|writes|reported|recorded|noted|stated|told \w+) that|swore|insist\w*"
    r"|lied|an? (?:\w+ )?lie|told lies|lying (?:that|about|to)"
    r"|pretend\w*|rumou?rs?|gossip|allegedly|supposed\w*|according to|believ\w+|thought|suspect\w*|wrong\w*|mistak\w+"
    r"|mistook|took \w+ for|jok\w+|boast\w*|hop(?:ed|ing)|wish\w*|fear\w*|accus\w+|whatever|they say|people sa(?:y|id)"
    r"|some sa(?:y|id)|(?:it|he|she) (?:is|was) said|had it that|has it that|put it about|tall tale|swindler|quack|liar"
    r"|handbill|had (?:written|heard) that (?:the|he|she|it|there|\w+ (?:was|had|came))\b|on \S+ ?\S* map"
    r"|longed for|dreaded|expected|imagined|theory|theories|superstiti\w+|folk (?:say|said|believe))\b",
    re.IGNORECASE,
)
_SUPPOSED: Final = re.compile(
    r"\b(?:(?<!even )if(?! (?:one|you|anybody|anyone|need|asked|only|at all|ever|any|not)\b)"
    r"|if only (?:she|he|they|it|i|we|\w+ (?:had|were|could))\b|unless|(?:would|could|should|might"
    r"|must) (?:not )?(?:have|be)"
    r"|(?:would|might) (?:never |almost |still |even |surely )?(?:come|go|walk|say|smile|stand|return|answer|speak|step"
    r"|appear|laugh)|perhaps|maybe|suppose|what if|would that|let us say|almost|as soon as|whoever)\b"
    r"|(?:^|[“\"(,;]\s*)had (?:\w+ ){1,3}been\b|,\s*had (?:that|it|there)\b|^\W*(?:had|were|should) (?:\w+ ){1,3}",
    re.IGNORECASE,
)
_PAST: Final = re.compile(
    r"\b(?:ago|once|remember\w*|recall\w*|memor\w+|used to|had (?:\w+ ){0,2}\w+(?:ed|en|od|id|ade|ung|oke|ent"
    r"|ook|ught|ade|ome|one|old|eld|ung|unk|orn|aid)"
    r"|had (?:had|been|come|gone|told|held|met|sat|stood)|(?:he|she|it|they|who|\w+)'d \w+(?:ed|en)|yesterday"
    r"|long before|back then|those days|the old days|at that time"
    r"|in (?:her|his|their) (?:days?|lifetime|time|youth|childhood|last (?:year|month|week|day)s?)"
    r"|(?:when|while) (?:he|she|they|\w+) (?:was|were|still) (?:still )?(?:alive|young|living|lived|a (?:girl"
    r"|boy|child|young"
    r" \w+)|\w+ing|\w+)|as a (?:girl|boy|child|young \w+|student)|the late|the dead|ghost of|grave|tomb|coffin"
    r"|funeral|buried"
    r"|last (?:night|week|month|year|spring|summer|autumn|fall|winter|time|\w+day)"
    r"|the (?:\w+ )?(?:day|night|evening|morning|week|month|year|spring|summer|autumn|winter) (?:before|earlier"
    r"|(?:that )?"
    r"(?:he|she|they) (?:died|was))"
    r"|(?:years?|months?|weeks?|days?|winters?|summers?|hours?|decades?|centur(?:y|ies)|generations?|lifetimes?)"
    r" (?:before|earlier|ago|back|past|since)"
    r"|(?:before|until|till|since) (?:he|she|they|his|her|their|the|\w+'s?) (?:\w+ )?(?:died|death|dying|fell|fall|was"
    r" (?:killed|lost|drowned|murdered|executed|hanged|shot)|end|war|fire|flood|plague|siege|battle)"
    r"|(?:the|his|her) (?:last|first) time|for the last time|in (?:1[0-9]{3}|[5-9]\d\d)\b"
    r"|flashback|earlier (?:that|in)|formerly|in life|while alive|reign of|days of)\b",
    re.IGNORECASE,
)
# These put the whole sentence into the past, wherever they stand.
_TIME_PAST: Final = re.compile(
    r"\b(?:yesterday|back then|in those days|at that time|years? ago|long ago|last (?:night|week|month|year"
    r"|spring|summer|autumn"
    r"|winter)|in (?:1[0-9]{3}|20[01]\d|[5-9]\d\d)\b|(?:years?|months?|weeks?|winters?|summers?"
    r"|decades?) (?:before|earlier|ago|back)"
    r"|(?:years?|months?|decades?) away|when (?:he|she|they) (?:was|were) (?:still )?(?:alive|young|a (?:girl"
    r"|boy|child))|as a (?:girl"
    r"|boy|child|young \w+)|(?:before|until|till) (?:he|she|they|his|her|their) (?:\w+ )?(?:died|death|fell)"
    r"|used to|for the last"
    r" time|the last time|in slow motion|, (?:he|she|they) (?:read|wrote|had read)\b(?= ?[.,;:])|again and again in)\b",
    re.IGNORECASE,
)
# The rest of the paragraph may tell of the past as well.
_BACK_IN_TIME: Final = re.compile(
    r"\b(?:(?:years?|months?|winters?|summers?|decades?|centur(?:y|ies)|generations?|days?|weeks?) (?:before"
    r"|earlier|ago|back)"
    r"|long ago|back then|in those days|yesterday|last (?:night|week|month|year|spring|summer|autumn|winter|\w+day)"
    r"|remember(?:ed|s)?|recalled|(?:when|while) (?:he|she|they|\w+) (?:was|were) (?:still )?(?:alive|young"
    r"|living|a (?:girl|boy"
    r"|child|young \w+))|as a (?:girl|boy|child)|flashback|the (?:year|summer|winter|spring|autumn|day|night"
    r"|week) before"
    r"|before (?:he|she|they) died|once upon a time|(?:that|it) was the (?:winter|summer|spring|autumn|year"
    r"|night|day) (?:of|when|that))\b",
    re.IGNORECASE,
)
_NOW: Final = re.compile(
    r"\b(?:now|today|tonight|this (?:morning|evening|night|year)|at present)\b", re.IGNORECASE
)
_CUT: Final = re.compile(r"[,;:—–]|(?<=\s)-(?=\s)")
_ANY_QUESTION: Final = "”\"’' )]*_"


@dataclass(frozen=True, slots=True)
class Span:
    """A span within its sentence: ``whole`` is the sentence, ``start`` and ``end`` positions in it."""

    whole: str
    start: int
    end: int

    @property
    def before(self) -> str:
        return self.whole[: self.start]

    @property
    def words(self) -> str:
        return self.whole[self.start : self.end]

    @property
    def clause(self) -> str:
        """The clause up to the end of the span."""
        return _CLAUSE.split(self.before)[-1] + self.words

    @property
    def up_to_clause_end(self) -> str:
        """The sentence up to the end of the clause, and of a next one after a comma."""
        cuts = [match.start() for match in _CUT.finditer(self.whole, self.end)]
        if cuts and self.whole[cuts[0]] != ",":
            return self.whole[: cuts[0]]
        return self.whole[: cuts[1]] if len(cuts) > 1 else self.whole


def stance_of(span: Span, *, is_dreamt: bool = False, is_speech: bool = False) -> Stance:
    """Return the stance to the words of ``span``; a question in speech is that of a character, who presupposes it."""
    before, words, whole = span.before, span.words, span.whole
    after = whole[span.end :]
    if _NEGATION.search(span.clause):
        return "negated"
    if _COMPARISON.search(before) or _SAYING.search(whole) or _COMPARED_AFTER.search(after):
        return "compared"
    if (
        _NARRATED.search(whole)
        or _PICTURED.search(whole)
        or _IMAGE_BEFORE.search(before)
        or _IMAGE_AFTER.search(after)
        or _IMAGE_AFTER.search(f" {words}")
    ):
        return "depicted"
    if _REPORT.search(before + words) or _REPORT.search(after):
        return "reported"
    if _SUPPOSED.search(span.up_to_clause_end):
        return "supposed"
    if not is_speech and whole.rstrip(_ANY_QUESTION).endswith("?"):
        return "asked"
    if is_dreamt or _DREAM.search(whole):
        return "dreamt"
    return "asserted"


def is_past(before: str) -> bool:
    """Return whether a sentence, given up to the end of a span, looks back to an earlier time."""
    return _PAST.search(before) is not None


def tells_of_past(sentence: str) -> bool:
    """Return whether a time that the sentence names puts it into the past."""
    return _TIME_PAST.search(sentence) is not None


def dreamt(sentences: Sequence[str]) -> list[bool]:
    """Return for each sentence of a paragraph whether it tells of a dream, which lasts until someone wakes."""
    return _spread(sentences, _begins_or_ends_dream)


def told_of_past(sentences: Sequence[str]) -> list[bool]:
    """Return for each sentence of a paragraph whether an earlier one goes back in time."""
    return _spread(sentences, _leaves_or_enters_present)


def has_portrait(sentence: str) -> bool:
    """Return whether a sentence speaks of a picture or a recording, whose content the next may describe."""
    return _PORTRAIT.search(sentence) is not None


@lru_cache(maxsize=2048)
def _begins_or_ends_dream(sentence: str) -> bool | None:
    return False if _WOKE.search(sentence) else True if _DREAMING.search(sentence) else None


@lru_cache(maxsize=2048)
def _leaves_or_enters_present(sentence: str) -> bool | None:
    return False if _NOW.search(sentence) else True if _BACK_IN_TIME.search(sentence) else None


def _spread(sentences: Sequence[str], change: Callable[[str], bool | None]) -> list[bool]:
    """Return the state in which each sentence begins; ``change`` returns the state after it, None for the same."""
    state = False
    states: list[bool] = []
    for sentence in sentences:
        states.append(state)
        after = change(sentence)
        state = state if after is None else after
    return states
