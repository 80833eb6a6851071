"""Cases with known answers: clean passages, passages with one planted contradiction, and decoys.

A case is made from a typed fact and a passage, so its label follows from its construction. The hash of a case's family
decides whether it is held out of tuning; a family is a sentence, in every world and passage that uses it, or a passage.
No sentence and no swap is therefore on both sides. The held-out third is frozen in a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeVar

from evals.held_out import is_held_out, read_frozen, stable_hash
from evals.material import HERE, Fact, Passage, Saying, Setting, settings

T = TypeVar("T")
Kind = Literal["planted", "clean", "decoy"]

HELD_OUT_FILE: Final = HERE / "held_out.jsonl"
# A world has many facts about people but one technology: use more sentences for facts of the rare types.
_SAYINGS_PER_FACT: Final = {"tech": 4, "magic": 3, "physics": 2, "tone": 4}
_SWAP: Final = re.compile(r"\[\[(?P<holds>.*?)\|(?P<breaks>.*?)@(?P<fact>\w+)\]\]", re.DOTALL)
_GAP: Final = re.compile(r" ?\{\*\}")


@dataclass(frozen=True, slots=True)
class Case:
    """A text to check against a world.

    ``start`` and ``end`` are the span that contradicts the rule or fact ``cites``; both are 0 without a contradiction.
    ``decoy`` is the kind of a decoy.
    """

    id: str
    family: str
    world: str
    type: str
    kind: Kind
    cites: str
    decoy: str
    text: str
    start: int
    end: int

    @property
    def is_planted(self) -> bool:
        return self.kind == "planted"

    @property
    def is_held_out(self) -> bool:
        return is_held_out(self.family)


@cache
def all_cases() -> tuple[Case, ...]:
    """Build all cases from the worlds."""
    return tuple(case for setting in settings().values() for case in _cases(setting))


def tuning_cases() -> tuple[Case, ...]:
    """Return the cases that the checks may be tuned on."""
    return tuple(case for case in all_cases() if not case.is_held_out)


@cache
def held_out_cases() -> tuple[Case, ...]:
    """Read the frozen cases from their file."""
    return tuple(Case(**record) for record in read_frozen(HELD_OUT_FILE))


def _cases(setting: Setting) -> Iterable[Case]:
    for passage in setting.passages:
        family = f"{setting.name}/{passage.id}"
        yield Case(
            f"{family}/clean", family, setting.name, "", "clean", "", "", _without_marks(passage.text), 0, 0
        )
        for number, swap in enumerate(_SWAP.finditer(passage.text)):
            fact = setting.facts[swap["fact"]]
            yield _swapped(setting, passage, fact, swap, f"{family}/swap-{number}-{fact.id}")
    for fact in setting.facts.values():
        key = f"{setting.name}/{fact.id}"
        for saying in _pick_several(fact.says, f"{key}/says", _SAYINGS_PER_FACT.get(fact.type, 1)):
            yield _inserted(setting, fact, saying, "planted", saying.breaks, fact.breaks)
            yield _inserted(setting, fact, saying, "clean", saying.holds, fact.holds)
        for saying in _pick_several(fact.decoys, f"{key}/decoys", _SAYINGS_PER_FACT.get(fact.type, 1)):
            yield _inserted(setting, fact, saying, "decoy", saying.breaks, fact.breaks)


def _swapped(setting: Setting, passage: Passage, fact: Fact, swap: re.Match[str], case_id: str) -> Case:
    before = _without_marks(passage.text[: swap.start()])
    planted, after = swap["breaks"], _without_marks(passage.text[swap.end() :])
    return Case(
        id=case_id,
        family=f"{setting.name}/{passage.id}",
        world=setting.name,
        type=fact.type,
        kind="planted",
        cites=fact.cites,
        decoy="",
        text=before + planted + after,
        start=len(before),
        end=len(before + planted),
    )


def _inserted(
    setting: Setting, fact: Fact, saying: Saying, kind: Kind, text: str, words: tuple[str, ...]
) -> Case:
    key = f"{setting.name}/{fact.id}/{saying.id}"
    passage = _pick(setting.passages, f"{key}/passage")
    sentence = text.format_map({**fact.gaps, "v": _pick(words, f"{key}/words") if words else ""})
    sentence = sentence[:1].upper() + sentence[1:]
    gap = _pick(tuple(_GAP.finditer(passage.text)), f"{key}/gap")
    before = f"{_without_marks(passage.text[: gap.start()])} "
    is_planted = kind == "planted"
    return Case(
        id=f"{key}/{kind}",
        family=saying.id,
        world=setting.name,
        type=fact.type,
        kind=kind,
        cites=fact.cites,
        decoy=saying.kind if kind == "decoy" else "",
        text=f"{before}{sentence}{_without_marks(passage.text[gap.end() :])}",
        start=len(before) if is_planted else 0,
        end=len(before) + len(sentence) if is_planted else 0,
    )


def _without_marks(text: str) -> str:
    return _GAP.sub("", _SWAP.sub(lambda swap: swap["holds"], text))


def _pick(choices: tuple[T, ...], key: str) -> T:
    return choices[stable_hash(key) % len(choices)]


def _pick_several(choices: tuple[Saying, ...], key: str, count: int) -> list[Saying]:
    return sorted(choices, key=lambda saying: stable_hash(f"{key}/{saying.id}"))[:count]
