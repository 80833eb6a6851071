"""Bodies in the creators' own words."""

from __future__ import annotations

from typing import Any

import pytest

from agents.engine.checks import Finding, check
from agents.engine.sources import element_text
from agents.engine.world import Element, WorldView

OTHER = Element(kind="character", name="Ben Crane", summary="A sailor.")


def _element(name: str, facts: str | dict[str, Any]) -> Element:
    summary, traits = (facts, {}) if isinstance(facts, str) else ("", facts)
    return Element(kind="character", name=name, summary=summary, traits=traits)


def _findings(name: str, facts: str | dict[str, Any], text: str) -> tuple[Finding, ...]:
    world = WorldView(elements=(_element(name, facts), OTHER))
    return tuple(finding for finding in check(text, world) if finding.strength != "hint")


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Dov Renn", "Lost his right arm at the mill.", "Dov Renn clapped his hands."),
        ("Dov Renn", "Lost his right arm at the mill.", "Dov Renn held the lamp in his right hand."),
        ("Dov Renn", "Blind from birth.", "Dov Renn saw the ship come in."),
        ("Dov Renn", "Blind from birth.", "Dov Renn read the letter."),
        (
            "Dov Renn",
            "He has not seen anything since the explosion took his sight.",
            "Dov Renn saw the ship come in.",
        ),
        (
            "Dov Renn",
            "He has not seen anything since the explosion took his sight.",
            "Dov Renn watched the gulls.",
        ),
        ("Dov Renn", "Deaf in both ears.", "Dov Renn heard the bell."),
        ("Dov Renn", "Stone deaf; reads lips.", "Dov Renn heard the bell."),
        ("Dov Renn", "Mute. Talks with his hands.", '"Come in," said Dov Renn.'),
        ("Dov Renn", "Mute. Talks with his hands.", "Dov Renn shouted."),
        ("Dov Renn", "Has never spoken a word in his life.", '"Come in," said Dov Renn.'),
        ("Dov Renn", "Uses a wheelchair and cannot walk.", "Dov Renn ran up the stairs."),
        ("Dov Renn", "Uses a wheelchair and cannot walk.", "Dov Renn walked to the door."),
        ("Dov Renn", "Paralysed from the waist down.", "Dov Renn ran up the stairs."),
        ("Dov Renn", "Paralysed from the waist down.", "Dov Renn walked to the door."),
        ("Dov Renn", "Very tall, nearly seven feet.", "Dov Renn, a short man, looked up at her."),
        ("Dov Renn", "A small, round man.", "Dov Renn was tall and thin."),
        ("Dov Renn", "Clean-shaven.", "Dov Renn stroked his beard."),
        ("Dov Renn", "A bearded giant.", "Dov Renn was clean-shaven."),
        ("Dov Renn", "Left-handed.", "Dov Renn signed with his right hand."),
        ("Dov Renn", "Writes with his left hand.", "Dov Renn signed his name with his right hand."),
    ],
)
def test_what_the_facts_rule_out_is_found(name: str, facts: str | dict[str, Any], text: str) -> None:
    findings = _findings(name, facts, text)
    assert findings
    assert all(finding.statement in element_text(_element(name, facts)) for finding in findings)


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Dov Renn", "Lost his right arm at the mill.", "Dov Renn held the lamp in his left hand."),
        ("Dov Renn", "His left leg is wooden from the knee.", "Dov Renn's wooden leg knocked."),
        ("Dov Renn", "Blind from birth.", "Dov Renn heard the ship come in."),
        (
            "Dov Renn",
            "He has not seen anything since the explosion took his sight.",
            "Dov Renn heard the ship come in.",
        ),
        ("Dov Renn", "Deaf in both ears.", "Dov Renn saw the bell move."),
        ("Dov Renn", "Stone deaf; reads lips.", "Dov Renn read her lips."),
        ("Dov Renn", "Mute. Talks with his hands.", "Dov Renn signed to her."),
        ("Dov Renn", "Has never spoken a word in his life.", "Dov Renn nodded."),
        ("Dov Renn", "Uses a wheelchair and cannot walk.", "Dov Renn wheeled himself to the door."),
        ("Dov Renn", "Paralysed from the waist down.", "Dov Renn wheeled himself to the door."),
        ("Dov Renn", "Very tall, nearly seven feet.", "Dov Renn, a tall man, looked down at her."),
        ("Dov Renn", "A small, round man.", "Dov Renn was small and round."),
        ("Dov Renn", "Clean-shaven.", "Dov Renn stroked his chin."),
        ("Dov Renn", "A bearded giant.", "Dov Renn tugged at his beard."),
        ("Dov Renn", "Left-handed.", "Dov Renn signed with his left hand."),
        ("Dov Renn", "Writes with his left hand.", "Dov Renn signed with his left hand."),
    ],
)
def test_what_the_facts_allow_is_not(name: str, facts: str | dict[str, Any], text: str) -> None:
    assert _findings(name, facts, text) == ()


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Nell Harrow", "She went blind at nine.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "A blind harpist.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Was born deaf.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Profoundly deaf.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Went deaf in the shelling.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Born without a voice.", "“Come in,” said Nell Harrow."),
        ("Nell Harrow", "Gets about in a wheelchair.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "A paraplegic.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "Paralysed in both legs.", "Nell Harrow walked to the door."),
        ("Nell Harrow", "Has no legs.", "Nell Harrow walked to the door."),
        ("Nell Harrow", "Both legs were taken off above the knee.", "Nell Harrow ran up the stairs."),
        (
            "Nell Harrow",
            "An amputee; the left arm ends at the elbow.",
            "Nell Harrow held the lamp in her left hand.",
        ),
        ("Nell Harrow", "A hook where her left hand was.", "Nell Harrow held the lamp in her left hand."),
        ("Nell Harrow", "Has a hook for a left hand.", "Nell Harrow held the lamp in her left hand."),
        ("Nell Harrow", "A lefty.", "Nell Harrow wrote with her right hand."),
        ("Nell Harrow", "Stands six foot four.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "Barely five feet tall.", "Nell Harrow was a tall woman."),
        ("Nell Harrow", "A big, heavy woman.", "Nell Harrow was thin."),
        ("Nell Harrow", "Shaves her head.", "Nell Harrow combed her hair."),
        ("Nell Harrow", {"height": "6'3\""}, "Nell Harrow was a short woman."),
        ("Nell Harrow", {"build": "heavyset"}, "Nell Harrow was thin."),
        ("Tobias Wren", "Blinded in the war.", "Tobias Wren watched the gulls."),
        ("Tobias Wren", "Totally deaf since the blast.", "Tobias Wren heard the whistle."),
        ("Tobias Wren", "A mute beggar.", "“Alms,” said Tobias Wren."),
        (
            "Tobias Wren",
            "His right arm was torn off by a thresher.",
            "Tobias Wren held the cup in his right hand.",
        ),
        ("Tobias Wren", "Six feet five in his socks.", "Tobias Wren was a short man."),
        ("Tobias Wren", "Under five feet tall.", "Tobias Wren was a tall man."),
        ("Tobias Wren", {"height": "190 cm"}, "Tobias Wren was a short man."),
    ],
)
def test_other_words_for_a_fact_are_read(name: str, facts: str | dict[str, Any], text: str) -> None:
    findings = _findings(name, facts, text)
    assert findings
    assert all(finding.statement in element_text(_element(name, facts)) for finding in findings)


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Nell Harrow", "Blind drunk most nights.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Blind to his faults.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Nearly blind without her glasses.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Blind in one eye.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Was blind once.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Went blind for a week in the war.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Married to a blind man.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Sells window blinds.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Makes blind boxes.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Deaf in one ear.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Half deaf.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Deaf to his pleas.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Teaches deaf children.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Went deaf to reason.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Mute with rage most days.", "“Come in,” said Nell Harrow."),
        ("Nell Harrow", "Mutes her opinions.", "“Come in,” said Nell Harrow."),
        (
            "Nell Harrow",
            "Was in a wheelchair after the fall, and walks again.",
            "Nell Harrow ran up the stairs.",
        ),
        ("Nell Harrow", "In a wheelchair for a month as a girl.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "Pushes her brother's wheelchair.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "Paralysed with fear at the thought.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "Has no legs to stand on in this argument.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "Has no legs for dancing.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "Has only one hand free at work.", "Nell Harrow clapped her hands."),
        ("Nell Harrow", "Missing her left glove.", "Nell Harrow held the lamp in her left hand."),
        ("Nell Harrow", "Has a hook for her coat.", "Nell Harrow held the lamp in her left hand."),
        ("Nell Harrow", "Her right-hand man is gone.", "Nell Harrow held the lamp in her right hand."),
        ("Nell Harrow", "Tall for her age.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "Tells tall tales.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "A short fuse.", "Nell Harrow was a tall woman."),
        ("Nell Harrow", "Stands six feet from the door.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "Barely five feet of rope.", "Nell Harrow was a tall woman."),
        ("Nell Harrow", "A heavy drinker.", "Nell Harrow was thin."),
        ("Nell Harrow", "A big name in town.", "Nell Harrow was thin."),
        ("Nell Harrow", "Shaves her legs.", "Nell Harrow combed her hair."),
        ("Nell Harrow", "Once shaved her head for a bet.", "Nell Harrow combed her hair."),
        ("Nell Harrow", "A lefty in politics.", "Nell Harrow wrote with her right hand."),
        ("Nell Harrow", {"disability": "none"}, "Nell Harrow heard the bell."),
        ("Nell Harrow", "Blind.", "Nell Harrow saw what he meant."),
        ("Nell Harrow", "Blind.", "Nell Harrow turned her face to the window."),
        ("Nell Harrow", "Blind.", "Nell Harrow imagined that she saw the boat come in."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow rolled to the door."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow ran the shop."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow's nose ran."),
        ("Tobias Wren", "Blinded by love.", "Tobias Wren watched the gulls."),
        ("Tobias Wren", "Blinded by the sun that morning.", "Tobias Wren watched the gulls."),
        ("Tobias Wren", "Plays a blind beggar on the stage.", "Tobias Wren watched the gulls."),
        ("Tobias Wren", "Temporarily deaf from the guns.", "Tobias Wren heard the whistle."),
        ("Tobias Wren", "Mute on the subject of his war.", "“Alms,” said Tobias Wren."),
        ("Tobias Wren", "Does not speak of the war.", "“Alms,” said Tobias Wren."),
        (
            "Tobias Wren",
            "Bound to a wheelchair as a boy, he walks now with a stick.",
            "Tobias Wren ran down the lane.",
        ),
        (
            "Tobias Wren",
            "His right arm was torn off the statue he loved.",
            "Tobias Wren held the cup in his right hand.",
        ),
        ("Tobias Wren", "Lost his left hand at cards.", "Tobias Wren held the cup in his left hand."),
        (
            "Tobias Wren",
            "Left-handed compliments are his specialty.",
            "Tobias Wren wrote with his right hand.",
        ),
        ("Tobias Wren", "Bald statements are his style.", "Tobias Wren combed his hair."),
        ("Tobias Wren", "A short man's temper he has not.", "Tobias Wren was a tall man."),
        ("Tobias Wren", "Was a fat child.", "Tobias Wren was thin."),
        ("Tobias Wren", "Five feet from the door he keeps a gun.", "Tobias Wren was a tall man."),
        ("Tobias Wren", "Small print is his trade.", "Tobias Wren was a tall man."),
        ("Tobias Wren", "Uses a wheelchair.", "Tobias Wren rose early."),
        ("Tobias Wren", "Uses a wheelchair.", "Tobias Wren ran a tight ship."),
        ("Tobias Wren", "Uses a wheelchair.", "Tobias Wren jumped when the door banged."),
        ("Tobias Wren", "Uses a wheelchair.", "Tobias Wren walked Ben Crane through the plan."),
        ("Tobias Wren", "Blind.", "Tobias Wren read the page with his fingers."),
        ("Tobias Wren", "Blind.", "Tobias Wren saw that it was hopeless."),
        ("Tobias Wren", "Blind.", "Nobody saw Tobias Wren."),
        ("Nell Harrow", "Blind date enthusiast.", "Nell Harrow saw the boat come in."),
        (
            "Nell Harrow",
            "A blind corner in the lane is where she lives.",
            "Nell Harrow saw the boat come in.",
        ),
        ("Nell Harrow", "Went blind with rage.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Went blind at cards.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Left blind drunk by the party.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Struck blind by love.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Born blind to colour.", "Nell Harrow saw the boat come in."),
        (
            "Nell Harrow",
            "Went blind in the war, and was cured after it.",
            "Nell Harrow saw the boat come in.",
        ),
        ("Nell Harrow", "Would go blind rather than read it.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Runs a blind bargain.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Was struck blind for a day.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Totally blind to danger.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Quite blind without her lenses.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Her blind harpist is her friend.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "A blind monk taught her.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Left blind alleys alone.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Colour-blind.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Snow-blind in the war.", "Nell Harrow saw the boat come in."),
        ("Nell Harrow", "Left deaf for a week by the guns.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Went deaf in one ear in the war.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Totally deaf to music.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Deaf in the left ear.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Pretends to be profoundly deaf.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Born deaf to irony.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "A tone-deaf girl.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Quite deaf when it suits her.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Deafening laugh.", "Nell Harrow heard the bell."),
        ("Nell Harrow", "Born without a voice for opera.", "“Come in,” said Nell Harrow."),
        ("Nell Harrow", "Born without a voice of her own at court.", "“Come in,” said Nell Harrow."),
        ("Nell Harrow", "Lost her voice at the fair.", "“Come in,” said Nell Harrow."),
        ("Nell Harrow", "Was mute for a year.", "“Come in,” said Nell Harrow."),
        ("Nell Harrow", "Has no legs up in this fight.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "No legs like hers in the county.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "Lost both legs; walks on prosthetics.", "Nell Harrow ran up the stairs."),
        (
            "Nell Harrow",
            "Lost both legs in the war. She has learned to walk on blades.",
            "Nell Harrow ran up the stairs.",
        ),
        (
            "Nell Harrow",
            "Gets about in a wheelchair at the games only, for show.",
            "Nell Harrow ran up the stairs.",
        ),
        ("Nell Harrow", "Gets around in a red car.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "Paralysed in both legs for a month as a girl.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "Both legs were taken off the table she made.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "Both legs were cut off her chair.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "Draws paraplegic heroes.", "Nell Harrow ran up the stairs."),
        ("Nell Harrow", "A paraplegic's nurse.", "Nell Harrow ran up the stairs."),
        (
            "Nell Harrow",
            "The left arm ends at the elbow in her coat.",
            "Nell Harrow held the lamp in her left hand.",
        ),
        ("Nell Harrow", "Her sleeve ends at the elbow.", "Nell Harrow held the lamp in her left hand."),
        (
            "Nell Harrow",
            "The left arm of the chair ends at the elbow.",
            "Nell Harrow held the lamp in her left hand.",
        ),
        ("Nell Harrow", "A hook where her coat hung.", "Nell Harrow held the lamp in her left hand."),
        ("Nell Harrow", "Has a hook for a left-hand door.", "Nell Harrow held the lamp in her left hand."),
        (
            "Nell Harrow",
            "Wears a hook for a left hand on stage.",
            "Nell Harrow held the lamp in her left hand.",
        ),
        ("Nell Harrow", "Has a left hook to fear.", "Nell Harrow held the lamp in her left hand."),
        ("Nell Harrow", "Shaves her head in the comic she draws.", "Nell Harrow combed her hair."),
        ("Nell Harrow", "Shaves heads for a living.", "Nell Harrow combed her hair."),
        (
            "Nell Harrow",
            "Shaves her head when the play needs it, and grows it again.",
            "Nell Harrow combed her hair.",
        ),
        ("Nell Harrow", "Shaves her head of cabbage.", "Nell Harrow combed her hair."),
        ("Nell Harrow", "Six foot four in her heels.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "Stands six feet two inches from the wall.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "Six feet under soon, she says.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "Five feet of snow fell on her birthday.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "Just five foot shelves, she builds.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "Seven feet of books line her wall.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "Four feet on the wall: she keeps a horse.", "Nell Harrow was a short woman."),
        (
            "Nell Harrow",
            "Four feet are better than two, she says of her dog.",
            "Nell Harrow was a short woman.",
        ),
        ("Nell Harrow", "Seven feet is her best jump.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "Over six foot three her brother grew.", "Nell Harrow was a short woman."),
        ("Nell Harrow", "A heavy woman's burden is hers.", "Nell Harrow was thin."),
        ("Nell Harrow", "Heavy-set brows.", "Nell Harrow was thin."),
        ("Nell Harrow", "Heavy with sleep.", "Nell Harrow was thin."),
        ("Nell Harrow", {"height": "5'10\""}, "Nell Harrow was a tall woman."),
        ("Nell Harrow", {"height": "5 feet"}, "Nell Harrow was a short woman."),
        ("Nell Harrow", {"height": "6 ft"}, "Nell Harrow was a tall woman."),
        ("Nell Harrow", {"height": "1.72 m"}, "Nell Harrow was a tall woman."),
        ("Nell Harrow", {"height": "4 ft as a child, now 6 ft 2"}, "Nell Harrow was a tall woman."),
        ("Nell Harrow", {"height": "7'1\""}, "Nell Harrow was tall."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow ran a shop."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow ran her hand over the table."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow ran into Ben Crane."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow ran out of tea."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow ran late."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow jumped at the noise."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow stood up for her friend."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow skipped breakfast."),
        (
            "Nell Harrow",
            "In a wheelchair since the fall.",
            "Nell Harrow walked her dog beside the wheelchair.",
        ),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow climbed into the car with her arms."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow ran for mayor."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow ran through the list."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow ran down the list."),
        ("Nell Harrow", "In a wheelchair since the fall.", "Nell Harrow got up at six."),
    ],
)
def test_what_only_resembles_a_fact_is_none(name: str, facts: str | dict[str, Any], text: str) -> None:
    assert _findings(name, facts, text) == ()
