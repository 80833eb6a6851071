"""Rules that prohibit an action: "Nobody can teleport.", "No man may enter the well.", "Magic cannot heal wounds."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from agents.engine.checks.statements import Statement
from agents.engine.checks.world.bans import Ban, Subject, sentence_conditions
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import ALSO_CALLED, ROLES
from agents.engine.text.word_forms import (
    infinitive,
    noun_forms,
    one_of,
    singular,
    third_person_stem,
    verb_forms,
    word_set,
)
from agents.engine.text.word_pattern import WordPattern

_MAY: Final = r"(?:can|could|may|must|is able to|is allowed to|ever)"
_MAY_NOT: Final = r"(?:cannot|can not|can't|may not|must not|may never|can never|must never)"
_PROHIBITIONS: Final = tuple(
    lazy_pattern(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:no ?one|nobody|nothing)(?: (?:in|on|of) (?:the )?\w+| aboard"
        rf"| here)? {_MAY} (?P<verb>\w+)(?P<rest>.*)$",
        rf"^no (?P<who>(?!one\b|body\b)\w+) {_MAY} (?P<verb>(?!be\b)\w+)(?P<rest>.*)$",
        rf"^(?P<who>\w+)(?: \w+){{0,2}}? {_MAY_NOT} (?P<verb>\w+)(?P<rest>.*)$",
        r"^only (?:the |an? )?(?:[\w-]+ )?(?P<only>[\w-]+)(?: (?:of|from|in) (?:[\w'-]+ ){0,3}?[\w'-]+)? (?:can|may"
        r"|could|are allowed to"
        r"|know how to) (?P<verb>\w+)(?P<rest>.*)$",
        r"^(?P<only>[\w-]+) alone (?:can|may|could) (?P<verb>\w+)(?P<rest>.*)$",
        r"^(?:no ?one|nobody|no (?P<who>(?!one\b|body\b)\w+))(?: (?:in|on|of) (?:the )?\w+| aboard| here| ever){0,2} "
        r"(?P<verb>(?!has\b|is\b|was\b|does\b|goes\b|knows\b|lives\b|remembers\b|dares\b|likes\b|loves\b|trusts\b"
        r"|cares\b|hates\b|wants\b|believes\b)\w+s)(?P<rest> .*)$",
        r"^(?P<verb>\w+ing)(?P<rest>(?: \w+){0,3}?) is (?:impossible|forbidden|not possible|unknown|outlawed)\b"
        r"(?P<tail>.*)$",
        r"^no (?P<rest>[\w-]+) (?:is|are|may be|must be|can be) (?P<verb>\w+)(?P<tail>.*)$",
        r"^(?P<rest>[\w ]+?) (?:is|are) never (?P<verb>\w+)(?P<tail>.*)$",
    )
)
_PRESENT: Final = _PROHIBITIONS[5:6]
# Whoever comes out has been inside.
_HAS_ENTERED: Final = (
    "(?:came|comes|went|climbed|was|stayed|sailed) aboard|(?:came|comes|stepped|walked|ran|strolled) out of|(?:sat"
    "|stood|knelt|slept|prayed|waited|lay|was)(?:"
    " [a-z ]{1,25})? (?:in|inside)"
    "|(?:came|rolled|walked|stepped|ran|stormed|strolled|marched|wandered|burst) onto|(?:through"
    "|past) the (?:doors?|gates?) of|(?:went|gone|walked"
    "|stepped|stormed|ran|crept|strode|strolled|wandered) (?:in(?:to|side)?|to)"
)
# Other words for a deed without an object.
_ALSO_DONE: Final = {
    "sleep": "fell asleep|(?:was|lay) (?:fast |sound )?asleep|dozed(?: off)?|nodded off|slumbered",
    "dream": "dreamt",
    "weep": "cried|sobbed|burst into tears",
    "cry": "wept|sobbed|burst into tears",
    "marry": "(?:got|were|was) married|wed",
    "die": "breathed (?:his|her) last",
}
# Deeds that the things themselves do as well: "the bell rang".
_OF_THINGS: Final = word_set(
    "ring open close move sound burn fall turn stop light lower start sail leave enter"
)
_WEAPONS: Final = word_set("sword gun pistol knife dagger blade weapon axe spear bow rifle revolver")
# "Their land" need not be owned, nor "her secret" be a thing that she keeps.
_NOT_KEPT: Final = word_set("""
    land house home place people person child wife slave soul name word secret promise vow watch silence faith time
    count peace record room bed
