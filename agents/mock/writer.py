"""Write scenes, video prompts and places from the facts of a request and the sentences in ``sentences.toml``."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import cycle, islice
from typing import Any, Final

from agents.engine.checks import check
from agents.engine.text.matching import count_words, distinctive_parts
from agents.mock.request import Brief, quotable
from agents.mock.sentences import SENTENCES, Draft, Phrasing

# Rarely more than one: a check finds only the first sentence that breaks a rule.
MAX_REWRITES: Final = 12
MAX_TITLE_WORDS: Final = 8
MAX_DESCRIBED_CHARACTERS: Final = 3
MAX_SINGLE_SHOTS: Final = 3
MAX_SENTENCES: Final = 400
MIN_LANDMARKS: Final = 3
PARAGRAPH_SENTENCES: Final = 6

# Sections that grow until a scene is long enough; the others hold the characters and the last sentence.
_GROWING: Final = ("talk", "trouble", "turn", "opening")


def write(prompt_name: str, brief: Brief, directives: Collection[str]) -> dict[str, Any]:
    """Return the answer to a prompt of ``WRITERS``. Sentences that contradict its world are replaced."""
    if "weak" in directives:
        return dict(SENTENCES["weak"][prompt_name])
    banned: set[str] = set()
    for _ in range(MAX_REWRITES):
        phrasing = _phrasing(brief, banned)
        slips = [phrasing.fill(slip) for slip in SENTENCES["slips"][prompt_name]]
        slip = next((slip for slip in slips if check(slip, brief.world)), slips[0])
        answer = WRITERS[prompt_name](brief, phrasing, slip if "inconsistent" in directives else "")
        contradicting = phrasing.contradicting(brief.world)
        if not contradicting:
            break
        banned |= contradicting
    return answer


def write_narrative(brief: Brief, phrasing: Phrasing, slip: str) -> dict[str, Any]:
    lines, draft = SENTENCES["narrative"], Draft(brief.min_words, brief.max_words)
    title = phrasing.first(lines["title"])
    # Characters first: even a very short text has to name everyone.
    people = _people(brief, phrasing, lines)
    is_too_long = sum(map(count_words, people)) > brief.max_words // 2
    draft.add("people", *([phrasing.fill(lines["everyone"][0])] if is_too_long else people))
    draft.add("trouble", slip)
    draft.add("closing", phrasing.pick(lines["closing"], draft.fits))
    for (section, templates), quote in zip(lines["request"].items(), brief.quotes, strict=False):
        draft.add(section, phrasing.pick(templates, draft.fits, quote=quote))
    for section, fact, text, name in _world_facts(brief, phrasing):
        for quote in quotable(text)[:1]:
            draft.add(section, phrasing.pick(lines["world"][fact], draft.fits, quote=quote, c=name))
    target = brief.min_words + (brief.max_words - brief.min_words) // 10
    for section in islice(cycle(_GROWING), MAX_SENTENCES):
        if draft.words >= target:
            break
        sentence = phrasing.pick(lines[section], draft.fits)
        draft.add(section, sentence or phrasing.pick(lines["short"], draft.fits))
    sections = ("opening", "people", "talk", "trouble", "turn", "closing")
    return {"title": title, "content": draft.text(sections, PARAGRAPH_SENTENCES)}


def write_video_prompt(brief: Brief, phrasing: Phrasing, slip: str) -> dict[str, Any]:
    lines, draft = SENTENCES["video_prompt"], Draft(brief.min_words, brief.max_words)
    title = phrasing.first(lines["title"])
    people = _people(brief, phrasing, lines)
    if len(people) > MAX_SINGLE_SHOTS:
        people = [phrasing.fill(lines["everyone"][0])]
    details = [phrasing.pick(lines["detail"]), slip or phrasing.pick(lines["detail"])]
    frames = [
        ("wide", phrasing.pick(lines["wide"])),
        *(("person", sentence) for sentence in people),
        *(("detail", sentence) for sentence in details),
        ("end", phrasing.pick(lines["end"])),
    ]
    frames = [(kind, sentence) for kind, sentence in frames if sentence]
    draft.add("frames", *(sentence for _, sentence in frames))
    for quote in brief.quotes[:1]:
        draft.add("request", phrasing.pick(lines["request"], draft.fits, quote=quote))
    while draft.words < brief.min_words and (more := phrasing.pick(lines["detail"], draft.fits)):
        draft.add("frames", more)
    cameras, rng = lines["camera"], phrasing.rng
    return {
        "title": title,
        "content": draft.text(("frames", "request"), MAX_SENTENCES),
        "shots": [
            {"description": sentence, "camera": rng.choice(cameras[kind]), "duration_s": rng.randint(3, 7)}
            for kind, sentence in frames
        ],
        "camera": phrasing.pick(lines["work"]),
        "mood": phrasing.first(lines["mood"]),
    }


def write_place(brief: Brief, phrasing: Phrasing, slip: str) -> dict[str, Any]:
    lines, draft = SENTENCES["spatial"], Draft(brief.min_words, brief.max_words)
    kind = lines[lines["kinds"].get(str(brief.input.get("type", "")).casefold(), "other")]
    names = [str(name) for name in brief.input.get("landmarks", ())]
    landmarks = {name: phrasing.pick(lines["landmark"]) or lines["landmark"][0] for name in names}
    for name, description in kind["landmarks"][: max(0, MIN_LANDMARKS - len(names))]:
        if text := phrasing.pick([description]):
            landmarks.setdefault(name, text)

    known = quotable(str(brief.input.get("known", {}).get("summary", "")))
    draft.add("afar", phrasing.pick(lines["approach"]))
    draft.add("afar", *(phrasing.pick(lines["known"], quote=quote) for quote in known[:1]))
    draft.add("afar", *(phrasing.pick(lines["request"], quote=quote) for quote in brief.quotes[:2]))
    draft.add("middle", *(phrasing.pick(kind[part]) for part in ("near", "within")), slip)
    draft.add("middle", *(phrasing.pick(lines["passing"], mark=name) for name in islice(landmarks, 2)))
    draft.add("habits", *(phrasing.pick(part) for part in (kind["within"], kind["near"], lines["habit"])))
    air = [phrasing.pick(lines[part]) for part in ("air", "air", "tone")]
    return {
        "description": draft.text(("afar", "middle", "habits"), MAX_SENTENCES),
        "landmarks": [{"name": name, "description": text} for name, text in landmarks.items()],
        "atmosphere": " ".join(filter(None, air)),
        "map_layout": _layout(phrasing, list(landmarks)),
    }


def _phrasing(brief: Brief, banned: Collection[str]) -> Phrasing:
    rng = random.Random(brief.seed)  # noqa: S311 - equal requests have to give equal answers
    names = [str(person["name"]) for person in brief.characters]
    # Full names introduce people; afterwards a part of the name is enough.
    people = [next(iter(distinctive_parts(name)), name) for name in names] or [
        rng.choice(SENTENCES["nobody"])
    ]
    subject = brief.quotes[0].rstrip(".!?…").split() if brief.quotes else []
    slots = {
        "a": people[0],
        "b": "".join(people[1:2]),
        "everyone": " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:]))) or people[0],
        "place": brief.place,
        "tone": brief.tone,
        "subject": " ".join(subject[:MAX_TITLE_WORDS]),
    }
    return Phrasing(rng, slots, people, banned)


def _people(brief: Brief, phrasing: Phrasing, lines: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each character, by full name; for the unnamed one if there is none."""
    names = [str(person["name"]) for person in brief.characters] or [phrasing.slots["a"]]
    person: Sequence[str] = lines["person"]
    return [phrasing.pick(person, c=name) or phrasing.fill(person[0], c=name) for name in names]


