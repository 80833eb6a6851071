"""Ways to tell a colour that only eyes have, or only hair: a stare, a lock, a redhead."""

from __future__ import annotations

from typing import Final

from agents.engine.checks.characters.cast.people import DOES, NAME, WHOSE

# A pattern, and whether it is a noun phrase, which states a colour in a negation as well.
Form = tuple[str, bool]

_WHOSE: Final = rf"(?P<who>{WHOSE}|{NAME},? whose)"
_STRANDS: Final = "(?:hair|curls?|strands?|locks?|braids?)"


def eye_forms(colour: str) -> tuple[Form, ...]:
    """Return the forms of eyes with the pattern of a colour."""
    return (
        (
            rf"(?P<who>{NAME}) (?:\w+ly )?(?:fixed|gave|held|pinned"
            rf"|favoured) (?:\w+ ){{1,2}}?(?:with )?(?:an?|her"
            rf"|his) (?:[\w-]+ )?(?!black|dark|red|white|yellow|pink){colour} (?:stare|gaze|look"
            rf"|glare|glance)\b",
            False,
        ),
        (
            rf"\beyes\b[^.;:]{{1,50}}?(?P<who>{NAME}) (?:had |has )?(?:[\w-]+ )?{colour} ones\b",
            False,
        ),
        (
            rf"{_WHOSE} (?:\w+ )?(?!black){colour} eye\b(?!-| (?:patch|glass|shadow|liner|socket))",
            True,
        ),
        (
            rf"(?P<who>{NAME}) (?:opened|winked|cocked|closed|rolled|rubbed) (?:one|an?|her"
            rf"|his) {colour} eye\b",
            False,
        ),
    )


def hair_forms(noun: str, stem: str, verb: str, colour: str) -> tuple[Form, ...]:
    """Return the forms of hair with the patterns of its noun, of "-haired", of what it does and of a colour."""
    return (
        (rf"{_WHOSE} (?:\w+ )?head of (?:\w+,? )?{colour},? {noun}\b", True),
        (
            rf"{_WHOSE} {noun} \w+(?:ed|uck|ung|ell|ay|ood)(?: \w+){{0,2}}, (?:as )?{colour}(?=,| as\b"
            rf"| and\b)",
            False,
        ),
        (
            rf"{_WHOSE} (?P<colour>(?i:blonde?|auburn|flaxen|ginger)) (?:knot|bun|topknot|mop|crop"
            rf"|head)\b",
            True,
        ),
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
        (
            rf"\b(?:locks?|strands?|curls?|wisps?|tresses|plaits?|mop|shock|thatch"
            rf"|tangle) of (?:[\w-]+,? )?{colour}"
            rf" hair\b[^.;]{{0,20}}? (?:behind|from|over|out of|into|under|across|round|against) (?P<who>{WHOSE})"
            rf" (?:ears?|eyes|face|cap|hat|brow|forehead|neck|cheek|shoulders?)\b",
            False,
        ),
        (
            rf"\b[Tt]he (?:\w+ )?(?P<colour>blonde?|auburn|ginger|flaxen|raven"
            rf"|brunette) (?!\w+(?:'s)? (?:hair|wig))"
            rf"[\w-]+,? (?P<who>{NAME})(?!'s)",
            True,
        ),
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
        (
            rf"^\W*(?i:{colour})(?:{stem})? (?:as|though) (?:she|he) (?:was|is),? (?P<who>{NAME})(?!'s)",
            True,
        ),
        (
            rf"(?P<who>{DOES}) \w+(?:ed|t|k|w)(?: \w+)? (?:the|an?(?! (?:[\w-]+ ){{1,2}}hair\b)|her"
            rf"|his) (?:[\w-]+ )?{colour} {_STRANDS}\b(?! of\b)",
            False,
        ),
    )
