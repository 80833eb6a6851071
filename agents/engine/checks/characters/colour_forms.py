"""Patterns of the ways to tell the colour of somebody's eyes, hair or beard."""

from __future__ import annotations

from typing import Final

from agents.engine.checks.characters.cast.people import DOES, NAME, SUBJECT, WHOSE
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
    stem, noun = STEMS[part], _NOUNS[part]
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
    strands = "(?:hair|curls?|strands?|locks?|braids?)"
    return PatternSet(
        (lazy_pattern(pattern), is_noun_phrase)
        for pattern, is_noun_phrase in (
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
            # "Her eyes were not grey but green", which states the second colour.
            (rf"{_WHOSE} {noun} {verb} not (?:[\w-]+ )?(?:(?i:{COLOUR})),? but {colour}\b", True),
            (rf"\b[Tt]he (?:\w+ )?{colour}{stem} \w+, (?P<who>{NAME})(?!'s| \w+,)", True),
            (rf"^\W*(?:His|Her) {noun} (?:was|were) {colour},? (?:and|but) (?P<who>{NAME})(?!'s)", False),
            *(() if not is_hair else ((rf"{_WHOSE} (?:\w+ )?head of (?:\w+,? )?{colour},? {noun}\b", True),)),
            (
                rf"^\W*(?:[\w-]+,? (?:and |but )?){{0,2}}?(?i:{colour}){stem}(?:,? (?:and"
                rf"|but) [\w-]+)?, (?P<who>{NAME})(?!'s)",
                True,
            ),
            (rf"\b[Tt]he {colour},? (?:[\w-]+ )?{noun} of (?P<who>{NAME})(?!'s)", True),
            *(
                (
                    (
                        rf"(?P<who>{NAME}) (?:\w+ly )?(?:fixed|gave|held|pinned"
                        rf"|favoured) (?:\w+ ){{1,2}}?(?:with )?(?:an?|her"
                        rf"|his) (?:[\w-]+ )?(?!black|dark|red|white|yellow|pink){colour} (?:stare|gaze|look"
                        rf"|glare|glance)\b",
                        False,
                    ),
                )
                if is_eyes
                else ()
                if not is_hair
                else (
                    (
                        rf"{_WHOSE} hair \w+(?:ed|uck|ung|ell|ay|ood)(?: \w+){{0,2}}, {colour}(?=,| as\b"
                        rf"| and\b)",
                        False,
                    ),
                )
            ),
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
            *(
                ()
                if not is_hair
                else (
                    (
                        rf"{_WHOSE} (?P<colour>(?i:blonde?|auburn|flaxen|ginger)) (?:knot|bun|topknot|mop|crop"
                        rf"|head)\b",
                        True,
                    ),
                )
            ),
            # "Ilka's eyes were grey and Wren's were blue", "Ilka had grey eyes and Wren had blue ones".
            (
                rf"\b{noun}\b[^.;:]{{1,50}}?\b(?:and|but|while|whereas|,) (?P<who>{NAME})'s (?:were |was |are |is )?"
                rf"(?:very |quite |a deep )?{colour}(?=[.;,]| and\b| like\b)",
                False,
            ),
            *(
                (
                    (
                        rf"\beyes\b[^.;:]{{1,50}}?(?P<who>{NAME}) (?:had |has )?(?:[\w-]+ )?{colour} ones\b",
                        False,
                    ),
                )
                if is_eyes
                else ()
                if not is_hair
                else (
                    (
                        rf"(?i:\b(?:a|few|some|several|the last)) (?:\w+ )?(?!white|gr[ea]y|silver){colour} hairs?\b"
                        rf"[^.;:]{{0,40}}? (?:on|from|of|over) (?P<who>{WHOSE}) (?:head|scalp|brow|crown|skull"
                        rf"|pate)\b",
                        False,
                    ),
                    (
                        rf"\b(?i:(?:[Oo]ver|[Aa]bove|[Ii]nto|[Ii]n)) (?P<who>{WHOSE}) (?:eyes|forehead|brow"
                        rf"|face) (?:hung|fell|hangs"
                        rf"|falls|was|lay) (?:an? |the )?(?:\w+ (?:of )?)?{colour} (?:hair|curls?|locks?|fringe)\b",
                        False,
                    ),
                    (
                        rf"(?i:\b{colour}) (?:hair|curls|locks|fringe),? (?:had )?(?:\w+ )?(?:into|over|above"
                        rf"|across|in|round|around)"
                        rf" the (?:eyes|face|forehead|brow|shoulders|neck|ears) of (?P<who>{NAME})(?!'s)",
                        False,
                    ),
                )
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
            (rf"^\W*{colour} (?:was|were|is|are) (?P<who>{NAME})'s {noun}\b", False),
            (
                rf"(?P<who>{NAME}) (?:was|is) (?:an?|the) (?:[\w-]+ ){{0,2}}?{_SOMEBODY} whose {noun} {verb}"
                rf" (?:very |quite |so )?{colour}\b",
                False,
            ),
            (
                rf"\b(?:locks?|strands?|curls?|wisps?|tresses|plaits?|mop|shock|thatch"
                rf"|tangle) of (?:[\w-]+,? )?{colour}"
                rf" hair\b[^.;]{{0,20}}? (?:behind|from|over|out of|into|under|across|round|against) (?P<who>{WHOSE})"
                rf" (?:ears?|eyes|face|cap|hat|brow|forehead|neck|cheek|shoulders?)\b",
                False,
            ),
            *(
                (
                    (
                        rf"{_WHOSE} (?:\w+ )?(?!black){colour} eye\b(?!-| (?:patch|glass|shadow|liner|socket))",
                        True,
                    ),
                )
                if is_eyes
                else ()
                if not is_hair
                else (
                    (
                        rf"\b[Tt]he (?:\w+ )?(?P<colour>blonde?|auburn|ginger|flaxen|raven"
                        rf"|brunette) (?!\w+(?:'s)? (?:hair|wig))"
                        rf"[\w-]+,? (?P<who>{NAME})(?!'s)",
                        True,
                    ),
                )
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
            *(
                (
                    (
                        rf"(?P<who>{NAME}) (?:opened|winked|cocked|closed|rolled|rubbed) (?:one|an?|her"
                        rf"|his) {colour} eye\b",
                        False,
                    ),
                )
                if is_eyes
                else ()
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
            *(
                ()
                if not is_hair
                else (
                    (
                        rf"^\W*(?P<colour>(?i:blonde?|ginger|flaxen|redheaded)),? (?:and "
                        rf"|but )[\w-]+, (?P<who>{NAME})(?!'s)",
                        True,
                    ),
                    (
                        rf"\b(?:the|a \w+ of) (?:[\w-]+ )?{colour} {noun} (?:back |away )?(?:from|off|out of)"
                        rf" (?P<who>{WHOSE}) (?:forehead|face|eyes|brow|cheeks?|neck|temples?)\b",
                        False,
                    ),
                    (
                        rf"(?P<who>{DOES})(?:,| was| is|, who was) (?:an?|the) (?:\w+ )?"
                        r"(?P<colour>redhead|brunette|blonde?)(?![\w-]| \w+(?:'s)? (?:hair|wig))",
                        True,
                    ),
                    (
                        rf"(?P<who>{DOES})(?:,| was| is|, who (?:was|is))(?: (?!not\b"
                        rf"|never\b)\w+)? (?P<colour>blonde?|ginger|brunette)"
                        r"(?=[,.;]| (?:and|as)\b)",
                        False,
                    ),
                )
            ),
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
            (rf"(?P<who>{NAME}), (?:\w+ )?{colour} of (?:{'eye' if is_eyes else part})\b", False),
            (
                rf"(?P<who>{DOES}) \w+(?:ed|t|k|w)(?: \w+)? (?:the|an?(?! (?:[\w-]+ ){{1,2}}hair\b)|her"
                rf"|his) (?:[\w-]+ )?{colour} {strands}\b(?! of\b)",
                False,
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
            # "Ilka Brandvold, forty-one, fair hair, grey eyes."
            (rf"(?P<who>{NAME}),(?: [\w -]{{1,30}},){{0,2}} {colour},? (?:[\w-]+ )?{noun}(?=[,.;])", True),
            (
                rf"\b(?:about|of) (?P<who>{NAME}) (?:was|is|were|are) (?:the|her|his) (?:[\w-]+ )?{colour},?"
                rf" (?:[\w-]+ )?{noun}\b",
                True,
            ),
            (rf"\b[Tt]he (?!gr[ea]y|white|silver){colour} in (?P<who>{NAME})'s {noun}\b", True),
            (
                rf"(?i:\b{colour}) (?:[\w-]+ )?(?:{noun}|curl|lock|strand|wisp|ringlet),?(?: (?:had|was|were"
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
