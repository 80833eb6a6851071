"""Entries of forms, lists and files: "Name: Ilka Brandvold. Age: 41. Hair: black."."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.characters.cast.people import Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.cast.stated_kin import KIN_WORD
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.mentions import Mention
from agents.engine.text.word_forms import word_set

_ROLE: Final = "occupation|profession|trade|rank|role|position|job|employment|calling"
_KEYS: Final = f"age|hair|eyes|{_ROLE}|{KIN_WORD}|next of kin|contact|owner|guardian|witness"
_ENTRY: Final = lazy_pattern(
    rf"(?:^|[\n.;,|•*–—-][ \t]*)(?P<key>(?:[\w']+ )?name[^:\n.]{{0,20}}|{_KEYS})(?: colou?r)?[ \t]*(?:[:=][ \t]*"
    rf"|(?<=[Aa]ge) (?=\d))(?P<value>[^\n.;|,:]{{1,40}})",
    re.IGNORECASE,
)
# An owner is sought no further back.
_MAX_SENTENCES_BACK: Final = 10
_NUMBER: Final = lazy_pattern(r"(?P<age>\d{1,3}|[a-z]+(?:-[a-z]+)?)\b", re.IGNORECASE)
_NAME_LEFT: Final = lazy_pattern(r"\b(?!(?:Mr|Mrs|Miss|Ms|Dr|Captain|Doctor|Sir|Lady|Old|Young)\b)[A-Z]")
_ARTICLE: Final = lazy_pattern(r"^(?:an?|the) ", re.IGNORECASE)
_OF_OWNER: Final = frozenset(("age", "hair", "eyes", *_ROLE.split("|")))
_KIN: Final = lazy_pattern(KIN_WORD)
ENTRY_WORDS: Final = word_set(f"age hair eyes name {_ROLE.replace('|', ' ')}")


def entries(cast: Cast) -> Iterator[tuple[str, int, int]]:
    """Yield what the entries of forms say, each as a sentence with the span of the entry."""
    reading = cast.reading
    if reading.words.isdisjoint(ENTRY_WORDS) or (":" not in reading.plain and "=" not in reading.plain):
        return
    owner: Person | None = None
    named_at = paragraph = -1
    for found in _ENTRY.finditer(reading.plain):
        key, at = found["key"].lower(), found.start("key")
        if reading.is_speech(at):
            continue
        if "name" in key.split():
            owner, named_at = _bearer(cast, *found.span("value")), at
            paragraph = reading.sentence_at(at).paragraph
            continue
        here = reading.sentence_at(at).paragraph
        if named_at < 0 or here != paragraph:
            owner, named_at, paragraph = _only_person(cast, _start_of_paragraph(cast, at), at), -1, here
        is_of_owner = key in _OF_OWNER
        if (
            owner is not None
            and (is_of_owner or _KIN.fullmatch(key))
            and (sentence := _sentence(owner, key, found["value"].strip()))
        ):
            yield sentence, at, found.end()
        if not is_of_owner:
            # What follows may be about the relative.
            owner, named_at, paragraph = None, at, here


def _bearer(cast: Cast, start: int, end: int) -> Person | None:
    """Return the person whose name and title are all that stands between two positions: not "Ada" Holm."""
    person = _only_person(cast, start, end)
    words = cast.reading.plain[start:end]
    for mention in _mentions(cast, start, end):
        words = words.replace(cast.reading.plain[mention.start : mention.end], "")
    return person if not _NAME_LEFT.search(words) else None


def _only_person(cast: Cast, start: int, end: int) -> Person | None:
    mentions = _mentions(cast, start, end)
    return cast.person_of(mentions[0]) if len({mention.index for mention in mentions}) == 1 else None


def _mentions(cast: Cast, start: int, end: int) -> list[Mention]:
    at = bisect_left(cast.mentions, start, key=lambda mention: mention.start)
    behind = bisect_left(cast.mentions, end, key=lambda mention: mention.start)
    return cast.mentions[at:behind]


def _start_of_paragraph(cast: Cast, position: int) -> int:
    """Return where the paragraph around a position begins, or a sentence of it not far back."""
    sentences, index = cast.reading.sentences, cast.reading.index_at(position)
    first = index
    while (
        first
        and index - first < _MAX_SENTENCES_BACK
        and sentences[first - 1].paragraph == sentences[index].paragraph
    ):
        first -= 1
    return sentences[first].start


def _sentence(owner: Person, key: str, value: str) -> str:
    if key == "age":
        number = _NUMBER.match(value)
        return f"{owner.name} is {number['age']} years old." if number is not None else ""
    if key in ("hair", "eyes"):
        return f"{owner.name}'s {key} {'is' if key == 'hair' else 'are'} {value.lower()}."
    if key in _ROLE.split("|"):
        return f"{owner.name} is a {_ARTICLE.sub('', value).lower()}."
    return f"{owner.name}'s {key}, {value}, waits."
