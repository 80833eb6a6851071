"""Things of a later age, magic and cruelty in ordinary sentences, and the same words in other meanings."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.world import WorldView

MEDIEVAL = WorldView(name="A", genre="historical", tech_level="medieval", magic_system="none")
STONE_AGE = WorldView(name="B", genre="historical", tech_level="stone age", magic_system="none")
COSY = WorldView(name="C", tone="cosy, no violence", tech_level="present day", magic_system="none")


def accused(text: str, world: WorldView) -> list[str]:
    return [finding.quote for finding in check(text, world) if finding.strength != "hint"]


@pytest.mark.parametrize(
    ("world", "text"),
    [
        (MEDIEVAL, "The physician gave him an injection and told him to rest."),
        (MEDIEVAL, "A photograph of the duke hung above the hearth."),
        (MEDIEVAL, "He zipped up his jacket and went out into the sleet."),
        (MEDIEVAL, "The plane passed low over the abbey."),
        (MEDIEVAL, "The messenger texted ahead that he would be late."),
        (MEDIEVAL, "They took the lift to the top of the tower."),
        (MEDIEVAL, "A train whistled somewhere beyond the hills."),
        (MEDIEVAL, "A policeman stood at the corner of the market."),
        (MEDIEVAL, "Her car stood in the castle yard."),
        (MEDIEVAL, "With a flick of her wand she lit every candle in the room."),
        (MEDIEVAL, "She floated a foot above the carpet and laughed."),
        (MEDIEVAL, "The wizard drew the curtain aside."),
        (STONE_AGE, "She wrote his name on a sheet of paper."),
        (STONE_AGE, "They rode down to the river on their horses and watered them."),
        (MEDIEVAL, "They drove to the abbey in a stolen car."),
        (MEDIEVAL, "His wound closed at her touch."),
        (COSY, "He held the kitten under the water until it was still."),
        (COSY, "Two soldiers were blown to pieces on the bridge."),
        (COSY, "The two men were hanged at dawn behind the bakery."),
        (COSY, "They found the child's body in the well."),
        (COSY, "The corpse in the pantry had begun to smell."),
    ],
)
def test_thing_of_another_age_is_found(world: WorldView, text: str) -> None:
    assert accused(text, world)


@pytest.mark.parametrize(
    ("world", "text"),
    [
        (MEDIEVAL, "The news was an injection of hope to a hungry town."),
        (MEDIEVAL, "The valley lay below her, a photograph of somebody else's childhood."),
        (MEDIEVAL, "He ran his plane along the board, and the plane sang."),
        (MEDIEVAL, "They rested by plane trees at the edge of the road."),
        (MEDIEVAL, "The watch had stopped them at the gate, and it was his watch till dawn."),
        (MEDIEVAL, "He took the lift of her chin for a no."),
        (MEDIEVAL, "She trod on the train of the bride's gown."),
        (MEDIEVAL, "A mule train came in at dusk, and its last mule was lame."),
        (MEDIEVAL, "His mobile face was never still."),
        (MEDIEVAL, "The batteries of the old wall had lasted nine days."),
        (MEDIEVAL, "A bare bulb of garlic lay on the board."),
        (MEDIEVAL, "Mist hung a foot above the water."),
        (MEDIEVAL, "Enchanter's nightshade grew along the wall."),
        (STONE_AGE, "The whale ploughed the sea, and the men watched it go."),
        (MEDIEVAL, "His wound closed within a month."),
        (COSY, "He held the teapot under the water until it was full."),
        (COSY, "Nana was beaten at draughts."),
        (COSY, "The two lanterns were hung at dawn behind the bakery."),
        (COSY, "They were shot at by a boy with a pea-shooter."),
        (COSY, "They found a body of water behind the hill."),
    ],
)
def test_the_same_words_in_another_meaning_accuse_nobody(world: WorldView, text: str) -> None:
    assert accused(text, world) == []