def _world_facts(brief: Brief, phrasing: Phrasing) -> Iterator[tuple[str, str, str, str]]:
    """Yield the facts of the world that a scene quotes: section, kind, text, and the character concerned."""
    world = brief.world
    location = world.find("location", brief.place)
    for person in brief.characters[:MAX_DESCRIBED_CHARACTERS]:
        yield "people", "character", str(person.get("description", "")), str(person["name"])
    if world.rules:
        yield "trouble", "rule", phrasing.rng.choice(world.rules).text, ""
    yield "opening", "magic", world.magic_system, ""
    yield "opening", "place", location.summary if location else "", ""


def _layout(phrasing: Phrasing, landmarks: Sequence[str]) -> str:
    """Place each landmark: in turn around the middle, farther and farther away."""
    lines = SENTENCES["spatial"]["layout"]
    directions, distances = lines["directions"], lines["distances"]
    start = phrasing.rng.randrange(len(directions))
    sentences = [phrasing.fill(lines["first"])]
    for number, name in enumerate(landmarks):
        slots = {
            "mark": name,
            "distance": distances[min(number // 2, len(distances) - 1)],
            "direction": directions[(start + number) % len(directions)],
        }
        sentences.append(phrasing.fill(lines["landmark"], **slots))
    return " ".join((*sentences, phrasing.fill(lines["last"], direction=directions[start])))


WRITERS: Final[Mapping[str, Callable[[Brief, Phrasing, str], dict[str, Any]]]] = {
    "narrative": write_narrative,
    "video_prompt": write_video_prompt,
    "spatial": write_place,
}
