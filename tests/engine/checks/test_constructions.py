"""Kinship in speech, makers, dates, places, numbers and people at work; and innocent sentences like them."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.world import WorldView
from tests.engine.checks.elements import person


def thing(id_, kind, name, summary, **traits):
    return {"id": id_, "kind": kind, "name": name, "summary": summary, "traits": traits}


WORLD = WorldView.from_mapping(
    {
        "name": "Vey",
        "magic_system": "Magic cannot heal wounds. Nobody can see the future.",
        "rules": [
            {"id": "gates", "text": "The city of Ombre has seven gates."},
            {"id": "winters", "text": "The clan has lived by the lake for seven winters."},
            {"id": "money", "text": "Paper money does not exist."},
            {"id": "pets", "text": "No lodger keeps a pet."},
        ],
        "elements": [
            person("agnes", "Agnes Marrow", "A widow. Mother of Peter and Lucy.", "she"),
            person("peter", "Peter Marrow", "The reeve. Born in 1705.", "he", born="1705"),
            person("lucy", "Lucy Marrow", "She has never married.", "she", age=30),
            person("toby", "Toby Marsh", "The milkman's son.", "he"),
            person("bran", "Bran Holt", "A smith. He is left-handed.", "he", role="smith"),
            person("hope", "Hope Arden", "A lacemaker.", "she", status="dead"),
            person("nan", "Nan Weir", "She lets rooms.", "she"),
            thing("sword", "item", "the sword Winterfang", "Forged by Bran Holt."),
            thing("loss", "event", "the loss of the Gannet", "All hands.", date="1702"),
            thing("fort", "location", "Fort Regis", "It lies west of Port Anselm.", built="1698"),
            thing("port", "location", "Port Anselm", "It lies on the south coast."),
        ],
    }
)  # fmt: skip


def found(text):
    return {finding.source_id for finding in check(text, WORLD) if finding.strength != "hint"}


@pytest.mark.parametrize(
    ("text", "source_id"),
    [
        ("“You are my aunt,” said Peter to Agnes.", "agnes"),
        ("“You are my nephew, Peter,” said Agnes.", "agnes"),
        ("Lucy had not spoken to her uncle Peter for a year.", "agnes"),
        ("Agnes's son Lucy was late.", "agnes"),
        ("Agnes Marrow had never married.", "agnes"),
        ("Lucy had been a widow for three years.", "lucy"),
        ("Toby Marsh was the butcher's son, and got his dinner off the slab.", "toby"),
        ("Winterfang, forged by Peter, hung over the hearth.", "sword"),
        ("Peter had forged Winterfang in one night.", "sword"),
        ("Peter, born in 1712, looked older.", "peter"),
        ("Fort Regis, built in 1650, had never been taken.", "fort"),
        ("In 1650 the Spaniards built Fort Regis.", "fort"),
        ("On the wall hung the Gannet, lost in 1715.", "loss"),
        ("They rode eastward from Port Anselm until they saw the walls of Fort Regis.", "fort"),
        ("The ship came round to the northern shore, where Port Anselm lies.", "port"),
        ("Ombre's five gates were shut at dusk.", "gates"),
        ("Eleven winters they had lived here by the lake.", "winters"),
        ("She paid him in crumpled paper money.", "money"),
        ("The lodger in number four keeps a canary.", "pets"),
        ("He laid his hands on the burns, and the spell closed them at once.", "magic_system"),
        ("Bran always sawed with his right hand.", "bran"),
        ("Lucy wept for Bran, since he was only a beggar.", "bran"),
        ("Hope passed the salt to Nan.", "hope"),
        ("Hope and Nan walked home along the sea wall.", "hope"),
        ("“Hope Arden is in the kitchen,” said Nan.", "hope"),
        ("On the way home Nan met Hope, who lifted her hat.", "hope"),
    ],
)
def test_plain_contradictions_are_found(text, source_id):
    assert source_id in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "“You are my right hand, Peter,” said Agnes.",
        "Lucy did not hear her brother Peter come in.",
        "Agnes Marrow had never married again.",
        "Toby, the milkman's son, was late.",
        "Bran Holt, who had forged Winterfang, smiled.",
        "If Peter had forged Winterfang, it would have bent.",
        "Peter, born in 1705, had been a child then.",
        "In 1699, a year after they built Fort Regis, the wells went dry.",
        "They rode east out of Port Anselm for the wells, and went west to Fort Regis.",
        "The north coast has no town, and Port Anselm sends it a priest.",
        "Ombre's two western gates were shut.",
        "He bought a paper kite.",
        "Bran held the pencil in his right hand for once.",
        "Hope carried the letter to its end and died at the signature.",
        "Hope and Despair sat down at the same table.",
        "“If Hope Arden is in the kitchen, I am the pope,” said Nan.",
        "“Hope Arden is in the kitchen,” said Nan, and pointed at the picture.",
        "Somewhere, Nan felt, Hope Arden was tapping her foot at her.",
        "In Nan's fever Hope Arden sat at the foot of the bed.",
        "Hope laughed at that, when she lived.",
        "The way Nan reads it, Hope Arden walks out at eleven and meets somebody.",
        "Anybody who saw Hope walk into the mill that morning saw the back of her.",
        "Hope Arden looked down at them from the gate, in oak, with a bird on her hat.",
        "A letter in Hope Arden's hand fell out of the atlas.",
        "Nan put the needle down, and Hope Arden sang again, scratches and all.",
        "Nan had known Lucy since Lucy was four.",
    ],
)
def test_innocent_sentences_like_them_are_not_accused(text):
    assert found(text) == set()
