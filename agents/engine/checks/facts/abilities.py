"""Inabilities of characters, as descriptions tell them: "illiterate", "never learned to swim"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from agents.engine.checks.facts.clauses import Clause
from agents.engine.checks.facts.restatement import TOLD, Restatement
from agents.engine.checks.facts.trait_names import items_of, trait_name
from agents.engine.sources import trait_text
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.word_forms import NUMBER, gerund, word_set
from agents.engine.world import Element

# Where an inability ends; what goes on otherwise is one of some occasions only: "cannot walk past a dog".
_ENDS: Final = (
    r"(?=$|[.,;)]| (?:and|or|nor|at all|any ?more|since|now|from birth|from the|in both|after the|because|these"
    r"|for (?:years|life)|in (?:(?:many|some|ten|\w+ty) )?years|from childhood|by (?:choice|conviction)"
    r"|as a post|as stone|a stroke|a word|a note|a line|a letter|a thing|in (?:his|her) life)\b)"
)
# "But learned anyway", "except on feast days".
_YET: Final = lazy_pattern(
    r"\b(?:but (?!not|never)|(?:s?he|they) (?:says?|claims?|thinks?|believes?|insists?|swears?)|for show|on stage"
    r"|failed|anyway|until|unless|except|without(?! a (?:voice|tongue))|yet|though|although|when|whenever|alone|before"
    r"|(?<!walk )(?<!kill )again"
    r"|cured|healed"
    r"|recovered|to (?:reason|danger|the|her|his|all|everything|pain|pleas|advice)|as a (?:boy|girl|child)|pretends?"
    r"|in one|of one)\b",
    re.IGNORECASE,
)
# "Went blind in the war", but "in the dark" now and then.
_BY: Final = (
    rf"(?: (?:at (?:birth|(?:the age of )?{NUMBER})|in (?:the|an?) (?:war|shelling|blast|explosion|fire|accident|siege"
    r"|fever)))?"
)
_WENT: Final = r"(?:went|gone|born|struck|left) "
_WHOLLY: Final = r"(?:(?:profoundly|totally|completely|entirely|quite|wholly) )?"
_SENSES: Final = (
    (
        rf"(?:(?:an? )?(?:[\w-]+ )?blind(?: (?:old )?(?:man|woman|girl|boy|beggar|[a-z]+(?<!corn)(?<!lett)(?<!numb)er"
        rf"|[a-z]{{3,}}ist|singer|prophet|seer|poet|monk|nun))?{_ENDS}"
        rf"|(?:{_WENT}{_WHOLLY}blind|blinded){_BY}{_ENDS}"
        rf"|sightless|lost (?:her|his) sight|robbed of (?:her|his) sight|lost both (?:of )?(?:her |his )?eyes"
        rf"|cannot see{_ENDS}"
        r"|not seen (?:anything|the sun|a thing|the light) since)",
        "blind",
    ),
    (
        rf"(?:(?:an? )?(?:stone[- ]|{_WHOLLY})deaf(?: (?:man|woman|girl|boy|mute))?{_ENDS}"
        rf"|{_WENT}{_WHOLLY}deaf{_BY}{_ENDS}"
        rf"|lost (?:the |all |her |his )+hearing(?: in both ears)?{_ENDS}"
        rf"|cannot hear{_ENDS}"
        rf"|hears nothing{_ENDS}|deaf-mute)",
        "deaf",
    ),
    (
        rf"(?:(?:an? )?mute(?: (?:man|woman|girl|boy|beggar|servant|monk|nun))?{_ENDS}|born without a (?:voice"
        rf"|tongue){_ENDS}|dumb (?:from|since) birth|(?:cannot"
        rf"|can['’]t|does not|doesn['’]t|never"
        rf"|no longer) (?:speaks?|talks?){_ENDS}"
        rf"|(?:not|never) (?:spoken|said)(?: a word)? (?:since|in (?:her|his) life)|lost (?:her|his) (?:voice"
        rf"|tongue){_ENDS}"
        r"|(?:her|his) tongue (?:was|has been) (?:cut|torn) out|deaf-mute)",
        "mute",
    ),
    (
        rf"(?:(?:uses|in|needs|sits in|gets (?:about|around) in|bound to|confined to) (?:a|her|his) wheelchair"
        rf"|(?:an? )?wheelchair[- ](?:user"
        rf"|bound)"
        rf"|paraly[sz]ed (?:from the waist|below the waist|in both legs)|(?:an? )?(?:para|tetra|quadri)plegic{_ENDS}"
        rf"|no legs{_ENDS}|both (?:of )?(?:(?:her|his) )?legs were (?:taken off|amputated|cut off)"
        rf"(?: (?:above|below|at) the (?:knees?|hips?))?{_ENDS}|(?:cannot|can['’]t"
        rf"|can no longer"
        rf"|will never) walk(?: again| unaided)?{_ENDS}"
        r"|lost the use of (?:both |her |his )+legs|lost both (?:of )?(?:her |his )?legs|bedridden)",
        "uses a wheelchair",
    ),
    (
        rf"(?:(?:does not|doesn['’]t|never|won['’]t|will not|no longer) (?:drinks?|touch(?:es)? (?:a drop|alcohol"
        rf"|drink|liquor|spirits)){_ENDS}"
        rf"|sober (?:for|these) (?:\w+ )?years{_ENDS}|(?:gave up|abstains from) (?:alcohol|drink|drinking"
        rf"|liquor){_ENDS}"
        rf"|(?:an? )?(?:strict )?teetotal\w*|touches no (?:alcohol|drink|liquor)|never touched (?:a drop|alcohol"
        rf"|drink|liquor))",
        "never drinks",
    ),
    (
        rf"(?:goes |walks )?barefoot(?=\W*$|[,;.]| (?:in all|all year|everywhere|summer and winter|always|even)\b)"
        rf"|(?:never|does not|doesn['’]t|refuses to) wears? (?:any )?(?:shoes|boots){_ENDS}|owns no shoes{_ENDS}",
        "barefoot",
    ),
    (
        rf"(?:(?:does not|doesn['’]t|never|no longer) smokes?{_ENDS}|an? non-smoker|smokes nothing{_ENDS}"
        rf"|gave up (?:smoking|tobacco|cigarettes){_ENDS})",
        "never smokes",
    ),
    (
        rf"(?:(?:cannot|can['’]t|never|does not|doesn['’]t|unable to|incapable of|will not|won['’]t) (?:lies?|lying"
        rf"|tell(?:s)? (?:an? )?lies?){_ENDS}"
        rf"|never (?:told a lie|lied){_ENDS})",
        "never lies",
    ),
    (
        rf"(?:an? )?(?:strict |lifelong )?(?:vegetarian|vegan){_ENDS}|(?:eats|touches) no meat{_ENDS}"
        rf"|(?:gave up|abstains from) meat{_ENDS}|(?:not|never) (?:touched|eaten|tasted) meat"
        r"(?=\W*$|,| in (?:\w+ )?years\b| since (?:the|(?:her|his) |child|\d))",
        "never eats meat",
    ),
    (
        rf"no (?:magic|magical (?:powers?|gifts?)){_ENDS}|cannot (?:do|use|work|wield) magic{_ENDS}",
        "unmagical",
    ),
    (rf"(?:sworn|swore|vowed) (?:never|not) to take a (?:human )?life{_ENDS}", "cannot kill"),
    (
        rf"(?:refuses to|won['’]t|will not|never) (?:use|touch|handle)s? (?:an? |any )?(?:guns?|firearms?){_ENDS}",
        "cannot carry gun",
    ),
    (rf"never (?:ridden|learn(?:ed|t) to ride) (?:an? )?(?:horse|pony|one){_ENDS}", "cannot ride"),
)
_FOND: Final = lazy_pattern(
    rf"(?:(?:very |too |overly )?fond of|(?:loves|adores|likes)) (?:the |her |his |all )?(?P<object>[a-z]+){_ENDS}",
    re.IGNORECASE,
)
_STATES: Final = tuple((lazy_pattern(pattern, re.IGNORECASE), words) for pattern, words in _SENSES)
_LETTERS: Final = lazy_pattern(
    r"(?:illiterate|unlettered|(?:cannot|can['’]t|never learn(?:ed|t) to) read (?:or|and|nor) write"
    r"|can neither (?:read nor write|write nor read)"
    r"|(?:cannot|can['’]t|never learn(?:ed|t) to) write (?:or|and|nor) read|never learn(?:ed|t) (?:her|his) letters"
    r"|(?:nobody|no one) (?:ever )?taught (?:her|him) (?:(?:her|his) letters|to read))",
    re.IGNORECASE,
)
_UNABLE: Final = (
    r"(?:cannot|can['’]t|can not|can no longer|unable to|never learn(?:ed|t) (?:how )?to|never (?:was )?taught to"
    r"|(?:does not|doesn['’]t) know how to|refuses to|won['’]t|will not|sworn (?:never|not) to|swore (?:never|not) to"
    r"|vowed (?:never|not) to|(?:does not|doesn['’]t)|never(?= \w+s\b))"
)
_NO_VERB: Final = (
    r"(?!(?:abide|stand|bear|stomach|be|have|use|do|know|want|like|care|mind|believe|think|trust|forgive|forget|keep"
    r"|help|help|wait|let|get"
    r"|make|take|say|mean|seem|understand|always|even|really|is|was|has|does|minds|cares|forgets|forgives|fails|loses"
    r"|lets|gets|makes|takes"
    r"|says|means|misses|stops|quite|only|just|afford|resist|suffer|suffers|speak|talk|hear|see|drink|smoke|lie"
    r"|walk)\b)"
)
_CANNOT: Final = lazy_pattern(
    rf"{_UNABLE} (?P<verb>{_NO_VERB}[a-z]+)(?: (?:an? |the |any )?(?P<object>(?!(?:and|or|nor|at|a|in|from|since|any"
    rf"|now|to|for|his|her|their|it"
    rf"|them|him|well|very|much)\b)[a-z]+))??{_ENDS}",
    re.IGNORECASE,
)
_LANGUAGE: Final = lazy_pattern(
    rf"(?:(?:speaks|knows|has) (?:no|not a word of)|(?:cannot|can['’]t|does not|doesn['’]t) (?:speak"
    rf"|understand)) (?P<language>(?-i:[A-Z])[a-z]+){_ENDS}",
    re.IGNORECASE,
)
_AVERSE: Final = lazy_pattern(
    r"(?:(?:cannot|can['’]t) (?:abide|stand|bear|stomach)|hates|detests|loathes|dislikes|allergic to|afraid of"
    r"|frightened of|terrified of"
    rf"|scared of|fears) (?:the |any |all )?(?P<object>[a-z]+){_ENDS}",
    re.IGNORECASE,
)

# Whoever lost their legs walks on others.
_WALKS: Final = lazy_pattern(
    r"\b(?:prosthe\w+|(?:artificial|wooden|metal|mechanical|iron|new) legs?|crutch\w*|blades|exoskeleton"
    r"|walks (?!in|with the)|learn(?:ed|t) to walk|walks[,.])",
    re.IGNORECASE,
)
_OF_TRAITS: Final = {
    ("diet", "no meat"): ("never eats meat",),
    ("diet", "meat-free"): ("never eats meat",),
    ("literacy", "none"): ("cannot read", "cannot write"),
    ("literacy", "illiterate"): ("cannot read", "cannot write"),
}
_NO_SENSE: Final = "none|no|lost|absent"
_SENSE_OF: Final = {
    name: (
        re.compile(rf"(?:(?:totally|completely|legally|born) )?(?:{words}|{_NO_SENSE})\b(?! in one| spots?)"),
        fact,
    )
    for names, words, fact in (
        (("vision", "eyesight", "sight"), "blind", "blind"),
        (("hearing",), "deaf", "deaf"),
        (("speech", "voice"), "mute", "mute"),
    )
    for name in names
}
_AVERSIONS: Final = {
    **dict.fromkeys(("fear", "fears", "phobia", "phobias", "afraid of", "scared of"), "afraid of"),
    **dict.fromkeys(("dislikes", "dislike", "hates", "detests", "loathes"), "hates"),
    **dict.fromkeys(("allergies", "allergy", "allergic to"), "allergic to"),
}
_UNABLE_TO: Final = frozenset(
    ("cannot", "can't", "can not", "unable to", "inability", "inabilities", "cannot do")
)
_ONE_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_DEED: Final = re.compile(r"[A-Za-z]{3,}(?: [a-z]{3,})?")
_NOT_SO: Final = re.compile(r"(?:no|false|never|none|not at all|0)\b")
_DEEDS: Final = {
    form: deed
    for deed in word_set("swim read write ride drive sing dance cook sew sail fly fight walk")
    for form in (deed, f"{deed}s", gerund(deed))
}
_WORDS: Final = word_set("""
    cannot can could not never no won will would unable incapable refuses sworn swore vowed does doesn blind
    sightless sight eyes deaf hearing hears mute dumb voice tongue wheelchair paralysed paralyzed legs bedridden
    barefoot shoes boots fond loves adores likes
    teetotal teetotaller teetotaler blinded smoker smokes vegetarian vegan meat illiterate unlettered letters hates
    detests loathes dislikes allergic afraid frightened terrified scared fears paraplegic tetraplegic quadriplegic
    sober alcohol drink smoking magic
