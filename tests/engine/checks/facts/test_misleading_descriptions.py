"""Descriptions that speak of a fact without stating it, with scenes that they allow."""

from __future__ import annotations

from typing import Final

import pytest

from agents.engine.checks import Finding
from tests.engine.checks.elements import accusations_by, element

DESCRIPTIONS: Final = {
    "Maud Tiller": (
        "Maud's father was a blind piper who never married her mother. She is forty-four, plays the fiddle, "
        "and has buried three dogs and a husband."
    ),
    "Olin Frost": (
        "Olin cannot abide liars. He has no patience with children, no money, no land, and no friends but the"
        " miller."
    ),
    "Brigid": "A girl nobody notices. Never late, never loud, never seen to cry.",
    "Hector Pym": "Hector would give his right arm for a drink. One-eyed Jack is his oldest friend.",
    "Thea Lund": "Lives for the sea and would die without it. Left Sarn at nineteen; her brother stayed in Overcote.",
    "Ivo Sand": (
        "Ivo is the sort of man who could sell sand in the desert. Deaf to reason, blind to danger, dumb as a"
        " post."
    ),
    "Greta Holm": "Greta lost her eye for a bargain with age. She lost a leg of the race to her sister.",
    "Kit Marlow": "Kit's left hand never knows what the right is doing. He is right-handed in everything but cards.",
    "Rosalind Vey": "Single-minded. The only child to survive the school fire, she has four brothers.",
    "Dom Hester": "Raised by his widowed mother in a house without a father or a fire.",
    "Sable": "Nobody has ever seen Sable eat, sleep or laugh.",
    "Nan Fisk": "Nan does not read novels, does not drink before noon, and does not suffer fools.",
    "Abel Stroud": "Abel can't cook to save his life, can't sing in tune and can't keep a secret.",
    "Una Brae": "Una was never taught to swim but learned anyway.",
    "Wat Tarn": "Wat is a vegetarian when it suits him. Never drinks on a ship.",
    "Lisbet Moor": "No children of her own; she raised her sister's two boys.",
    "Father Quill": "Father Quill has no children, only parishioners. He is the father of the chess club.",
    "Jonas Reed": "Jonas cannot read music. He reads everything else.",
    "Hilde Stark": "Hilde cannot walk past a dog without stopping. She can't run a farm alone.",
    "Pera": "Mute swans are her hobby. She speaks no evil and hears none.",
    "Oskar Dahl": "Oskar never forgave his brother, never went home, and never mentions either.",
    "Sunniva": "Sunniva has a twin's way of finishing your sentences, though she is an only child of the harvest.",
    "Tove Ask": "Her husband never came back from the war; she has never stopped laying his place.",
    "Baron Eck": "Baron Eck's late wife was a singer. The Baron is a bore, a bully and a bad shot.",
    "Milo Crane": "Milo used to be a locksmith until his hands began to shake. These days he is nobody in particular.",
    "Agatha Penn": "Agatha married for money, then for love, then for company. All three are in the churchyard.",
    "Finn Hollow": "Finn is small for a giant. His mother is tall, his father taller.",
    "Zora": "Zora has her mother's red hair in a locket and her father's blue eyes on her conscience.",
    "Cole Barrow": "Cole would have been a priest if he had not been a thief. He has been neither for a year.",
    "Lady Ashe": "The dead husband in the cellar is not Lady Ashe's.",
}
OTHERS: Final = (
    element("Clara", "A painter."),
    element("Sarn", "", "location"),
    element("Overcote", "", "location"),
)


