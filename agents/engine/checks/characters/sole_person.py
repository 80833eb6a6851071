"""Person whom alone a sentence can mean, so that its looks and ages are theirs in whatever words it tells them."""

from __future__ import annotations

import re
from typing import Final

from agents.engine.checks.characters.cast.people import NAME, Cast, Line
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.cast.pronouns import UNNAMED
from agents.engine.text.colours import COLOUR
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import WORD
from agents.engine.text.vocabulary import ROLES

_NOUN: Final = {
    "eyes": "eyes",
    "hair": "(?:hair|curls|locks|braids?|plaits?|ponytail|pigtails?|fringe|tresses|ringlets)",
    "beard": "(?:beard|whiskers)",
}
# Adjectives, but no other noun, verb or word of function.
_ADJECTIVES: Final = (
    r"(?:(?!(?:and|or|of|in|on|with|to|at|was|were|is|are|had|has|the|an?|his|her|their|its|my|your|not|no|than"
    r"|as)\b)"
    r"[\w-]+,? ){0,2}?"
)
_STEM: Final = {"eyes": "-eyed", "hair": "-(?:haired|headed)", "beard": "-bearded"}


def _form(part: str) -> re.Pattern[str]:
    noun, colour = _NOUN[part], rf"(?P<colour>{COLOUR})"
    return lazy_pattern(
        rf"(?<![\w-]){colour},? (?:and [\w-]+,? )?{_ADJECTIVES}{noun}\b(?!-)"
        rf"|\b{noun}(?: (?:under|beneath|behind|above|over|on|about|round) (?:[\w\ue000-\uf8ff'-]+ ){{1,3}}?"
        rf"[\w\ue000-\uf8ff'-]+)?,? (?:(?:that|which) )?(?:(?:were|was|are|is|shone|gleamed|looked|glowed)"
        rf"|(?:of )?(?:the|an?)(?= )|as(?= [\w-]+ as\b)) (?:[\w-]+,? (?:and )?){{0,2}}?"
        rf"(?P<colour2>{COLOUR})(?=[.,;:!?]| (?:and|as|in|like|of)\b|$)"
        rf"|\ban? (?P<colour4>blonde?|redhead|brunette)(?= of\b|,)"
        + ("" if part == "hair" else "(?!)")
        + rf"|(?<![\w-])(?P<colour3>{COLOUR}){_STEM[part]}\b",
        re.IGNORECASE,
    )


FORMS: Final = {part: _form(part) for part in _NOUN}
_PRONOUN: Final = lazy_pattern(r"\b(?:she|he|her|his|him|hers|herself|himself)\b", re.IGNORECASE)
_ANY_NAME: Final = lazy_pattern(NAME)
# Others who may have them, and things that have eyes or hair.
_OTHERS: Final = lazy_pattern(
    r"\b(?:they|them|their|theirs|its|you|your|my|our|we|us|everyone|everybody|someone|somebody|nobody|anyone|anybody"
    r"|none|both|each other|another|others?|strangers?|people|crowd|man|men|woman|women|boys?|girls?|child"
    r"|children|bab(?:y|ies)|lady|ladies|twins?|mother|father|sister|brother|daughter|son|aunt|uncle|grand\w+|step\w+"
    r"|god(?:father|mother|son|daughter|child)|cousin|friend|neighbour|wife|husband|widow|niece|nephew|who|whom|whose"
    r"|somebody's|cats?|dogs?|horses?|mares?|pon(?:y|ies)|birds?|crows?|owls?|gulls?|fish|wol(?:f|ves)|fox(?:es)?|goats?"
    r"|cows?|hens?|rats?|mice|mouse|frogs?|toads?|snakes?|dragons?|dolls?|puppets?|statues?|masks?|toys?|bear|bears|lion"
    r"|lions)\b",
    re.IGNORECASE,
)
# What is no fact, or one of another time.
_NOT_SO: Final = lazy_pattern(
    r"\b(?:like|as if|as though|than|if|would|could|should|might|once|used to|had been|dream\w*|remember\w*|imagin\w*"
    r"|pictur\w*|portrait|photograph|then|whatever|when|claim\w*|said|passport|handbill|songs?|stor(?:y|ies)|tales?)\b",
    re.IGNORECASE,
)
# Clauses that may speak of different people.
_CLAUSE: Final = lazy_pattern(r"[;:–—]|, (?:and|but|while|for|so|yet)\b")
# "As black as a crow": no crow is there.
_SIMILE: Final = lazy_pattern(r"(?:\bas)? as (?:an?|the) [\w-]+(?:'s)?(?: wing\b)?")
# "Turned a pair of brown eyes on his sister": whom somebody looks at with them.
_LOOKED_AT: Final = lazy_pattern(
    r"^ (?:(?:up|down|back|round) )?(?:on|upon|at|to|towards?) "
    r"(?:[\ue000-\uf8ff](?!'s)|(?:his|her|the|an?) (?:[\w-]+ ){0,2}?[\w-]+)(?=[.,;:!]|$)"
)
# What may look so instead, and looks that are denied or wished for.
_OTHER_LOOKS: Final = lazy_pattern(
    r"\b(?:needles?|potato\w*|peacock\w*|camel hair|horsehair|hair ?(?:oil|pins?|brush|ribbons?|nets?|dye)|shirts?"
    r"|blankets?|sails?|dye[ds]?|wigs?|paint\w*|beards?|moustache|envi\w*|never|not|neither|nor|\w+n't|no|each|every|wish\w*|wanted"
    r"|expected|looking for)\b",
    re.IGNORECASE,
)
_OF_ANOTHER: Final = lazy_pattern(r"(?<![\ue000-\uf8ff])'s (?:[\w-]+,? ){0,3}$|(?<=s)' (?:[\w-]+,? ){0,3}$")
# "Lettie's pupil Daniel had red hair."
_OF_OTHER: Final = lazy_pattern(
    r"[\ue000-\uf8ff]'s (?:[\w-]+ ){0,2}?(?!eyes|hair|curls|locks|braids?|plaits?|face|head|gaze)[a-z]+ (?:[A-Z]"
    r"|is\b|was\b|has\b|had\b)"
)
_OF: Final = lazy_pattern(r"^ (?:of|on|in|from) (?:the|an?|his|her) ")
# "Ilka looked into the blue eyes", "found red hair in the comb", "a long red hair": somebody else's, or a single one.
_SEEN: Final = lazy_pattern(
    r"\b(?:look\w*|star(?:ed|es|ing)|gaz\w+|peer\w*|smil\w+|glanc\w+|met|meets?|saw|sees?|seeing|found|finds?"
    r"|notic\w+"
    r"|spott\w+|caught|avoid\w*|fear\w*|felt|lov(?:ed|es)|lik(?:ed|es)|admir\w*|prais\w*|kiss\w*|th(?:ought"
    r"|inks?)|kn(?:ew|ows?)"
    r"|recognis\w+|forg[eo]t\w*|search\w*|watch\w*|prefer\w*|hated?|bought|sold|drew|draws|sewed|cut|pulled"
    r"|picked|chose"
    r"|touch\w*|strok\w*|under|before|into|for|about|at)\b[^,;:.]*$"
    r"|(?:^\W*|(?<!\bwith)(?<!\bhad) )(?:an?(?! pair\b)|one|single|last) (?:[\w-]+,? ){0,2}$",
    re.IGNORECASE,
)
_OWN: Final = lazy_pattern(
    r"(?:\b(?:his|her)|[\ue000-\uf8ff]'s) (?:(?:own|long|short|thick|thin|wet|all that) ){0,2}$",
    re.IGNORECASE,
)
_ALL: Final = lazy_pattern(r"\b(?:all|under all) that $", re.IGNORECASE)
_IN_TROUBLE: Final = lazy_pattern(
    r"\b(?:smoke|dust|flour|snow|light|lamp|lamplight|fire|firelight|moon|moonlight|sun|sunlight|sunset|dawn"
    r"|glow|weeping|crying"
    r"|tears|cold|envy|rage|anger|fever|drink|paint|mud|soot|ash|frost|ribbons?|cap|hat)\b",
    re.IGNORECASE,
)