""")


def abilities(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield what somebody cannot do: "blind", "cannot swim", "never eats meat", "hates fish"."""
    for key, value in element.traits.items():
        for words in _of_trait(trait_name(key), value):
            yield Restatement(words, trait_text(key, value), TOLD)
    walks = bool(_WALKS.search(element.summary))
    for clause in clauses:
        if not _WORDS.isdisjoint(clause.words) and not _YET.search(clause.predicate):
            for words in _inabilities(clause.predicate):
                if words == "uses a wheelchair" and walks:
                    continue
                yield Restatement(words, clause.quote, TOLD)


def _of_trait(name: str, value: Any) -> Iterator[str]:
    told = str(value).casefold().strip(" .")
    yield from _OF_TRAITS.get((name, told), ())
    if name in _SENSE_OF and (lacking := _SENSE_OF[name])[0].match(told):
        yield lacking[1]
    if (averse := _AVERSIONS.get(name)) is not None:
        yield from (f"{averse} {item.casefold()}" for item in items_of(value) if _ONE_WORD.fullmatch(item))
    if name in _UNABLE_TO:
        yield from (f"cannot {item.casefold()}" for item in items_of(value) if _DEED.fullmatch(item))
    elif _NOT_SO.match(told) and (deed := _DEEDS.get(name.removeprefix("can ").removeprefix("is able to "))):
        yield f"cannot {deed}"


def _inabilities(said: str) -> Iterator[str]:
    yield from (words for pattern, words in _STATES if pattern.match(said))
    if _LETTERS.match(said):
        yield from ("cannot read", "cannot write")
    elif (language := _LANGUAGE.match(said)) is not None:
        yield f"cannot speak {language['language']}"
    elif (fond := _FOND.match(said)) is not None:
        yield f"fond of {fond['object'].lower()}"
    elif (averse := _AVERSE.match(said)) is not None:
        yield averse.group().lower()
    elif (cannot := _CANNOT.match(said)) is not None:
        verb, thing = cannot["verb"].lower(), (cannot["object"] or "").lower()
        # "Never" stands before the form of the third person.
        is_habit = cannot.group().lower().startswith("never ") and verb.endswith("s")
        yield f"{'never' if is_habit else 'cannot'} {verb} {thing}".strip()
