"""Occupations in the creators' own words, and what is none."""

from __future__ import annotations

import pytest

from tests.engine.checks.elements import Facts, accusations_by, are_quoted, element


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ("Keeps the inn at Low Cross.", "Pell Osgood was the village doctor."),
        ("Runs the bakery.", "Pell Osgood was a blacksmith by trade."),
        ("She runs a small bakery on Mill Lane.", "Pell Osgood was a blacksmith by trade."),
        ("Teaches at the village school.", "Pell Osgood was a butcher by trade."),
        ("Works as a nurse on the night ward.", "Pell Osgood worked as a lawyer."),
        ("Earns her bread as a seamstress.", "Pell Osgood was a baker by trade."),
        ("Digs graves for the parish.", "Pell Osgood was a baker by trade."),
        ("Mends shoes in the lane.", "Pell Osgood was a baker by trade."),
        ("He farms forty acres above the weir.", "Pell Osgood was the village doctor."),
        ("Makes his living as a pedlar.", "Pell Osgood was the village doctor."),
        ("Commands the Perpetua.", "Pell Osgood was the ship's cook."),
        ("Captain of the Perpetua.", "Pell Osgood was the ship's cook."),
        ("Pell is the town's only doctor.", "Pell Osgood was the town's butcher."),
        ("By trade a cooper.", "Pell Osgood was a baker by trade."),
        ("A cooper by trade, a drinker by habit.", "Pell Osgood was a baker by trade."),
        ("Employed as a clerk at the mint.", "Pell Osgood was a blacksmith by trade."),
        ("Has served as the abbot of Sarn for nine years.", "Pell Osgood was a blacksmith by trade."),
        ("Sells fish on the quay.", "Pell Osgood was the village doctor."),
        ("Shoes horses.", "Pell Osgood was the village doctor."),
        ("Cuts hair and pulls teeth.", "Pell Osgood was the village blacksmith."),
        ("A low-born, quick-tempered stonemason who sings.", "Pell Osgood was a baker by trade."),
        ({"job": "lighthouse keeper"}, "Pell Osgood was a baker by trade."),
        ({"work": "cooper"}, "Pell Osgood was a baker by trade."),
        ({"trade": "cooper"}, "Pell Osgood was a baker by trade."),
        ({"Profession": "Cooper"}, "Pell Osgood was a baker by trade."),
        ({"employment": "nurse"}, "Pell Osgood was a baker by trade."),
        ({"rank": "sergeant"}, "Pell Osgood was a captain."),
        ({"occupation": ["baker"]}, "Pell Osgood was a blacksmith by trade."),
    ],
)
def test_another_one_contradicts_the_facts(facts: Facts, text: str) -> None:
    told = element("Pell Osgood", facts)
    assert are_quoted(accusations_by(text, told), told)


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ("Dreams of keeping an inn.", "Pell Osgood was a baker by trade."),
        ("Her father runs the bakery.", "Pell Osgood was a blacksmith by trade."),
        ("Once kept the inn at Low Cross.", "Pell Osgood was a baker by trade."),
        ("Used to teach at the school.", "Pell Osgood was a baker by trade."),
        ("Runs the bakery.", "Pell Osgood was a baker."),
        ("Runs the bakery.", "Pell Osgood was the village baker."),
        ("Runs from the law.", "Pell Osgood was a baker."),
        ("Runs the risk of ruin.", "Pell Osgood was a baker."),
        ("Keeps the peace.", "Pell Osgood was a constable."),
        ("Keeps the peace.", "Pell Osgood was a baker."),
        ("Keeps a dog.", "Pell Osgood was a baker."),
        ("Owns the inn but lets it.", "Pell Osgood was a baker."),
        ("Works as hard as a mule.", "Pell Osgood was a baker."),
        ("Sells his soul.", "Pell Osgood was a baker."),
        ("Farms out his work.", "Pell Osgood was a lawyer."),
        ("Heads for the coast.", "Pell Osgood was a baker."),
        ("Commands respect.", "Pell Osgood was a baker."),
        ("Teaches her son to read.", "Pell Osgood was a baker."),
        ("Drives everybody mad.", "Pell Osgood was a baker."),
        ("Cuts hair for friends; a carpenter.", "Pell Osgood was a carpenter."),
        ("Serves as a warning to others.", "Pell Osgood was a baker."),
        ("Captain of the Perpetua.", "Pell Osgood was the captain."),
        ("Captain of the Perpetua.", "Pell Osgood was captain of the Perpetua."),
        ("Captain of the Perpetua.", "Pell Osgood was a sailor."),
        ("Has served as abbot.", "Pell Osgood was a monk."),
        ("Has served as abbot.", "Pell Osgood was a priest."),
        ("A farmer's son.", "Pell Osgood was a baker."),
        ("Baker, brewer and poet.", "Pell Osgood was a poet."),
        ("Baker, brewer and poet.", "Pell Osgood was a brewer."),
        ("Works as a nurse; also a midwife.", "Pell Osgood was a midwife."),
        ("Teaches music.", "Pell Osgood was a violinist."),
        ("Teaches music.", "Pell Osgood was a professor."),
        ("Teaches music.", "Pell Osgood was a pianist."),
        ("Runs the mine.", "Pell Osgood was an engineer."),
        ("Sells fish.", "Pell Osgood was a fisherman."),
        ("Sells fish.", "Pell Osgood was a merchant."),
        ("Keeps the inn.", "Pell Osgood was a landlord."),
        ("Keeps the inn.", "Pell Osgood was a publican."),
        ("Keeps the inn.", "Pell Osgood was an innkeeper."),
        ("Keeps the inn.", "Pell Osgood was a landlady."),
        ("Mends shoes.", "Pell Osgood was a shoemaker."),
        ("Mends shoes.", "Pell Osgood was a cobbler."),
        ("A student who works as a waiter.", "Pell Osgood was a student."),
        ("A student who works as a waiter.", "Pell Osgood was a waiter."),
        ("Leads the council.", "Pell Osgood was a baker."),
        ({"job": "none"}, "Pell Osgood was a baker."),
        ({"work": "hard to come by"}, "Pell Osgood was a baker."),
    ],
)
def test_the_facts_allow_the_text(facts: Facts, text: str) -> None:
    assert accusations_by(text, element("Pell Osgood", facts)) == ()
