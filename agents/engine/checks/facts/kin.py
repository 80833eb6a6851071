"""Relatives whom descriptions name or deny: "married to Ben Crane", "an orphan", "siblings: none"."""

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
from agents.engine.text.word_forms import one_of, word_set
from agents.engine.world import Element

_ENDS: Final = (
    r"(?=$|[,.;:)]|\s*[–—]| (?:and|or|nor|but (?=no|not)|by choice|raised|brought up|born|since|at|in|from|left"
    r"|living|now|who|with"
    r"|to this day)\b)"
)
# After "no children" and the like: "no children at home" denies none elsewhere.
_AT_ALL: Final = (
    r"(?=$|[,.;:)]|\s*[–—]| (?:and|or|nor|but (?=no|not)|by choice|left|living|now|at all|to this day"
    r"|in the world)\b)"
)
# Not "Ben Crane's brother".
_NAME: Final = r"(?P<name>(?-i:[A-Z])[\w'’-]+(?: (?-i:[A-Z])[\w'’-]+){0,2})(?<!['’]s)(?![\w'’-]| (?-i:[A-Z]))"
# "Her family died laughing" tells of no deaths.
_DISASTER: Final = (
    r" (?:in|to|of|during) (?:the |an? )?(?:[a-z]+ )?(?:flood|war|plague|fire|fever|siege|famine|raid|wreck|crash"
    r"|accident"
    r"|blitz|cholera|influenza|bombing|earthquake|storm|massacre)s?(?=\W*$|,)(?!.*\bfound\b)"
)
_HAS: Final = "(?:(?:has|had|with) )?"
_DIED: Final = (
    rf"(?:died|perished|(?:was|were) (?:all |both )?(?:killed|murdered|wiped out))(?:(?=\W*$|,)|{_DISASTER}"
    r"|(?= (?:when|while|young|early|long ago|before|years ago|\w+ years ago|in \d{3,4}|last \w+|at sea|together)\b))"
)
# Relatives that somebody does not have, and the words of the checks for it.
_WITHOUT: Final = tuple(
    (lazy_pattern("|".join(patterns), re.IGNORECASE), words)
    for words, patterns in (
        (
            "only child",
            (
                r"(?:the )?(?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])[\w-]+)?['’]s only child\b(?! by\b)",
                rf"(?:grew up |born )?(?:an?|the) only child(?: of\b(?!.*\bmarriage)|{_ENDS})",
                rf"{_HAS}(?:no|never had (?:any|an?)) (?:siblings|brothers? (?:or|and) (?:a )?sisters?"
                rf"|sisters? (?:or|and) (?:a )?brothers?){_AT_ALL}",
            ),
        ),
        (
            "only son of",
            (
                r"(?:the |an? )?only son (?:of|to)\b"
                r"|(?:the )?(?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])[\w-]+)?['’]s only son\b(?! by\b)",
            ),
        ),
        (
            "only daughter of",
            (
                r"(?:the |an? )?only daughter (?:of|to)\b"
                r"|(?:the )?(?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])[\w-]+)?['’]s only daughter\b(?! by\b)",
            ),
        ),
        (
            "childless",
            (
                r"(?:an? )?childless\b",
                rf"without children{_ENDS}",
                rf"{_HAS}no children(?: of (?:her|his) own)?{_AT_ALL}",
                rf"never had (?:any )?children{_AT_ALL}",
            ),
        ),
        (
            "unmarried",
            (
                rf"(?:never|not) (?:been )?married{_ENDS}",
                r"(?:an? |remain(?:s|ed) |stayed )?(?:confirmed |lifelong |old )?(?:bachelor|spinster|unmarried"
                r"|unwed)\b(?!['’]s| in the eyes| before)",
                rf"single{_ENDS}",
                rf"never took an? (?:wife|husband){_ENDS}",
            ),
        ),
        (
            "widow",
            (
                rf"(?:an? |the )?(?:[\w-]+ ){{0,2}}(?:[\w-]+['’]s )?(?:widow|widower)(?: of\b"
                rf"| for (?:\w+ ){{1,2}}years|{_ENDS})",
                rf"(?:her|his) (?:husband|wife) (?:is dead(?=\W*$|,)|{_DIED}|died in childbirth\b)",
                rf"(?:twice |long )?widowed(?: young| early| by the \w+)?{_ENDS}",
                rf"lost (?:her|his) (?:husband|wife)(?:{_DISASTER}| at sea(?=\W*$))",
                r"buried (?:her|his) (?:husband|wife)(?=\W*$|, (?:and|but) | (?:last|this) \w+\W*$"
                r"| in (?:the )?(?:spring|summer"
                r"|autumn|winter|\d{3,4})\b| (?:\w+ )?years ago)",
                r"[\w ]{0,60}\bsince (?:her|his) (?:husband|wife)(?:['’]s death| died)\b",
            ),
        ),
        (
            "divorced",
            (
                rf"(?:an? )?(?:twice[- ])?divorc(?:ed|ee|ée|é)"
                rf"(?: (?:man|woman|mother|father|{one_of(ROLES)}))?{_ENDS}(?! from\b)",
            ),
        ),
        (
            "orphan",
            (
                r"(?:an? )?(?:[\w-]+ )?orphan(?:ed)?(?=\W*$|[,;.)]| (?:and|of|from|raised|brought|taken|since|at|when"
                r"|who"
                rf"|by|young|early|as an?|before|with|left|boy|girl|child)\b|{_DISASTER})(?! by choice)",
                r"lost both (?:(?:of )?(?:her|his) )?parents\b",
                r"(?:both )?(?:(?:her|his) )?parents are (?:(?:both|long|now) )*dead(?=\W*$|,| and\b)",
                rf"(?:both )?(?:(?:her|his) )?parents (?:both )?{_DIED}",
                rf"lost (?:her|his) (?:parents|mother and (?:her |his )?father|father and (?:her |his )?mother)"
                rf"{_DISASTER}",
                rf"(?:her|his) (?:(?:whole|entire) )?family (?:all )?{_DIED}",
            ),
        ),
        (
            "no family left",
            (
                rf"(?:{_HAS}no|without) (?:living |surviving )?(?:family|kin|relatives?)(?: left| alive"
                rf"| living)?{_AT_ALL}",
                r"the last of (?:her|his) (?:line|family|house|name)\b",
                rf"alone in the world{_ENDS}",
            ),
        ),
        *(
            (
                f"no {kin}s",
                (rf"{_HAS}(?:(?:mother of |father of )?\w+ \w+(?:,| and|,? but) )?no {kin}s?{_AT_ALL}",),
            )
            for kin in ("brother", "sister", "son", "daughter")
        ),
    )
)
# Somebody has a relative of the kind after all.
_YET: Final = lazy_pattern(
    r"\b(?:step\w*|foster\w*|adopt\w*|ward|except|believes|thinks|claims|illegitimate|supposed\w*|thought|half-\w+)\b",
    re.IGNORECASE,
)
# Those who raised an orphan may be called by the words for parents.
_RAISED_BY: Final = lazy_pattern(
    r"\braised by (?:her|his) (?:mother|father|parents|grand\w+|aunt|uncle)\b", re.IGNORECASE
)
_AGAIN: Final = lazy_pattern(
    r"\b(?:remarried|married (?:again|since|now|to)|now married|re-?wed|(?:second|third|fourth|new|next) (?:husband"
    r"|wife"
    r"|marriage)|secretly|claims"
    r"|pretends|supposed\w*|almost|nearly)\b",
    re.IGNORECASE,
)
_SIBLING: Final = lazy_pattern(r"\b(?:her|his) (?:\w+ )?(?:brother|sister|twin)s?\b", re.IGNORECASE)
_UNTIL: Final = lazy_pattern(r"\b(?:until|till|yet|so far|for now)\b", re.IGNORECASE)
_MARRIED: Final = lazy_pattern(
    rf"(?:happily |newly |long )?married(?: to)? {_NAME}(?! (?:and|off|to)\b)", re.IGNORECASE
)
_RAISED: Final = lazy_pattern(
    rf"(?:brought up|raised|raises) {_NAME}, (?:her|his) (?:only |elder |younger )?(?P<kin>son|daughter|child)\b",
    re.IGNORECASE,
)
_RELATIVE: Final = "mother|father|brother|sister|twin|son|daughter|husband|wife"
# "Her brother is Ben Crane", "Ben Crane is her husband".
_IS_KIN: Final = lazy_pattern(
    rf"(?:her|his) (?:(?:elder|younger|only|twin|older) )?(?P<kin>{_RELATIVE}) is {_NAME}\s*$", re.IGNORECASE
)
_KIN_IS: Final = lazy_pattern(
    rf"{_NAME} is (?:her|his) (?:(?:elder|younger|only|twin|older) )?(?P<kin>{_RELATIVE})\s*$", re.IGNORECASE
)
# In a list of relationships: "brother: Ben Crane", "Ben Crane (brother)".
_ENTRIES: Final = (
    lazy_pattern(rf"(?P<kin>{_RELATIVE})\s*(?::|[–—]|-\s)\s*{_NAME}\s*$", re.IGNORECASE),
    lazy_pattern(
        rf"{_NAME}\s*(?:\((?P<kin>{_RELATIVE})\)|(?::|,|[–—]|\s-)\s*(?P<kin2>{_RELATIVE}))\s*$", re.IGNORECASE
    ),
)
_ENDED: Final = re.compile(
    r"\b(?:was|were|had been|once|until|divorced|separated|briefly|first|annulled|left)\b", re.IGNORECASE
)
_TIE: Final = lazy_pattern(
    rf"(?:(?:the|an?|elder|younger|twin|only|little|big) )*(?P<kin>{one_of(KIN)}) (?:of|to) {_NAME}\s*$",
    re.IGNORECASE,
)
_TIES: Final = lazy_pattern(
    rf"(?:(?:the|an?|elder|younger|twin|only|little|big) )*(?P<kin>wife|husband|(?:half-)?brother|(?:half-)?sister"
    rf"|twin) of {_NAME}",
    re.IGNORECASE,
)
_NONE: Final = re.compile(r"(?:none|no|nobody|0|n/?a|-)\W*$", re.IGNORECASE)
_NAMES: Final = re.compile(rf"{_NAME}(?: \([^)]*\))?(?=$|[,;]| and\b)")
# What a woman, a man and somebody unknown is to such a relative.
_INVERSE: Final = {
    **dict.fromkeys(("mother", "father", "parent"), ("Daughter", "Son", "Child")),
    **dict.fromkeys(("son", "daughter", "child", "children"), ("Mother", "Father", "Parent")),
    **dict.fromkeys(("brother", "sister", "sibling"), ("Sister", "Brother", "Sibling")),
    "twin": ("Twin", "Twin", "Twin"),
    **dict.fromkeys(("husband", "wife", "spouse"), ("Wife", "Husband", "Spouse")),
}
_COLLOQUIAL: Final = {
    **dict.fromkeys(("mum", "mom", "mam"), "mother"),
    "dad": "father",
    **dict.fromkeys(("kids", "offspring"), "children"),
}
_TIE_OF: Final = re.compile(
    r"(?:(?P<kin>child|daughter|son|mother|father|wife|husband|brother|sister|twin) of|(?P<married>married) to)"
)
_LACKS: Final = {
    "siblings": "only child",
    "brothers and sisters": "only child",
    "children": "childless",
    "spouse": "unmarried",
    "husband": "unmarried",
    "wife": "unmarried",
    "family": "no family left",
    "parents": "orphan",
}
_LACKS.update({f"{kin}s": f"no {kin}s" for kin in ("brother", "sister", "son", "daughter")})
_LOST: Final = {"parents": "orphan", "spouse": "widow", "husband": "widow", "wife": "widow"}
_DEAD: Final = re.compile(r"(?:both )?(?:dead|deceased)\W*$", re.IGNORECASE)
_SINGLE: Final = frozenset(("unmarried", "widow", "divorced"))
_PARENTLESS: Final = frozenset(("orphan", "no family left"))
_MARITAL: Final = frozenset(
    (
        "marital status",
        "marital",
        "relationship status",
        "married",
        "civil status",
        "family status",
        "marital state",
    )
)
_RELATIONSHIPS: Final = frozenset(("relationships", "relationship", "family", "kin", "relatives"))