""")
_HANDLED: Final = (
    "(?:drew|draws|drawn|unsheathed|brandish(?:ed|es|ing)|swung|waved|aimed|levelled|cocked|fired|loaded|unholstered"
    "|(?:laid|put) (?:down )?(?:his|her))"
)
# Other words for what magic is often denied, by a word of it.
_OTHERWISE: Final = {
    "future": r"(?:saw|sees|seen|foresaw|foresees|foreseen|read) (?:\w+ ){0,3}?what (?:would|will|was to"
    r"|is to) (?:happen|come|befall)(?: to \w+)? (?:on the morrow|tomorrow|next|in (?:the|a|ten|years))"
    r"|(?:told|showed|shown) (?:him|her|them|me|us) what (?:the future held|was to come|would happen)",
    "wound": r"(?:closed|mended|knitted|sealed) (?:the|his|her|their) (?:\w+ )?(?:wounds?|burns?|cuts?|gash|flesh)"
    r"|(?:wounds?|burns?|cuts?|gash|flesh) (?:\w+ )?(?:closed|knitted|healed)"
    r"|spell (?:closed|mended|sealed) (?:it|them)",
    "dead": r"(?:brought|called|fetched) (?:the|a|his|her|their) dead (?:\w+ )?back"
    r"|(?:brought|called) (?:him|her|them) back (?:to life|from the (?:dead|grave))",
}
# Deeds of which the words alone mean something else: "travelled for a long time".
_SAID_OF: Final = {
    ("travel", "time"): (
        r"(?:travel\w*|journeyed|stepped) (?:backwards? |back |forwards? )?(?:through|in) time|(?:went|goes|gone|fell"
        r"|sent (?:him|her|them|it)) (?:back )?(?:through time|in time to the)|(?:travel\w*|journeyed|stepped)"
        r" (?:back )?(?:in)?to the (?:past|future)"
    ),
    ("bury", "dead"): (
        r"buried (?:(?:the|his|her|their) dead|(?:him|her|them)(?= (?:in (?:the|an?|his|her|their|unmarked"
        r"|consecrated)|at|on|under|beside|by|where|there|the next"
        r"|that)\b(?! (?:work|thought|debt|books|alive))"
        r"|[.;])|(?:the|his|her|their) (?:\w+ )?(?:man|woman|boy|girl|child|king|queen|body|bodies|corpse|mother"
        r"|father|wife|husband|brother|sister|son"
        r"|daughter|baby))(?!'s\b| (?:in (?:work|debt|thought)|alive)\b)"
    ),
    ("conjure", "fire"): (
        r"conjur(?:ed|es|ing) (?:up )?(?:(?:an?|the|some|two|three|his|her) )?(?:\w+ )?(?:(?:balls?|tongues?|walls?"
        r"|jets?|bursts?|rings?)"
        r" of )?(?:\w+ )?(?:fires?|flames?)|(?:fire|flames?) (?:was|were|that \w+ had) conjured"
    ),
    ("read", "mind"): r"read (?:[\w-]+ )?[\w-]+['’]s (?:mind|thoughts)",
    ("turn", "invisible"): r"(?:turn(?:ed|s)|bec[ao]mes?|made (?:him|her|them)sel(?:f|ves)) invisible",
}
_PAST_TENSE: Final = r"(?:\w+ed|drank|ate|took|went|gave|saw|left|came|ran|sat|stood|had|was|were)\b"
_VAGUE: Final = word_set("""
    be have do get make take say know move happen travel tell find give come live understand explain remember
    become seem stay escape hope