def _findings(name: str, text: str) -> tuple[Finding, ...]:
    return accusations_by(text, element(name, DESCRIPTIONS[name]), *OTHERS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Maud Tiller", "Maud Tiller saw the light go out."),
        ("Maud Tiller", "Maud Tiller's daughter came in."),
        ("Maud Tiller", "Maud Tiller watched the ship."),
        ("Maud Tiller", "Maud Tiller thought of her husband."),
        ("Olin Frost", "Olin Frost's son came in."),
        ("Olin Frost", "Olin Frost paid the ferryman."),
        ("Olin Frost", "Olin Frost laughed with the smith."),
        ("Olin Frost", "Olin Frost lied to her."),
        ("Brigid", "Brigid cried in the barn, where nobody saw her."),
        ("Brigid", "Brigid ran."),
        ("Brigid", "Brigid shouted."),
        ("Hector Pym", "Hector Pym clapped his hands."),
        ("Hector Pym", "Hector Pym's eyes were both shut."),
        ("Hector Pym", "Hector Pym lifted the glass in his right hand."),
        ("Thea Lund", "Thea Lund lived in Overcote."),
        ("Thea Lund", "Thea Lund walked down to the boat."),
        ("Thea Lund", "Thea Lund came back to Sarn."),
        ("Ivo Sand", "Ivo Sand heard the bell."),
        ("Ivo Sand", "Ivo Sand saw the ship."),
        ("Ivo Sand", "“Come in,” said Ivo Sand."),
        ("Greta Holm", "Greta Holm's eyes shone."),
        ("Greta Holm", "Greta Holm got up on her two legs."),
        ("Greta Holm", "Greta Holm ran to the door."),
        ("Kit Marlow", "Kit Marlow signed with his right hand."),
        ("Kit Marlow", "Kit Marlow dealt with his left hand."),
        ("Rosalind Vey", "Rosalind Vey's brother came in."),
        ("Rosalind Vey", "Rosalind Vey's husband came in."),
        ("Dom Hester", "Dom Hester's mother came in."),
        ("Dom Hester", "Dom Hester lit the fire."),
        ("Dom Hester", "Dom Hester's wife came in."),
        ("Sable", "Sable walked in."),
        ("Sable", "Sable smiled."),
        ("Nan Fisk", "Nan Fisk read the letter."),
        ("Nan Fisk", "Nan Fisk drank her tea."),
        ("Nan Fisk", "Nan Fisk poured herself a whisky after supper."),
        ("Abel Stroud", "Abel Stroud sang in the bath."),
        ("Abel Stroud", "Abel Stroud whispered."),
        ("Abel Stroud", "Abel Stroud walked home."),
        ("Una Brae", "Una Brae swam across the river."),
        ("Wat Tarn", "Wat Tarn ate the ham."),
        ("Wat Tarn", "Wat Tarn drank a beer in the tavern."),
        ("Lisbet Moor", "Lisbet Moor's nephews came in."),
        ("Lisbet Moor", "Lisbet Moor called the boys."),
        ("Lisbet Moor", "Lisbet Moor's boys came in."),
        ("Father Quill", "Father Quill called the children in."),
        ("Father Quill", "“My child,” said Father Quill."),
        ("Father Quill", "Father Quill's flock sang."),
        ("Jonas Reed", "Jonas Reed read the letter."),
        ("Jonas Reed", "Jonas Reed read aloud from the book."),
        ("Hilde Stark", "Hilde Stark walked to the gate."),
        ("Hilde Stark", "Hilde Stark ran down the hill."),
        ("Pera", "“Come in,” said Pera."),
        ("Pera", "Pera heard the bell."),
        ("Pera", "Pera spoke."),
        ("Oskar Dahl", "Oskar Dahl walked to the inn."),
        ("Oskar Dahl", "Oskar Dahl went out."),
        ("Sunniva", "Sunniva smiled."),
        ("Sunniva", "Sunniva finished his sentence."),
        ("Tove Ask", "Tove Ask laid his place."),
        ("Tove Ask", "Tove Ask's husband was a soldier."),
        ("Tove Ask", "Tove Ask's son came in."),
        ("Baron Eck", "Baron Eck walked in."),
        ("Baron Eck", "Baron Eck's wife had been a singer."),
        ("Baron Eck", "Baron Eck fired and missed."),
        ("Milo Crane", "Milo Crane was a locksmith once."),
        ("Milo Crane", "Milo Crane was a gardener."),
        ("Milo Crane", "Milo Crane's hands shook."),
        ("Agatha Penn", "Agatha Penn walked to the churchyard."),
        ("Agatha Penn", "Agatha Penn's husband had been rich."),
        ("Agatha Penn", "Agatha Penn sat down."),
        ("Finn Hollow", "Finn Hollow, a tall man, stooped."),
        ("Finn Hollow", "Finn Hollow stooped under the lintel."),
        ("Zora", "Zora's black hair shone."),
        ("Zora", "Zora's brown eyes narrowed."),
        ("Cole Barrow", "Cole Barrow was a carpenter."),
        ("Cole Barrow", "Cole Barrow walked in."),
        ("Lady Ashe", "Lady Ashe walked down to the cellar."),
        ("Lady Ashe", "Lady Ashe's husband came in."),
    ],
)
def test_what_a_description_allows_is_not(name: str, text: str) -> None:
    assert _findings(name, text) == ()
