"""Acts of the dead, told by their moment; and what is told of their lives, of works and of their deaths."""

from __future__ import annotations

import pytest

from agents.engine import checks
from agents.engine.world import Element, WorldView

WORLD = WorldView(
    name="Glasswick",
    elements=(
        Element(id="c-mira", kind="character", name="Mira Voss", traits={"pronoun": "she", "status": "dead"}),
        Element(id="c-lucas", kind="character", name="Lucas Voss", traits={"pronoun": "he"}),
    ),
)


def accused(text: str) -> set[str]:
    return {finding.source_id for finding in checks.check(text, WORLD)}


@pytest.mark.parametrize(
    "text",
    [
        "Mira studied the menu.",
        "Mira ordered another coffee and paid with a coin.",
        "Mira wrote the address on the back of her hand.",
        "Mira stood in the doorway.",
        "Mira was tired, and the waiter brought her a chair.",
        "It was Mira who opened the window.",
        "The letters were being opened by Mira.",
        "Lucas danced with his mother Mira.",
        "Lucas handed the keys to Mira.",
        "The dog barked at Mira until she gave it a biscuit.",
        "The spotlight came up and Mira sang.",
        "It had begun to rain, and Mira ran for the bus.",
        "If you hurry you will catch Mira; she's waiting at the gate.",
        "Mira has the bathroom from seven until eight.",
        "Mira's hands were shaking.",
        "Mira is asleep. Let her be.",
        "Mira owes the grocer a shilling.",
        "Mira changed her mind and opened the window.",
        "Mira counts the spoons in, and then she counts them again.",
        "Mira comes home late, hangs up her coat and goes to bed.",
        "Mira, Lucas and the vicar shared one umbrella.",
        "Lucas looked at his cards. Mira dealt.",
        "Mira had to run for the bus, and Lucas held the door.",
        "Mira is out front with the dog, and Lucas is packing.",
        "The last of them was Lucas, and one of them was Mira.",
    ],
)
def test_act_of_a_moment_is_no_act_of_the_dead(text: str) -> None:
    assert accused(text) == {"c-mira"}


@pytest.mark.parametrize(
    "text",
    [
        "Mira needed little and loved the sea.",
        "Mira wrote three books, and two of them are still in print.",
        "Mira made the bench under the pear tree.",
        "Mira robbed four banks and gave her brother a piano.",
        "Mira courted fame all her life.",
        "The arrow that killed Mira hung over the door.",
        "Lucas was nine. Mira came in, shook the rain from her hair and told him that they were moving.",
        "They carried Mira down the stairs feet first.",
        "Lucas typed the caption: Mira tunes her cello.",
        "The log flickered, and Mira wiped the grease off her nose.",
        "The boys were playing outlaws. Lucas was Mira, and Mira shot everybody.",
        "They hanged Mira at noon, and she asked for a peach.",
        "Lucas called the new foal Mira, and Mira bit him.",
        "Mira stepped into the airlock, and that was the last of her.",
        "Whenever it rains, Mira Voss comes to Lucas's mind, and he puts the kettle on.",
        "Mira Voss owes her fame to a single fern.",
        "Mira Voss splits critics to this day, and sells out halls that she never saw.",
        "Mira looked down on Lucas from a bracket over the door.",
        "Lucas ran the simulation again. In it Mira turns left, the door shuts and she lives.",
        "Mira found this spring, and Lucas drank from it.",
        "Mira kept every programme that she ever played from, and Lucas has counted them.",
        "They named the launch for Mira, and Mira needs a new pump.",
        "All who rode with Mira will come to the office, and Lucas will write it down.",
        "Mira was in the archive, in three boxes that Lucas had labelled.",
    ],
)
def test_what_is_told_of_a_life_a_work_or_a_death_accuses_nobody(text: str) -> None:
    assert accused(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ines, Mira and I went to the pictures last night.",
        "You are invited to supper. Mira will play for us after the cheese.",
        "Ship's log, day 90. Mira reports that the pump is mended.",
        "Steward's book, the ninth of May. Mira coughed all night and asked for honey.",
        "Minutes of the meeting. Present: Ines Calloway, Mira Voss.",
    ],
)
def test_letters_and_logs_tell_of_the_present(text: str) -> None:
    assert accused(text) == {"c-mira"}


@pytest.mark.parametrize(
    "text",
    [
        # Without a letter, last night may have been before the death.
        "Mira and Lucas went to the pictures last night.",
        "Dear Ines, years ago Mira and I went to the pictures.",
        "Dear Ines, Mira would have played for us if she had lived.",
        "Minutes of the meeting. Mira was remembered with two minutes of silence.",
    ],
)
def test_letters_and_logs_tell_of_the_past_as_well(text: str) -> None:
    assert accused(text) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“Mira has burnt the toast again,” said Lucas.", {"c-mira"}),
        ("“Mira is parking the car,” said Lucas.", {"c-mira"}),
        ("“Mira has broken all our hearts,” said Lucas.", set()),
        ("“Mira is watching over us,” said Lucas.", set()),
        ("“Mira has burnt the toast again,” said the actress.", set()),
        ("“Mira has taken the whole second floor,” said Lucas, and hung the next picture.", set()),
    ],
)
def test_living_people_are_believed_on_what_somebody_has_just_done(text: str, found: set[str]) -> None:
    findings = checks.check(text, WORLD)

    assert {finding.source_id for finding in findings} == found
    assert {finding.strength for finding in findings} <= {"likely"}


def test_title_before_a_name_does_not_hide_who_speaks() -> None:
    edith = Element(id="c-edith", kind="character", name="Edith Lamb", summary="She died last winter.")
    world = WorldView(name="Alma Road", elements=(edith,))

    findings = checks.check("Toby read to the end of the page. “Again,” said Miss Lamb.", world)

    assert [(finding.source_id, finding.quote) for finding in findings] == [("c-edith", "said Miss Lamb")]
