"""The stance of a narrator to the words of a sentence: asserted, negated, asked, compared, depicted and so on.

A negation, a comparison or a report governs its clause, not the sentence. In doubt words count as not asserted: a
missed contradiction costs less than a false accusation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.stances.frames import is_framed

Stance = Literal[
    "asserted", "negated", "asked", "compared", "depicted", "reported", "supposed", "dreamt", "remembered"
]

_CLAUSE: Final = lazy_pattern(r"[,;:—–]|(?<=\s)-(?=\s)|\b(?:(?<!thing )(?<!all )but|while)\b")
# What comes behind these is a statement of its own.
_BREAK: Final = lazy_pattern(
    r"[;:—–]|(?<=\s)-(?=\s)|, (?:and|but|then|so|yet|until|while)\b(?! (?:that|how|whether|if)\b)"
    r"|\b(?:and then|(?<!thing )(?<!all )but|and (?:she|he|they|it|there))\b"
)
_NEGATION: Final = lazy_pattern(
    r"\b(?:no|not|without(?! (?:them|it|a (?:word|sound|glance)|another word|looking|speaking|waiting"
    r"|hurry(?:ing)?|thinking|haste)\b)|neither|nor|never|nobody|none|nothing|nowhere|lack\w*|cannot|unable"
    r"|impossible|instead of"
    r"|unlike|hardly|scarcely|rather than|far from|free of|(?:any|every)thing but|all but|except(?: for)?"
    r"|other than|apart from|refus(?:ed|es|ing) to|fail(?:ed|s|ing) to"
    r"|tr(?:ied|ies|ying) to|want(?:ed|s|ing)? to|forb(?:ade|idden|ids?)|prevented|kept from|stopped (?:from|before)"
    r"|too \w+ to|could have|stopped short of|ceased|absence of|devoid of)\b|\b\w+n't\b",
    re.IGNORECASE,
)
_COMPARISON: Final = lazy_pattern(
    r"\bas (?:if|though)\b|(?<!would )(?<!\bd )\blike\b(?! to\b| most )|\bmight (?:as well|have)\b"
    r"|\b(?:seem|resembl|remind)\w*\b|\bas \w+ as\b"
    r"|\bas (?:other|most|some|many) (?:men|women|people|folk|children|towns?|lands?)\b"
    r"|\bcould have been\b|\bso to speak\b|\b(?:more|less) \w+ than\b"
    r"|\b(?:a|some) (?:sort|kind) of\b|\bnothing short of\b|\bakin to\b|\bwhat one might call\b"
    r"|\b(?:look|sound|smell|taste|felt|feel)\w* of\b|\b(?:mistaken|taken|passed|passes) for\b|\btook \w+ for\b",
    re.IGNORECASE,
)
_COMPARED_AFTER: Final = lazy_pattern(
    r"^[^.;]{0,40}\b(?:of a (?:man|woman|girl|boy|voice|place|room|person)|so to speak|as it were|if you (?:like"
    r"|will)"
    r"|in a manner of speaking|figuratively|as the saying (?:is|goes)|as (?:\w+ ){1,3}(?:would"
    r"|might) (?:have )?(?:put|call|say)\w*"
    r"|as (?:he|she|they|I|we|people) call(?:ed|s)? (?:it|him|her|them)|as (?:men|people|we"
    r"|they) (?:now )?(?:say|call)|as (?:the |old )?\w+ (?:puts?|likes? to say"
    r"|liked to say) (?:it\b)?)",
    re.IGNORECASE,
)
_SAYING: Final = lazy_pattern(
    r"\bas (?:the|they|he|she|people|one|later)\b[^.]{0,30}\b(?:saying|proverb|put it|is|goes|called?)\b"
    r"|\bthe (?:old )?(?:saying|proverb|joke) (?:goes|went|has|had|ran)\b|\bby which\b|\bmeaning that\b"
    r"|\bused to say\b"
    r"|\bin a manner of speaking\b|\bfiguratively\b|\bproverbial\b|\bso-called\b|\bnicknamed\b"
    r"|\b(?:a|the) word (?:for|that|in)\b|\b(?:was|is|were) (?:only |just )?(?:a|the) (?:word|rumour|rumor)\b"
    r"|\b(?:people|they|everyone|everybody|folk|children|we|some"
    r"|men|\w+s) call(?:ed)? (?:it|him|her|them|this|that|the)\b|\bwas (?:known as|called|named)\b",
    re.IGNORECASE,
)
_DREAM: Final = lazy_pattern(
    r"\b(?:dream(?:s|t|ed|ing)?|nightmares?|visions?|mirages?|in (?:her|his|their|my|our) sleep|imagin\w+|hallucinat\w+"
    r"|fantas\w+|daydream\w*|delirious|delirium|feverish\w*|"
    r"in (?:her|his|their|my|the|[\w ]{2,20}'s) (?:mind(?:'s eye)?|fever|delirium|sleep)"
    r"|pictured|envision\w*|reverie)\b",
    re.IGNORECASE,
)
_REPORT: Final = lazy_pattern(
    r"\b(?:claim\w*|(?:said|says|wrote|writes?|written|reported|recorded|noted|stated|told (?:the )?\w+|thought"
    r"|think\w*|believed|dreamt) that"
    r"|sw(?:ore|ears?)(?= (?:that|he|she|it|they|there|blind|to)\b)|insist\w*|lied|an? (?:\w+ )?lie|told lies"
    r"|lying (?:that|about|to)|pretend\w*|rumou?rs?|gossip|allegedly|supposed\w*|according to|believ(?:ed|es|e"
    r"|ing) (?:him|her|them|\w+ )?(?:to be|that|in)|thought (?:the|it|he|she|they|there|him|her|them|\w+ "
    r"(?:was|were|had))|suspect\w*|(?:was|is|were|be) (?:\w+ )?wrong|wrongly|(?<!no )mistak\w+|mistook|took \w+ for"
    r"|jok\w+|boast\w*|hop(?:ed|ing) (?:that|for"
    r"|to)|wish\w*|fear\w*|promis\w*|accus\w+"
    r"|(?:the way|as) (?:the )?\w+ (?:reads?|tells?|told|sees?|saw|heard|hears?|figures?|figured) it"
    r"|whatever|they say|people sa(?:y|id)|some sa(?:y|id)"
    r"|(?:it|he|she) (?:is|was) said|had it that|has it that|put it about|tall tale|swindler|quack|liar|handbill"
    r"|had (?:written|heard) that (?:the|he|she|it|there|\w+ (?:was|had|came))\b|on \S+ ?\S* map|longed for"
    r"|pray(?:ed|s|ing) for|ask(?:ed|s|ing)? (?:\w+ )?(?:for|what|whether|if|how|about|who)|(?:explain\w*"
    r"|describ\w*|knew|learn\w*) (?:to \w+ )?what|dream\w* of|dreaded|expected|imagined|theory|theories"
    r"|superstiti\w+|folk (?:say|said|believe)|wondered (?:what|if|whether|how))\b",
    re.IGNORECASE,
)
_REPORTED_AFTER: Final = lazy_pattern(
    r"\b(?:(?:was|is|were) (?:\w+ )?(?:a |an |only |nothing but )*(?:lies?|rumou?rs?|gossip"
    r"|invention|fiction"
    r"|mistake|untrue|false|pretence|theory|joke|superstition)|allegedly|supposedly|according to|in theory"
    r"|(?:or )?so (?:he|she|they|people|it|the \w+|some) (?:said|say|says|claim\w*|was said|thought|believed"
    r"|hoped))\b"
    r"|\bthere (?:was|were|is|are) (?:none|no such)\b|\b(?:did|does|do) not exist\b"
    r"|\bthat (?:\w+ )?(?:children|people|men|they|everybody|everyone|strangers|visitors) (?:are|were|is"
    r"|was) told (?:of|about)\b"
    r"|^,? (?:he|she|they|people|some) (?:claim|believ|insist|maintain|imagin|hop|wish|suppos)\w*\b",
    re.IGNORECASE,
)
_STATEMENT_END: Final = lazy_pattern(r"[;.]")
# A report that follows the words stands within so many characters.
_MAX_AFTER: Final = 100
_SUPPOSED: Final = lazy_pattern(
    r"\b(?:(?:would|could|should|might|must) (?:not )?(?:have|be)"
    r"|(?:would|might|should|shall|will) (?:never |almost |still |even |surely )?(?:come|go|walk|say|smile|stand"
    r"|return"
    r"|answer|speak|step|appear|laugh|do|send|wait|ride|sing)|perhaps|maybe|would that|almost|whoever"
    r"|let (?:\w+ ){1,2}(?:rise|come|judge|hear|see)|may (?:\w+ ){1,3}(?:hear|rest|forgive|bless|protect))\b",
    re.IGNORECASE,
)
# A condition governs the rest of the sentence, and what comes just before it.
_CONDITION: Final = lazy_pattern(
    r"\b(?:(?<!even )(?<!as )if(?! (?:(?:she|he) (?:was|is) a day|one|you|anybody|anyone|need|asked|only|at all"
    r"|ever|any|not)\b)"
    r"|if only (?:she|he|they|it|i|we|\w+ (?:had|were|could))\b|unless|suppose|what if|let us say)\b"
    r"|(?:^|[“\"(,;]\s*)had (?!(?:never|not|always|already|long|once|only|just|since|also|now|still|often|\w+ly)\b)"
    r"(?:\w+ ){1,3}been\b|,\s*had (?:that|it|there)\b|^\W*(?:had|were|should) (?:\w+ ){1,3}",
    re.IGNORECASE,
)
# What somebody said, and what comes after "and", is supposed for itself: "was sixty and should have rested", "texted
# that he would be late".
_OWN_VERB: Final = lazy_pattern(
    r"\b(?:that (?=(?:he|she|they|it|we|I|you|there) (?:would|could|might|should|must)\b)|said|told|asked"
    r"|promised|knew|answered|replied|thought|wondered|hoped|and(?= (?:would|could|should"
    r"|might|must)\b))\b"
)
_CUT: Final = lazy_pattern(r"[,;:—–]|(?<=\s)-(?=\s)")
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
    def part_before(self) -> str:
        """The words before the span that belong to the same statement."""
        start = 0
        for found in _BREAK.finditer(self.whole, 0, self.end):
            if found.start() >= self.start:
                break
            # The span may be what the break looks at: the "he" of "and he".
            start = min(found.end(), self.start)
        return self.before[start:]

    @property
    def clause_after(self) -> str:
        """The words after the span up to the end of its clause."""
        after = self.whole[self.end :]
        cut = _CUT.search(after)
        return after[: cut.start()] if cut is not None else after

    @property
    def up_to_clause_end(self) -> str:
        """The sentence up to the end of the clause, and of a next one after a comma."""
        cuts = [match.start() for match in _CUT.finditer(self.whole, self.end)]
        if cuts and self.whole[cuts[0]] != ",":
            return self.whole[: cuts[0]]
        return self.whole[: cuts[1]] if len(cuts) > 1 else self.whole


def stance_of(
    span: Span, *, is_dreamt: bool = False, is_speech: bool = False, is_noun_phrase: bool = False
) -> Stance:
    """Return the stance to the words of ``span``; a question in speech is that of a character, who presupposes it.

    A noun phrase ("his blue eyes") states something also in a negation or a question, and whatever is said of it.
    """
    before, words, whole = span.before, span.words, span.whole
    after, near, clause_after = whole[span.end :], span.part_before, span.clause_after
    if is_noun_phrase:
        clause_after = ""
    if not is_noun_phrase and _NEGATION.search(span.clause):
        return "negated"
    if (
        _COMPARISON.search(near)
        or _SAYING.search(near + words + clause_after)
        or _COMPARED_AFTER.search(after)
    ):
        return "compared"
    if is_framed(before, words, after, clause_after):
        return "depicted"
    if _REPORT.search(near) or _REPORTED_AFTER.search(
        _STATEMENT_END.split(after[:_MAX_AFTER], maxsplit=1)[0]
    ):
        return "reported"
    if _SUPPOSED.search(near + words + _OWN_VERB.split(clause_after, maxsplit=1)[0]) or _CONDITION.search(
        span.up_to_clause_end
    ):
        return "supposed"
    if not is_speech and not is_noun_phrase and whole.rstrip(_ANY_QUESTION).endswith("?"):
        return "asked"
    if is_dreamt or _DREAM.search(whole):
        return "dreamt"
    return "asserted"
