"""Patterns of the ways to tell the colour of somebody's eyes, hair or beard."""

from __future__ import annotations

from typing import Final

from agents.engine.checks.characters.cast.people import DOES, NAME, SUBJECT, WHOSE
from agents.engine.checks.characters.eye_and_hair_forms import eye_forms, hair_forms
from agents.engine.text.colours import COLOUR
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.pattern_set import PatternSet

_WHOSE: Final = rf"(?P<who>{WHOSE}|{NAME},? whose)"
_DOES: Final = rf"(?P<who>{DOES})"
_SOMEBODY: Final = "(?:one|man|woman|girl|boy|child|fellow|lad|youth|person|lady|creature)"
_NO_ADJECTIVE: Final = (
    r"(?!(?:under|over|like|full|fixed|behind|beneath|below|above|near|through|only|always|by|for|than|not|a|the|an"
    r"|had|has|have|was|were|with|of|in|on|and|who|whose|to|at|from|dog|cat|horse|doll|painted|mother"
    r"|father|sister"
    r"|brother|daughter|son|wife|husband|friend|grandmother|grandfather|aunt|uncle)\b)"
)


STEMS: Final = {"eyes": r"-eye?d", "hair": r"(?:-haired|-?headed)", "beard": r"-bearded"}
_NOUNS: Final = {
    "eyes": "(?:eyes|gaze)",
    "hair": "(?:hair|curls|locks|braids?|plaits?|ponytail|pigtails?|fringe|mane|tresses)",
    "beard": "(?:beard|whiskers)",
}


