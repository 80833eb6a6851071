"""Deaths in the creators' own words, and descriptions of the living that speak of death."""

from __future__ import annotations

from typing import Any

import pytest

from agents.engine.checks import Finding
from agents.engine.checks.facts.restated import restated
from agents.engine.world import WorldView
from tests.engine.checks.elements import Facts, accusations_by, are_quoted, element

SCENE = "Marta Quell walked into the room and sat down by the fire."


def _findings(facts: Facts) -> tuple[Finding, ...]:
    return accusations_by(SCENE, element("Marta Quell", facts))


@pytest.mark.parametrize(
    "summary",
    [
        "Hanged in 1688 for a theft he did not commit.",
        "A ferryman, drowned in the spring floods.",
        "Mother of three, killed by a falling slate.",
        "He was a baker and was murdered in his shop.",
        "Fell at Culloden.",
        "Was beheaded by the usurper.",
        "Assassinated on the steps of the senate.",
        "She perished with her crew.",
        "Has been dead for six years.",
        "Long dead.",
        "Dead.",
        "Now dead.",
        "Deceased since the autumn.",
        "Passed away peacefully.",
        "She died in childbirth.",
        "Died young.",
        "Lost his life in the mine.",
        "Was taken by the plague.",
        "Carried off by cholera.",
        "Killed himself.",
        "Found dead in the canal.",
        "His body was never found after the wreck; he drowned.",
        "Crushed to death under the mill wheel.",
        "Executed at dawn for desertion.",
        "Dead by her own hand.",
        "He rests in the churchyard at Sarn.",
        "Is no more.",
        "Gave her life for the children.",
        "Laid down his life at the bridge.",
        "Marta was killed in the raid.",
        "Quell drowned off the point.",
        "A victim of the fever, dead at nineteen.",
        "The first to die in the siege.",
        "Shot dead by a sniper.",
        "The mayor, now deceased.",
        "Killed in action, 1916.",
        "KIA at the Somme.",
        "She has been in her grave these ten years.",
        "Marta died last winter, and Tom has not spoken since.",
        "Was eaten by wolves.",
        "Torn apart by wolves.",
        "Mauled to death by a bear.",
        "Dead these ten years.",
        "Fate: drowned off the point.",
        "Marta Quell: hanged for treason.",
        "Dead of fever.",
        "Dead at nineteen.",
        "Dead and buried.",
        "Hanged for treason.",
        "Killed at the ford.",
        "Was lost at sea.",
        "Passed away last autumn.",
        "He fell in the war.",
        "Buried in the churchyard at Low Cross.",
        "Murdered by her brother.",
        "The late mayor.",
        "She did not survive the fire.",
        "Was burned as a traitor.",
        "Took his own life.",
        "Shot by firing squad in the spring.",
        "Lies in the family vault.",
        "Succumbed to her wounds after the siege.",
        "Did not live to see the spring.",
        "Gone down with the Perpetua.",
    ],
)
def test_a_death_is_read_and_quoted_in_the_worlds_words(summary: str) -> None:
    (finding,) = _findings(summary)
    assert finding.kind == "timeline"
    assert finding.statement in summary


@pytest.mark.parametrize(
    "summary",
    [
        "Nearly drowned as a boy.",
        "Was almost killed at the ford.",
        "Believed dead, but alive in the south.",
        "Left for dead by the bandits.",
        "Survived the fire that killed her sister.",
        "Her father died when she was ten.",
        "Killed a man once.",
        "Buried two husbands.",
        "Would have died without the doctor.",
        "Fears that she will die at sea.",
        "Is dead tired of the valley.",
        "Hanged a man in her youth.",
        "A ghost who haunts the mill; drowned in 1820.",
        "Died in the fire and came back as a revenant.",
        "Was drowned in debt after the harvest.",
        "Executed three deserters in the war.",
        "Murdered his brother for the crown.",
        "Daughter of Ben, killed at the ford.",
        "Widow of a man who drowned.",
        "Lost at cards and never forgave it.",
        "Buried herself in her books.",
        "Perished in the story that she tells of herself.",
        "Was shot in the leg.",
        "Stabbed by her brother, she lived.",
        "Dead to her family since the wedding.",
        "Fell in love with the miller.",
        "Fell at the gate and broke her leg.",
        "Passed away the hours with cards.",
        "Passed on the farm to her son.",
        "Burned her letters.",
        "Strangely calm since the vicar died.",
        "Owns the late mayor's watch.",
        "Works the late shift.",
        "Sworn to avenge the late queen.",
        "Did not survive the audition and went home.",
        "Thinks that the war killed her; it did not.",
        "In his grave moods he says nothing.",
        "Would rather have died than marry.",
        "Met her end of the bargain.",
        "Went down with a fever, and recovered.",
        "Gone down with flu.",
        "Swept overboard, and rescued by the Perpetua.",
        "Starved in the siege, and has been fat since.",
        "Killed off in the first draft.",
        "Undertaker: has buried half the town.",
        "Interred with full honours her regimental colours.",
        "Hanged pictures for a living.",
        "Beheaded chickens at six.",
        "Died her hair red.",
        "Lost overboard everything she owned.",
        "Her twin was drowned at the weir.",
        "One of the two who did not die.",
        "Lies in bed all day.",
        "Lies under oath.",
        "Lies in wait for the coach.",
        "He is deadly serious.",
        "Deadpan.",
        "Drowned her sorrows nightly.",
        "Died a little when Tom left.",
        "Poisoned the well.",
        "Not dead, whatever they say.",
        "Dead mother, absent father.",
        "Family: dead mother, two brothers.",
        "Enemy: killed at the ford.",
        "Her husband: drowned off the point.",
        "Dead certain of everything.",
        "Dead languages are her trade.",
        "Dead set against the marriage.",
        "Was hanged at Tyburn and cut down alive.",
        "Buried alive in the mine, and dug out by her brother.",
        "Officially dead; lives under another name.",
    ],
)
def test_the_living_are_not_dead(summary: str) -> None:
    assert _findings(summary) == ()


@pytest.mark.parametrize(
    "traits",
    [
        {"status": "deceased"},
        {"state": "dead"},
        {"condition": "Dead"},
        {"alive": "no"},
        {"alive": False},
        {"deceased": True},
        {"fate": "killed in the flood"},
        {"history": "A ferryman's daughter. Drowned off the point."},
    ],
)
def test_a_trait_tells_of_a_death(traits: dict[str, Any]) -> None:
    assert are_quoted(_findings(traits), element("Marta Quell", traits))


@pytest.mark.parametrize(
    "traits", [{"alive": "yes"}, {"dead": "no"}, {"status": "dead tired"}, {"goal": "Killed at the ford."}]
)
def test_a_trait_tells_of_no_death(traits: dict[str, Any]) -> None:
    assert _findings(traits) == ()


def test_a_world_that_needs_no_other_words_stays_as_it_is() -> None:
    world = WorldView(elements=(element("Marta Quell", "Sells plums."),))
    assert restated(world).world is world
