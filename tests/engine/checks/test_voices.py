"""Meanings of "I" and "you" in letters, diaries, logs, forms and speech, and open words for kin and callings."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.world import WorldView
from tests.engine.checks.elements import person

WORLD = WorldView.from_mapping(
    {
        "name": "Vey",
        "rules": [{"id": "r-cats", "text": "There are no cats in Vey."}],
        "elements": [
            person("ilse", "Ilse Hale", "A smith. She cannot read.", "she", eyes="grey", age=41, role="smith"),
            person("tom", "Tom Rook", "A ferryman.", "he", eyes="green", age=17, hair="black", role="ferryman"),
            person("agnes", "Agnes Marrow", "A widow. Mother of Peter and Lucy.", "she"),
            person("peter", "Peter Marrow", "The reeve.", "he", role="reeve"),
            person("lucy", "Lucy Marrow", "She is unmarried.", "she"),
            person("ruth", "Ruth Kell", "Wife of Hamish Kell. Sister of Gavin Reid.", "she"),
            person("gavin", "Gavin Reid", "A bachelor.", "he", role="minister"),
        ],
    }
)  # fmt: skip


def found(text):
    return {(finding.source_id, finding.strength) for finding in check(text, WORLD)}


@pytest.mark.parametrize(
    ("text", "source_id"),
    [
        ("Dear Tom,\nmy eyes are brown, as you know.\nIlse", "ilse"),
        ("Dear Tom,\nI think of your brown eyes.\nIlse", "tom"),
        ("Dear Sir,\nmy husband and I thank you for the coal.\nYours faithfully,\nLucy Marrow", "lucy"),
        ("Bring the boat. My eyes are not what they were, but they are mine: brown. — Ilse", None),
        ("Diary of Ilse Hale, 3 May. I turned sixty today.", "ilse"),
        ("My name is Tom Rook. I am forty, and I row.", "tom"),
        ("Tom Rook, your brown eyes give you away.", "tom"),
        ("You are Tom Rook. You are forty and you row.", "tom"),
        ("ILSE: My eyes are brown.", "ilse"),
        ("“They stared,” said Ilse, “because my eyes are blue.”", "ilse"),
        ("“Your uncle, Gavin, is at the door, Ruth,” said Agnes.", "ruth"),
        ("“I read your letter twice,” said Ilse.", "ilse"),
        ("“My cat sleeps in the oven,” said Tom.", "r-cats"),
        ("Name: Tom Rook\nAge: 52\nHair: black", "tom"),
        ("Name: Tom Rook. Occupation: tailor. Age: 17.", "tom"),
    ],
)
def test_first_and_second_person_mean_the_writer_and_the_addressee(text, source_id):
    assert found(text) == ({(source_id, "likely")} if source_id else set())


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ilse,\nyou asked what she looks like. Her eyes are blue.\nTom",
        "Dear Tom,\nyour pupil Daniel has blue eyes and is nine.\nIlse",
        "Dear Tom,\nthe new girl has brown eyes, and my back aches.\nIlse",
        "“I am thirty kinds of tired,” said Tom.",
        "“I am a hundred years old tonight,” said Ilse.",
        "“I was a tailor before the war,” said Ilse.",
        "“In this light my eyes are blue,” said Ilse.",
        "“I'm forty,” said Tom in his mother's voice.",
        "“I read your face,” said Ilse.",
        "“I have no cat,” said Tom.",
        "Name of child: Ada Rook. Age: 3. Father: Tom Rook.",
        "Name: Tom Rook. Next of kin: Gerda Rook. Age: 61.",
        "I looked round the shop. My eyes were red with smoke, and there she was. Ilse.",
    ],
)
def test_others_jokes_and_other_times_are_not_held_against_the_speaker(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "source_id"),
    [
        ("Agnes waved to her daughter, Ruth.", "agnes"),
        ("Ruth's brother Peter came in.", "ruth"),
        ("Ruth had no brother.", "ruth"),
        ("Agnes, who never had children, kept geese.", "agnes"),
        ("Lucy and Gavin were man and wife.", "lucy"),
        ("The town's only tailor was Tom Rook.", "tom"),
        ("They sent for Tom Rook: he was the midwife.", "tom"),
        ("Tom Rook is our only village doctor.", "tom"),
    ],
)
def test_kin_and_callings_are_told_in_open_words(text, source_id):
    assert source_id in {cited for cited, _ in found(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Ruth had no sister.",
        "Ruth had no brother to hand.",
        "Agnes had no children but the two.",
        "Tom was by now the doctor's best customer.",
        "As a tailor, Tom said, he would starve.",
        "Tom was the next thing to a doctor.",
    ],
)
def test_denials_and_comparisons_that_agree_with_the_world_are_no_contradictions(text):
    assert found(text) == set()
