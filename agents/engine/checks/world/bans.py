"""Things and actions that a world rules out, and their detection in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.engine.checks.characters.cast.people import Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.finding import Finding
from agents.engine.checks.statements import Statement
from agents.engine.text.figures import is_predicate
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading
from agents.engine.text.vocabulary import ROLES
from agents.engine.text.word_forms import noun_forms, one_of, word_set
from agents.engine.text.word_pattern import WordPattern

# Places that need not be named: "there are no guns in the city" applies to every sentence of a story set there.
_EVERYWHERE: Final = word_set("""
    world city county town village ship station land kingdom realm island sky story age time country earth planet board
    colony settlement
    people clan tribe empire universe book any us
""")
# A conditional ban cannot be checked: a sentence rarely shows whether the condition holds.
CONDITION: Final = lazy_pattern(
    r"\b(?:after|before|during|without|unless|until|except|but|when|whenever|if|while|at (?:night|noon|dawn"
    r"|dusk|midnight|a time)"
    r"|by (?:night|day|custom|turns)|between|on (?:the )?(?:eve|day|night|holy|feast)|twice|alone|more than|less "
    r"than|again|outside|officially|apart from|other than|and an? (?:second|third|fourth|fifth|sixth|seventh))\b",
    re.IGNORECASE,
)
# The one condition that a sentence shows.
_BY_NIGHT: Final = lazy_pattern(
    r"\b(?:after (?:sunset|dark|nightfall)|at night|by night|at midnight|midnight|in the (?:middle"
    r"|dead) of the night)\b",
    re.IGNORECASE,
)
_PLACE: Final = lazy_pattern(
    r"\b(?:in|on|at|into|inside|within|through|aboard|near|from) (?:the |this |our |her |his |their |an? "
    r")?(?P<word>\w+)",
    re.IGNORECASE,
)
_BELOW: Final = lazy_pattern(r"\b(?:below|above|under|beneath|over)\b", re.IGNORECASE)
_NAMED: Final = re.compile(r" (?:the )?(?P<name>[A-Z][\w'-]+)")
# A story may knowingly break a law; its text then shows it.
_TRANSGRESSION: Final = lazy_pattern(
    r"\b(?:illegal\w*|unlawful\w*|forbidden|against the law|in secret|secretly|smuggl\w*|hidden|banned|outlaw\w*"
    r"|criminal|arrested|caught|punish\w*|defian\w*|despite|bootleg\w*|contraband|confiscat\w*|seized|smashed"
    r"|burn(?:ed|t|ing) (?:the|all|his|her|every|them|it|any)\b"
    r"|(?:was|were|been) burn(?:ed|t)|(?:poured|emptied|tipped|spilled) (?:\S+ ){0,4}(?:into the (?:sand|gutter"
    r"|sea|river|street)|away|out"
    r"|on the ground))\b",
    re.IGNORECASE,
)
_FORMER: Final = lazy_pattern(
    r"\b(?:since(?! (?:dawn|daybreak|sunrise|morning|noon|midday|midnight|supper|breakfast|yesterday|last"
    r"|the morning|then)\b)"
    r"|(?:bones?|skulls?|skeletons?|remains|ruins|ashes(?! of (?:the|an?|their|his|her) fire)) of|fossils?"
    r"|extinct|long dead|the last(?! (?:to|drop|crumb|minute|moment"
    r"|step|word|time|row|door|house|cup|glass)\b)|ancient|used to"
    r"|(?<!at )once(?! more\b| again\b)|ago|from (?:his|her|their|my) \w+'s (?:time|days?|youth)"
    r"|(?:grandmothers?|grandfathers?|grandparents|forefathers|ancestors|elders) had"
    r"|no longer|miles (?:off|away|from|short of|beyond|outside)"
    r"|no more|there were still|when there were)\b",
    re.IGNORECASE,
)
# "A wooden horse", "arrows rained", "it rained dates", "her head swam", "rain was a word".
_IMAGE: Final = lazy_pattern(
    r"\b(?:arrows?|blows?|stones?|sparks?|ash|kisses|questions|insults|coins|petals|leaves|dates"
    r"|bombs) (?:\w+ )?rain(?:s|ed|ing)?\b"
    r"|\brain(?:s|ed|ing)? (?:dates|blows|arrows|stones|sparks|kisses|questions|petals|coins|ash|frogs|fire"
    r"|down blows)\b"
    r"|\b(?:head|heads|eyes|room|world|vision|letters|words|faces|date|dates|everything"
    r"|senses) (?:\w+ )?sw[aiu]m(?:s|ming)?\b"
    r"|\bfamily trees?\b|\bwine[- ](?:red|dark|coloured|stained)|\bsilver (?:hair|light|moon|voice|birch|tongue"
    r"|fish|eyes|haired)"
    r"|\b(?:was|is|were) (?:only |just |no more than )?(?:a|the) (?:word|name|rumour|memory)\b|\bset(?:s"
    r"|ting)? fire to\b|\bsw[aiu]m(?:s|ming)? in (?:(?:his|her|their|its) own )?(?:sweat|tears|debt|butter"
    r"|sauce|gravy|light|words|fat|ink|blood)\b|\balien (?:silence|feeling|sound|smell|taste|concept|idea|look"
    r"|thought|world|light"
    r"|beauty|to)\b|\biron (?:will|rule|fist|hand|grip|discipline|nerves?|constitution|law|resolve|self-control)\b",
    re.IGNORECASE,
)
# "They spoke of horses", "she asked for rain", "he refused the wine", "she drew a cat": the thing is not there. Nor is
# it in "white as snow".
_SPOKEN_OF: Final = lazy_pattern(
    r"\b(?:told|tells?|asked|kn[eo]w|explained|learn(?:ed|t)) (?:\w+ ){0,2}what (?:an? |the )?$|"
    r"\b(?:white|pale|cold|hard|soft|pure|clean|black|bright|red|hot|heavy|light|sharp|brave|fierce|swift|fast|quick"
    r"|silent|quiet|big|strong|tough|stiff|stubborn|free|hungry|sly|wild|gentle|proud|warm|dry|clear|old) as"
    r" (?:an? |the )?$"
    r"|\b(?:hea(?:rd|rs?)|sp(?:oke|eaks?|oken)|told|tells?|talk(?:ed|s|ing)?|dream(?:ed|t|s|ing)?|thought|thinks?"
    r"|kn(?:ew|ows?)"
    r"|s[aiu]ngs?|sing(?:s|ing)?|read|argu(?:ed|es|ing)|quarrel\w*|stor(?:y|ies)|songs?|tales?|legends?|word"
    r"|names?|drawings?"
    r"|pictures?|paintings?|memor(?:y|ies)|talk|idea|myths?|books?|signs?|rules?|laws?|drills?|plans?|hope|fear"
    r"|hint|want|lack"
    r"|price|case|instead|worth|fond|afraid|tired) (?:of|about|for|over|against) (?:(?:an?|the|his|her|their"
    r"|all|any|some|such|real|old|open"
    r"|\w+ed) ){0,2}$"
    r"|\b(?:ask|pray|wish|long|hop|begg?|wait|call|search|look|hunger|thirst|plead|cry|cri|danc)(?:e[ds]|s|ing)?"
    r"(?: (?!for\b)[\w']+){0,3} for (?:(?:an?|the|some|more|any) )?$"
    r"|\b(?:miss(?:ed|es|ing)|want(?:ed|s|ing)?|refus(?:ed|es|ing)|declin(?:ed|es|ing)|forb(?:ade|ids?|idding)"
    r"|ban(?:ned|s)"
    r"|play(?:ed|s|ing)?(?: at)?|hat(?:ed|es|ing)|fear(?:ed|s|ing)"
    r"|imagin(?:ed|es|ing)|invent(?:ed|s)|remember(?:ed|s|ing)|drew|draws"
    r"|drawing|paint(?:ed|s|ing)"
    r"|carv(?:ed|es|ing)|sketch(?:ed|es|ing)|embroider(?:ed|s|ing)|whittl(?:ed|es|ing)|mention(?:ed|s|ing)"
    r"|promis(?:ed|es|ing)"
    r"|expect(?:ed|s|ing)|predict(?:ed|s|ing)|mean(?:s|t)?|spell(?:ed|s)?) (?:(?:an?|the|any|some|no|his|her"
    r"|their|more) )?(?:\w+ed )?$",
    re.IGNORECASE,
)
# "Drew the iron bar out of the fire", "drew a pistol": no drawings.
_DREW: Final = lazy_pattern(
    r"\bdr(?:ew|aws|awing) (?:(?:an?|the|some|his|her|their) )?(?:\w+ed )?$", re.IGNORECASE
)
_PULLED: Final = lazy_pattern(r"^[^.;:,]{0,30}? (?:from|out of|out|off|aside|back|up|towards?)\b")
_WEAPON: Final = lazy_pattern(
    r"\b(?:\w*guns?|pistols?|revolvers?|rifles?|swords?|kni(?:fe|ves)|daggers?|blades?|sab(?:re|er)s?)$",
    re.IGNORECASE,
)
_ONLY_TOLD: Final = lazy_pattern(
    r"^ had (?:once |always )?been(?=[.,;]| (?:was|is|were)\b)|"
    r"^[^.;:,]{0,30}? (?:was|were|is|are) (?:only |just )?(?:painted|embroidered|carved|drawn|made of paper)\b|"
    r"^ (?:on|above|over) (?:the|his|her|their|its|every|each|an?) (?:[\w-]+ )?(?:gateposts?|door knocker"
    r"|shields?|banners?"
    r"|flags?|pennants?|sign|signboard|stamps?|coins?|tapestry|crest|weathervane|plinth|pedestal|label|wallpaper"
    r"|calendar|postcard|buckle|brooch|medal|coat of arms|tiles?|playing cards?)\b"
    r"|^(?:, [^,.;]{1,25},)? (?:was|were|is|are) when\b|^ (?:was|were|is|are) (?:(?:only|just|but|no more than"
    r"|nothing but) )?(?:an? |the )?(?:\w+ )?(?:stor(?:y"
    r"|ies)|tales?|myths?|legends?"
    r"|words?|program(?:me)?|toy|machine|picture|statue|robot|hologram|drawing|puppet|dreams?|rumou?rs?"
    r"|memor(?:y|ies)|superstition|lies?|what)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = lazy_pattern(
    r"\b(?:while|when|until|before|after|because|but|though|although|where|whereas|since)\b"
)
_NAMING: Final = lazy_pattern(r"\b(?:called|named|nicknamed|dubbed|known as)\b")
_DAY: Final = lazy_pattern(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b", re.IGNORECASE)
_MAX_NAMED: Final = 200
_OUTSIDE: Final = re.compile(
    r"\b(?:outside|beyond|opposite|near|beside|behind|past|towards?|in front of|away from|close to|far from)\b"
)
_OUTSIDE_OF: Final = (
    r"\b(?:outside|beyond|opposite|beside|behind|past|towards?|in front of|away from|close to|far from|before"
    r"|at (?:the|its) (?:gates?|doors?|walls?|steps|windows?|entrance|foot|threshold) of"
    r"|(?:look|star|gaz|point|glanc|bark)\w*(?: \w+)? (?:at|to))"
    r" (?:(?:the|a|its|their|our) )?(?:(?:gates?|doors?|walls?|steps|windows?|entrance) of (?:the )?)?{}"
)
# Where the world's rules do not apply.
_ELSEWHERE: Final = lazy_pattern(
    r"\b(?:in (?:other|foreign|distant|far-off|far) (?:lands?|countries|parts|places|cities)|in (?:another|some other"
    r"|his own|her own|their own) (?:country|land|city|world|place)|in the lands? of|abroad|elsewhere|overseas"
    r"|beyond the"
    r" (?:sea|border|mountains)|across the (?:sea|border)|far in the (?:west|east|north|south)|(?:back )?on Earth"
    r"|back home|in the (?:old country|colonies))\b",
    re.IGNORECASE,
)
# "Ngozi's cat was in Lagos": the thing is in a place of another name.
_AT_PLACE: Final = lazy_pattern(
    r"^,? (?:was|were|is|are|had been|has been|lived|lives|stayed|waited|slept|remained) (?:\w+ )?(?:in|at|on|back in"
    r"|down in|over in) (?P<place>[A-Z][\w'-]+)"
)
# Of a rule about a place: "The train pulled into Tucson".
_INTO_PLACE: Final = lazy_pattern(
    r"^,? (?:[a-z]+ ){1,3}?(?:in|into|at|to|from|through|back in|down in|over in) (?P<place>[A-Z][\w'-]+)"
)
_NAMES_PLACE: Final = lazy_pattern(r" (?:in|at|on|of|aboard) (?:the )?[A-Z]")
# "Sparks flew": a plural at the head of a sentence is no name.
_PLURAL_HEAD: Final = lazy_pattern(r"^\W*[A-Z][a-z]+s (?:\w+ly |had |then )*$")
# "A wooden horse", "the sea horse".
_TOY: Final = lazy_pattern(
    r"\b(?:sea|wooden|rocking|hobby|clothes|toy|tin|clay|gingerbread|chocolate|straw|brass|china|cartoon|plush"
    r"|paper)[ -]$",
    re.IGNORECASE,
)
# A person as the subject of the verb that follows.
_PERSON: Final = lazy_pattern(
    rf"\b(?:[Hh]e|[Ss]he|[Tt]hey|I|[Ww]e|[Yy]ou|[Ww]ho|[Ee]verybody|[Ee]veryone|[Ss]omebody|[Ss]omeone|(?!(?:The"
    rf"|A|An|It|Time|News|Word|Rumour|Gossip|Laughter|Dust|Smoke|Snow|Sand|Spray|Foam|Fish|Sheep|Deer|Cattle"
    rf"|Geese|Mice|Oxen|Trout|Salmon)\b"
    rf")[A-Z][\w'-]+"
    rf"|man|men|woman|women|boys?|girls?|child|children|people|wizards?|witch(?:es)?|mages?|{one_of(ROLES)}s?)"
    r"(?: (?:and \w+|then|just|once|had|could|would|can|will|did|was|were|is|\w+ly|suddenly|to|up|out|back"
    r"|quickly))* $"
    r"|\b(?:he|she|they|[A-Z][\w'-]+)\b[^.;:!?]{0,100}(?:,| and)(?: then)? $"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The people to whom a ban applies: a sentence has ``words`` for them, or names one of them.

    They are those with a ``pronoun``, or all who are no ``but``. Beings of a ``kind`` are known by its word alone.
    """

    words: re.Pattern[str]
    pronoun: str = ""
    but: str = ""
    kind: str = ""

    def is_subject(self, before: str) -> bool:
        """Return whether the words of a sentence before a verb have a being of the kind as its subject."""
        auxiliary = r"(?:who|that|which|had|has|have|was|is|then|just|once|still|\w+ly)"
        pattern = (
            rf"(?<!of )(?<!of the )\b{self.kind}(?: {auxiliary})* $"
            rf"|^\W*(?:(?:the|an?|this|that|one) )?(?:[\w-]+ )?{self.kind} (?:[^.;:]{{1,80}}(?:,| and)(?: then)?"
            r"|(?:in|of|from|at|on|with|by|near) [\w' -]{1,30}) $"
        )
        return re.search(pattern, before, re.IGNORECASE) is not None

    def is_one(self, person: Person | None) -> bool:
        """Return whether the description of a person begins with the kind: "A robot that serves on the bridge"."""
        begins = (
            rf"\W*(?:(?:an?|the) (?:[\w-]+ ){{0,2}}?)?{self.kind}"
            r"(?=\W*$|[,.;]| (?:who|that|which|with|without|from|of|in|on|and|built|made|serving)\b)"
        )
        return person is not None and re.match(begins, person.element.summary, re.IGNORECASE) is not None

    def is_met(self, sentence: str, person: Person | None) -> bool:
        if self.words.search(sentence):
            return True
        if person is None:
            return False
        if self.kind:
            return self.is_one(person)
        if self.pronoun:
            return person.pronoun == self.pronoun
        return bool(self.but) and self.but not in person.facts.casefold()


