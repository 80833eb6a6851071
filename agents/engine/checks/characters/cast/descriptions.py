"""People whom a text means by their role, age or kinship: "the sheriff", "the old man", "her brother"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from agents.engine.checks.characters.cast.stated_kin import KIN_WORD, kin_at
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.index import NameIndex
from agents.engine.text.reading import Reading, read_fact
from agents.engine.text.vocabulary import INVERSE_KIN, KIN, ROLES
from agents.engine.text.word_forms import folded, one_of, word_set

KIN_WORDS: Final = frozenset(word for kin in KIN for word in kin.split("-"))
_KIN_OF_ROLE: Final = lazy_pattern(rf"\b(?P<kin>{KIN_WORD}) of the (?P<role>\w+)\b", re.IGNORECASE)
# The women among them; the rest are men, or may be either.
_FEMALE: Final = word_set(
    "sister half-sister mother daughter wife widow ex-wife aunt niece grandmother granddaughter sister-in-law"
)
_EITHER: Final = word_set("twin sibling parent child spouse cousin")


def fits(kin: str, pronoun: str) -> bool:
    """Return whether a word of kinship may be said of a person with this pronoun, "" if unknown."""
    return kin in _EITHER or pronoun not in ("she", "he") or (kin in _FEMALE) == (pronoun == "she")


DEATH: Final = lazy_pattern(
    r"\bstatus: (?:dead|deceased|died|killed|executed)\b|\b(?:died|drowned|was killed|killed in|was executed"
    r"|was murdered"
    r"|murdered in|was shot|fell at|is dead|perished|was hanged|is deceased|long dead|deceased|dead since"
    r"|was buried|starved"
    r" to death|froze to death|was slain)\b",
    re.IGNORECASE,
)

# A place has one of these, so that a text need not name whoever it is.
_OFFICES: Final = word_set("""
    abbess abbot bailiff bishop chancellor duchess duke emperor empress governor harbourmaster headmaster king mayor
    pastor postmaster postmistress queen reeve regent schoolmaster schoolmistress schoolteacher sheriff stationmaster
    vicar warden
