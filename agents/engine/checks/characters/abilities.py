"""Contradictions between what characters cannot do and what they do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from agents.engine.checks.characters.cast.people import DOES, NAME, Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.happening import happens
from agents.engine.checks.finding import Finding, Strength
from agents.engine.checks.statements import stated
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading
from agents.engine.text.vocabulary import ALSO_CALLED
from agents.engine.text.word_forms import noun_forms, noun_words, singular, verb_forms, word_set
from agents.engine.text.word_pattern import WordPattern

_SPEECH_VERBS: Final = (
    "said|asked|called|shouted|whispered|answered|replied|cried|murmured|laughed|explained|added"
)
_SEEN: Final = (
    r"(?:map|painting|picture|portrait|letter|page|paper|clock|watch|sky|stars|book|photograph|mirror|sea"
    r"|faces?|screen"
    r"|view|sign|sunset|horizon|window|light|colours?|flowers?|stain|dial|gauge|note|ring|dress|scar)"
)
# What eyes do that see.
_SEES: Final = (
    "saw|sees|(?:can|could) (?:now |already |still |just )?see(?! no)|watched|watches|read|reads|glimpsed"
    "|spotted|spots|noticed the colou?r|caught sight|was reading|scanned"
    r"|reading (?:it|each|the (?!room|sky|wind|silence)|them|from|an?)\b"
    "|peered|squinted"
    r"|(?:glanced|gazed|stared) (?:at|out|over|through|across|up at|down at|round)(?! nothing| the dark"
    r"| her voice| his voice)"
    rf"|(?:admired|studied|examined|inspected) (?:the|a|his|her) (?:\w+ )?{_SEEN}"
    rf"|looked (?:\w+ )?(?:at|out of|through) (?:the|a|his|her) (?:\w+ )?{_SEEN}"
    "|looked (?:him|her|them) (?:up and down|over)|looked (?:out of|out over|out at)"
    r"|looked up from (?:the|a|his|her) (?:\w+ )?(?:page|book|letter|newspaper|paper|map|ledger)"
)
_LIQUOR: Final = (
    r"(?<!ginger )(?:brandy|whisk(?:e)?y|gin|rum|wine|beer|ale|cider|bitter|stout|sherry|port|champagne|vodka"
    r"|claret|mead"
    r"|lager|cocktail|martini|bourbon|scotch|grog|liquor|schnapps|pints?)"
)
_SOFT: Final = (
    "(?:lemonade|water|milk|tea|coffee|cocoa|juice|squash|ginger beer|soda|broth|soup|it|in|deep|chocolate)"
)
_DRANK: Final = (
    rf"drank(?! (?:(?!{_LIQUOR}\b)[\w'-]+ ){{0,3}}{_SOFT}\b)"
    r"|(?:finished|ordered|emptied|drained|downed|sipped|swallowed|had|gulped|tossed back|knocked back"
    r"|poured (?:him|her)self|put away|polished off|got through"
    rf"|bought (?:him|her)self) (?:\S+ ){{1,4}}{_LIQUOR}"
    r"|(?:was|got) (?:\w+ )?drunk(?! by (?!(?:noon|midnight|dusk|dark|nightfall|then|now|\w+ o'clock|the time"
    r"|evening)\b)| on (?:power|love|words|success|music))"
)
_ATE: Final = (
    "ate|eats|eaten|eating|swallowed|devoured|chewed|munched|tasted|nibbled|finished|bit into|helped (?:him|her)self to"
    r"|took (?:an? )?(?:handful|slice|bite|mouthful|spoonful|piece) (?:of|from)|bit into|wolfed(?: down)?"
    r"|gobbled(?: up)?|picked at"
    "|ordered|had a (?:plate|bowl|dish|helping|portion|mouthful) of"
)
_LIKED: Final = "loved|loves|liked|likes|enjoyed|enjoys|adored|adores|delighted in|was fond of"
# Food by the class that somebody does not eat.
_FOOD: Final = {
    "dairy": "milk|cheese|butter|cream|yoghurt|yogurt",
    "fish": "trout|salmon|cod|herrings?|mackerel|sardines?|eels?|pike|carp|kippers?|haddock|tuna",
    "fruit": "apples?|pears?|plums?|cherr(?:y|ies)|grapes?|oranges?|peach(?:es)?|bananas?",
    "meat": (
        "steaks?|burgers?|veal|chops?|meatballs?|goulash|brisket|(?:chicken|duck|turkey|goose|rabbit|pheasant)"
        r" (?:leg|breast|wing|pie|stew|sandwich)s?|roast \w+|liver|kidneys"
    ),
    "nut": "peanuts?|almonds?|walnuts?|hazelnuts?|cashews?|pistachios?|pecans?|chestnuts?|marzipan",
    "seafood": "shrimps?|prawns?|crabs?|lobsters?|mussels?|oysters?|clams?|fish",
    "shellfish": "shrimps?|prawns?|crabs?|lobsters?|crayfish|mussels?|oysters?|clams?|scallops?",
}
_MAX_AVERSIONS: Final = 10
# What somebody cannot bear, and what nobody does with such a thing.
_AVERSE: Final = (
    (
        lazy_pattern(
            r"\b(?:cannot|can't) (?:abide|stand|bear|stomach) (?:the |any )?(?P<object>\w+)"
            r"|\b(?:hates|detests|loathes|dislikes) (?:the |all )?(?P<object2>\w+)",
            re.IGNORECASE,
        ),
        f"{_ATE}|{_LIKED}|drank|drinks|sipped|drained",
    ),
    (
        lazy_pattern(r"\bfond of (?P<object>\w+)", re.IGNORECASE),
        "hated|hates|loathed|loathes|detested|detests|could not (?:bear|stand|abide)|cannot (?:bear|stand|abide)",
    ),
    (lazy_pattern(r"\ballergic to (?P<object>\w+)", re.IGNORECASE), _ATE),
    (
        lazy_pattern(
            r"\b(?:afraid|frightened|terrified|scared) of (?:the )?(?P<object>\w+)|\bfears? (?:the )?(?P<object2>\w+)",
            re.IGNORECASE,
        ),
        _LIKED,
    ),
)
_SPELL: Final = (
    r"(?:(?:spells?|charms?|hex(?:es)?|curses?|enchantments?|incantations?|cantrips?)"
    r"(?! (?:bracelets?|books?|necklaces?|words?)\b))"
)
_BEWITCHED: Final = (
    rf"cast (?:[\w'-]+ ){{0,3}}?{_SPELL}|(?:spoke|wove|worked|murmured|whispered|muttered|laid|chanted|said)"
    rf" (?:an?|the|another|one) (?:\w+ )?{_SPELL}(?! (?:she|he|that|which|of another)\b)"
    r"|conjured (?:up )?(?:an?|the|some|two|three) (?:\w+ )?(?:flames?|fires?|lights?|ball|storm|wind|illusion|demon"
    r"|spirit|shield)\b"
    r"|(?:used|wielded|practised) (?:\w+ )?magic\b"
    r"|(?:lit|opened|closed|shut|mended|healed|lifted|moved|froze|killed|silenced|locked|unlocked|put out|raised"
    r"|stopped|cleaned"
    r"|warmed|made|sealed|hid|called) (?:[\w'\ue000-\uf8ff]+ ){1,4}?(?:with (?:an?|one) (?:\w+ )?(?:spell|charm"
    r"|incantation)|by magic|with magic)"
    r"(?! (?:on|that|which|from|of (?:his|her|[\ue000-\uf8ff]))\b)"
)
# An inability in the words of ``facts.abilities``, and the verbs that contradict it.
_UNABLE: Final = tuple(
    (lazy_pattern(rf"\b{fact}\b"), does)
    for fact, does in (
        ("blind", _SEES),
        ("deaf", r"heard|hears|listened|listens|overheard"),
        ("mute", rf"{_SPEECH_VERBS}|spoke|sang"),
        (
            "uses a wheelchair",
            r"stood up(?! (?:for|to)\b)|got up(?! (?:at|early|late)\b)|walked(?! (?:(?:the|her|his) (?:dog|horse)"
            r"|(?:him|her|them|us|[\ue000-\uf8ff]+) (?:through|home))\b)"
            r"|ran(?! (?:the|an?|his|her|its|this|that|errands|into(?! (?:the|a)\b)"
            r"|out of"
            r"|short|late|over|through|for|down (?:the|her|his) (?:\w+ )?list)\b)|paced|strode|climbed(?! (?:into"
            r"|out of|in)\b)"
            r"|jumped (?:up|down|over|off|onto)\b|kicked(?! (?:(?:him|her)self|off|up a|out at the idea|the (?:bucket"
            r"|habit))\b)"
            r"|tiptoed|sprinted|stamped (?:her|his) (?:foot|feet)|crouched|leapt(?! (?:at the chance"
            r"|to conclusions)\b)|marched(?! (?:his|her|the|an?|them)\b)"
            r"|(?:got|rose|sprang|leapt|jumped|scrambled|struggled|staggered) to (?:her|his) feet|danced"
            r"|skipped(?! (?:the|a|her|his|breakfast|lunch"
            r"|dinner)\b)|jogged|knelt",
        ),
        ("never drinks", _DRANK),
        (
            "barefoot",
            r"(?:laced|unlaced|pulled (?:on|off)|put on|tied|untied|wore|wears|took off|kicked off|polished|tugged on"
            r"|stepped into)"
            r" (?:up )?(?:(?:his|her|the|a pair of|an?|new|old|heavy|\w+) ){1,3}?(?:shoes?|boots?|sandals?|clogs"
            r"|slippers)(?! of\b)",
        ),
        ("unmagical", _BEWITCHED),
        ("never lies", r"lied|told (?:[\w']+ ){0,3}lies?"),
        ("never smokes", r"smoked|lit (?:a|another|one)(?: \S+){0,3} cigar\w*"),
    )
)
# Each of these has one of the words, unlike its first words, which most sentences have.
_NEEDED: Final = {
    _SEES: word_set(
        "saw sees see watched watches read reads reading glimpsed spotted spots noticed sight scanned peered squinted"
        " glanced gazed stared admired studied examined inspected looked eyes gaze"
    ),
    _BEWITCHED: word_set(
        "spell spells charm charms hex hexes curse curses enchantment enchantments incantation incantations cantrip"
        " cantrips conjured magic"
    ),
    _DRANK: word_set(
        "drank drunk brandy whisky whiskey gin rum wine beer ale cider bitter stout sherry port champagne vodka claret"
        " mead lager cocktail martini bourbon scotch grog liquor schnapps pint pints"
    ),
}
# Other words for what somebody cannot do, and words of which each of them has one.
_OTHERWISE: Final = {
    "read": (
        r"|spel(?:led|t) out|looked (?:it|him|her|them|the \w+) up in|spent (?:the|an|his|her) [\w ]{3,20} reading"
        r"|reading (?:it|each|the|them|from|aloud|her|his)|read the signs?(?= (?:aloud|out|over|to)\b)",
        word_set("spelled spelt looked reading read"),
    ),
    "swim": (r"|(?:was|is) an? (?:\w+ )?swimmer", word_set("swimmer")),
    "lie": (
        r"|lied|told (?:a|another|one|him a|her a|them a|\w+ a) (?:\w+ )?lies?",
        word_set("lied lie lies"),
    ),
    "dance": (r"|waltzed|(?:was|is) an? (?:\w+ )?dancer", word_set("waltzed dancer")),
    "drive": (
        r"|(?:parked|reversed|backed|started) (?:the|his|her) (?:\w+ )?(?:car|van|lorry|truck|taxi|cab|jeep|tractor)"
        r"|steered the (?:\w+ )?(?:car|van|lorry|truck)|(?:sat|slid|got|climbed) (?:in )?behind the wheel|changed gear",
        word_set("parked reversed backed started steered wheel gear"),
    ),
    "sing": (r"|(?:was|is) an? (?:\w+ )?singer", word_set("singer")),
    "ride": (
        r"|galloped|(?:was|is) an? (?:\w+ )?(?:rider|horsewoman|horseman)",
        word_set("galloped rider horsewoman horseman"),
    ),
}
# What the words of a deed mean besides it, where it has no object: "drove a hard bargain", "rode the bus".
_BESIDES: Final = {
    "drive": r"(?! (?:[\w\ue000-\uf8ff]+ (?:mad|away|off|out|wild|crazy|to (?:drink|despair|distraction|tears"
    r"|madness|his|her|their|the (?:brink|edge|wall)))|(?:an? )?(?:hard )?bargain|(?:home|off|back"
    r"|away|in|out) (?:the|an?|his|her|their)|(?:the|an?|his|her) (?:\w+ )?(?:nails?|stakes?|point|blade|knife|cows?"
    r"|cattle|sheep|herd|wolves|pigs|geese|dogs?|men|enemy|boys?|girls?|children|thieves|peg))\b)",
    "fight": r"(?! (?:back|down|off|to|tears|sleep|panic|for|against|over|about|shy|with|through|like|on|(?:an?|the|his"
    r"|her) (?:\w+ )?(?:urge|smile|grin|yawn|tears|panic|impulse|fever|cold|sleep|desire|laugh|case|fire|flames|wind"
    r"|current|election|nausea|fear|sob|battle|way|tide|law|good))\b)",
    "ride": r"(?! (?:out|high|roughshod|(?:in|on) (?:the|an?|his|her) (?:\w+ )?(?:cart|wagon|bus|train|tram|carriage"
    r"|coach|car|taxi|lift|boat|sledge|back|sidecar)|(?:the|an?|his|her) (?:\w+ )?(?:bus|train|tram|lift|elevator"
    r"|ferry|subway|carousel|storm|wave|waves|wheel))\b)",
}
_CANNOT: Final = lazy_pattern(
    r"\b(?:cannot|never) (?P<verb>(?!abide|stand|bear|speak|drinks|smokes|lies)\w+)(?: (?P<object>\w+))?(?=\.)"
)
_NOT_DONE: Final = (
    r"(?! (?:that|how|why|fit|to it|what (?:[\w\ue000-\uf8ff]+ ){1,2}(?:meant|wanted|intended|needed|hoped))\b"
    r"| (?:the|no|her"
    r"|his|any) (?:point|reason|use|sense|need|meaning|way"
    r"|difference|truth|danger"
    r"|joke|funny side|future|light(?! of (?!day|reason))|harm)\b)"
    # "Read fear in his face".
    r"(?! (?!the \w+ (?:written|printed))(?:(?:the|a|some|only) )?(?:\w+ )?\w+ (?:in|on|from) (?:his|her|their|every"
    r"|the (?:other|old|young)? ?\w+'s|"
    r"[\w\ue000-\uf8ff]+'s) (?:\w+ )?(?:face|faces|eyes|look|smile|frown|silence|voice|gaze|brow|features|expression"
    r"|bearing|manner)\b)"
    r"(?! (?:his|her|their|your|the|[\w\ue000-\uf8ff]+'s) (?:face|faces|mind|mood|eyes|palms?|cards|expression"
    r"|sky|wind|tracks?"
    r"|silence)\b)"
    r"(?! (?:nothing|no one|nobody|neither)\b)"
    # What somebody learns to do in the scene.
    r"(?![^.;:]{0,60}\bfor the (?:very )?first time\b)"
    r"(?! (?:red|stars|double|eye to eye|(?:him|her|them) (?:off|home|out|through|right))\b)(?! down\b(?! (?:at"
    r"|the)\b))"
    r"(?! (?:his|her) (?:tongue|language|step|weight|words|manners|back|chance|time)\b)"
    r"(?! (?:up|for|as|through|away|at) (?:people|the crowd)\b| through\b| over (?:her|his|their"
    r"|them|the)\b| in (?:her|his) (?:head|mind|heart)\b)"
)
# Braille, and marks that hands can read.
_BY_TOUCH: Final = (
    r"(?![^.;:]{0,40}\b(?:with (?:his|her) (?:finger\w*|thumbs?)(?! (?:in|on|to|at|over)\b)|by touch"
    r"|[Bb]raille)\b)"
)
_LANGUAGE: Final = lazy_pattern(r"\bcannot speak (?P<language>[A-Z]\w+)")
# Verbs after which somebody else acts, and words before another subject.
_CAUSES: Final = (
    "made|makes|let|lets|had|helped|heard|saw|watched|asked|told|bade|was|is|were|would|could|and"
)
_OTHER_SUBJECT: Final = r"\b(?:who|that|which|while|when|as|and|but|if|to|where)\b|[\ue000-\uf8ff]"


def check_abilities(cast: Cast) -> Iterator[Finding]:
    for person in cast.people.values():
        yield from _able(cast, person)


class _Inability(NamedTuple):
    """A deed that a person cannot do: the ``statement`` of it, and the pattern of doing it.

    Each match begins with a first word of the pattern ``first``, or has one of the ``others``.
    """

    statement: str
    does: str
    first: str
    others: frozenset[str]

    def words(self, reading: Reading) -> frozenset[str] | None:
        """Return words of the text of which each match has one; None if these are unknown."""
        found = WordPattern.of(self.first).first_words(reading) if self.first else frozenset[str]()
        return found | self.others if found is not None else None


def ability_words(cast: Cast) -> frozenset[str]:
    """Return words of the text of which each deed has one that somebody in it cannot do."""
    return frozenset[str]().union(
        *(
            inability.words(cast.reading) or ()
            for person in cast.people.values()
            for inability in _inabilities(person)
        )
    )


def _able(cast: Cast, person: Person) -> Iterator[Finding]:
    for inability in _inabilities(person):
        finding = next(_doing(cast, person, inability), None)
        if finding is not None:
            yield finding


@lru_cache(maxsize=4096)
def _inabilities(person: Person) -> tuple[_Inability, ...]:
    return tuple(_read(person))


def _read(person: Person) -> Iterator[_Inability]:
    for fact, does in _UNABLE:
        for known in stated(fact, person.told)[:1]:
            needed = _NEEDED.get(does)
            yield _Inability(known.group(), does, "" if needed else does, needed or frozenset())
    for fact, does in _AVERSE:
        for known in stated(fact, person.told)[:_MAX_AVERSIONS]:
            thing = singular(known[known.lastgroup or "object"].casefold())
            things = "|".join(filter(None, (noun_forms(thing), _FOOD.get(thing))))
            action = rf"(?:{does}) (?:(?!to\b)[\w-]+ ){{0,3}}?(?:{things})\b(?! for\b)"
            yield _Inability(known.group(), action, action, frozenset())
    for known in stated(_LANGUAGE, person.told):
        language = known["language"]
        said = rf"(?:{_SPEECH_VERBS}|wrote|sang|spoke)(?: [\w'’\ue000-\uf8ff]+){{0,5}}?"
        spoke = rf"{said} in (?:\w+ )?{language}|spoke {language}"
        yield _Inability(known.group(), spoke, "", word_set(language.lower()))
    for known in stated(_CANNOT, person.told):
        verb, thing = _infinitive(known["verb"].casefold()), known["object"]
        action = first = verb_forms(verb)
        others = frozenset[str]()
        if thing:
            kind = thing.casefold()
            food = _FOOD.get(kind) if verb == "eat" else None
            things = f"(?:{'|'.join(filter(None, (noun_forms(thing), ALSO_CALLED.get(kind), food)))})"
            does = action
            action = rf"(?:{does}|unholstered|drew) (?:\w+ ){{0,3}}?{things}"
            if verb in ("carry", "wear", "own", "touch", "use", "handle"):
                uses = (
                    "unbuckled|cocked|holstered|reached for|levelled|hung up|loaded|fired|picked up|raised|aimed"
                    "|swung|held"
                )
                action += rf"|(?:{uses}) (?:his|her) (?:\w+ )?{things}"
            first, others = action, frozenset(noun_words(thing))
            # "Got on her bicycle and rode off."
            action += rf"|[a-z]+ (?:\w+ ){{0,3}}{things} and {does}"
        else:
            otherwise, others = _OTHERWISE.get(verb, ("", others))
            action += _BESIDES.get(verb, "") + otherwise
        yield _Inability(known.group(), action, first, others)


@lru_cache(maxsize=1024)
def _doing_patterns(does: str) -> tuple[re.Pattern[str], ...]:
    not_so = _NOT_DONE + (_BY_TOUCH if does == _SEES else "")
    patterns = [
        rf"(?P<who>{DOES})(?!'s)(?: (?:had|has|then|just|quickly|slowly|always|once|never)| \w+ly)?(?P<comma>,)? "
        rf"(?:{does})\b{not_so}(?(comma)(?! by\b))",
        # "She opened the book and read."
        rf"(?P<who>{DOES})(?!'s) (?!(?:{_CAUSES})\b)(?:\w+ly"
        rf" )?[a-z]+(?:(?!{_OTHER_SUBJECT})[^.;:“”\"?!]){{0,60}}?"
        rf"(?:,? and(?: then)?|,) (?:{does})\b{not_so}(?! (?:\w+ )?(?:by|like|as)\b)",
    ]
    if does == _SEES:
        patterns.append(
            rf"(?P<who>{NAME})'s (?:\w+ )?(?:eyes|gaze)(?:(?= missed nothing)| (?:followed|searched|scanned|swept"
            rf"|took in|lit on"
            r"|found|travelled over|ran over|roamed|picked out))\b"
        )
    if "lied" in does:
        patterns.append(rf"[”\"] (?:{does}) (?P<who>{NAME})")
    if "spoke" in does:
        patterns.append(rf"”[,]? (?:{_SPEECH_VERBS}) (?P<who>{NAME})")
    return tuple(map(re.compile, patterns))


def _doing(cast: Cast, person: Person, inability: _Inability) -> Iterator[Finding]:
    """Yield the deeds of a person who cannot do them."""
    statement, does, words = inability.statement, inability.does, inability.words(cast.reading)
    for line in cast.lines if words is None else cast.lines_with(words):
        for pattern in _doing_patterns(does):
            for match in pattern.finditer(line.text):
                meant = cast.person_at(line, match)
                if meant is not None and meant[0] is person and happens(cast, line, match):
                    span = line.span(*match.span())
                    strength: Strength = "proven" if meant[1] else "likely"
                    why = f"{person.name} cannot do this: the world says “{statement}”."
                    yield cast.finding(person, span, statement, why, strength=strength)


def _infinitive(verb: str) -> str:
    """Return the infinitive of "carries", "sings" and the like."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb
