"""Reading a wish in plain English: its gist, the things and the names that it speaks of. Better little than
wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

DIRECTIVE: Final = re.compile(r"\[mock:([a-z-]+)(?:=([0-9]{1,4}(?:\.[0-9]{1,3})?))?\]", re.IGNORECASE)

_ASK: Final = re.compile(
    r"^\s*(?:please\s+)?(?:write|describe|tell|create|generate|give|show|make|draft|compose)\b(?:\s+(?:me|us))?"
    r"(?:\s+(?:a|an|the|one|some|short|brief|long|new|vivid|cinematic))*"
    r"(?:\s+(?:scene|story|narrative|text|chapter|moment|passage|video prompt|video|prompt|shot|piece))*"
    r"\s*(?:,|:|-)?\s*(?:about|where|in which|of|when|with|showing|that shows|in whom|for)?\s*",
    re.IGNORECASE,
)
_NOUN_PHRASE: Final = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts)\s+((?:[a-z][a-z'-]*\s+){0,3}[a-z][a-z'-]*)"
)
_DETERMINERS: Final = frozenset(
    {"the", "a", "an", "his", "her", "their", "its", "this", "that", "him", "them", "it"}
)
_JOINING: Final = frozenset(
    {"of", "and", "or", "but", "that", "who", "which", "is", "was", "are", "were", "has", "had"}
)
_PREPOSITIONS: Final = frozenset(
    {"in", "on", "at", "to", "from", "into", "onto", "by", "for", "with", "near", "under", "over", "after"}
    | {"before", "through", "where", "when", "while", "as", "than", "about", "between", "behind", "beside"}
    | {"beneath", "inside", "outside", "against", "without", "during", "until", "not", "only", "across"}
    | {"have", "will", "would", "can", "could", "must"}
)
_VERBISH: Final = re.compile(r"(?:s|ed|ing)$")
_DULL: Final = frozenset(
    {"scene", "story", "place", "person", "way", "day", "night", "world", "moment", "end", "time", "middle"}
    | {"storm", "rain", "wind", "weather", "war", "battle", "fight", "chase", "heist", "argument", "quarrel"}
    | {"arrival", "lot", "girl", "boy", "man", "woman", "men", "women", "child", "children", "king", "queen"}
    | {"wizard", "witch", "knight", "captain", "thief", "guard", "soldier", "stranger", "friend", "brother"}
    | {"sister", "mother", "father", "daughter", "son", "people", "crew", "army", "dragon", "ghost"}
)
# Nouns that name an event or a quality: nobody can put them on a table.
_ABSTRACT: Final = re.compile(r"(?:tion|sion|ment|ness|ing|ship|ity|ure)$")
_STOPS: Final = ".,;:!?"

_CAPITALISED: Final = re.compile(r"(?<![.!?:\"“]\s)(?<!^)\b([A-Z][a-z'’]+(?:\s+[A-Z][a-z'’]+)*)")
_BEFORE_PLACE: Final = re.compile(
    r"\b(?:in|on|at|to|from|of|near|into|through|across|above|below|aboard|around|over|beyond|behind|outside)"
    r"\s+(?:the\s+)?$"
)
_PLACE_WORDS: Final = frozenset(
    {
        "station",
        "city",
        "town",
        "bay",
        "bridge",
        "tower",
        "harbor",
        "harbour",
        "street",
        "forest",
        "gate",
        "ring",
    }
    | {
        "castle",
        "keep",
        "river",
        "sea",
        "island",
        "isle",
        "mountain",
        "valley",
        "inn",
        "temple",
        "hall",
        "palace",
    }
)

_GIST_CHARS: Final = 110
_THINGS: Final = 4


def without_directives(text: str) -> str:
    """``text`` without its ``[mock:…]`` marks; lines stay, other white space becomes single spaces."""
    return "\n".join(" ".join(DIRECTIVE.sub(" ", line).split()) for line in text.splitlines())


def gist_of(wish: str) -> str:
    """The first sentence of a wish, without "Write a scene in which", as a line that somebody could have
    written.
    """
    first = re.split(r"(?<=[.!?])\s", wish, maxsplit=1)[0]
    line = _ASK.sub("", first, count=1).strip(" .!?\"'“”")
    if len(line) > _GIST_CHARS:
        line = line[:_GIST_CHARS].rsplit(" ", 1)[0].rstrip(",;:")
    return line[:1].upper() + line[1:] if len(line.split()) >= 2 else ""


def things_in(wish: str, names: Sequence[str]) -> list[str]:
    """What the wish speaks of, as "the lost map"; names of people and places are not among it."""
    found: list[str] = []
    spoken = {word.casefold() for name in names for word in name.split()}
    for match in _NOUN_PHRASE.finditer(wish):
        phrase = _noun_phrase([*match.group(1).split(), *wish[match.end() :].split()[:1]])
        last = phrase[-1] if phrase else ""
        if (
            last
            and last not in _DULL
            and not _ABSTRACT.search(last)
            and last not in spoken
            and len(" ".join(phrase)) <= 40
        ):
            found.append(f"the {' '.join(phrase)}")
    return list(dict.fromkeys(found))[:_THINGS]


def proper_names(wish: str) -> list[tuple[str, bool]]:
    """Names within sentences, and whether each looks like that of a place."""
    return [
        (match.group(1), _is_place(match.group(1), wish[: match.start()]))
        for match in _CAPITALISED.finditer(wish)
    ]


def _is_place(name: str, before: str) -> bool:
    return _BEFORE_PLACE.search(before) is not None or name.split()[-1].casefold() in _PLACE_WORDS


def _noun_phrase(words: Sequence[str]) -> list[str]:
    """The noun at the start of ``words`` with its adjectives; what follows decides where it ends."""
    phrase: list[str] = []
    after = ""
    for word in words:
        bare = word.strip(_STOPS).casefold()
        if not bare or len(phrase) == 3 or bare in _DETERMINERS | _JOINING | _PREPOSITIONS:
            after = bare
            break
        phrase.append(bare)
        if word[-1] in _STOPS:
            break
    # "the wizard finds a map", "the ferryman walks into": what stands before an article is a verb.
    is_verb = after in _DETERMINERS or (
        after in _PREPOSITIONS and _VERBISH.search(phrase[-1]) if phrase else False
    )
    return phrase[:-1] if is_verb and len(phrase) > 1 else phrase