_WORDS: Final = word_set("""
    only child children siblings brother brothers sister sisters childless married bachelor spinster unmarried
    unwed single wife husband widow widower widowed divorced divorce divorcee orphan orphaned parents mother father
    family kin relative relatives alone twin son sons daughter daughters last raised raises brought
""")


def kin(element: Element, clauses: tuple[Clause, ...]) -> Iterator[Restatement]:
    """Yield the relatives of somebody as "Wife of Ben Crane", and those whom they do not have as "childless"."""
    for key, value in element.traits.items():
        yield from _of_trait(element, key, value)
    told = " ".join((element.summary, *map(str, element.traits.values())))
    has_relative, has_partner = bool(_YET.search(told)), bool(_AGAIN.search(told))
    has_parents, has_sibling = bool(_RAISED_BY.search(told)), bool(_SIBLING.search(told))
    for clause in clauses:
        if _WORDS.isdisjoint(clause.words):
            continue
        said = clause.predicate
        for pattern, words in _WITHOUT:
            has_any = has_partner if words in _SINGLE else has_relative
            if has_any or (has_parents and words in _PARENTLESS) or (has_sibling and words == "only child"):
                continue
            if pattern.match(said) and not _UNTIL.search(said):
                yield Restatement(words, clause.quote, TOLD)
        if (named := _IS_KIN.match(said) or _KIN_IS.match(said)) is not None:
            yield Restatement(f"{_as_seen(element, named['kin'].lower())} of {named['name']}.", clause.quote)
        if (tie := _TIES.match(said)) is not None:
            yield Restatement(f"{tie['kin'].lower()} of {tie['name']}", clause.quote, TOLD)
        if (raised := _RAISED.match(said)) is not None:
            yield Restatement(
                f"{_as_seen(element, raised['kin'].lower())} of {raised['name']}.", raised.group()
            )
        married = _MARRIED.match(said)
        if married is not None and not _ENDED.search(clause.quote) and _is_person(married["name"]):
            yield Restatement(f"{_as_seen(element, 'spouse')} of {married['name']}.", clause.quote)


