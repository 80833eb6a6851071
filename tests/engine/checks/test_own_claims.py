"""Claims of speakers about themselves, parents and siblings, and sentences that go on about somebody."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.world import WorldView
from tests.engine.checks.elements import person

WORLD = WorldView.from_mapping(
    {
        "name": "Vey",
        "elements": [
            person("ilse", "Ilse Hale", "A smith. She is left-handed.", "she", eyes="grey", age=41, role="smith"),
            person("tom", "Tom Rook", "A ferryman.", "he", eyes="green", age=17, hair="black"),
            person("agnes", "Agnes Marrow", "A widow. Mother of Peter and Lucy.", "she"),
            person("peter", "Peter Marrow", "The reeve.", "he"),
            person("lucy", "Lucy Marrow", "She is unmarried.", "she"),
            person("mira", "Mira Voss", "A scout.", "she", status="dead"),
            {"id": "horn", "kind": "item", "name": "the black horn", "traits": {"owner": "Ilse Hale"}},
        ],
    }
)  # fmt: skip


def found(text):
    return {(finding.source_id, finding.strength) for finding in check(text, WORLD)}


@pytest.mark.parametrize(
    ("text", "source_id"),
    [
        ("“I'm right-handed,” said Ilse.", "ilse"),
        ("“I have blue eyes,” Ilse said. “Look.”", "ilse"),
        ("Ilse said: “I am only nineteen.”", "ilse"),
        ("“How old are you?” asked Tom. “Sixty,” said Ilse.", "ilse"),
        ("“Your eyes are blue, Tom,” said Ilse.", "tom"),
        ("“My husband is at sea,” said Lucy.", "lucy"),
        ("“The black horn is mine,” said Tom.", "horn"),
        ("Tom nodded. The black horn was his.", "horn"),
        ("Ilse looked at Tom's eyes. They were brown, like his father's.", "tom"),
    ],
)
def test_claims_that_are_not_the_narrators_are_likely(text, source_id):
    assert found(text) == {(source_id, "likely")}


@pytest.mark.parametrize(
    "text",
    [
        "“I'm right-handed,” lied Ilse.",
        "“I'm right-handed,” said Ilse, who was nothing of the kind.",
        "“I'm right-handed,” said the stranger to Ilse.",
        "“I'm not right-handed,” said Ilse.",
        "“Am I right-handed?” asked Ilse.",
        "“If I were nineteen,” said Ilse, “I would go.”",
        "“I am the king of the ferry,” said Tom.",
        "“I have grey eyes,” said Ilse.",
        "“Are your eyes blue, Tom?” asked Ilse.",
        "“How old is it?” asked Tom. “Sixty,” said Ilse.",
        "“My brother has blue eyes,” said Ilse.",
        "“The black horn is mine,” said Ilse.",
        "Ilse looked at Tom's boots. They were brown, like his father's.",
    ],
)
def test_other_speech_claims_nothing(text):
    assert found(text) == set()


def test_likely_claim_is_quoted_from_the_text():
    text = "The rain stopped. “Well. I'm right-handed,” said Ilse, “and so is he.”"

    (finding,) = check(text, WORLD)

    assert finding.quote == "I'm right-handed,"
    assert text[finding.start : finding.end] == finding.quote
    assert finding.statement == "left-handed"
    assert finding.why == "Ilse Hale is left-handed, not right-handed."


@pytest.mark.parametrize(
    "text",
    ["Lucy was Peter's cousin.", "Peter and Lucy were cousins.", "Peter's mother, Ilse, came in."],
)
def test_parents_tell_who_is_a_sibling_and_who_no_parent(text):
    assert found(text) == {("agnes", "proven")}


@pytest.mark.parametrize(
    "text",
    ["Lucy was Peter's sister.", "Peter's mother, Agnes, came in.", "Ilse was a second mother to Peter."],
)
def test_right_kinship_is_no_finding(text):
    assert found(text) == set()


def test_pronoun_may_come_before_its_name():
    assert found("She had brown eyes, had Ilse, and a temper.") == {("ilse", "likely")}


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("The door opened, and it was Mira Voss.", True),
        ("Who had built it? It was Mira Voss, long ago.", False),
        ("You follow Mira Voss up the stairs.", True),
        ("You follow Mira Voss through the score.", False),
        ("Behind the counter was Mira Voss, counting coins.", True),
        ("Behind the glass was Mira Voss, counting coins.", False),
        ("Mira Voss, says the catalogue, opened the door.", False),
        ("Little Ann, Mira Voss the younger, opened the door and sat down.", False),
    ],
)
def test_dead_are_met_only_in_the_scene(text, is_there):
    assert ("mira", "proven") in found(text) if is_there else found(text) == set()


def test_word_that_is_a_nickname_in_the_text_is_no_thing():
    world = WorldView.from_mapping({"rules": [{"id": "dogs", "text": "There are no dogs."}]})

    assert check("The file was called dog, and the dog would not open.", world) == ()
    assert [finding.quote for finding in check("The dog would not open the door.", world)] == ["dog"]