def colour_forms(part: str) -> PatternSet[bool]:
    """Return the ways to state a colour, and whether as a noun phrase, which states it in a negation as well."""
    is_eyes, is_hair = part == "eyes", part == "hair"
    stem, noun, one = STEMS[part], _NOUNS[part], part.removesuffix("s")
    body = (
        ""
        if not is_hair
        else r"|(?<=blond )head|(?<=blonde )head|(?<=golden )head|(?<=dark )head|(?<=ginger )head"
        r"|(?<=fair )head|(?<=red )head|(?<=grey )head|(?<=white )head|(?<=black )head|(?<=brown )head"
    )
    verb = (
        r"(?:was|were|is|are|looked|shone|had gone|turned|hung|fell|gleamed|stayed|remained|flashed|glinted"
        r"|glittered|sparkled"
        r"|had stayed|had remained|(?:had|have|has) always been|(?:has|have) (?:gone|been))"
    )
    # "Raven-black", "straw-fair", but not "blue-grey" or "reddish-brown".
    colour = rf"(?:(?!\w+ish-|(?!raven|jet)(?:{COLOUR})-)\w+-)?(?P<colour>(?i:{COLOUR}))"
    pieces = "|curl|lock|strand|wisp|ringlet" if is_hair else ""
    only = eye_forms(colour) if is_eyes else hair_forms(noun, stem, verb, colour) if is_hair else ()
    return PatternSet(
        (lazy_pattern(pattern), is_noun_phrase)
        for pattern, is_noun_phrase in (
            *only,
            (
                rf"{_WHOSE} (?:(?!{noun}\b){_NO_ADJECTIVE}[\w-]+,? ){{0,2}}?{colour},? (?:[\w-]+ )?(?:{noun}{body})\b",
                True,
            ),
            (
                # "Her green eyes shining, Wren ran."
                rf"^\W*(?:(?:Her|His) (?:[\w-]+,? ){{0,2}}?)?{colour},? (?:[\w-]+ )?{noun} (?:\w+(?: (?:with|at"
                rf"|in|from) (?:the )?\w+)?"
                rf"|(?:falling|hanging|blowing|tumbling|loose|wet|down) (?:over|in|into|across|about|round|down|on)"
                rf" (?:his|her|the) \w+|on (?:the|his|her|\w+)"
                rf"(?: \w+)?), (?P<who>{NAME}) ",
                True,
            ),
            (rf"(?i:\b{colour}{stem}) (?P<who>{NAME})", True),
            (rf"{_WHOSE} {noun} {verb} not (?:[\w-]+ )?(?:(?i:{COLOUR})),? but {colour}\b", True),
            (rf"\b[Tt]he (?:\w+ )?{colour}{stem} \w+, (?P<who>{NAME})(?!'s| \w+,)", True),
            (rf"^\W*(?:His|Her) {noun} (?:was|were) {colour},? (?:and|but) (?P<who>{NAME})(?!'s)", False),
            (
                rf"^\W*(?:[\w-]+,? (?:and |but )?){{0,2}}?(?i:{colour}){stem}(?:,? (?:and"
                rf"|but) [\w-]+)?, (?P<who>{NAME})(?!'s)",
                True,
            ),
            (rf"\b[Tt]he {colour},? (?:[\w-]+ )?{noun} of (?P<who>{NAME})(?!'s)", True),
            (rf"^\W*An? (?:[\w-]+ )?{colour}{stem} (?:[\w-]+ )?{_SOMEBODY}, (?P<who>{NAME})(?!'s)", True),
            (
                rf"{_WHOSE} {noun}(?:,|;|,? and|,? but) (?:it|they) {verb} (?:very |quite |as )?{colour}\b",
                False,
            ),
            (rf"{_WHOSE} {noun} had the {colour} of\b", False),
            (
                rf"{_WHOSE} {noun}, (?:when|as|in|at|under|behind|even|though|like)\b[^,.;:“”\"]{{1,40}}, {verb} "
                rf"(?:(?:an?|the|very|quite|as) )?(?:{_NO_ADJECTIVE}[\w-]+,? ){{0,2}}?{colour}\b",
                False,
            ),
            (rf"{_WHOSE} {noun} \w+ed(?: \w+)?, {colour} and\b", False),
            (
                rf"\b{noun}\b[^.;:]{{1,50}}?\b(?:and|but|while|whereas|,) (?P<who>{NAME})'s (?:were |was |are |is )?"
                rf"(?:very |quite |a deep )?{colour}(?=[.;,]| and\b| like\b)",
                False,
            ),
            (rf"{_WHOSE} {noun} {verb} [\w-]+,? (?:and|but) {colour}(?=[.,;])", False),
            (
                rf"\b[Tt]he colou?r of {_WHOSE} {noun} (?:was|is) (?:an? )?(?:[\w-]+,? ){{0,2}}?{colour}\b",
                False,
            ),
            (rf"{_WHOSE} {noun}, (?!(?:not|once|never)\b)[\w-]+ and {colour},", False),
            (
                rf"(?P<who>{NAME}) (?:watched|regarded|studied|considered|observed"
                rf"|eyed) (?:\w+ ){{1,2}}?(?:out of|from|with)"
                rf" (?:very |her |his )?(?:[\w-]+ ){{0,2}}?{colour},? {noun}\b",
                False,
            ),
            (
                rf"^\W*(?:\w+ )?{colour} (?:was|were|is|are) (?:(?P<who>{NAME})'s {noun}\b"
                rf"|the {noun} of (?P<who2>{NAME})(?!'s))",
                False,
            ),
            (
                rf"\b[Aa]n? (?:[\w-]+,? ){{0,2}}?{colour}{stem}\b[^.;:“”\"]{{0,60}}[;:,–—] (?:it|this|that) (?:was|is)"
                rf" (?P<who>{NAME})(?=[.,;!])",
                True,
            ),
            (
                rf"(?P<who>{NAME}) (?:was|is) (?:an?|the) (?:[\w-]+ ){{0,2}}?{_SOMEBODY} whose {noun} {verb}"
                rf" (?:very |quite |so )?{colour}\b",
                False,
            ),
            (rf"{_WHOSE} {colour}{stem} (?:gaze|stare|look|face|smile|beauty|glance)\b", True),
            (
                rf"(?P<who>{NAME}) (?:\w+ly )?(?:lifted|raised|turned|opened|closed|narrowed|widened|lowered"
                rf"|shook|tossed|combed"
                rf"|brushed|bent) (?:(?:very|big|wide|great|her|his|a|the|two"
                rf"|both) )*{colour},? (?:[\w-]+ )?{noun}\b(?! of\b)",
                False,
            ),
            (
                rf"(?P<who>{NAME}) (?:looked|gazed|stared|peered|glared|blinked|smiled|squinted) (?:at \w+ |up "
                rf"|down |back |round ){{0,2}}"
                rf"(?:out of|from|with|through) (?:very |her |his )?(?:[\w-]+ )?{colour},? (?:[\w-]+ )?{noun}\b",
                False,
            ),
            (rf"\b{colour},? (?:[\w-]+ )?{noun} of (?P<who>{NAME})'s\b", True),
            (rf"\b[Hh]ow (?:very )?{colour} (?P<who>{NAME})'s {noun} (?:was|were|is|are)\b", True),
            (
                rf"(?P<who>{NAME}) (?:had |has )?(?:inherited|got|had|has) (?:her"
                rf"|his) \w+'s {colour},? (?:[\w-]+ )?{noun}\b(?! (?:before|upon|on) (?:him|her)\b| in mind\b)",
                False,
            ),
            (
                rf"(?P<who>{NAME}), (?:her |his )?(?:[\w-]+ )?{colour},? (?:[\w-]+ )?{noun} (?:\w+ing|\w+ed|in|on"
                rf"|full|wet)\b",
                True,
            ),
            (rf"{_WHOSE} {noun} an? (?:[\w-]+,? ){{0,2}}?{colour}(?=[,.;])", False),
            (
                rf"(?P<who>{NAME})(?:,| [–—-])? (?:(?:the|an?|was|is|still"
                rf"|as) )*(?:(?!not\b|never\b|no\b"
                rf"|hardly\b)[\w-]+,? (?:and )?)?{colour}{stem}\b(?! and \w+,? (?:sat|stood|lay|came))",
                True,
            ),
            (
                rf"{_WHOSE} {noun}(?: {verb}|,|:| [–—]|,? (?:that|which) {verb}) (?:(?:very|quite|as|still|now"
                rf"|always) ){{0,2}}"
                rf"(?:(?:of )?an? (?:[\w-]+ and )?(?=[\w-]+,? [a-z]+\b)"
                rf"|the (?=(?:[\w-]+ ){{1,3}}of\b))?(?:{_NO_ADJECTIVE}[\w-]+,? ){{0,2}}?{colour}"
                r"\b(?! (?:blaze|flame|cloud|haze|halo|mist|fire|smudge))",
                False,
            ),
            (
                rf"(?P<who>{NAME}),? (?:(?:was|is) (?:an?|the) (?:[\w-]+ ){{0,2}}?{_SOMEBODY} |(?:(?!an?\b|the\b"
                rf"|his\b"
                rf"|her\b|another\b|some\b)"
                rf"[\w-]+ ){{0,3}}?)(?:with|had"
                rf"|has) (?:an? [\w-]+ of |the )?(?:[\w-]+,? ){{0,2}}?{colour},? (?:[\w-]+ )?{noun}\b",
                False,
            ),
            (
                rf"(?P<who>{SUBJECT}) (?:had|has) (?:an? [\w-]+ of )?(?:(?!not\b|never\b"
                rf"|no\b){_NO_ADJECTIVE}[\w-]+,? ){{0,2}}?{colour},?"
                rf" (?:[\w-]+ )?{noun}\b",
                False,
            ),
            (
                # "With her blue eyes and scabbed knees Wren looked like a child."
                rf"^\W*(?:With|For all|Despite|In spite of) (?:her"
                rf"|his) (?:[\w-]+,? ){{0,2}}?{colour},? (?:[\w-]+ )?{noun}\b"
                rf"(?:(?!\b(?:he|she|they|it|I|we|you)\b|{NAME})[^.;:]){{0,60}} (?P<who>{NAME})(?!'s)",
                True,
            ),
            (rf"(?P<who>{NAME}), (?:\w+ )?{colour} of (?:{one})\b", False),
            (
                rf"^\W*(?:[\w-]+ of \w+,? and )?(?i:{colour}) of {one}\b"
                rf"[^.;:“”\"]{{0,30}}, (?P<who>{NAME})(?!'s)",
                True,
            ),
            (
                rf"\b(?:{colour},? (?:[\w-]+ )?{noun}\b[^.;:“”\"]{{0,80}}[:;,–—]"
                rf"|{noun}\b[^.;:“”\"]{{0,60}}[:–—] (?:[\w-]+,? )?"
                rf"(?P<colour2>(?i:{COLOUR})),?) (?:and )?(?P<who>{NAME})'s(?=[.,;]|$)",
                True,
            ),
            (
                rf"(?P<who>{NAME})(?!'s)(?: (?!an?\b|the\b|his\b|her\b|another\b|some\b)[\w']+){{0,6}} (?:with"
                rf"|had|has) (?:[\w-]+ )?{noun},? "
                rf"(?:(?:that|which) {verb}|of|as) (?:an? |the"
                rf" )?(?:(?!colou?r\b){_NO_ADJECTIVE}[\w-]+,? ){{0,2}}?{colour}"
                r"\b(?! (?:blaze|flame|cloud|haze|halo|mist|fire|smudge|glass|metal|stone))",
                False,
            ),
            (rf"(?P<who>{NAME})[^.;]{{0,60}}\bthe {colour} of (?:those|his|her) {noun}\b", True),
            (rf"\b[Tt]he {colour} of (?P<who>{NAME})'s {noun}\b", True),
            (rf"(?P<who>{NAME}),(?: [\w -]{{1,30}},){{0,2}} {colour},? (?:[\w-]+ )?{noun}(?=[,.;])", True),
            (
                rf"\b(?:about|of) (?P<who>{NAME}) (?:was|is|were|are) (?:the|her|his) (?:[\w-]+ )?{colour},?"
                rf" (?:[\w-]+ )?{noun}\b",
                True,
            ),
            (rf"\b[Tt]he (?!gr[ea]y|white|silver){colour} in (?P<who>{NAME})'s {noun}\b", True),
            (
                rf"(?i:\b{colour}) (?:[\w-]+ )?(?:{noun}{pieces}),?(?: (?:had|was|were"
                rf"|has))? (?:\w+ly )?\w+(?:ed|ell|ung|ew|ay|uck|ook|one|ome|ent"
                rf"|ing|aped)\b[^.;]{{0,30}}? (?:under|beneath|over|above|behind|round|around|about|down|from"
                rf"|across|against"
                rf"|out of|to|on|in) (?P<who>{WHOSE}) (?:\w+ )?(?:shoulders?|face|neck|back|forehead|eyes|brows?"
                rf"|cheeks?|ears?|cap|hat|hood|helmet|veil|scarf|kerchief|spectacles|glasses|waist|collar"
                rf"|temples?|mask|fringe|coif|bonnet|bun|comb|pins|ribbon|bandage)\b",
                False,
            ),
        )
    )
