"""Whole descriptions as creators write them, with scenes that contradict them and scenes that do not."""

from __future__ import annotations

from typing import Final

import pytest

from agents.engine.checks import Finding
from tests.engine.checks.elements import accusations_by, are_quoted, element

DESCRIPTIONS: Final = {
    "Corvin Hale": (
        "Corvin Hale is a disgraced surgeon in his early fifties who now patches up smugglers for coin. Tall,"
        " stooped, with iron-grey hair and pale blue eyes. His wife left him after the trial, and their "
        "daughter writes to nobody."
    ),
    "Sister Agnes": (
        "The last nun of St Brannoc's. She is seventy-nine, nearly blind, and deaf in one ear, and has "
        "outlived three abbesses. Before the convent she was a dancer."
    ),
    "Old Tobiah": (
        "Old Tobiah drowned in the flood of '09, but everyone in the village still sets a place for him at "
        "midsummer."
    ),
    "Wilhelmina Crake": (
        'Wilhelmina "Billie" Crake, 34. Bush pilot. Red hair, freckles, a laugh like a gate. Lost her left '
        "hand to frostbite and flies with a hook. Her twin brother Ross died in the crash that took it."
    ),
    "Ansel Brody": (
        "Twelve years old, small for his age, with a stammer. He was born in the camp and has never seen the "
        "sea. His mother works in the laundry; his father was shot the year before the story begins."
    ),
    "Queen Ismere": (
        "Queen of the Marches for forty years. White-haired and straight as a lance. Her two sons, Aldric and"
        " Bayne, were killed at the Fords, and she rules alone."
    ),
    "Dr. Lena Voigt": (
        "Dr. Lena Voigt runs the clinic on Deck Nine. She took the post after her predecessor was murdered. "
        "Late thirties. Insomniac, chain-smoker, atheist."
    ),
    "Harl the Tanner": "Harl the tanner stinks and knows it. Broad, bald, brown-eyed; father of five.",
    "Mirabel Finch": (
        "Mirabel Finch keeps the lighthouse alone since her husband's death. Fifty-eight. She reads "
        "everything, trusts nobody, and has not left the rock in eleven years."
    ),
    "Jory": (
        "A scarecrow of a boy, all elbows. Nobody knows how old he is, himself included. Works the bellows "
        "for the smith and would rather be anywhere else."
    ),
    "Captain Rourke": (
        "Captain Rourke commanded the Meridian until she was lost with all hands at Cape Sorrow. He alone "
        "survived, and drinks."
    ),
    "Ysolde": "Ysolde was burned as a witch in 1612. Her ashes were thrown into the Tarn.",
    "Pim": "Pim is a dormouse who keeps the post office under the oak. He is timid, tidy and very fond of jam.",
    "Marshal Dace": (
        "Age: 47\n"
        "Hair: black, greying\n"
        "Eyes: green\n"
        "Occupation: marshal\n"
        "Status: alive\n"
        "Spouse: none\n"
        "Height: 6'1\""
    ),
    "Petra Lind": (
        "Eyes like wet slate, hair like straw; a scar through the left eyebrow. Petra was a card sharp, a "
        "nurse and a thief, in that order, and is now none of them."
    ),
    "Ambrose": (
        "Ambrose, the late king's fool, still lives in the tower nobody else wants. Sixty or seventy; even he"
        " has forgotten."
    ),
    "Tess Okoro": (
        "Tess is the youngest detective in the Yard's history. Twenty-six. Her partner, Sam Bell, was stabbed"
        " to death last winter; she has not forgiven herself."
    ),
    "Brother Luc": "A Carthusian under a vow of silence. Around thirty. He tends the bees.",
    "Nell Sayer": (
        "Widowed at twenty, remarried at thirty, widowed again at forty. Nell buried both of them under the "
        "apple tree and says the apples are better for it."
    ),
    "Gideon Ash": "Gideon Ash was hanged at Tyburn in 1724 and cut down alive. He has been careful ever since.",
    "Lady Vane": "The beautiful Lady Vane, said to have poisoned two husbands. Raven-haired, violet-eyed, childless.",
    "Emeric": (
        "Emeric died before the story opens. He appears only in Clara's memories and in the portrait over the"
        " stairs."
    ),
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
        ("Corvin Hale", "Corvin Hale, twenty-six, washed his hands."),
        ("Corvin Hale", "Corvin Hale's brown eyes followed the knife."),
        ("Corvin Hale", "Corvin Hale had been a farmer all his life."),
        ("Corvin Hale", "Corvin Hale's black hair fell over the table."),
        ("Sister Agnes", "Sister Agnes was thirty years old."),
        ("Sister Agnes", "Sister Agnes, a girl of twelve, ran to the door."),
        ("Old Tobiah", "Old Tobiah came up the path and knocked twice."),
        ("Old Tobiah", "Old Tobiah laughed and poured the cider."),
        ("Wilhelmina Crake", "Billie Crake was sixty years old."),
        ("Wilhelmina Crake", "Wilhelmina Crake's black hair was tied back."),
        ("Wilhelmina Crake", "Wilhelmina Crake clapped her hands."),
        ("Ansel Brody", "Ansel Brody, a man of forty, lit his pipe."),
        ("Ansel Brody", "Ansel Brody was thirty-one."),
        ("Queen Ismere", "Queen Ismere's raven hair shone."),
        ("Queen Ismere", "Queen Ismere's black hair fell to her waist."),
        ("Dr. Lena Voigt", "Dr. Lena Voigt was nineteen years old."),
        ("Dr. Lena Voigt", "Lena Voigt, sixty-four, yawned."),
        ("Harl the Tanner", "Harl's blue eyes watered."),
        ("Harl the Tanner", "Harl was a baker by trade."),
        ("Harl the Tanner", "Harl ran a comb through his thick hair."),
        ("Mirabel Finch", "Mirabel Finch was twenty years old."),
        ("Mirabel Finch", "Mirabel Finch's husband came in and hung up his coat."),
        ("Ysolde", "Ysolde opened the door and smiled at the boy."),
        ("Ysolde", "Ysolde poured the wine and laughed."),
        ("Pim", "Pim the badger yawned."),
        ("Pim", "Pim was a hedgehog."),
        ("Marshal Dace", "Marshal Dace's blue eyes narrowed."),
        ("Marshal Dace", "Marshal Dace was twenty-one years old."),
        ("Marshal Dace", "Dace's blonde hair was wet."),
        ("Petra Lind", "Petra Lind's black hair was wet."),
        ("Petra Lind", "Petra Lind's brown eyes narrowed."),
        ("Ambrose", "Ambrose was nineteen years old."),
        ("Tess Okoro", "Tess Okoro was fifty-five years old."),
        ("Brother Luc", "Brother Luc was seventy years old."),
        ("Lady Vane", "Lady Vane's blonde hair shone."),
        ("Lady Vane", "Lady Vane's brown eyes narrowed."),
        ("Lady Vane", "Lady Vane's son came in."),
        ("Emeric", "Emeric walked in and sat down beside Clara."),
    ],
)
def test_what_a_description_rules_out_is_found(name: str, text: str) -> None:
    assert are_quoted(_findings(name, text), element(name, DESCRIPTIONS[name]))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Corvin Hale", "Corvin Hale, fifty-two, washed his hands."),
        ("Corvin Hale", "Corvin Hale's blue eyes followed the knife."),
        ("Corvin Hale", "Corvin Hale's grey hair fell over the table."),
        ("Corvin Hale", "Corvin Hale, the old surgeon, washed his hands."),
        ("Corvin Hale", "Corvin Hale thought of his daughter."),
        ("Corvin Hale", "A young man called Ned held the lamp for Corvin Hale."),
        ("Sister Agnes", "Sister Agnes lit the candle."),
        ("Sister Agnes", "Sister Agnes heard the bell."),
        ("Sister Agnes", "Sister Agnes was nearly eighty."),
        ("Sister Agnes", "Sister Agnes saw the shape of a man in the door."),
        ("Old Tobiah", "They set a place for Old Tobiah."),
        ("Old Tobiah", "Everyone spoke of Old Tobiah."),
        ("Old Tobiah", "Ten years ago Old Tobiah had built this wall."),
        ("Wilhelmina Crake", "Wilhelmina Crake walked to the plane and checked the wing."),
        ("Wilhelmina Crake", "Wilhelmina Crake's red hair was tied back."),
        ("Wilhelmina Crake", "Wilhelmina Crake laughed."),
        ("Wilhelmina Crake", "Wilhelmina Crake lifted her hook."),
        ("Ansel Brody", "Ansel Brody ran to the fence."),
        ("Ansel Brody", "Ansel Brody's mother came in with the sheets."),
        ("Ansel Brody", "Ansel Brody was twelve."),
        ("Ansel Brody", "Ansel Brody thought of his father."),
        ("Queen Ismere", "Queen Ismere rose from the throne."),
        ("Queen Ismere", "Queen Ismere was seventy."),
        ("Queen Ismere", "Queen Ismere's white hair shone."),
        ("Queen Ismere", "Queen Ismere thought of her sons."),
        ("Dr. Lena Voigt", "Lena Voigt walked onto Deck Nine."),
        ("Dr. Lena Voigt", "Lena Voigt, thirty-eight, yawned."),
        ("Dr. Lena Voigt", "Lena Voigt lit a cigarette."),
        ("Dr. Lena Voigt", "Lena Voigt was a doctor."),
        ("Harl the Tanner", "Harl's brown eyes watered."),
        ("Harl the Tanner", "Harl was a tanner."),
        ("Harl the Tanner", "Harl's sons came in."),
        ("Mirabel Finch", "Mirabel Finch walked up the stairs."),
        ("Mirabel Finch", "Mirabel Finch, fifty-eight, read by the lamp."),
        ("Mirabel Finch", "Mirabel Finch thought of her husband."),
        ("Jory", "Jory was fifteen."),
        ("Jory", "Jory worked the bellows."),
        ("Jory", "Jory ran down the lane."),
        ("Jory", "Jory was a thief."),
        ("Captain Rourke", "Captain Rourke walked into the bar and sat down."),
        ("Captain Rourke", "Captain Rourke drank."),
        ("Captain Rourke", "Captain Rourke laughed."),
        ("Ysolde", "They spoke of Ysolde."),
        ("Ysolde", "In 1610 Ysolde had lived here."),
        ("Pim", "Pim the dormouse yawned."),
        ("Pim", "Pim ate some jam."),
        ("Pim", "Pim stamped the letters."),
        ("Marshal Dace", "Marshal Dace's green eyes narrowed."),
        ("Marshal Dace", "Marshal Dace was forty-seven."),
        ("Marshal Dace", "Dace walked in."),
        ("Petra Lind", "Petra Lind's grey eyes narrowed."),
        ("Petra Lind", "Petra Lind's fair hair was wet."),
        ("Petra Lind", "Petra Lind shuffled the cards."),
        ("Ambrose", "Ambrose walked down the stairs."),
        ("Ambrose", "Ambrose was sixty-six."),
        ("Ambrose", "Ambrose laughed."),
        ("Tess Okoro", "Tess Okoro walked in."),
        ("Tess Okoro", "Tess Okoro was twenty-six."),
        ("Tess Okoro", "Tess Okoro thought of Sam Bell."),
        ("Brother Luc", "Brother Luc walked to the hives."),
        ("Brother Luc", "Brother Luc was thirty-two."),
        ("Brother Luc", "Brother Luc was a monk."),
        ("Nell Sayer", "Nell Sayer walked to the tree."),
        ("Nell Sayer", "Nell Sayer was fifty."),
        ("Nell Sayer", "Nell Sayer laughed."),
        ("Nell Sayer", "Nell Sayer was twenty-two when she first came here."),
        ("Gideon Ash", "Gideon Ash walked into the room."),
        ("Gideon Ash", "Gideon Ash laughed."),
        ("Lady Vane", "Lady Vane's black hair shone."),
        ("Lady Vane", "Lady Vane poured the wine."),
        ("Lady Vane", "Lady Vane's violet eyes narrowed."),
        ("Emeric", "Emeric smiled down from the portrait."),
        ("Emeric", "Clara remembered how Emeric had laughed."),
    ],
)
def test_what_a_description_allows_is_not(name: str, text: str) -> None:
    assert _findings(name, text) == ()
