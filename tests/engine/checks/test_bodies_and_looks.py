"""Looks, ages, bodies and abilities in ordinary prose, and innocent sentences like them."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.world import WorldView
from tests.engine.checks.elements import person

WORLD = WorldView.from_mapping(
    {
        "name": "Vey",
        "elements": [
            person(
                "ada", "Ada Quirk", "Sheriff of Vey. She never carries a gun.", "she", role="sheriff", age=44
            ),
            person(
                "emil", "Emil Quirk", "A rancher with a wooden leg. He never eats meat.", "he", eyes="blue"
            ),
            person("hal", "Hal Stone", "A hunter with a red beard. Lost two fingers of his left hand.", "he"),
            person(
                "ysolt", "Ysolt Brenn", "She lost her left hand as a girl. Afraid of water.", "she", age=29
            ),
            person("ida", "Ida Marsh", "The minister. Tall, thin and bald, eighteen.", "she"),
            person(
                "hob",
                "Hob Lund",
                "A baker with no beard. He cannot abide coffee, and never told a lie.",
                "he",
            ),
            person("elsie", "Elsie Lund", "She never learned to ride a bicycle.", "she", hair="black"),
            person("bram", "Bram Teague", "A left-handed editor. Allergic to shrimp.", "he"),
        ],
    }
)


def found(text):
    return {finding.source_id for finding in check(text, WORLD) if finding.strength != "hint"}


@pytest.mark.parametrize(
    ("text", "source_id"),
    [
        ("Sheriff Quirk drew her revolver.", "ada"),
        ("Emil turned a pair of brown eyes on his niece.", "emil"),
        ("The cook came in, and Emil's eyes were a deep brown.", "emil"),
        ("Hal stroked his black beard.", "hal"),
        ("The black-bearded Hal laughed.", "hal"),
        ("Emil felt the cold in both his feet.", "emil"),
        ("With both hands Ysolt held the rope.", "ysolt"),
        ("Ysolt washed her hands, first the right hand, then the left.", "ysolt"),
        ("Hal counted on his fingers, all ten of them.", "hal"),
        ("Bram signed; he did everything with his right hand.", "bram"),
        ("Bram ate the last shrimp.", "bram"),
        ("Ysolt loved the water.", "ysolt"),
        ("Emil ate the meat.", "emil"),
        ("At twelve, Ysolt was the youngest of the clerks.", "ysolt"),
        ("Ada, thirty years old last week, was the best of the deputies.", "ada"),
        ("The cook nodded; Ysolt had turned sixty that spring and looked it.", "ysolt"),
        ("Ysolt, an old woman now of seventy, leaned on the rail.", "ysolt"),
        ("The wind blew the minister's hair about.", "ida"),
        ("The minister was a woman of sixty.", "ida"),
        ("Ida was as fat as a goose.", "ida"),
        ("Hob stroked his long beard.", "hob"),
        ("Hob drank three cups of coffee.", "hob"),
        ("Hob told his sister a lie.", "hob"),
        ("Elsie got on her bicycle and rode off.", "elsie"),
        ("A blonde child stood on the step. It was Elsie.", "elsie"),
        ("Elsie would be thirty in the spring. Ysolt would be seventy in May.", "ysolt"),
        ("Ysolt stitched with her left hand, the one she used for everything.", "ysolt"),
        ("Emil danced every dance that night, on two good legs.", "emil"),
        ("“I was fifty-six last week,” said Ysolt.", "ysolt"),
        ("All were to drink to Ysolt, who was about to turn sixty.", "ysolt"),
        ("Ysolt, a woman well past sixty, leaned on the rail.", "ysolt"),
        ("Ysolt, a great-grandmother, leaned on the rail.", "ysolt"),
        ("It was an old greybeard on a mare; it was Ysolt.", "ysolt"),
        ("Pale brown were the eyes of Emil Quirk.", "emil"),
        ("Two brown eyes looked out from the shadow: Emil's.", "emil"),
        ("Brown of eye and slow of speech, Emil sat down.", "emil"),
        ("“You have brown eyes,” the girl said to Emil.", "emil"),
        ("“Your Honour is sixty,” said the nurse to Ada.", "ada"),
        ("Bram fenced with his right hand, which had always been the better one.", "bram"),
    ],
)
def test_plain_contradictions_are_found(text, source_id):
    assert found(text) == {source_id}


@pytest.mark.parametrize(
    "text",
    [
        "Emil ate his soup.",
        "Ysolt nodded to the two hands who had come to shear.",
        "Hob drank nothing.",
        "Another minister had hair.",
        "The wind blew the minister's hat about.",
        "Hob stroked his false beard.",
        "Hob pushed the coffee away.",
        "Elsie got on the bus and rode off.",
        "A blonde child stood on the step. It was Elsie's cousin.",
        "Elsie's black hair was white with flour.",
        "Bram's nephew wrote with his right hand.",
        "Bram took the pen in his right hand and gave it back.",
        "Ysolt's great-grandmother leaned on the rail.",
        "It was an old man on a mare; it was Ysolt's father.",
        "Two brown eyes looked out from the shadow: the cat's, not Emil's.",
        "“Your mother had brown eyes,” the girl said to Emil.",
        "Emil Quirk drew a revolver from the drawer.",
        "Sheriff Brenn drew her revolver.",
        "Emil turned from the brown eyes of his niece.",
        "The cook came in, and her eyes were a deep brown. Emil looked away.",
        "A black hair lay in Hal's beard.",
        "Hal's hat was black, and so was his coat.",
        "Hal counted on his fingers, all eight of them.",
        "Bram ordered the shrimp for Ysolt.",
        "Bram had never liked shrimp.",
        "Ysolt loved the sound of rain.",
        "Ysolt washed her hand, first the palm, then the back.",
        "The deputy was twelve, and Ysolt liked him.",
        "Bram signed with his right hand, because the left was in a sling.",
    ],
)
def test_innocent_sentences_like_them_are_not_accused(text):
    assert found(text) == set()
