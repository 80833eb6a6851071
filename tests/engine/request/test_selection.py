"""Selection of elements from a large world."""

from __future__ import annotations

import random

import pytest

from agents.engine.request.selection import choose
from agents.engine.world import Element

PEOPLE = [
    Element(kind="character", name="Mira Vance", summary="A smuggler, sister of Tobin Reed.", traits={"ship": "Heron"}),
    Element(kind="character", name="Tobin Reed", summary="Keeps the lighthouse."),
    Element(kind="character", name="Aldous Finch", summary="Hunts Mira Vance for the Guild."),
    Element(kind="character", name="Rose Hallow", summary="Sells rope."),
    Element(kind="item", name="The Heron", summary="A sloop with patched sails."),
    Element(kind="location", name="Glasshaven", summary="Where furnaces burn all night and glass is blown."),
    Element(kind="location", name="Ossa", summary="A ruin."),
    Element(kind="location", name="雪城", summary="北方的城市。"),
    Element(kind="item", name="Salt", summary="Currency in marshland."),
]  # fmt: skip


def chosen(*texts: str, names: tuple[str, ...] = (), budget: int = 10_000) -> list[tuple[str, str]]:
    shown = [element.as_prompt_data() for element in PEOPLE]
    return [(PEOPLE[pick.index].name, pick.why) for pick in choose(PEOPLE, shown, names, texts, budget)]


def test_order_is_named_then_linked_then_near() -> None:
    assert chosen("Furnaces were burning. Mira Vance slept through the night.") == [
        ("Mira Vance", "named"),
        # One link each. Aldous shares her name with the job's text; the others follow in the world's order.
        ("Aldous Finch", "linked"),
        ("Tobin Reed", "linked"),
        ("The Heron", "linked"),
        ("Glasshaven", "near"),
    ]


def test_relations_link_elements_as_their_texts_do() -> None:
    rope = Element(kind="character", name="Rose Hallow", traits={"relations": ["member of Salt Guild"]})
    guild = Element(kind="faction", name="Salt Guild")
    elements = [rope, guild, Element(kind="location", name="Ossa")]

    picks = choose(elements, [each.as_prompt_data() for each in elements], (), ["Rose Hallow waits."], 1000)

    assert [(elements[pick.index].name, pick.why) for pick in picks] == [
        ("Rose Hallow", "named"),
        ("Salt Guild", "linked"),
    ]


def test_requested_names_come_before_names_in_texts() -> None:
    assert chosen("A letter from Ossa.", names=("Rose Hallow",))[:2] == [
        ("Rose Hallow", "named"),
        ("Ossa", "named"),
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("mira vance!", ["Mira Vance"]),
        ("Vance's last run", ["Mira Vance"]),
        ("a rose in the hallow", []),
        ("The heron lay at anchor", ["The Heron"]),
        ("Glasshavener pride", []),
        ("他走进雪城。", ["雪城"]),
        ("Old SALT", ["Salt"]),
    ],
)
def test_names_match_whole_words_and_people_by_capitalised_part(text: str, named: list[str]) -> None:
    assert [name for name, why in chosen(text) if why == "named"] == named


def test_name_part_shared_by_many_identifies_nobody() -> None:
    crowd = [Element(kind="character", name=f"P{n} Vance") for n in range(6)]
    shown = [element.as_prompt_data() for element in crowd]

    assert choose(crowd, shown, (), ["The Vance family."], 1000) == []
    assert len(choose(crowd[:5], shown, (), ["The Vance family."], 1000)) == 5


def test_number_of_links_outranks_nearness() -> None:
    elements = [
        Element(kind="character", name="Ana Bell"),
        Element(kind="character", name="Bo Crane"),
        Element(kind="item", name="Axe", summary="Bo Crane has it, at dusk, by the old mill."),
        Element(kind="item", name="Bow", summary="Ana Bell strung what Bo Crane cut."),
    ]
    shown = [element.as_prompt_data() for element in elements]

    order = choose(elements, shown, (), ["Ana Bell and Bo Crane at dusk by the old mill."], 1000)

    assert [elements[pick.index].name for pick in order] == ["Ana Bell", "Bo Crane", "Bow", "Axe"]


def test_budget_is_filled_but_not_exceeded() -> None:
    # Each element takes 54 characters with its comma; the brackets of the list take 2.
    elements = [Element(kind="location", name=name, summary="A ruin.") for name in ("Ossa", "Ossu")]
    shown = [element.as_prompt_data() for element in elements]

    def selected(budget: int) -> list[int]:
        return [pick.index for pick in choose(elements, shown, (), ["Ossu and Ossa."], budget)]

    assert [selected(budget) for budget in (2 + 53, 2 + 54, 2 + 54 + 53, 2 + 54 + 54)] == [
        [],
        [0],
        [0],
        [0, 1],
    ]


def test_selection_is_deterministic() -> None:
    rng = random.Random(7)
    text = " ".join(rng.choices(["rope", "salt", "ruin", "glass", "night", "marsh", "Guild"], k=40))

    assert len({tuple(chosen(text)) for _ in range(20)}) == 1


@pytest.mark.parametrize(
    ("text", "indexes"),
    [
        # A rare word outweighs a frequent one.
        ("salt mine", [1, 0]),
        # The same word weighs more in the shorter text.
        ("road", [2, 0]),
        # A word in half of the texts has no weight.
        ("grey", []),
    ],
)
def test_nearness_is_bm25(text: str, indexes: list[int]) -> None:
    texts = ["salt salt road to the weir by the sea", "grey salt mine below", "grey road", "fen", "grey hill"]
    elements = [Element(kind="item", name=f"N{n}", summary=summary) for n, summary in enumerate(texts)]
    shown = [element.as_prompt_data() for element in elements]

    assert [pick.index for pick in choose(elements, shown, (), [text], 1000)] == indexes
