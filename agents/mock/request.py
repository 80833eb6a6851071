"""What the mock reads out of a request: the world, the input, and what a text can be made of."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.envelope import unseal
from agents.engine.lexicon import has_no_magic, tech_level_of
from agents.engine.terms import TechLevel
from agents.llm.base import LLMRequest
from agents.mock.eras import Palette, palette_of
from agents.mock.genres import Genre, genre_of
from agents.mock.tones import Tone, tone_of
from agents.mock.wishes import DIRECTIVE, gist_of, proper_names, things_in, without_directives

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
    """Everything that a piece is made of. The same request gives the same material and the same random
    numbers.
    """

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


def world_in(request: LLMRequest) -> dict[str, Any]:
    """The world as a model puts it together: with what the request changes, and the elements chosen for it."""
    world = dict(unseal("world", request.system) or {})
    changes = unseal("changes", request.user) or {}
    rules = [*world.get("rules", ()), *changes.get("rules", ())]
    elements = unseal("elements", request.user) or world.get("elements", ())
    return {**world, **changes, "rules": rules, "elements": elements}


def read_request(request: LLMRequest) -> Material:
    world, given = world_in(request), unseal("input", request.user) or {}
    revision = unseal("revision", request.user) or {}
    note = str(revision.get("note", ""))
    asked = without_directives(str(given.get("prompt") or given.get("details") or "")).strip()
    rng = random.Random(_seed(request))  # noqa: S311 - the same request has to give the same text
    level = tech_level_of(str(world.get("tech_level", "")), str(world.get("genre", "")))
    no_magic = has_no_magic(str(world.get("magic_system", "")), world.get("rules", ()))
    wanted_tone = str(given.get("wanted", {}).get("tone", ""))
    names = [name for name, _ in proper_names(asked)]
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
        things=tuple(things_in(f"{without_directives(note)}\n{asked}", names) or _belongings(world)),
        gist=gist_of(asked),
    )


def directives_in(request: LLMRequest) -> dict[str, str]:
    """The ``[mock:…]`` directives of the input, by name; "" for one without a value.

    A revision is past them, except for those that stop the call: the text that a reviewer asked for again
    is good.
    """
    given = unseal("input", request.user) or {}
    written = " ".join(
        str(given.get(field, "")) for field in ("prompt", "details", "content", "location_name")
    )
    found = {name.lower(): value for name, value in DIRECTIVE.findall(written)}
    if unseal("revision", request.user) is not None:
        found.pop("weak", None)
        found.pop("inconsistent", None)
    return found


def _seed(request: LLMRequest) -> int:
    key = "\x00".join((request.prompt_name, request.system, request.user))
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8])


def _belongings(world: Mapping[str, Any]) -> list[str]:
    named = [e for e in world.get("elements", ()) if e.get("kind") in {"item", "technology"}]
    return [str(element["name"]) for element in named][:3]


def _cast(world: Mapping[str, Any], given: Mapping[str, Any], asked: str) -> tuple[Mapping[str, Any], ...]:
    requested = given.get("characters")
    if requested:
        return tuple(requested)
    known = {e["name"]: e for e in world.get("elements", ()) if e.get("kind") == "character"}
    spoken_of = [e for name, e in known.items() if name.casefold() in asked.casefold()]
    named = [{"name": name} for name, is_place in proper_names(asked) if not is_place and name not in known]
    unique = {person["name"]: person for person in (*spoken_of, *named)}
    return tuple(unique.values())[:4]


def _place(
    rng: random.Random,
    world: Mapping[str, Any],
    given: Mapping[str, Any],
    asked: str,
    level: TechLevel | None,
) -> str:
    if given.get("location_name"):
        return without_directives(str(given["location_name"])) or "The place"
    locations = [str(e["name"]) for e in world.get("elements", ()) if e.get("kind") == "location"]
    named = [name for name, is_place in proper_names(asked) if is_place]
    spoken_of = [name for name in locations if name.casefold() in asked.casefold()]
    return next(iter(spoken_of or named), "") or rng.choice(locations or list(_PLACES[level]))
