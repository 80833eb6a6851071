"""Looks and ages of the only person of a sentence, and words that belong to somebody of the same name or office."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.world import WorldView
from tests.engine.checks.elements import person

WORLD = WorldView.from_mapping(
    {
        "name": "Vey",
        "elements": [
            person("ilse", "Ilse Hale", "A shipwright.", "she", eyes="grey", hair="black", age=41),
            person("tom", "Tom Rook", "A physician.", "he", eyes="green", hair="brown", age=17),
            person("agnes", "Agnes Marrow", "A widow. Mother of Peter.", "she"),
            person("peter", "Peter Marrow", "A bachelor.", "he", role="minister"),
            person("kit", "Kit Delaney", "A docker.", "he", status="dead"),
        ],
    }
)


def found(text):
    return {(finding.source_id, finding.strength) for finding in check(text, WORLD)}


@pytest.mark.parametrize(
    ("text", "source_id"),
    [
        ("Ilse scowled, and the brown eyes went narrow.", "ilse"),
        ("Somewhere under all that white hair Tom was smiling.", "tom"),
        ("Tom wiped his face. The eyes above the handkerchief were blue.", "tom"),
        ("Despite her sixty years Ilse took the stairs two at a time.", "ilse"),
        ("Ilse was on the wrong side of sixty, and knew it.", "ilse"),
        ("Her twenty-year-old legs took Ilse up the stairs.", "ilse"),
        ("“Good night, Auntie Agnes,” said Peter.", "agnes"),
        ("Mr and Mrs Marrow came in late; Peter carried the umbrella.", "peter"),
    ],
)
def test_what_can_only_be_about_one_person_is_likely(text, source_id):
    assert found(text) == {(source_id, "likely")}


@pytest.mark.parametrize(
    "text",
    [
        # The looks of somebody else, of a thing, or in somebody's mind.
        "Ilse looked into the brown eyes.",
        "Ilse met a stranger, and the brown eyes went narrow.",
        "Ilse's maid scowled, and the brown eyes went narrow.",
        "Tom wiped the doll's face. The eyes above the handkerchief were blue.",
        "Tom and Ilse wiped their faces. The eyes above the handkerchief were brown.",
        "Ilse found a red hair in the butter.",
        "Tom sewed brown eyes on the bear.",
        "In the portrait the brown eyes were Ilse's.",
        # Numbers that are no age of now.
        "Ilse counted her sixty years in the yard.",
        "Despite her twenty years at the bench Ilse cut her thumb.",
        "The boat was on the wrong side of forty, said Tom.",
        "Tom was over sixty miles from home.",
        # The same office in another word.
        "Tom, the doctor, washed his hands.",
        "The parson Peter Marrow said grace.",
        # Somebody else of the same name.
        "Mrs Delaney opened the door and sat down on the bed.",
        "“Good night, Mother. Good night, Aunt Ilse,” said Peter to Agnes.",
        "Say good night to Aunt Agnes, Peter told the boy.",
        "Peter's mother, old Mrs Marrow, came in. Peter and Mrs Marrow sat down.",
    ],
)
def test_what_may_be_about_somebody_else_is_not_flagged(text):
    assert found(text) == set()


def test_another_office_is_flagged():
    assert found("Tom, the cook, washed his hands.") == {("tom", "proven")}
    assert found("Constable Peter Marrow took down the number.") == {("peter", "proven")}