def _of_trait(element: Element, key: str, value: Any) -> Iterator[Restatement]:
    name = trait_name(key).removesuffix(" name").removesuffix("'s").removesuffix("’s")
    name, told = _COLLOQUIAL.get(name, name), value if isinstance(value, str) else ""
    said = [str(part) for part in value] if isinstance(value, list | tuple) else re.split(r"[;\n]", told)
    if name in ("siblings", "family") and re.match(r"only child\b", told, re.IGNORECASE):
        yield Restatement("only child", trait_text(key, value), TOLD)
    elif name in _LACKS and (_NONE.match(told) or value in (0, [], ())):
        yield Restatement(_LACKS[name], trait_text(key, value), TOLD)
    elif name in _LOST and _DEAD.match(told):
        yield Restatement(_LOST[name], trait_text(key, value), TOLD)
    elif (
        name in _MARITAL
        and not _UNTIL.search(told)
        and re.match(r"(?:single|unmarried|never married|no\b|bachelor|spinster)", told, re.IGNORECASE)
    ):
        yield Restatement("unmarried", trait_text(key, value), TOLD)
    elif name in _MARITAL and (
        ended := re.match(r"(?:widow(?=ed|er|\W*$)|divorced\W*$)", told, re.IGNORECASE)
    ):
        yield Restatement("widow" if ended.group()[0] in "Ww" else "divorced", trait_text(key, value), TOLD)
    elif (relative := name.removesuffix("s") if name != "children" else name) in _INVERSE:
        for part in said:
            for found in _NAMES.finditer(part.strip()):
                yield Restatement(
                    f"{_as_seen(element, relative)} of {found['name']}.", trait_text(key, value)
                )
    elif (tie := _TIE_OF.fullmatch(name)) is not None:
        for found in (found for part in said for found in _NAMES.finditer(part.strip())):
            word = _as_seen(element, "spouse") if tie["married"] else tie["kin"].capitalize()
            yield Restatement(f"{word} of {found['name']}.", trait_text(key, value))
    elif name in _RELATIONSHIPS:
        for part in said:
            if (tie := _TIE.match(part.strip())) is not None:
                yield Restatement(f"{tie['kin'].capitalize()} of {tie['name']}.", trait_text(key, value))
            for entry in filter(None, (pattern.match(part.strip()) for pattern in _ENTRIES)):
                relative = (entry["kin"] or entry["kin2"]).lower()
                yield Restatement(
                    f"{_as_seen(element, relative)} of {entry['name']}.", trait_text(key, value)
                )


def _as_seen(element: Element, relative: str) -> str:
    """Return what somebody is to a relative: the mother of a son."""
    she, he, either = _INVERSE[relative]
    pronoun = pronoun_of(element)
    return she if pronoun == "she" else he if pronoun == "he" else either


def _is_person(name: str) -> bool:
    return not re.match(r"(?:The|Into|In|At|On|For|Her|His|God|Christ)\b", name)