""")
_ARTICLES: Final = word_set("a an the any their his her its up out")
_BEFORE_A_PLACE: Final = word_set("to into through across in on at from inside within aboard near")
_ENDS_OBJECT: Final = _BEFORE_A_PLACE.union(word_set("of , and or with without for by after before"))
# Signs that an action is done by magic: a surgeon may heal where magic may not.
_MAGIC: Final = lazy_pattern(
    r"\b(?:magic\w*|spells?|charms?|enchant\w*|incantation\w*|runes?|sorcer\w*|wizard\w*|witch\w*|mages?|syllables?"
    r"|(?:old |true )?word(?: \w+)? over|sp(?:oke|eaks|oken) (?:an?|the|one|two|three) (?:\w+ )?words?"
    r"|with an? (?:gesture|wave of (?:his|her|their) hand|word)"
    r"|laid (?:his|her|their) hands)\b",
    re.IGNORECASE,
)
_IN_PLACE: Final = re.compile(r"\s*(?:in|at|on|inside|near|within|among)\b", re.IGNORECASE)
_PEOPLE: Final = {
    "man": r"\b(?:m[ae]n|he|him|boys?)\b",
    "woman": r"\b(?:wom[ae]n|she|her|girls?)\b",
    "child": r"\bchild(?:ren)?\b",
}

_LAST_THING: Final = lazy_pattern(
    r"\b(?:in|into|on|to|at|through|over|near|of|from|is|are) (?:the|an?) (?P<thing>[\w'-]+(?: [\w'-]+){0,2}?)$"
)
_PRONOUNS: Final = {"man": "he", "woman": "she"}


@lru_cache(maxsize=4096)
def read_prohibited_actions(statement: Statement) -> tuple[Ban, ...]:
    return tuple(_read(statement))


def _read(statement: Statement) -> Iterator[Ban]:
    for pattern in _PROHIBITIONS:
        found = pattern.search(statement.text)
        if found is None:
            continue
        groups = {key: value or "" for key, value in found.groupdict().items()}
        verb = infinitive(groups["verb"])
        if pattern in _PRESENT:
            verb = third_person_stem(groups["verb"])
        thing, place = _object(groups["rest"])
        if thing in ("it", "them"):
            thing = _last_thing(statement.before)
            if not thing:
                return
        within = sentence_conditions(
            f"{place if thing else groups['rest']} {groups.get('tail', '')}", statement.world
        )
        if within is not None and (thing or verb not in _VAGUE) and len(verb) > 1:
            is_law = re.search(r"\b(?:may|must|forbidden|outlawed|never)\b", statement.text) is not None
            only = groups.get("only", "")
            who = _subject(groups.get("who", "")) or _all_but(only)
            label = f"{verb} {thing}".strip()
            without = re.compile(rf"\b{noun_forms(only)}\b", re.IGNORECASE) if only else None
            yield Ban(
                statement,
                _action_pattern(
                    verb,
                    thing,
                    is_everybody=who is None,
                    is_in_place=_IN_PLACE.match(groups["rest"]) is not None,
                ),
                label,
                within,
                is_law,
                not thing and (who is None or who.words is not _MAGIC),
                without=without,
                applies_to=who,
            )
        return


def _object(rest: str) -> tuple[str, str]:
    """Split the words after the verb into its object, without an article, and the rest."""
    words = re.findall(r"[\w'-]+|,", rest.casefold())
    while words and words[0] in _ARTICLES | _BEFORE_A_PLACE | {"by", "of"}:
        words = words[1:]
    thing = []
    for word in words:
        if word in _ENDS_OBJECT:
            break
        thing.append(word)
    return " ".join(thing), " ".join(words[len(thing) :])


def _last_thing(before: str) -> str:
    """Return what "it" means behind a statement that ends with a thing: "Women may paint in the red cave"."""
    found = _LAST_THING.search(before.casefold())
    return found["thing"] if found is not None else ""


def _speech_at(forms: str, place: str) -> WordPattern:
    """Return the pattern of speech at a place: "said at the burial ground", not "spoke of the burial ground"."""
    said = rf"(?:{forms}|said|asked|replied|answered|whispered|shouted|called out|murmured)"
    how = r"(?: (?:\w+ly|aloud|out|again|a word|to (?:him|her|them|(?:the |his |her )?\w+)))*"
    return WordPattern.of(
        rf"(?<![\w-]){said}{how} (?:in|at|on|inside|near|within|among|by) (?:the |an? )?(?:{place})(?![\w-])"
    )


def _action_pattern(verb: str, thing: str, *, is_everybody: bool, is_in_place: bool = False) -> WordPattern:
    forms = verb_forms(verb)
    if verb in ("speak", "talk") and is_in_place:
        return _speech_at(forms, noun_forms(singular(thing)))
    if verb == "enter" and thing:
        forms = rf"(?:{forms}|{_HAS_ENTERED})"
    if verb == "lie" and not thing:
        # "The cat lay in the sun" is no lie.
        forms = "(?:lied|(?:lies|lying) (?:to|about))"
    if verb == "heal" and not thing:
        return WordPattern.of(rf"(?<![\w-])(?:{forms}|{_OTHERWISE['wound']})(?![\w-])")
    if not thing:
        forms = f"(?:{forms}|{_ALSO_DONE[verb]})" if verb in _ALSO_DONE else forms
        return WordPattern.of(rf"(?<![\w-]){forms}(?![\w-])")
    *first, last = thing.split()
    noun = " ".join([*first, singular(last)])
    body = f"{noun_forms(noun)}|{ALSO_CALLED[noun]}" if noun in ALSO_CALLED else noun_forms(noun)
    # "She sold her horse and drank wine": another verb follows.
    gap = rf"(?:(?:(?!and {_PAST_TENSE})[^.!?;,]){{0,50}}?\s)"
    behind = forms
    if (verb, noun) in _SAID_OF:
        return WordPattern.of(rf"(?<![\w-])(?:{_SAID_OF[verb, noun]})(?![\w-])")
    if verb in ("carry", "bear", "wear", "own"):
        # "His gun with the boy" is not carried; what is drawn or fired is.
        behind = forms.replace("|with|in with", "").replace("|ha[sd]", "")
        if noun in _WEAPONS:
            forms = rf"(?:{forms}|{_HANDLED})"
    whose = ""
    if is_everybody and verb in ("own", "possess", "keep") and noun not in _NOT_KEPT:
        whose = rf"|(?:his|her|their|my) (?:\w+ )?(?:{body})"
    # "The meat that he ate", "meat eaten by him", but not "the meat ate into the savings".
    passive = (
        rf"(?:{body}){gap}{behind}"
        if verb in _OF_THINGS
        else rf"(?:{body})(?:\s{behind}(?=\s+by\b)|(?!\s{behind}\b){gap}{behind})"
    )
    said = rf"{forms}(?![\w-]){gap}(?:{body})|{passive}{whose}"
    if verb in ("carry", "bear") and noun in _WEAPONS:
        taken = "raised|lifted|shouldered|gripped|held|picked up|took up|slung"
        said += rf"|(?:{taken}) (?:the|an?|his|her|its|their|another) (?:[\w-]+ ){{0,2}}?(?:{body})"
    if is_in_place:
        # "Sat in the pub and drank".
        said += (
            rf"|(?:in|at|on|inside|aboard) (?:the |an? )?(?:{body})(?:,? and|,)(?: then)? (?:\w+ly )?{forms}"
        )
    if last in _OTHERWISE or noun in _OTHERWISE:
        said += f"|{_OTHERWISE.get(last) or _OTHERWISE[noun]}"
    return WordPattern.of(rf"(?<![\w-])(?:{said})(?![\w-])")


def _all_but(who: str) -> Subject | None:
    """Return the people to whom something is denied that only some may do."""
    plain = singular(who)
    if not plain:
        return None
    if plain in ("man", "woman"):
        return _subject("woman" if plain == "man" else "man")
    others = one_of(role for role in ROLES if role != plain)
    return Subject(re.compile(rf"\b{others}s?\b", re.IGNORECASE), but=plain)


def _subject(who: str) -> Subject | None:
    """Return the people to whom the prohibition applies, if it is not everyone."""
    plain = singular(who)
    if not plain or plain in ("people", "person", "human"):
        return None
    if plain in ("magic", "spell", "power", "sorcery"):
        return Subject(_MAGIC)
    forms = noun_forms(plain)
    words = re.compile(_PEOPLE.get(plain, rf"\b{forms}\b"), re.IGNORECASE)
    kind = "" if plain in _PEOPLE or plain in ROLES else forms
    return Subject(words, pronoun=_PRONOUNS.get(plain, ""), kind=kind)
