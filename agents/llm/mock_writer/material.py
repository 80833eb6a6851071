"""What the mock reads out of a request: the world, the input, and what a text can be made of."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.envelope import unseal
from agents.engine.lexicon import has_no_magic, tech_level_of
from agents.engine.terms import TechLevel
from agents.llm.base import LLMRequest
from agents.llm.mock_writer.eras import Palette, palette_of
from agents.llm.mock_writer.genres import Genre, genre_of
from agents.llm.mock_writer.tones import Tone, tone_of

DIRECTIVE: Final = re.compile(r"\[mock:([a-z-]+)(?:=([0-9]{1,4}(?:\.[0-9]{1,3})?))?\]", re.IGNORECASE)

_ASK: Final = re.compile(
    r"^\s*(?:please\s+)?(?:write|describe|tell|create|generate|give|show|make|draft|compose)\b(?:\s+(?:me|us))?"
    r"(?:\s+(?:a|an|the|one|some|short|brief|long|new|vivid|cinematic))*"
    r"(?:\s+(?:scene|story|narrative|text|chapter|moment|passage|video prompt|video|prompt|shot|piece))*"
    r"\s*(?:,|:|-)?\s*(?:about|where|in which|of|when|with|showing|that shows|in whom|for)?\s*",
    re.IGNORECASE,
)
_NOUN_PHRASE: Final = re.compile(
    r"\b(?:the|a|an|his|her|their|its)\s+((?:[a-z][a-z'-]*\s+){0,3}[a-z][a-z'-]*)"
)
_PHRASE_ENDS: Final = frozenset(
    {"in", "on", "at", "to", "of", "from", "into", "onto", "by", "for", "with", "near", "under", "over", "after"}
    | {"before", "through", "and", "or", "but", "that", "who", "which", "where", "when", "while", "as", "is", "was"}
    | {"are", "were", "has", "had", "have", "will", "would", "can", "could", "must", "than", "about", "between"}
    | {"behind", "beside", "beneath", "inside", "outside", "against", "without", "during", "until", "not", "only"}
)
_DETERMINERS: Final = frozenset({"the", "a", "an", "his", "her", "their", "its", "this", "that", "him", "them", "it"})
_VERBISH: Final = re.compile(r"(?:s|ed|ing)$")
_DULL: Final = frozenset({"scene", "story", "place", "person", "way", "day", "night", "world", "moment", "end", "time"})
_CAPITALISED: Final = re.compile(r"(?<![.!?:\"“]\s)(?<!^)\b([A-Z][a-z'’]+(?:\s+[A-Z][a-z'’]+)*)")
_BEFORE_PLACE: Final = re.compile(r"\b(?:in|at|to|from|of|near|into|through|across|above|below)\s+(?:the\s+)?$")

_PLACES: Final[Mapping[TechLevel | None, tuple[str, ...]]] = {
    TechLevel.STONE_AGE: ("Heron Ford", "the Grey Shelter", "Long Stone"),
    TechLevel.ANCIENT: ("Ossa", "the port of Kalyr", "Tel Amun"),
    TechLevel.MEDIEVAL: ("Harrowgate", "Saltmarch", "Wender Bridge", "Thornwick"),
    TechLevel.RENAISSANCE: ("Valdora", "Porto Sereno", "Castel Lume"),
    TechLevel.INDUSTRIAL: ("Cinderby", "Ironmouth", "Low Mercer"),
    TechLevel.MODERN: ("Eastlake", "Pier Nine", "Marlow Street"),
    TechLevel.NEAR_FUTURE: ("Lower Meridian", "New Antwerp", "Block Seven"),
    TechLevel.FAR_FUTURE: ("Kestrel Station", "Halcyon Ring", "Tau Anchorage"),
    None: ("Harrowgate", "Eastwater", "Low Mercer", "Larkhaven"),
}


@dataclass(frozen=True)
class Material:
    """Everything that a piece is made of. The same request gives the same material and the same random numbers."""

    rng: random.Random
    world: Mapping[str, Any]
    given: Mapping[str, Any]
    note: str
    level: TechLevel | None
    is_without_magic: bool
    palette: Palette
    tone: Tone
    genre: Genre
    place: str
    cast: tuple[Mapping[str, Any], ...]
    things: tuple[str, ...]
    gist: str

    @property
    def rules(self) -> Sequence[str]:
        return [str(rule) for rule in self.world.get("rules", ())]


def read_request(request: LLMRequest) -> Material:
    world, given = unseal("world", request.system) or {}, unseal("input", request.user) or {}
    revision = unseal("revision", request.user) or {}
    note = str(revision.get("note", ""))
    asked = without_directives(str(given.get("prompt") or given.get("details") or ""))
    rng = random.Random(_seed(request))
    level = tech_level_of(str(world.get("tech_level", "")), str(world.get("genre", "")))
    no_magic = has_no_magic(str(world.get("magic_system", "")), world.get("rules", ()))
    wanted_tone = str(given.get("wanted", {}).get("tone", ""))
    names = [name for name, _ in _proper_names(asked)]
    return Material(
        rng=rng,
        world=world,
        given=given,
        note=note,
        level=level,
        is_without_magic=no_magic,
        palette=palette_of(level),
        tone=tone_of(wanted_tone, str(world.get("tone", "")), str(world.get("genre", ""))),
        genre=genre_of(str(world.get("genre", "")), level=level, is_without_magic=no_magic),
        place=_place(rng, world, given, asked, level),
        cast=_cast(world, given, asked),
        things=tuple(_things(f"{without_directives(note)}\n{asked}", names) or _belongings(world)),
        gist=_gist(asked),
    )


def directives_in(request: LLMRequest) -> dict[str, str]:
    """The ``[mock:…]`` directives of the input, by name; "" for one without a value.

    A revision is past them, except for those that stop the call: the text that a reviewer asked for again is good.
    """
    given = unseal("input", request.user) or {}
    written = " ".join(str(given.get(field, "")) for field in ("prompt", "details", "content", "location_name"))
    found = {name.lower(): value for name, value in DIRECTIVE.findall(written)}
    if unseal("revision", request.user) is not None:
        found.pop("weak", None)
        found.pop("inconsistent", None)
    return found


def without_directives(text: str) -> str:
    return " ".join(DIRECTIVE.sub(" ", text).split())


def _seed(request: LLMRequest) -> int:
    key = "\x00".join((request.prompt_name, request.system, request.user))
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8])


def _gist(asked: str) -> str:
    """The first sentence of what was asked, as a line that somebody could have written down."""
    first = re.split(r"(?<=[.!?])\s", asked, maxsplit=1)[0]
    line = _ASK.sub("", first, count=1).strip(" .!?\"'“”")
    if len(line) > 110:
        line = line[:110].rsplit(" ", 1)[0].rstrip(",;:")
    return line[:1].upper() + line[1:] if len(line.split()) >= 2 else ""


def _things(text: str, names: Sequence[str]) -> list[str]:
    """Nouns that the text speaks of, as "the lost map". Better few than wrong."""
    found: list[str] = []
    spoken = {word.casefold() for name in names for word in name.split()}
    for match in _NOUN_PHRASE.finditer(text):
        words, after = [], ""
        for word in [*match.group(1).split(), *text[match.end() :].split()[:1]]:
            after = word.strip(".,;:!?").casefold()
            if after in _PHRASE_ENDS or after in _DETERMINERS or len(words) == 3:
                break
            words.append(word.strip(".,;:!?"))
            after = ""
        # "the wizard finds a map", "the ferryman walks into": what stands before an article is a verb.
        if len(words) > 1 and (after in _DETERMINERS or (after and _VERBISH.search(words[-1]))):
            words.pop()
        phrase = " ".join(words)
        if words and words[-1] not in _DULL and words[-1].casefold() not in spoken and len(phrase) <= 40:
            found.append(f"the {phrase}")
    return list(dict.fromkeys(found))[:4]


def _belongings(world: Mapping[str, Any]) -> list[str]:
    named = [e for e in world.get("elements", ()) if e.get("kind") in {"item", "technology"}]
    return [str(element["name"]) for element in named][:3]


def _proper_names(asked: str) -> list[tuple[str, bool]]:
    """Names in the text and whether each is that of a place."""
    return [
        (match.group(1), _BEFORE_PLACE.search(asked[: match.start()]) is not None)
        for match in _CAPITALISED.finditer(asked)
    ]


def _cast(world: Mapping[str, Any], given: Mapping[str, Any], asked: str) -> tuple[Mapping[str, Any], ...]:
    requested = given.get("characters")
    if requested:
        return tuple(requested)
    known = {e["name"]: e for e in world.get("elements", ()) if e.get("kind") == "character"}
    spoken_of = [e for name, e in known.items() if name.casefold() in asked.casefold()]
    named = [{"name": name} for name, is_place in _proper_names(asked) if not is_place and name not in known]
    unique = {person["name"]: person for person in (*spoken_of, *named)}
    return tuple(unique.values())[:4]


def _place(
    rng: random.Random, world: Mapping[str, Any], given: Mapping[str, Any], asked: str, level: TechLevel | None
) -> str:
    if given.get("location_name"):
        return without_directives(str(given["location_name"])) or "The place"
    locations = [str(e["name"]) for e in world.get("elements", ()) if e.get("kind") == "location"]
    named = [name for name, is_place in _proper_names(asked) if is_place]
    spoken_of = [name for name in locations if name.casefold() in asked.casefold()]
    return next(iter(spoken_of or named), "") or rng.choice(locations or list(_PLACES[level]))