@dataclass(frozen=True, slots=True)
class Ban:
    """A ban read from ``statement``: a ``pattern`` that no sentence of a text may assert.

    ``label`` names the banned thing. The ban applies only to sentences that match all of ``within``. ``is_law`` marks
    what people can do but must not, ``by_person`` an action that only people are denied.
    """

    statement: Statement
    pattern: WordPattern
    label: str
    within: tuple[re.Pattern[str], ...] = ()
    is_law: bool = False
    by_person: bool = False
    is_proper: bool = False
    # A sentence that names these is about those who may.
    without: re.Pattern[str] | None = None
    applies_to: Subject | None = None

    def find(self, reading: Reading, cast: Cast) -> Iterator[Finding]:
        for match in self.pattern.find(reading):
            sentence = reading.sentence_at(match.start()).text
            person = cast.subject_at(match.start())
            first = reading.sentence_at(match.start()).start
            if self.applies_to is not None:
                # "The men waited while the priestesses went in."
                clause = _CLAUSE.split(reading.plain[first : match.start()])[-1]
                whose = (
                    clause + reading.plain[match.start() : match.end()]
                    if len(clause.split()) > 1
                    else sentence
                )
                if not self.applies_to.is_met(whose if whose in sentence else sentence, person):
                    continue
            if not all(pattern.search(sentence) for pattern in self.within):
                continue
            if any(_is_outside(pattern, sentence, self.statement.text) for pattern in self.within):
                continue
            if self.within and len(set(map(str.lower, _DAY.findall(sentence)))) > 1:
                # "On Saturday the boats left, and on Sunday they lay still."
                continue
            if _ELSEWHERE.search(sentence) or (self.without is not None and self.without.search(sentence)):
                continue
            if match.group()[0].isupper() and not self.is_proper and not reading.is_first_word(match.start()):
                # "The constellation of the Dog", "the Dragon Inn".
                continue
            before = reading.plain[max(first, match.start() - 120) : match.start()]
            is_noun = match.group().lower().endswith(("ation", "er", "ers"))
            is_kind = self.applies_to is not None and bool(self.applies_to.kind)
            if (
                self.applies_to is not None
                and is_kind
                and not self.applies_to.is_subject(before)
                and not (self.applies_to.is_one(person) and _does_itself(person, before))
            ):
                continue
            if (
                self.by_person
                and not is_kind
                and not is_noun
                and not (_PERSON.search(before) and (person is not None or not _PLURAL_HEAD.match(before)))
            ):
                continue
            if not self.by_person and (
                is_predicate(before)
                or (_SPOKEN_OF.search(before) and not _is_drawn(reading, match, before))
                or _ONLY_TOLD.match(reading.plain[match.end() :][:60])
            ):
                continue
            where = f"{self.statement.world} {self.statement.text.lower()}"
            places = _INTO_PLACE if _NAMES_PLACE.search(self.statement.text) else _AT_PLACE
            away = places.match(reading.plain[match.end() : match.end() + 60])
            if away is not None and away["place"].lower() not in where:
                continue
            if _is_nickname(reading, match):
                continue
            if _TOY.search(reading.plain, max(0, match.start() - 14), match.start()):
                continue
            if _IMAGE.search(reading.plain[max(0, match.start() - 40) : match.end() + 20]):
                continue
            if _FORMER.search(sentence) or (self.is_law and _TRANSGRESSION.search(sentence)):
                continue
            if self.without is not None and reading.is_past(*match.span()):
                continue
            if reading.is_asserted(match.start(), match.end()):
                why = f"The rule denies “{self.label}”, and the text has it."
                yield self.statement.finding(reading, match.start(), match.end(), why)


