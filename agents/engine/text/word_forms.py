"""Inflected forms of verbs and nouns, and number words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final


def word_list(block: str) -> tuple[str, ...]:
    """Split a block of words; long lists read better that way."""
    return tuple(block.split())


def word_set(block: str) -> frozenset[str]:
    return frozenset(block.split())


def any_of(block: str, *phrases: str) -> str:
    """Return the choices of a pattern: the words of a block, and phrases, which may be patterns."""
    return "|".join((*dict.fromkeys(block.split()), *phrases))


def one_of(words: Iterable[str]) -> str:
    """Return a pattern for one of the words, the longest at a place.

    Words share a common beginning in it. Of a plain list, the engine of regular expressions would try each word.
    """
    known = frozenset(words)
    by_letter: dict[str, list[str]] = {}
    for word in sorted(known - {""}):
        by_letter.setdefault(word[0], []).append(word[1:])
    pattern = "|".join(re.escape(letter) + one_of(rests) for letter, rests in by_letter.items())
    if "" in known:
        return f"(?:{pattern})?" if pattern else ""
    return f"(?:{pattern})" if len(by_letter) > 1 else pattern


_IRREGULAR: Final = {
    "fly": "fl(?:y|ies|ew|own|ying)",
    "see": "(?:sees?|saw|seen|seeing)",
    "read": "read(?:s|ing)?(?! (?:the |his |her |their )?(?:sky|skies|stars|mud|faces?|wind|signs?|tracks?"
    "|room|silence|weather|bones"
    "|cards|clouds|look|mind|thoughts|tea|palm|palms|water|ground)\\b)",
    "move": "(?:mov(?:e|es|ed|ing)|lift(?:s|ed|ing)?|rais(?:es|ed|ing)|shift(?:s|ed|ing)?)",
    "swim": "sw(?:ims?|am|um|imming|immers?)",
    "speak": "(?:speaks?|spoke|spoken|speaking)",
    "sing": "(?:sings?|sang|sung|singing)",
    "write": "(?:writes?|wrote|written|writing)",
    "sell": "(?:sells?|sold|selling)",
    "eat": "(?:eats?|ate|eaten|eating)",
    "drink": "(?:drinks?|drank|drunk|drinking)",
    "go": "(?:go|goes|went|gone|going|swam|rose|ran|rode|(?:climb|walk)ed)",
    "rise": "(?:rises?|rose|risen|rising)",
    "raise": "(?:rais(?:e|es|ed|ing)|resurrect\\w*|brought (?:\\S+ ){1,4}back to life|back to life)",
    "heal": "(?:heal\\w*|mend(?:s|ed|ing)?|cur(?:e|es|ed|ing)|closed)",
    "enter": "(?:enter\\w*|(?:go|goes|went|gone|going|came|crept|ran|rode|(?:stepp|walk|climb|slipp|march|follow"
    "|crawl|wander|storm)ed)(?: (?:down|up|back|straight|\\w+))? in(?:to|side)?)",
    "cross": "(?:cross\\w*|(?:went|goes|going|gone|flew|flown|sailed|swam|rode|walked) (?:\\w+ )?across)",
    "hear": "(?:hears?|heard|hearing|listen\\w*)",
    "bear": "(?:born|bears?|bore)",
    "ring": "(?:rings?|rang|rung|ringing)",
    "break": "(?:breaks?|broke|broken|breaking)",
    "steal": "(?:steals?|stole|stolen|stealing)",
    "drive": "(?:drives?|drove|driven|driving)",
    "fight": "(?:fights?|fought|fighting)",
    "ride": "(?:rides?|rode|ridden|riding)",
    "sleep": "(?:sleeps?|slept|sleeping)",
    "weep": "(?:weeps?|wept|weeping)",
    "build": "(?:builds?|built|building)",
    "buy": "(?:buys?|bought|buying)",
    "run": "(?:runs?|ran|running)",
    "grow": "(?:grows?|grew|grown|growing)",
    "bleed": "(?:bleeds?|bled|bleeding)",
    "dig": "(?:digs?|dug|digging)",
    "wear": "(?:wears?|wore|worn|wearing)",
    "bring": "(?:brings?|brought|bringing)",
    "leave": "(?:leaves?|left|leaving)",
    "cast": "cast(?:s|ing)?",
    "own": "(?:own(?:s|ed|ing)?|ha[sd]|keeps?|kept|keeping)",
    "carry": "(?:carr(?:y|ies|ied|ying)|wear(?:s|ing)?|wore|with|in with)",
    "keep": "(?:keeps?|kept|keeping)",
    "lie": "(?:lies?|lay|lain|lying)",
    "sacrifice": "sacrific(?:e|es|ed|ing)",
    "forge": "forg(?:e|es|ed|ing)",
    "smoke": "(?:smok(?:e|es|ed|ing)|(?:lit|stubbed out|drew on|puffed (?:at|on)|dragged on|rolled|passed"
    "|knocked out|filled|packed|tamped)"
    " (?:a|another|her|his|the)(?: \\S+){0,3} (?:cigarettes?|pipe|cigar))",
}
_SMALL: Final = word_list("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
""")
_TENS: Final = word_list("""
    twenty thirty forty fifty sixty seventy eighty ninety
""")
_ORDINALS: Final = word_list("""
    zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
""")
_TENTHS: Final = word_list("""
    twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth
""")

