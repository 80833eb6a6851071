"""Deaths, however a description tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from agents.engine.checks.facts.clauses import Clause
from agents.engine.checks.facts.pronouns import pronoun_of
from agents.engine.checks.facts.restatement import TOLD, Restatement
from agents.engine.checks.facts.trait_names import trait_name
from agents.engine.sources import trait_text
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import KIN, ROLES
from agents.engine.text.word_forms import one_of
from agents.engine.world import Element

DECEASED: Final = "deceased"
# What follows a passive verb, where "killed a man" has an object.
_BEHIND: Final = (
    r"(?=$|[,)]| (?:in|at|on|by|near|off|from|for|with|during|outside|inside|under|beside|before|after|when|while|as"
    r"|last|this|these|the (?:day|night|year|week|month|winter|spring|summer|autumn)|\d|early|late|years?"
    r"|(?:\w+ )?(?:years?"
    r"|days|weeks|months|winters|centur\w+) (?:ago|before|earlier)|and|long|there|here|aged|since|to death|trying"
    r"|saving"
    r"|defending|fighting|alone|young|childless|aboard|along|somewhere)\b)"
    r"(?! (?:in|off in|off|with|for|by|at) (?:in )?(?:(?:the|a|her|his) )?(?:\w+ )?(?:debts?|work|paper\w*|sorrow\w*"
    r"|grief|noise|sound|stor(?:y|ies)|tales?|plays?|films?"
    r"|games?|dreams?|songs?|drafts?|novels?|opera)\b)"
)
_PASSIVE: Final = (
    "killed|murdered|executed|hanged|beheaded|slain|drowned|assassinated|guillotined|crucified|lynched|slaughtered"
    "|martyred"
    r"|burn(?:ed|t) (?:at the stake|alive|to death)|(?:beaten|stabbed|crushed|trampled|kicked"
    r"|stoned"
    r"|clubbed|shot|starved|frozen|whipped|hacked|mauled|tortured) (?:to death|dead)|shot(?= by (?:a )?firing squad)"
    r"|torn (?:apart|to pieces)|eaten|found dead|(?:taken|carried off)(?= by (?:the )?(?:plague|cholera|fever|pox"
    r"|typhus|sea|river"
    r"|flu|influenza|cold|cancer|smallpox|consumption)\b)|put to (?:death|the sword)|done to death|lost (?:at sea"
    r"|overboard|with (?:all hands|the (?:ship|boat|crew)))"
    r"|swept (?:overboard|out to sea)|laid to rest|cremated|entombed|gunned down|struck down"
)
_WHO: Final = one_of((*ROLES, *KIN, "lord", "lady", "master", "mistress", "owner"))
_DEAD: Final = lazy_pattern(
    r"(?:"
    r"(?:dead|deceased)(?=$|\s*[,.;:)(]|\s*[–—]| (?:these|this|since|for|from|of (?:a |the )?(?:\w+)$|of (?:fever"
    r"|plague"
    r"|grief|typhus"
    r"|cholera|consumption|cancer)|by (?:his|her|the)|at (?:\w+teen|\w+ty|\d+|the)|now|and (?:buried|gone|forgotten)"
    r"|as|before"
    r"|after|when|long|on arrival|young|in (?:the (?:war|flood|fire|siege|plague|river|canal|wreck)|\d|childbirth|a)"
    r"|(?:\w+ )?(?:years?|winters|summers|centuries|months|weeks|days)\b)\b)"
    rf"|(?:{_PASSIVE}){_BEHIND}"
    r"|buried(?! (?:alive|a|an|the|her|his|their|two|three|four|five|six|himself|herself|treasure|in (?:work|debt|books"
    r"|paper\w*|thought|grief|her|his))\b)(?= (?:in|at|on|under|beside|beneath|with|near|by|there|here|outside|next)\b)"
    r"|(?:died|perished|expired)\b(?! (?:twice|once|a little|inside|her|his|in (?:the|a) (?:story|play|film|tale|song"
    r"|game"
    r"|dream))\b)"
    r"|burn(?:ed|t) (?:as an?|for (?:heresy|witchcraft|treason|sorcery))\b|starved to death|froze to death"
    r"|bled to death|burn(?:ed|t) to death|drowned (?:himself|herself)"
    r"|passed (?:away|on)\b(?! (?:the|a|her|his|that))|gave up the ghost|breathed (?:her|his) last|met (?:her"
    r"|his) (?:end|death)\b(?! of)"
    r"|(?:went|gone) down with (?:the|her|his)|fell (?:in (?:the (?:\w+ )?(?:war|battle|siege|fighting|rising"
    r"|rebellion)|battle)"
    r"|at (?:the (?:battle|siege) of )?(?:the )?(?-i:[A-Z])|to (?:her|his) death)|fallen in battle"
    r"|took (?:her|his) own life|killed (?:herself|himself)|committed suicide|hanged (?:herself|himself)"
    r"|succumbed to (?:her|his|the|a|an|fever|plague|illness|cold|wounds|poison|typhus|cholera)"
    r"|(?:did not|didn't|never) (?:survive (?:the|her|his|that|it\b)(?: \w+)?(?: (?:fire|siege|winter|wars?|crossing"
    r"|operation|night|wreck"
    r"|crash|fall|plague|fever|birth|childbirth|journey|battle|attack|raid|floods?|storm|blast|explosion|illness"
    r"|wounds|march|famine"
    r"|massacre|purge|shipwreck|sinking|occupation)\b|$|[.,;])|live to see|wake again|come back from the (?:dead|war))"
    r"|lies (?:buried|in (?:the (?:family )?(?:vault|tomb|crypt|churchyard|graveyard|cemetery|chapel vault)|(?:her"
    r"|his|an?) (?:\w+ )?(?:grave|tomb))"
    r"|under (?:the|a) (?:stone|yew|oak|cairn))"
    r"|no longer (?:alive|living|among the living|with us)|not alive|no more(?=$|[,.;])|in (?:her|his"
    r"|an?) (?:\w+ )?grave(?=$|[,.;]| (?:at|in|by|for|these|since)\b)"
    r"|(?:lost|gave|laid down) (?:her|his) life\b(?! savings)|rests (?:in|under|beside|at) (?:the|a) (?:churchyard"
    r"|graveyard|cemetery|vault|crypt|hill|yew)"
    r"|the (?:first|last|second|only one) to die\b|KIA\b|a victim of the (?:plague|fever|war|purge|fire|flood)"
    r"|claimed by (?:the )?(?:sea|fever|plague|river|flood|fire|cold)"
    rf"|(?:the |a )?late (?:{_WHO})\b(?!'s)"
    r")",
    re.IGNORECASE,
)
# Whoever is dead in such a description may act, or never was dead.
NOT_GONE: Final = lazy_pattern(
    r"\b(?:(?:is|as|now|an?|the|restless|\w+'s) (?:\w+ )?(?:ghost|spirit)\b(?! (?:story|stories|town|ship|train))"
    r"|ghostly|vampir\w*|undead|revenant|zombie|lich|resurrect\w*|reborn|reviv\w*|came back|"
    r"returned from the dead|(?:raised|brought|called) (?:back )?(?:from|to life)|brought back|reanimat\w*|wraith"
    r"|haunt\w*|ghoul"
    r"|skeleton|immortal|uploaded|hologram|clone[ds]?|reincarnat\w*|faked|undying|banshee|spectre|specter|poltergeist"
    r"|(?:still|secretly|in truth|actually|really) (?:alive|lives?|living)|but (?:alive|lives?|survived)"
    r"|not (?:really |truly )?dead"
    r"|walks? (?:again|at night|the)|(?<!burned )(?<!burnt )(?<!eaten )(?<!flayed )(?<!not )(?<!longer )alive(?!:)"
    r"|afterlife|underworld|memory (?:of|in) the machine)\b",
    re.IGNORECASE,
)
# What only the living do afterwards.
_LIVED: Final = lazy_pattern(
    r"\b(?:recovered|rescued|saved|survived(?! by\b)|lived(?! (?:alone|in|at|on)\b)|came (?:back|home|round|to)"
    r"|went home|has been|returned|broke"
    r" (?:her|his)|limps?|limped|pulled out|revived|resurrected|reborn|raised)\b"
)
# "Reigned until her death", but not "nursed him until his death".
_UNTIL: Final = lazy_pattern(
    r"(?:reigned|ruled|lived|governed|taught|preached|wrote|painted|worked|remained|held (?:the throne|office"
    r"|the post|power))\b"
    r"(?: (?!(?:with|for|beside|by|alongside|under|after|near|who|him|her|his|their|them)\b)[\w'’-]+){0,5}? (?:until"
    r"|up to) (?P<whose>her|his) death\b",
    re.IGNORECASE,
)
# Some survive it, of whom a description says more.
_ATTACKED: Final = lazy_pattern(rf"(?:poisoned|strangled|smothered|garrotted){_BEHIND}", re.IGNORECASE)
_GOES_ON: Final = re.compile(
    r"\b(?:is|are|has|have|does|can|cannot|will|lives|survived|recovered|since|now|still|but|lived|lost|became"
    r"|escaped|fled|nearly|almost|limps?"
    r"|scars?|[a-z]{3,}s (?:the|an?|his|her|for|in"
    r"|at|with))\b"
)
_IS_TRAIT: Final = frozenset(("status", "state", "condition", "fate", "vital status", "life status"))
_DIED_ON: Final = frozenset(
    (
        "died",
        "death",
        "date of death",
        "death date",
        "deathdate",
        "year of death",
        "death year",
        "died on",
        "died in",
        "†",
    )
)
_A_DATE: Final = re.compile(r"(?:[^\d]{0,20}\d|(?:in|at|of|on|by|during) \w)", re.IGNORECASE)
_UNKNOWN: Final = re.compile(
    r"(?:unknown|none|n/?a|no|-|–|—|tbd|\?+|alive|not (?:yet )?dead)?\W*$", re.IGNORECASE
)
_YES: Final = re.compile(r"(?:yes|true|1)\b", re.IGNORECASE)
_NO: Final = re.compile(r"(?:no|false|0)\b", re.IGNORECASE)


def deaths(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield that somebody is dead, from the first clause or trait that says so."""
    traits = " ".join(str(value) for value in element.traits.values() if isinstance(value, str))
    if NOT_GONE.search(f"{element.summary} {traits}"):
        return
    said = next(_said(element.traits.items(), clauses), None)
    if said is None:
        own = {"she": "her", "he": "his"}.get(pronoun_of(element), "")
        ended = ((clause, _UNTIL.match(clause.predicate)) for clause in clauses)
        said = next(
            (c.quote for c, until in ended if until is not None and own in ("", until["whose"].lower())), None
        )
    if said is None and not _GOES_ON.search(f"{element.summary} {traits}"):
        said = next((clause.quote for clause in clauses if _ATTACKED.match(clause.predicate)), None)
    if said is not None:
        yield Restatement(DECEASED, said, TOLD)


def _said(traits: Any, clauses: tuple[Clause, ...]) -> Iterator[str]:
    for key, value in traits:
        name, told = trait_name(key), str(value).strip()
        if (
            (name in ("dead", "deceased", "is dead", "is deceased") and _YES.match(told))
            or (name in ("alive", "living", "is alive", "is living") and _NO.match(told))
            or (name in _DIED_ON and _A_DATE.match(told))
            or (name == "cause of death" and not _UNKNOWN.match(told))
            or (name in _IS_TRAIT and _DEAD.match(told))
        ):
            yield trait_text(key, value)
    for clause in clauses:
        found = _DEAD.match(clause.predicate)
        if found is not None and not _LIVED.search(clause.predicate, found.end()):
            yield clause.quote