""")
_ADJECTIVE: Final = "(?:old|young|big|tall|little|poor|good|stout|small|tired|weary|thin|grim|aged|ancient)"
_BY_AGE: Final = ("old man", "old woman", "boy", "girl")
_OLD: Final = 60
_YOUNG: Final = 15
# Both patterns begin with a set of characters, which is sought quickly, and then look back for a boundary.
# Not "the smith of the next village", "the captain who came later", "the baker Hamish".
_DESCRIBED: Final = lazy_pattern(
    rf"[Tt](?<!\w[Tt])he (?:{_ADJECTIVE} )?(?P<role>{one_of((*_BY_AGE, *ROLES))})\b"
    rf"(?![-\w]|'s (?:[\w-]+ )?(?:{KIN_WORD})\b)"
    r"(?! (?:of|from|at|who|whom|that|whose|with|on|under|beside|opposite|next|called|named|[A-Z\ue000-\uf8ff]))"
)
# A comparison, a description of somebody else, or the company of another of the kind.
_NO_SUBJECT: Final = lazy_pattern(
    rf"\b{KIN_WORD}, $|"
    r"(?:\b(?:was|is|were|are|be|been|being|as|like|than|become|became|called|named|unlike|or|nor|not)|[”\"]) $",
    re.IGNORECASE,
)
_OTHER: Final = lazy_pattern(
    r"\b(?:an?|another|one|some|every|each|two|three|other|both|former|late|last|first|next|second|new|no|any)"
    r" (?:[\w-]+ )?$"
)
_MAX_BEFORE: Final = 60
_KINSMAN: Final = lazy_pattern(
    rf"(?P<whose>[Hh](?<!\w[Hh])(?:er|is)) (?:(?:own|elder|younger|older|big|little|old|dear|twin|poor) )?"
    rf"(?P<kin>{KIN_WORD})\b"
    rf"(?![-\w]|,? [A-Z]| and (?:his|her) |'s (?:[\w-]+ )?(?:{KIN_WORD})\b| (?:of|who|in law)\b)"
)


_WHOSE: Final = frozenset(("her", "his"))


class Profile(NamedTuple):
    """The traits of a person that descriptions name."""

    name: str
    summary: str
    role: str
    pronoun: str
    age: int | None
    is_dead: bool


class Described(NamedTuple):
    """A description, at a span, of the person at a ``position`` in the world.

    ``needs_name`` if it means that person only in a text with the name.
    """

    start: int
    end: int
    position: int
    needs_name: bool


@dataclass(frozen=True, slots=True)
class Descriptions:
    """Descriptions that fit one person of a world only."""

    by_role: Mapping[str, int]
    by_kin: Mapping[tuple[int, str, str], int]
    # The last words of all roles.
    role_words: frozenset[str]
    # Roles of which the world says that somebody is "the" one: a text need not name them.
    offices: frozenset[str]

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, people: tuple[Profile, ...]) -> Descriptions:
        roles = bearers_of(people)
        kin: dict[tuple[int, str, str], set[int]] = {}
        to_roles = ((one, other, kind) for one, other, kind, _ in ties_to_roles(people, roles))
        for one, other, kind in (*_ties(people), *to_roles):
            for who, whose, tie in ((one, other, kind), (other, one, INVERSE_KIN[kind])):
                kin.setdefault((whose, tie, people[who].pronoun), set()).add(who)
        by_role = {role: only for role, found in roles.items() if (only := _only(found, people)) is not None}
        by_kin = {key: only for key, found in kin.items() if (only := _only(found, people)) is not None}
        offices = (role for role, index in by_role.items() if _is_the(role, people[index].summary))
        role_words = frozenset(role.split()[-1] for role in by_role)
        return cls(by_role, by_kin, role_words, _OFFICES.union(offices))

    def described(
        self, reading: Reading, roles: Iterable[re.Match[str]], names_end: Collection[int]
    ) -> Iterator[Described]:
        """Yield those of the descriptions by role or age that mean somebody, if nobody else of the kind is named.

        After a name, which ends at one of ``names_end``, they describe its bearer: "Bran, the smith".
        """
        alone: dict[str, bool] = {}
        for found in roles:
            role = found["role"].lower()
            index = self.by_role.get(role)
            if (
                index is None
                or found.start() - 2 in names_end
                or _NO_SUBJECT.search(reading.plain, max(0, found.start() - 18), found.start())
            ):
                continue
            if role not in alone:
                alone[role] = _is_alone(role, reading)
            if alone[role]:
                yield Described(*found.span(), index, role not in self.offices)

    def bearer_of(self, role: str, reading: Reading) -> int | None:
        """Return the only person of a role, if a text speaks of nobody else of the kind."""
        index = self.by_role.get(role)
        return index if index is not None and _is_alone(role, reading) else None

    def kin_of(self, whose: int, word: str) -> int | None:
        """Return the only relative of a person for a word of kinship."""
        kind = KIN[folded(word)]
        if word in _EITHER:
            found = {self.by_kin.get((whose, kind, pronoun)) for pronoun in ("she", "he")} - {None}
            return next(iter(found)) if len(found) == 1 else None
        return self.by_kin.get((whose, kind, "she" if word in _FEMALE else "he"))


def _is_the(role: str, summary: str) -> bool:
    """Return whether a summary says that somebody is the only one of a role: "The minister."."""
    return re.match(rf"the (?:[\w'-]+ )?{re.escape(role)}\b(?! of)", summary, re.IGNORECASE) is not None


def _is_alone(role: str, reading: Reading) -> bool:
    """Return whether a text speaks of nobody else of the kind: of "another smith", "smiths"."""
    *before, last = role.split()
    lower, size = reading.lower, sum(len(word) + 1 for word in before)
    starts = [start - size for start in reading.places(last)]
    return f"{last}s" not in reading.words and not any(
        lower.startswith(role, start) and _OTHER.search(lower, max(0, start - _MAX_BEFORE), start)
        for start in starts
        if start > 0
    )


def roles_in(reading: Reading, words: frozenset[str]) -> list[re.Match[str]]:
    """Return the matches of "the sheriff", "the old man" and the like, of roles that end in one of the ``words``."""
    return list(reading.matches(_DESCRIBED, words)) if words else []


def kinsmen_in(reading: Reading) -> Iterable[re.Match[str]]:
    """Return the matches of "her brother" and the like, with the groups ``whose`` and ``kin``."""
    return reading.matches(_KINSMAN, KIN_WORDS, _WHOSE)


def _only(found: Collection[int], people: Sequence[Profile]) -> int | None:
    """Return the person whom a description fits alone, unless dead."""
    index = next(iter(found))
    return index if len(found) == 1 and not people[index].is_dead else None


def roles_of(person: Profile) -> Iterator[str]:
    """Yield the roles by which a text can mean the person: "smith", "old woman"."""
    stated = re.split(r"[.;,]| of ", person.summary, maxsplit=1)[0].lower().split()
    for words in (person.role.lower().split()[-1:], stated[-1:], person.name.lower().split()[:1]):
        yield from (word for word in words if word in _ALL_ROLES)
    if person.age is not None and person.age >= _OLD and person.pronoun:
        yield "old woman" if person.pronoun == "she" else "old man"
    if person.age is not None and person.age <= _YOUNG and person.pronoun:
        yield "girl" if person.pronoun == "she" else "boy"


def _ties(people: tuple[Profile, ...]) -> Iterator[tuple[int, int, str]]:
    """Yield the kinships that summaries state: a person, another, and what the one is to the other."""
    index = NameIndex.of(tuple(person.name for person in people))
    counted: Counter[tuple[int, int]] = Counter()
    for one, person in enumerate(people):
        if not any(word in person.summary.lower() for word in KIN):
            continue
        for mention in index.mentions(read_fact(person.summary), are_names=True):
            found = kin_at(read_fact(person.summary).plain, mention.start, mention.end)
            if mention.index != one and found is not None and not counted[one, mention.index]:
                counted[one, mention.index] += 1
                yield one, mention.index, KIN[folded(found[0])]


def bearers_of(people: Sequence[Profile]) -> Mapping[str, Collection[int]]:
    """Return the positions of the people whom each role means."""
    bearers: dict[str, set[int]] = {}
    for index, person in enumerate(people):
        for role in roles_of(person):
            bearers.setdefault(role, set()).add(index)
    return bearers


def ties_to_roles(
    people: Sequence[Profile], bearers: Mapping[str, Collection[int]]
) -> Iterator[tuple[int, int, str, str]]:
    """Yield the kinships to somebody who is named by a role only, with the statement: "daughter of the pastor"."""
    for one, person in enumerate(people):
        for found in _KIN_OF_ROLE.finditer(person.summary):
            others = bearers.get(found["role"].lower(), ())
            if len(others) == 1 and one not in others:
                yield one, next(iter(others)), KIN[folded(found["kin"])], found.group()


_ALL_ROLES: Final = frozenset(ROLES)
_ROLE_WORDS: Final = _ALL_ROLES | {"man", "woman", "boy", "girl"}
# A text with none of these describes nobody.
DESCRIBING: Final = _ROLE_WORDS | KIN_WORDS
