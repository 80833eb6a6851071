"""Scenes by the mock: composed from sentences for the tone, the genre, the age and the people asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agents.engine.lexicon import forbidden_terms
from agents.engine.terms import TechLevel
from agents.engine.text import count_words
from agents.mock import beats
from agents.mock.request import Material
from agents.mock.weave import Draft, Weaver, listed

_OPENING, _ENTRANCE, _STAKES, _ARRIVAL, _TALK, _REPLY, _TROUBLE, _OTHERS, _TALK_2, _REPLY_2, _TURN, _END = (
    range(12)
)

# What an anachronism looks like in a sentence. The last word of a term decides whether it reads well.
_SLIPS = (
    "{a} reached under the {cloth}, pulled out a {term} and frowned at it.",
    "Next to the {paper}, where anybody could have seen it, lay the {term}.",
)
_SLIP_TERMS = (
    "smartphone",
    "laptop",
    "revolver",
    "helicopter",
    "pistol",
    "telescope",
    "hologram",
    "starship",
)


def write_narrative(material: Material, *, is_weak: bool, is_inconsistent: bool) -> dict[str, Any]:
    weaver = Weaver(material.rng, material.palette, {"place": material.place})
    if is_weak:
        return {"title": "A Quiet Day", "content": _weak(weaver)}
    slips = _slips(material, weaver) if is_inconsistent else []
    return {"title": _title(material), "content": _scene(material, weaver, slips)}


def _scene(material: Material, weaver: Weaver, slips: Sequence[str]) -> str:
    wanted = material.given.get("wanted", {})
    least, most = int(wanted.get("min_words", 300)), int(wanted.get("max_words", 1000))
    target = min(
        max(material.rng.randint(400, 560), least + max(3, least // 12)), max(least, most - most // 10)
    )
    names = [str(person["name"]) for person in material.cast]
    role, *trades = weaver.shuffled(material.palette["trade"])
    lead = names[0] if names else f"the {role}"
    weaver.palette = {**material.palette, "trade": tuple(trades)}
    second = names[1] if len(names) > 1 else ""
    thing = material.things[0] if material.things else ""
    weaver.fixed = {**weaver.fixed, "a": lead, "b": second, "thing": thing}

    draft = Draft(most)
    # Who has to be there comes before anything else, so that even a very short text names everyone.
    draft.add(_ENTRANCE, weaver.some(beats.ENTRANCES, 1))
    if second:
        draft.add(_ARRIVAL, weaver.some(beats.ARRIVALS, 1))
    draft.add(_OTHERS, _others(weaver, names[2:], room=least * 2 // 3))
    draft.add(_OPENING, weaver.some(material.tone.openings, 1))
    draft.add(_END, weaver.some(material.tone.endings, 1))
    draft.add(_TROUBLE, slips)
    for block, sentences in _plot(material, weaver):
        if draft.words >= target:
            break
        draft.add(block, sentences)
    for block, sentence in _filling(material, weaver):
        if draft.words >= target:
            break
        draft.add(block, [sentence])
    return draft.text()


def _plot(material: Material, weaver: Weaver) -> Iterable[tuple[int, list[str]]]:
    """What happens, in order of how much would be missing without it."""
    has_second, thing = bool(weaver.fixed["b"]), weaver.fixed["thing"]
    troubles = [t for t in material.genre.troubles if thing or "{thing}" not in t]
    turns = [t for t in material.genre.turns if thing or "{thing}" not in t]
    yield _STAKES, weaver.some(beats.STAKES if thing else beats.STAKES_WITHOUT_THING, 1)
    yield _TURN, weaver.some(turns, 1)
    yield _TROUBLE, weaver.some(troubles, 2)
    if has_second:
        first, then = weaver.rng.sample(beats.TALK, 2)
        yield _TALK, [weaver.say(first[0])]
        yield _REPLY, [weaver.say(first[1])]
    else:
        then = None
        yield _TALK, weaver.some(beats.MONOLOGUE, 1)
    yield _STAKES, _record(material, weaver)
    yield _ENTRANCE, _appositions(material, weaver)
    yield _TURN, weaver.some(beats.AFTERMATH, 1)
    yield _STAKES, _customs(material, weaver)
    yield _OPENING, weaver.some(beats.TEXTURE, 2)
    if then:
        yield _TALK_2, [weaver.say(then[0])]
        yield _REPLY_2, [weaver.say(then[1])]
    yield _TROUBLE, weaver.some(troubles, 2)
    yield _TURN, weaver.some(material.tone.pauses, 1)


def _filling(material: Material, weaver: Weaver) -> Iterable[tuple[int, str]]:
    """More of the place and its people, for as long as somebody asks. Only a very long text comes round
    again, with other nouns.
    """
    blocks = (_OPENING, _ARRIVAL, _TROUBLE, _ENTRANCE, _STAKES, _TURN)
    is_aboard = material.level is TechLevel.FAR_FUTURE
    local = beats.TEXTURE_ABOARD if is_aboard else beats.TEXTURE_OUTDOORS
    sentences = [*beats.TEXTURE, *local, *material.tone.pauses, *beats.MANNERS, *beats.AFTERMATH]
    for again in range(24):
        pool = weaver.shuffled(sentences if again else weaver.unused(sentences))
        # On later rounds what was said of the lead is said of others, or it would be said twice.
        others = {"a": f"the {weaver.rng.choice(weaver.palette['trade'])}"} if again else {}
        for number, template in enumerate(pool):
            block = _TURN if template in beats.AFTERMATH else blocks[number % len(blocks)]
            yield block, weaver.say(template, **others)


def _others(weaver: Weaver, names: Sequence[str], *, room: int) -> list[str]:
    if len(names) > len(beats.OTHERS) or len(names) * 14 > room:
        return [weaver.say(beats.CROWD, c=listed(names))] if names else []
    return [
        weaver.say(template, c=name)
        for template, name in zip(weaver.shuffled(beats.OTHERS), names, strict=False)
    ]


def _record(material: Material, weaver: Weaver) -> list[str]:
    if not material.gist:
        return []
    return [f"{weaver.say(material.genre.record)}: “{material.gist}.”"]


def _appositions(material: Material, weaver: Weaver) -> list[str]:
    """What is known of the people, where it can be said in passing."""
    said = []
    for person in material.cast[:3]:
        about = str(person.get("description") or person.get("summary") or "").split(".")[0].strip()
        traits = person.get("traits")
        if about and count_words(about) <= 18:
            said.append(
                weaver.say(
                    "People in {place} had one sentence for {c}: “{about}.”", c=person["name"], about=about
                )
            )
        elif traits:
            said.append(
                weaver.say(
                    "“{trait},” they said of {c}, and meant it well.", c=person["name"], trait=_trait(traits)
                )
            )
    return said


def _customs(material: Material, weaver: Weaver) -> list[str]:
    said = []
    if material.rules:
        rule = weaver.rng.choice(material.rules).strip().rstrip(".")
        if count_words(rule) <= 20:
            said.append(
                weaver.say("There was one law that every child in {place} could recite: “{rule}.”", rule=rule)
            )
    craft = str(material.world.get("magic_system", "")).split(".")[0].strip()
    if craft and not material.is_without_magic and count_words(craft) <= 12:
        said.append(weaver.say("As for the craft, the old words still held: “{craft}.”", craft=craft))
    return said


def _trait(traits: Any) -> str:
    if isinstance(traits, Mapping):
        key, value = next(iter(traits.items()))
        return f"{key}: {value}"
    return str(traits[0])


def _title(material: Material) -> str:
    if material.things:
        words = material.things[0].split()
        return " ".join(["The", *[word.capitalize() for word in words[1:]]])[:80]
    kind = material.rng.choice(
        ("An Hour in {}", "What {} Kept", "Before the Bell in {}", "The Long Way to {}")
    )
    return kind.format(material.place)[:120]


def _weak(weaver: Weaver) -> str:
    return " ".join(
        [
            "Something happened, and then it was over.",
            weaver.say("The {street} was quiet."),
            "Later there would be more to say about it.",
        ]
    )


def _slips(material: Material, weaver: Weaver) -> list[str]:
    """Two sentences with a thing that this world rules out, if it rules anything out."""
    if material.level is not None and material.level < TechLevel.FAR_FUTURE:
        unknown = forbidden_terms(material.level)
        term = next(term for term in (*_SLIP_TERMS, *unknown) if term in unknown)
    elif material.is_without_magic:
        term = "magic wand"
    else:
        term = "smartphone"
    names = [str(person["name"]) for person in material.cast] or ["the watchman"]
    return [weaver.say(slip, a=names[0], term=term) for slip in _SLIPS]
