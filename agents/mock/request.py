"""Read a request as the mock model needs it: directives, the world, and the facts that an answer has to use."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.envelope import unseal
from agents.engine.text.matching import mentions, shortened
from agents.engine.text.names.index import is_named
from agents.engine.text.reading import Reading
from agents.engine.world import CONFIG_FIELDS, Element, Rule, WorldView
from agents.llm.base import LLMRequest

MAX_QUOTES: Final = 3
MAX_GUESSED_CHARACTERS: Final = 4
MAX_QUOTE_CHARS: Final = 160
MAX_TONE_WORDS: Final = 5
DEFAULT_WORDS: Final = (80, 600)

DIRECTIVE: Final = re.compile(r"\[mock:([a-z-]+)(?:=([0-9]{1,4}(?:\.[0-9]{1,3})?))?\]", re.IGNORECASE)
_DIRECTIVE_FIELDS: Final = ("prompt", "details", "content", "location_name")

SENTENCE_GAP: Final = re.compile(r"(?<=[.!?…])\s+")
# "Write a scene where Mira …": the request itself, which has no place in the story.
_ORDER: Final = re.compile(
    r"^(?:please\s+)?(?:write|describe|tell|create|generate|show|make|draft)\b[^.!?]{0,40}?"
    r"\b(?:about|where|in which|showing|that shows)\s+",
    re.IGNORECASE,
)
# Capitalised words inside a sentence. At its start a capital letter says nothing.
_NAME: Final = re.compile(r"(?<!^)(?<![.!?:\"“]\s)\b[A-Z][a-z][\w-]*(?:\s+[A-Z][\w-]*)*")
_BEFORE_PLACE: Final = re.compile(
    r"\b(?:in|at|near|into|through|across|aboard|outside|inside)\s+(?:the\s+)?$"
)
_BEFORE_TIME: Final = re.compile(r"\b(?:on|to|from|by|until|since|before|after)\s+(?:the\s+)?$")


@dataclass(frozen=True, slots=True)
class Brief:
    """Facts of one request that an answer is written from. Equal requests have equal briefs.

    ``quotes`` are the first sentences of the request. ``place`` and ``tone`` are "" where the request and its world
    name none.
    """

    seed: int
    input: Mapping[str, Any]
    world: WorldView
    quotes: Sequence[str]
    characters: Sequence[Mapping[str, Any]]
    place: str
    tone: str
    min_words: int
    max_words: int


def read_brief(request: LLMRequest) -> Brief:
    data, world = _input(request), read_world(request)
    text = without_directives(str(data.get("prompt") or data.get("details") or ""))
    wanted = data.get("wanted", {})
    return Brief(
        seed=int(digest(request)[:16], 16),
        input=data,
        world=world,
        quotes=quotable(_ORDER.sub("", text))[:MAX_QUOTES],
        characters=_characters(data, world, text),
        place=_place(data, world, text),
        tone=_tone(str(wanted.get("tone") or world.tone)),
        min_words=int(wanted.get("min_words", DEFAULT_WORDS[0])),
        max_words=int(wanted.get("max_words", DEFAULT_WORDS[1])),
    )


def read_world(request: LLMRequest) -> WorldView:
    """Put the world together as a model does: the shared part, the request's changes, and the chosen elements."""
    shared = unseal("world", request.system) or {}
    changes = unseal("changes", request.user) or {}
    elements = unseal("elements", request.user) or shared.get("elements", ())
    rules = [*shared.get("rules", ()), *changes.get("rules", ())]
    fields = {name: value for name, value in {**shared, **changes}.items() if name in CONFIG_FIELDS}
    return WorldView(
        **fields,
        rules=tuple(
            Rule.model_validate(rule if isinstance(rule, Mapping) else {"text": rule}) for rule in rules
        ),
        elements=tuple(Element.model_validate(element) for element in elements),
    )


def read_content(request: LLMRequest) -> str:
    """Return the text to check, its directives blanked, so that positions in it stay the same."""
    content = str(_input(request).get("content", ""))
    return DIRECTIVE.sub(lambda match: " " * len(match.group()), content)


def read_directives(request: LLMRequest) -> dict[str, str]:
    """Return the ``[mock:…]`` directives of the input by name, with "" for one without a value.

    A revision ignores ``weak`` and ``inconsistent``, so that the second draft is a good one.
    """
    data = _input(request)
    text = " ".join(str(data.get(name, "")) for name in _DIRECTIVE_FIELDS)
    directives = {name.lower(): value for name, value in DIRECTIVE.findall(text)}
    if unseal("revision", request.user) is not None:
        directives.pop("weak", None)
        directives.pop("inconsistent", None)
    return directives


def digest(request: LLMRequest, *extra: object) -> str:
    parts = [request.prompt_name, request.system, request.user, *map(str, extra)]
    if request.variant:
        parts.append(request.variant)
    key = "\x00".join(parts)
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def without_directives(text: str) -> str:
    return " ".join(DIRECTIVE.sub(" ", text).split())


def quotable(text: str) -> list[str]:
    """Return the sentences of ``text``, each short, capitalised and with an end mark."""
    sentences = (shortened(part, MAX_QUOTE_CHARS) for part in SENTENCE_GAP.split(text.strip()) if part)
    return [capitalised(part if part[-1] in ".!?…" else f"{part}.") for part in sentences]


def capitalised(sentence: str) -> str:
    """Return ``sentence`` with its first letter in upper case, whatever marks stand before it."""
    return re.sub(r"[^\W\d_]", lambda match: match.group().upper(), sentence, count=1)


def _input(request: LLMRequest) -> dict[str, Any]:
    return unseal("input", request.user) or {}


def _characters(data: Mapping[str, Any], world: WorldView, text: str) -> Sequence[Mapping[str, Any]]:
    """Return the requested characters; without any, those whom the request's text names."""
    if data.get("characters"):
        return list(data["characters"])
    known = [element for element in world.elements if element.kind == "character"]
    reading = Reading(text)
    named = [{"name": e.name, "description": e.summary} for e in known if is_named(e.name, reading)]
    if not named and "location_name" not in data:
        names = [
            match.group()
            for match in _NAME.finditer(text)
            if not _BEFORE_PLACE.search(text[: match.start()])
            and not _BEFORE_TIME.search(text[: match.start()])
        ]
        named = [{"name": name, "description": ""} for name in dict.fromkeys(names)]
    return named[:MAX_GUESSED_CHARACTERS]


def _place(data: Mapping[str, Any], world: WorldView, text: str) -> str:
    """Return the requested place; without one, the first that the request's text names."""
    if "location_name" in data:
        return without_directives(str(data["location_name"])) or "The place"
    known = [e.name for e in world.elements if e.kind == "location" and mentions(e.name, text)]
    named = [match.group() for match in _NAME.finditer(text) if _BEFORE_PLACE.search(text[: match.start()])]
    return next(iter((*known, *named)), "")


def _tone(text: str) -> str:
    """Return the first phrase of a tone; longer descriptions do not fit into a sentence."""
    phrase = re.split(r"[.,;:\n]", text, maxsplit=1)[0].strip()
    return phrase if len(phrase.split()) <= MAX_TONE_WORDS else ""