def sole_person(cast: Cast, line: Line, match: re.Match[str]) -> Person | None:
    """Return the only person whose looks a match in a line can tell; None if they may be somebody else's."""
    text = line.text
    if (
        _OTHER_LOOKS.search(f"{text[: match.start()]} {text[match.end() :]}")
        or _IN_TROUBLE.search(text)
        or _OF_ANOTHER.search(text, 0, match.start())
        or _OF.match(text, match.end())
    ):
        return None
    before = text[: match.start()]
    is_own = _OWN.search(before) is not None or _ALL.search(before) is not None
    return None if not is_own and _SEEN.search(before) else only_person(cast, line, match)


def only_person(cast: Cast, line: Line, match: re.Match[str]) -> Person | None:
    """Return the only person of a line, if nothing besides a match in it may mean somebody else."""
    text = _LOOKED_AT.sub("", line.text[match.end() :], 1)
    text = f"{line.text[: match.end()]}{text}"
    start, end = _clause(text, match)
    rest = _SIMILE.sub(" ", f"{text[start : match.start()]} {text[match.end() : end]}")
    if (
        _OTHERS.search(rest)
        or _NOT_SO.search(f"{text[: match.start()]} {text[match.end() :]}")
        or _OF_OTHER.search(text, start, end)
        or any(unnamed.search(rest) for unnamed in UNNAMED.values())
    ):
        return None
    if not _ROLES.isdisjoint(WORD.findall(rest.lower())):
        return None
    numbers = {ord(name) - 0xE000 for name in _ANY_NAME.findall(text, start, end)}
    person = (
        (cast.people[next(iter(numbers))] if len(numbers) == 1 else None) if numbers else _meant(cast, line)
    )
    if person is None:
        return None
    for pronoun in _PRONOUN.finditer(text, start, end):
        word = "she" if pronoun.group().lower() in ("she", "her", "hers", "herself") else "he"
        if person.pronoun != word:
            return None
    return person


def _clause(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Return the span of the clause around a match if it names somebody, else that of the sentence."""
    cuts = [cut.start() for cut in _CLAUSE.finditer(text)]
    start = max((cut for cut in cuts if cut < match.start()), default=0)
    end = min((cut for cut in cuts if cut >= match.end()), default=len(text))
    return (start, end) if _ANY_NAME.search(text, start, end) else (0, len(text))


def _meant(cast: Cast, line: Line) -> Person | None:
    """Return whom the first pronoun of a line without a name means, if that is plain."""
    pronoun = _PRONOUN.search(line.text)
    if pronoun is None or pronoun.group().lower() in ("herself", "himself", "him"):
        return None
    return cast.antecedent(pronoun.group(), line.span(*pronoun.span())[0])


_ROLES: Final = frozenset(ROLES)
