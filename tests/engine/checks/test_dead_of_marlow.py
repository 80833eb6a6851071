"""The dead of a village whose names are words, and what they do in scenes or are only spoken of."""

from __future__ import annotations

from typing import Final

import pytest

from agents.engine.world import WorldView
from tests.engine.checks.elements import accusations, character

MARLOW: Final = WorldView(
    name="Marlow",
    tech_level="1930s",
    elements=(
        character("Hope Arden", pronoun="she", status="dead"),
        character("Grace Miller", pronoun="she", status="dead"),
        character("Mark Tanner", pronoun="he", status="dead"),
        character("Summer Lane", pronoun="she", status="dead"),
        character("Will Harker", pronoun="he", status="dead"),
        character("Bill Frost", pronoun="he", status="dead"),
        character("Dov Mendel", pronoun="he", status="dead"),
        character("Ines Rook", pronoun="she", status="dead"),
        character("Tom Ashby", pronoun="he", status="alive"),
        character("Ada Bell", pronoun="she", status="alive"),
    ),
)

HERE: Final = (
    "Hope set the basket down and rubbed her shoulder.",
    "When Tom came in, Hope was peeling potatoes.",
    "“Where have you been?” Grace asked.",
    "Grace, who had been listening at the door, came in with the tray.",
    "Tom found Grace in the orchard, up on the ladder.",
    "Mark kicked the door shut behind him.",
    "They heard Mark whistling on the stairs.",
    "Summer pulled her hat over her eyes and slept.",
    "Ada took Summer by the elbow and led her out.",
    "Will laid his cards on the table.",
    "Nobody spoke until Will cleared his throat.",
    "Will's boots squeaked as he crossed the hall.",
    "Bill had his feet on the desk.",
    "The telephone rang, and Bill picked it up.",
    "Dov held the lamp while Tom worked.",
    "Dov Mendel was asleep in the armchair.",
    "It was Dov who opened the door.",
    "Ada nodded to Dov, and he nodded back.",
    "“Leave it,” said Dov without looking up from his newspaper.",
    "Ines has cut her hair, and it suits her.",
    "Ines Rook lives above the shop now and sells hats.",
    "Ines rang the bell twice and waited.",
    "Ada introduced Ines to the vicar.",
    "Tom danced with Ines until the band stopped.",
    "At the next table sat Ines Rook, alone with a glass of wine.",
    "Ines will be home by six.",
    "Ada and Ines split the last bun.",
    "The waiter brought Dov the bill.",
    "Tom threw Dov the rope, and Dov caught it.",
    "Dov yawned.",
    "“And you, Dov?” – “I'm staying,” said Dov.",
)

SPOKEN_OF: Final = (
    "Hope was the last thing to die.",
    "There was hope, and it warmed her hands.",
    "Hope had left them.",
    "Grace before meals was a habit of the house.",
    "With grace she came down the stairs.",
    "Mark my words.",
    "The mark on the door had been cut with a knife.",
    "Summer lay over the fields like a cloth.",
    "Summer was asleep under the snow.",
    "Will it rain?",
    "Will power alone would not do.",
    "The bill lay on the table.",
    "Bill and receipt were in the drawer.",
    "Dov's chair was empty.",
    "Ada wore the coat that Dov had given her.",
    "They drank to Dov.",
    "Tom thought he saw Dov at the corner, but it was a stranger.",
    "Dov would have laughed.",
    "If only Dov had been there.",
    "Dov's widow opened the door.",
    "“Dov always sat there,” said Ada.",
    "The photograph showed Dov on the ladder.",
    "In her dream Ines rang the bell.",
    "Ines had lived above the shop.",
    "They named the boat Ines, and Ines ran before the wind.",
    "Little Ines, the baker's girl, rang the bell.",
    "Ines's grave was covered with leaves.",
    "Since Ines had died, nobody played the piano.",
    "Ada played the tune that Ines used to sing.",
    "The stone said only: Ines Rook.",
    "Tom's letter to Ines lay unopened.",
    "“Ines is dead,” said Tom.",
    "Nobody had seen Ines since the fire.",
    "Ines lives on in her songs.",
    "For a moment Ines stood there; then it was only the curtain.",
    "What would Ines do? she asked herself.",
    "The girl in the film looked like Ines.",
    "The year before, Ines had sat at this table.",
    "Yesterday was the anniversary of Ines's death.",
    "Every November Ines came up in their talk.",
)


@pytest.mark.parametrize("text", HERE)
def test_the_dead_take_no_part_in_a_scene(text: str) -> None:
    assert accusations(text, MARLOW)


@pytest.mark.parametrize("text", SPOKEN_OF)
def test_the_dead_may_be_spoken_of(text: str) -> None:
    assert accusations(text, MARLOW) == ()