_ONE: Final = one_of(_SMALL[1:10])
_BELOW_HUNDRED: Final = rf"{one_of(_TENS)}(?:[- ]{_ONE})?"
# A number as it is written in prose.
NUMBER: Final = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+|{_BELOW_HUNDRED}|(?:(?:a|{_ONE}) )?hundred"
    rf"(?: and (?:{_BELOW_HUNDRED}|{one_of(_SMALL)}))?|{one_of((*_SMALL, 'both', 'dozen'))})"
)
# Any number that is not written in digits has one of these.
NUMBER_WORDS: Final = frozenset((*_SMALL, *_TENS, "hundred", "both", "dozen"))
ORDINAL_WORDS: Final = frozenset((*_ORDINALS[1:], *_TENTHS))
ORDINAL: Final = rf"(?:(?:{one_of(_TENS)}-)?{one_of(_ORDINALS[1:])}|{one_of(_TENTHS)})"

_MAX_DIGITS: Final = 15


def folded(word: str) -> str:
    """Fold case for look-ups. IGNORECASE also matches Turkish dotted and dotless i with an i."""
    return word.casefold().replace("i\u0307", "i").replace("ı", "i")


def number_of(text: str) -> int | None:
    """Return the value of digits or English words: "1,200", "thirty-four", "a hundred and twenty", "both"."""
    plain = folded(text).replace(",", "").replace("-", " ").strip()
    if plain.isdecimal():
        return int(plain) if len(plain) <= _MAX_DIGITS else None
    if plain in ("both", "dozen"):
        return 2 if plain == "both" else 12
    if plain in _ORDINALS:
        return _ORDINALS.index(plain)
    if plain in _TENTHS:
        return 10 * (_TENTHS.index(plain) + 2)
    tens, _, last = plain.partition(" ")
    if tens in _TENS and last in _ORDINALS:
        return 10 * (_TENS.index(tens) + 2) + _ORDINALS.index(last)
    head, hundred, rest = plain.rpartition("hundred")
    total = 0
    if hundred:
        total = 100 * (number_of(head) or 1) if head.strip() not in ("", "a") else 100
        rest = rest.removeprefix(" and ")
    for word in rest.split():
        if word in _SMALL:
            total += _SMALL.index(word)
        elif word in _TENS:
            total += 10 * (_TENS.index(word) + 2)
        else:
            return None
    return total if hundred or rest.split() else None


def third_person_stem(form: str) -> str:
    """Return the infinitive of a verb in the third person: "carries", "teaches", "drinks"."""
    plain = form.casefold()
    if plain.endswith("ies") and len(plain) > 4:
        return f"{plain[:-3]}y"
    if plain.endswith(("ches", "shes", "xes", "sses", "oes")):
        return plain[:-2]
    return plain.removesuffix("s")


_CLUSTER: Final = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]|qu[aeiou][^aeiouwxy]")


def past_tense(verb: str) -> str:
    """Return the past tense of an infinitive: "nodded", "hurried", "knelt"."""
    if verb in _PASTS:
        return _PASTS[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2] not in "aeou":
        return f"{verb[:-1]}ied"
    return f"{verb}{verb[-1]}ed" if _CLUSTER.fullmatch(verb) else f"{verb}ed"


def gerund(verb: str) -> str:
    """Return the gerund of an infinitive: "nodding", "hurrying", "wiping"."""
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return f"{verb[:-1]}ing"
    return f"{verb}{verb[-1]}ing" if _CLUSTER.fullmatch(verb) or verb in _DOUBLED else f"{verb}ing"


def third_person(verb: str) -> str:
    """Return the third person of an infinitive: "nods", "hurries", "stretches"."""
    if verb.endswith("y") and verb[-2] not in "aeou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("ch", "sh", "ss", "x", "z", "o")) else f"{verb}s"


