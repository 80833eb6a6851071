"""Rules in other words than the checks read: "guns have not been invented", "it is a crime to own a book"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from agents.engine.checks.facts.restatement import Restatement
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import KIN, ROLES
from agents.engine.text.word_forms import NUMBER, one_of, singular, third_person_stem

_SENTENCE: Final = lazy_pattern(r"[^.!?;:\n]+")
_SIGNS: Final = " \t,–—-*•\"“”'‘’()_"
# A longer sentence is no rule of one kind.
_MAX_CHARS: Final = 300
_THING: Final = r"(?P<thing>[\w'-]+(?: (?!(?:in|on|at|of|for|and|or|but|is|are|has|have)\b)[\w'-]+)?)"
# "In the old days" is no place.
_WHERE: Final = (
    r" (?:in|on|at|aboard|within) (?!(?:the |his |her |this )?(?:old|past|days?|times?|reign|war|youth|winter|summer"
    r"|spring|autumn|year|beginning|end|night|dark|first|last)\b|\d)(?:the |this |our )?[\w'-]+(?: [\w'-]+)?"
)
_PLACE: Final = f"(?P<tail>{_WHERE})?"
_TIMES: Final = r"(?:years?|centur\w+|generations?|decades?|ages|months|winters|days|memory|time)"
_SPAN: Final = (
    rf"(?: (?:for|in|within) (?:the |an? )?[\w -]{{0,20}}\b{_TIMES}| (?:since|these)"
    r" (?!(?:last |early |late )?(?:spring|summer|autumn|winter|\w+day|dawn|noon|morning|supper|week|month)\b)"
    rf"(?:the )?[\w -]{{2,25}}"
    rf"| any ?(?:more|longer)| yet| here| left| (?:[\w-]+ )?{_TIMES} ago| long ago| in \d{{3,4}})?"
)
# Deeds by the noun for them.
_DEEDS: Final = {
    "teleportation": "teleport",
    "levitation": "levitate",
    "human flight": "fly",
    "mind[- ]reading": "read minds",
    "shapeshifting": "shapeshift",
    "resurrection": "raise the dead",
    "necromancy": "raise the dead",
    "invisibility": "turn invisible",
    "time[- ]travel": "travel through time",
    "prophecy": "see the future",
    "clairvoyance": "see the future",
}
_NOT: Final = "(?:n['’]t| not)"
_WHOLE: Final = r"[\s,]*$"
_NOBODY: Final = rf"(?:no ?one|nobody|none of (?:us|them))(?: here| alive|(?P<where>{_WHERE}))?"
_IS_CRIME: Final = (
    r"(?:an? )?(?:(?:capital|serious|grave|hanging) )?(?:crime|offence|felony|illegal|unlawful|forbidden|banned"
    r"|outlawed|prohibited|against (?:the |\w+ )?law|sin|taboo|treason|death|heresy|sacrilege|not (?:allowed"
    r"|permitted)|punish(?:able|ed) (?:by|with) (?:death|exile|prison|hanging|burning|law|banishment|flogging|a fine)"
    r"|made (?:illegal|unlawful|a crime))"
)
_BY_WHOM: Final = (
    r"(?: by (?:(?!(?:from|in|on|at|for|within|during|near|inside)\b)[\w']+ ?){1,5}| in \d{3,4}"
    r"| since [\w ]{2,30})?"
)
# Crimes that stories are about.
_NO_STORY: Final = (
    r"(?!(?:kill|murder|steal|rob|lie|ly|smuggl|poach|cheat|desert|betray|strik|hit|harm|poison|forg|blackmail|kidnap"
    r"|trespass|spy|plot|rebel)\w*\b)"
)
# What some do not do as a rule, and may all the same.
_ALWAYS: Final = (
    r"(?!(?:like|love|trust|care|mind|want|need|believe|know|mean|forget|forgive|understand|seem|think|feel|hope|fear"
    r"|hate|worry|bother|matter|approve|agree|have|get|go|come|take|give|make|look|always|often|usually|even|just"
    r"|really|easily)\b)"
)
# What has not happened for long may happen in a story.
_NO_EVENT: Final = (
    r"(?!(?:\w+ )?(?:war|murder|killing|death|birth|wedding|fire|storm|flood|earthquake|battle|trial|hanging"
    r"|execution|strike"
    r"|riot|robbery|theft|crime|accident|wreck|visitor|stranger|king|queen|day|night|word|news|sign|attack|raid"
    r"|famine"
    r"|plague|harvest|child|baby|race|election|letter|time|reason|duel|festival)s?\b)"
)
_PEOPLE: Final = (
    "(?:man|men|woman|women|people|person"
    rf"|{one_of((*ROLES, *KIN, 'gentlemen', 'ladie', 'boy', 'girl', 'heroe', 'coward'))}s?)"
)
# Sayings are about these.
_SAYINGS: Final = (
    "stories|tales|songs|secrets|dreams|wars|roads|things|words|memories|promises|hearts|times|days|years|debts"
    "|habits"
)
# After the last of these there come others.
_FOLLOWED: Final = (
    rf"(?:{_PEOPLE}|mage|wizard|witch|train|bus|lamp|candle|fire|light|of|to|one|two|three|war|hope)\b"
)
_DEAD: Final = "(?:the dead|a dead (?:man|woman|person)|what is dead|whoever (?:is dead|has died|dies))"
_RETURN: Final = "(?:return|come back(?: to life)?|rise|wake|walk again|live again)"
_RETURNS: Final = "(?:com(?:es?|ing) back|returns?|returning|has ever (?:come back|returned))"
_REVIVED: Final = (
    "be (?:raised|brought back|revived|resurrected|woken|reversed|undone|cheated)(?: to life| from the dead)?"
)
_NO_RETURN: Final = (
    rf"(?:{_DEAD} (?:stays? dead|(?:do not|don['’]t|never|can(?:not|['’]t| never)) (?:{_RETURN}|{_REVIVED}))"
    r"|(?:nobody|no ?one|nothing|there(?: is|['’]s) no)"
    rf" (?:can |may |could |ever |way to )*{_RETURNS} (?:back )?from (?:the dead|death|the grave)"
    r"|(?:death|dying) (?:is (?:final|permanent|irreversible|forever|for ever|the end)"
    rf"|can(?:not|['’]t| never) {_REVIVED})"
    r"|once (?:(?:an?|any) \w+ is |(?:some|any)(?:body|one) is |you(?: a|['’])re )?dead, (?:always dead"
    r"|(?:nothing|no ?one|nobody|no magic|no spell) (?:can|will) (?:bring|call|fetch) (?:them|him|her|it|you) back)"
    rf")(?: ever| here| any ?more| by any means| in this world)*{_WHOLE}"
)
Template = Callable[[re.Match[str]], str]
# Ways to say that there is no such thing.
_DENIALS: Final = (
    rf"(?:the )?{_THING} (?:have|has|had|was|were|is|are)(?:{_NOT}| never)(?: yet| ever)?(?: been)?"
    rf" (?:yet )?(?:invented|discovered)(?! here\b){_PLACE}{_SPAN}{_WHOLE}",
    rf"(?:the )?{_THING} (?:is|are){_NOT} known{_PLACE}(?: here| yet| any ?more)?{_WHOLE}",
    rf"(?:the )?{_THING} (?:do|does)n['’]t exist{_PLACE}{_SPAN}{_WHOLE}",
    rf"{_NOBODY} has (?:an? |any )?{_THING}{_PLACE}(?: any ?more| any longer| left| yet){_WHOLE}",
    rf"there (?:has|have)(?:{_NOT}| never) been (?:an? |any )?{_NO_EVENT}{_THING}{_PLACE}{_SPAN}{_WHOLE}",
    rf"there(?:['’]s| is| are) (?:not (?:an? |one |any )(?:single )?|no longer (?:an? |any )|no more )"
    rf"{_THING}{_PLACE}{_SPAN}{_WHOLE}",
    rf"there (?:is|are)n['’]t (?:an? |any )(?:single )?{_THING}{_PLACE}{_SPAN}{_WHOLE}",
    # "The garrison was wiped out" tells of one.
    rf"(?!the .* was (?:exterminated|wiped out))(?:the |all )?{_THING} (?:(?:have|has|had) (?:long )?been|was|were)"
    r" (?:abolished|eradicated|exterminated|wiped out|stamped out|hunted to extinction|done away with)"
    rf"{_PLACE}{_SPAN}{_BY_WHOM}(?= and\b|{_WHOLE})",
    rf"{_NOBODY} (?:(?:has (?:ever )?)?(?:seen|met|found)|has|owns|keeps|rides) (?:an? |any )?{_THING}{_PLACE},?"
    rf" (?:because|for|since|as) there (?:are|is) none(?: left| here| any ?more)?{_WHOLE}",
    rf"the last (?!{_FOLLOWED})(?P<thing>[\w'-]+) (?:died|was (?:shot|killed|slain|eaten|hunted down|felled"
    rf"|cut down)){_PLACE}{_SPAN}{_WHOLE}",
)
_OTHERS: Final[tuple[tuple[str, Template], ...]] = (
    (
        rf"(?P<what>rain|snow) has{_NOT} fallen{_PLACE}{_SPAN}{_WHOLE}",
        lambda m: f"It never {m['what'].lower()}s{m['tail'] or ''}",
    ),
    (
        rf"it has{_NOT} (?P<what>rain|snow)ed{_PLACE}{_SPAN}{_WHOLE}",
        lambda m: f"It never {m['what']}s{m['tail'] or ''}",
    ),
    (_NO_RETURN, lambda _: "No one can raise the dead"),
    (
        rf"(?P<deed>{'|'.join(_DEEDS)}) (?:is (?:impossible|beyond (?:anyone|anybody))|is{_NOT} possible"
        rf"|can(?:not|['’]t) be done|has never been (?:achieved|done)|does{_NOT} (?:exist|work)){_PLACE}"
        rf"(?: here| at all| by any means| for (?:anyone|anybody|humans))*(?:, (?:not )?even .*|{_WHOLE})",
        lambda m: f"No one can {_deed(m['deed'])}{m['tail'] or ''}",
    ),
    (
        r"(?:it is|it['’]s) (?:impossible|not possible) to (?P<verb>\w+)(?P<rest>.*)$",
        lambda m: f"No one can {m['verb']}{m['rest']}",
    ),
    (
        rf"(?P<who>(?!(?:this|its?|always|sometimes|perhaps|as|news|gods?|{_SAYINGS})\b)[a-z]+s) (?:never|will never"
        r"|can never|are (?:unable|not able) to) (?P<verb>[a-z]+)(?P<rest>(?: [^,]*)?)$",
        lambda m: f"No {singular(m['who'].lower())} may {m['verb']}{m['rest']}",
    ),
    (
        rf"(?P<who>(?!(?:this|its|always|gods|{_PEOPLE}|{_SAYINGS})\b)[a-z]+s) (?:do|wo|will){_NOT} {_ALWAYS}"
        r"(?P<verb>[a-z]+)(?P<rest>(?: [^,]*)?)$",
        lambda m: f"No {singular(m['who'].lower())} may {m['verb']}{m['rest']}",
    ),
    (
        rf"(?:it is|it['’]s) {_IS_CRIME}(?: for an? (?P<who>\w+))? to {_NO_STORY}(?P<verb>\w+)(?P<rest>.*)$",
        lambda m: f"No {m['who'] or 'one'} may {m['verb']}{m['rest']}",
    ),
    (
        rf"{_NO_STORY}(?P<deed>\w+ing(?: (?:an? |the )?[\w'-]+){{0,2}}?){_PLACE} (?:is|was|has been)"
        rf" {_IS_CRIME}{_BY_WHOM}{_WHOLE}",
        lambda m: f"{m['deed']}{m['tail'] or ''} is forbidden",
    ),
    (
        rf"(?!\w+ing\b){_THING} (?:was|were|has been|have been) (?:banned|outlawed|prohibited|made illegal){_PLACE}"
        rf"{_BY_WHOM}{_WHOLE}",
        lambda m: f"{m['thing']} are forbidden{m['tail'] or ''}",
    ),
    (
        rf"(?:the |our )?(?P<owner>[\w'-]+) (?:(?:is|are) (?:without|free (?:of|from)|devoid of)|lacks?)"
        r"(?= [\w' -]+s\b)"
        r" (?:any )?(?!(?:charge|danger|trouble|care|fear|sin|debt|rent|tax|guile|equal|law|blame|shame|doubt)\b)"
        rf"{_THING}{_WHOLE}",
        lambda m: f"The {m['owner']} has no {m['thing']}",
    ),
    (
        r"(?P<who>women|men|children|strangers|outsiders|foreigners|boys|girls) are (?:not (?:admitted|allowed"
        r"|permitted) (?:to|in|into|inside|on|onto|aboard)|barred from|kept out of|banned from|excluded from"
        r"|forbidden (?:to enter|in|from))"
        rf" (?P<rest>(?:the |our )?[\w' -]+?){_WHOLE}",
        lambda m: f"No {singular(m['who'].lower())} may enter {m['rest']}",
    ),
    (
        r"(?:nobody|no ?one) (?:but|except|save) the (?P<who>[\w-]+) (?:may|can) (?P<rest>.+)$",
        lambda m: f"Only the {m['who']} may {m['rest']}",
    ),
    (
        r"(?:nobody|no ?one) (?:but|except|save) the (?P<who>[\w-]+) (?P<verb>(?!has\b|is\b|goes\b|knows\b)\w+s)"
        r" (?P<rest>.+)$",
        lambda m: f"Only the {m['who']} may {third_person_stem(m['verb'])} {m['rest']}",
    ),
    (
        r"no (?:[\w-]+ )?(?P<thing>[\w-]+) (?:is|are) ever (?P<verb>\w+)(?P<rest>.*)$",
        lambda m: f"No {m['thing']} may be {m['verb']}{m['rest']}",
    ),
    (
        rf"(?!.* by )(?:the )?{_THING} (?:cannot|can['’]t|can not|can never|may not|must not|may never"
        rf"|must never) be (?P<verb>\w+(?:ed|en|wn|ght|un|ung))"
        rf"(?P<rest> [^,]*)?{_WHOLE}",
        lambda m: f"No {m['thing']} may be {m['verb']}{m['rest'] or ''}",
    ),
    (
        r"no (?:single |living )?(?:person|soul|human being|man or woman)"
        r" (?:(?P<may>may|can|must|is allowed to) (?P<verb>\w+)|(?P<does>(?!is\b|has\b)[a-z]+s))(?P<rest> .+)$",
        lambda m: f"No one may {m['verb'] or third_person_stem(m['does'])}{m['rest']}",
    ),
    (
        rf"(?P<who>women|men|children|strangers|outsiders|foreigners|boys|girls) (?:do"
        rf"|will){_NOT} {_ALWAYS}(?P<verb>[a-z]+)(?P<rest> (?:in|on|at|inside)"
        r" (?:the |our )?[\w' -]+)$",
        lambda m: f"No {singular(m['who'].lower())} may {m['verb']}{m['rest']}",
    ),
    (
        rf"no {_THING} (?:is|are) (?:ever )?(?:allowed|permitted|tolerated|admitted|welcome)(?P<tail> .+)?{_WHOLE}",
        lambda m: f"{m['thing']} are forbidden{m['tail'] or ''}",
    ),
    (
        rf"{_THING} (?:is|are) (?:illegal|unlawful|against the law|contraband)"
        rf"(?P<tail> (?:in|within|on|aboard) .+)?{_WHOLE}",
        lambda m: f"{m['thing']} are forbidden{m['tail'] or ''}",
    ),
    (
        rf"(?:the )?(?P<number>{NUMBER}) (?P<noun>[\w-]+) (?:hang|shine|rise|rule|circle|orbit|stand|guard|govern|light"
        r"|watch|keep|sail|hold)s?\b[^,]*$",
        lambda m: f"There are {m['number'].lower()} {m['noun'].lower()}",
    ),
    (
        rf"(?:the|this|our) (?:world|planet|sky|land) (?:is (?:lit|ringed) by|(?:turns|lies) under|knows)"
        rf" (?P<number>a pair of|{NUMBER}) (?P<noun>moons|suns){_WHOLE}",
        lambda m: f"There are {m['number'].lower().replace('a pair of', 'two')} {m['noun'].lower()}",
    ),
    (
        rf"(?:the |an? )?(?P<owner>[\w -]+?) (?:(?:is|are) (?:made up|composed|formed) of|consists? of|comprises?"
        rf"|numbers) (?P<number>{NUMBER}) (?P<noun>[\w-]+){_WHOLE}",
        lambda m: f"The {m['owner']} has {m['number']} {m['noun']}",
    ),
    (
        rf"(?:an?|each|every|the) (?P<owner>week|month|year|day) (?:is|lasts) (?P<number>{NUMBER}) (?P<noun>[\w-]+)"
        rf"(?: long)?{_WHOLE}",
        lambda m: f"A {m['owner']} has {m['number']} {m['noun']}",
    ),
)


def _denies(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return f"There are no {match['thing']}{groups.get('where') or groups.get('tail') or ''}"


def _deed(noun: str) -> str:
    return next(deed for pattern, deed in _DEEDS.items() if re.fullmatch(pattern, noun, re.IGNORECASE))


_RULES: Final[tuple[tuple[re.Pattern[str], Template], ...]] = tuple(
    (lazy_pattern(pattern, re.IGNORECASE), template)
    for pattern, template in (*((pattern, _denies) for pattern in _DENIALS), *_OTHERS)
)
# What holds sometimes, for some, or is only said.
_LIMITED: Final = re.compile(
    r"\b(?:unless|except(?! the\b)|until|(?<!is )(?<!are )without|but (?!the\b)|though|although|officially|they say"
    r"|says?|if|when|while|usually|mostly|almost|nearly"
    r"|hardly|outside|rarely|seldom|only in|only on)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def restated_rules(text: str) -> tuple[Restatement, ...]:
    """Return what the sentences of a rule, or of the laws of nature, say in the words that the checks read."""
    return tuple(_read(text))


def _read(text: str) -> Iterator[Restatement]:
    for sentence in _SENTENCE.finditer(text):
        said = sentence.group().strip(_SIGNS)
        if not said or len(said) > _MAX_CHARS or _LIMITED.search(said):
            continue
        for pattern, template in _RULES:
            if (match := pattern.match(said)) is not None:
                yield Restatement(f"{template(match)}.", said)
                break