def _does_itself(person: Person | None, before: str) -> bool:
    """Return whether the words before a verb end with a person as its subject, not "Sefa watched the men"."""
    names = "|".join(map(re.escape, person.name.split())) if person is not None else ""
    subject = rf"(?:\b(?:{names}|[Ss]?[Hh]e|[Ii]t|who)|,|\band)(?: (?:then|had|has|was|is|just|once|still|\w+ly))* $"
    return bool(names) and re.search(subject, before) is not None


def _is_outside(place: re.Pattern[str], sentence: str, rule: str) -> bool:
    """Return whether a sentence is about what is next to the place of a rule, or on the way there."""
    if _OUTSIDE.search(rule):
        return False
    near = _OUTSIDE_OF.format(place.pattern)
    return re.search(near, sentence, re.IGNORECASE) is not None


def _is_drawn(reading: Reading, match: re.Match[str], before: str) -> bool:
    """Return whether somebody who "drew" the thing had it in hand."""
    return _DREW.search(before) is not None and (
        _WEAPON.search(match.group()) is not None
        or _PULLED.match(reading.plain[match.end() : match.end() + 60]) is not None
    )


def _is_nickname(reading: Reading, match: re.Match[str]) -> bool:
    """Return whether the text has given the word as a name to something else: "a file that was called dog"."""
    before = reading.lower[max(0, match.start() - _MAX_NAMED) : match.start()]
    if not _NAMING.search(before):
        return False
    word = re.escape(match.group().lower())
    named = rf"\b(?:called|named|nicknamed|dubbed|known as)(?: [\w'-]+){{0,3}}? (?:the |an? )?{word}\b"
    return re.search(named, before + match.group().lower()) is not None


def sentence_conditions(tail: str, world: str = "") -> tuple[re.Pattern[str], ...] | None:
    """Return patterns that a sentence must match for a ban to apply, read from the words after the ban.

    None for a ban with a condition that sentences do not show. What applies in all of the ``world`` has no condition.
    """
    by_night: tuple[re.Pattern[str], ...] = ()
    if found := _BY_NIGHT.search(tail):
        tail, by_night = tail.replace(found.group(), ""), (_BY_NIGHT,)
    if CONDITION.search(tail):
        return None
    if (below := _BELOW.search(tail)) is not None:
        where = _NAMED.match(tail, below.end())
        named = () if where is None else (re.compile(rf"\b{re.escape(where['name'])}\b", re.IGNORECASE),)
        return (_BELOW, *named, *by_night)
    words = [match["word"].casefold() for match in _PLACE.finditer(tail)]
    places = tuple(
        re.compile(rf"\b{noun_forms(word)}\b", re.IGNORECASE)
        for word in words
        if word not in _EVERYWHERE and word not in world.split()
    )
    return (*by_night, *places)