_DOUBLED: Final = word_set("unplug unpin unwrap unzip unstrap dial spit")
_PASTS: Final = {
    "kneel": "knelt", "spit": "spat", "sweep": "swept", "unbutton": "unbuttoned", "unplug": "unplugged",
    "unpin": "unpinned", "unwrap": "unwrapped", "unzip": "unzipped", "gallop": "galloped", "unstrap": "unstrapped",
    "tiptoe": "tiptoed", "queue": "queued", "dial": "dialled", "hiccup": "hiccuped", "throw": "threw",
}  # fmt: skip


@cache
def verb_forms(verb: str) -> str:
    """Return a pattern for all forms of ``verb``; a particle after it ("go up") is not inflected."""
    head, _, rest = verb.casefold().partition(" ")
    if head in _IRREGULAR:
        body = _IRREGULAR[head]
    elif head.endswith("e"):
        body = rf"{re.escape(head[:-1])}(?:e|es|ed|ing|ation|er)"
    elif head.endswith("y") and head[-2:-1] not in "aeou":
        body = rf"{re.escape(head[:-1])}(?:y|ies|ied|ying)"
    else:
        body = rf"{re.escape(head)}{re.escape(head[-1:])}?(?:s|es|ed|ing|ation|er)?"
    return body + (rf"\s+{re.escape(rest)}" if rest else "")


_PARTICIPLES: Final = {
    "sold": "sell", "rung": "ring", "eaten": "eat", "written": "write", "spoken": "speak", "broken": "break",
    "stolen": "steal", "worn": "wear", "brought": "bring", "sung": "sing", "seen": "see", "drunk": "drink",
    "ridden": "ride", "raised": "raise", "forged": "forge", "used": "use", "closed": "close",
}  # fmt: skip


def infinitive(form: str) -> str:
    """Return the infinitive of a participle or gerund: "sold", "owning", "carried"."""
    plain = form.casefold()
    if plain in _PARTICIPLES:
        return _PARTICIPLES[plain]
    for ending, instead in (("ied", "y"), ("ing", ""), ("ed", "")):
        stem = plain.removesuffix(ending)
        if stem != plain and len(stem) > 2 and any(vowel in stem for vowel in "aeiou"):
            if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "ls":
                return stem[:-1]
            return stem + (
                instead
                or (
                    "e"
                    if stem.endswith(
                        (
                            "c",
                            "v",
                            "g",
                            "ok",
                            "iz",
                            "is",
                            "jur",
                            "sur",
                            "cat",
                            "dat",
                            "lat",
                            "mat",
                            "nat",
                            "rat",
                        )
                    )
                    else ""
                )
            )
    return plain


@cache
def noun_forms(noun: str) -> str:
    """Return a pattern for singular and plural of ``noun``; only its last word is inflected."""
    *first, last = noun.casefold().split()
    # The longer form first, so that the whole word matches.
    forms = sorted(_inflected(last), key=len, reverse=True)
    body = "|".join(map(re.escape, forms))
    return r"\s+".join([*(re.escape(word) for word in first), f"(?:{body})"])


@cache
def noun_words(noun: str) -> frozenset[str]:
    """Return words of which each form of ``noun`` contains one: the ends of its singular and plural."""
    return frozenset(re.findall(r"[^\W_]+", form)[-1] for form in _inflected(noun.casefold().split()[-1]))


def _inflected(noun: str) -> set[str]:
    form = singular(noun)
    if form.endswith(("s", "x", "ch", "sh")):
        plural = f"{form}es"
    elif form.endswith("y") and form[-2:-1] not in "aeou":
        plural = f"{form[:-1]}ies"
    else:
        plural = f"{form}s"
    return {form, plural, _PLURALS.get(form, plural)}


_PLURALS: Final = {
    "wolf": "wolves", "man": "men", "woman": "women", "child": "children", "foot": "feet", "ox": "oxen",
    "knife": "knives", "person": "people", "mouse": "mice", "goose": "geese", "thief": "thieves", "elf": "elves",
    "dwarf": "dwarves", "deputy": "deputies",
    "potato": "potatoes", "tomato": "tomatoes", "hero": "heroes", "echo": "echoes", "volcano": "volcanoes",
}  # fmt: skip


def singular(noun: str) -> str:
    plain = noun.casefold()
    for form, plural in _PLURALS.items():
        if plain == plural:
            return form
    if plain.endswith("ies") and len(plain) > 4:
        return f"{plain[:-3]}y"
    if plain.endswith(("ches", "shes", "xes", "sses")):
        return plain[:-2]
    return plain[:-1] if plain.endswith("s") and not plain.endswith(("ss", "us", "is")) else plain
