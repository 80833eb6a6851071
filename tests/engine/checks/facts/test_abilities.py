"""Inabilities in the creators' own words, and what is said of some occasions or others only."""

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
        ("Rhys Vane", "Never learned to swim.", "Rhys Vane swam across the river."),
        ("Rhys Vane", "He can't swim a stroke.", "Rhys Vane swam across the river."),
        ("Rhys Vane", "Cannot read or write.", "Rhys Vane read the letter."),
        ("Rhys Vane", "Cannot read or write.", "Rhys Vane wrote a note."),
        ("Rhys Vane", "Illiterate.", "Rhys Vane read the letter."),
        ("Rhys Vane", "Illiterate.", "Rhys Vane wrote a note."),
        ("Rhys Vane", "Nobody ever taught him his letters.", "Rhys Vane read the letter."),
        ("Rhys Vane", "Doesn't drink.", "Rhys Vane drank a glass of whisky."),
        ("Rhys Vane", "A teetotaller.", "Rhys Vane drank a glass of whisky."),
        ("Rhys Vane", "A teetotaller.", "Rhys Vane drained his beer."),
        ("Rhys Vane", "Touches no meat.", "Rhys Vane ate a slice of ham."),
        ("Rhys Vane", "A vegetarian since the war.", "Rhys Vane ate a slice of ham."),
        ("Rhys Vane", "Speaks no French.", "Rhys Vane said it in French."),
        ("Rhys Vane", "Speaks no French.", "Rhys Vane spoke to her in French."),
        ("Rhys Vane", "Won't carry a gun.", "Rhys Vane drew his pistol."),
        ("Rhys Vane", "Won't carry a gun.", "Rhys Vane carried a gun."),
        ("Rhys Vane", "Sworn never to kill.", "Rhys Vane killed the guard."),
        ("Rhys Vane", "Is unable to lie.", "Rhys Vane lied to her."),
        ("Rhys Vane", "Smokes nothing and never has.", "Rhys Vane lit a cigarette and smoked it."),
        ("Rhys Vane", {"weakness": "cannot swim"}, "Rhys Vane swam across the river."),
        ("Rhys Vane", {"skills": "none with a blade; can't ride"}, "Rhys Vane rode his horse into the yard."),
    ],
)
def test_what_the_facts_rule_out_is_found(name: str, facts: str | dict[str, Any], text: str) -> None:
    findings = _findings(name, facts, text)
    assert findings
    assert all(finding.statement in element_text(_element(name, facts)) for finding in findings)


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Rhys Vane", "Never learned to swim.", "Rhys Vane walked across the river."),
        ("Rhys Vane", "He can't swim a stroke.", "Rhys Vane walked across the bridge."),
        ("Rhys Vane", "Cannot read or write.", "Rhys Vane had the letter read to him."),
        ("Rhys Vane", "Illiterate.", "Rhys Vane had the letter read to him."),
        ("Rhys Vane", "Nobody ever taught him his letters.", "Rhys Vane had the letter read to him."),
        ("Rhys Vane", "Afraid of horses and has never ridden one.", "Rhys Vane walked into the yard."),
        ("Rhys Vane", "Doesn't drink.", "Rhys Vane drank his tea."),
        ("Rhys Vane", "A teetotaller.", "Rhys Vane drank his tea."),
        ("Rhys Vane", "Touches no meat.", "Rhys Vane ate an apple."),
        ("Rhys Vane", "A vegetarian since the war.", "Rhys Vane ate an apple."),
        ("Rhys Vane", "Speaks no French.", "Rhys Vane said it in English."),
        ("Rhys Vane", "Won't carry a gun.", "Rhys Vane carried a lamp."),
        ("Rhys Vane", "Sworn never to kill.", "Rhys Vane knocked the guard down."),
        ("Rhys Vane", "Is unable to lie.", "Rhys Vane told her the truth."),
        ("Rhys Vane", "Smokes nothing and never has.", "Rhys Vane watched them smoke."),
        ("Rhys Vane", {"weakness": "cannot swim"}, "Rhys Vane walked across the bridge."),
        ("Rhys Vane", {"skills": "none with a blade; can't ride"}, "Rhys Vane walked into the yard."),
    ],
)
def test_what_the_facts_allow_is_not(name: str, facts: str | dict[str, Any], text: str) -> None:
    assert _findings(name, facts, text) == ()


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Nell Harrow", "A vegetarian from childhood.", "Nell Harrow ate a beef stew."),
        ("Nell Harrow", "Has not touched meat in years.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "Has been sober for ten years.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Gave up drink.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Abstains from alcohol.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Gave up smoking.", "Nell Harrow smoked a cigarette."),
        ("Nell Harrow", "Sworn never to take a life.", "Nell Harrow killed the guard."),
        ("Nell Harrow", "A pacifist who will not fight.", "Nell Harrow fought the guard."),
        ("Nell Harrow", "Refuses to use a gun.", "Nell Harrow fired her gun."),
        ("Nell Harrow", "Can't drive.", "Nell Harrow drove the car into town."),
        ("Nell Harrow", "Never learnt to drive.", "Nell Harrow drove the car into town."),
        ("Nell Harrow", "Has no driving licence and cannot drive.", "Nell Harrow drove the car into town."),
        ("Nell Harrow", "Can neither read nor write.", "Nell Harrow wrote a letter to her aunt."),
        ("Nell Harrow", "Has no magic.", "Nell Harrow cast a spell, and the door opened."),
        ("Nell Harrow", "Cannot do magic.", "Nell Harrow cast a spell, and the door opened."),
        ("Nell Harrow", {"diet": "no meat"}, "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", {"literacy": "none"}, "Nell Harrow read the letter aloud."),
        ("Nell Harrow", "Has never ridden a horse.", "Nell Harrow rode her horse to the mill."),
        ("Tobias Wren", "He does not drive.", "Tobias Wren drove the van to market."),
        ("Tobias Wren", "Sober these twelve years.", "Tobias Wren drank a pint of ale."),
        ("Tobias Wren", "Knows not a word of German.", "Tobias Wren answered in German."),
        ("Tobias Wren", "Has no magic at all.", "Tobias Wren cast a spell on the lock."),
        ("Tobias Wren", "Refuses to fight.", "Tobias Wren fought the constable."),
    ],
)
def test_other_words_for_a_fact_are_read(name: str, facts: str | dict[str, Any], text: str) -> None:
    findings = _findings(name, facts, text)
    assert findings
    assert all(finding.statement in element_text(_element(name, facts)) for finding in findings)


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Nell Harrow", "Almost never drinks.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Cannot swim well.", "Nell Harrow swam to the boat."),
        ("Nell Harrow", "Could not swim as a girl.", "Nell Harrow swam to the boat."),
        ("Nell Harrow", "Her sister cannot swim.", "Nell Harrow swam to the boat."),
        ("Nell Harrow", "Cannot swim in cold water.", "Nell Harrow swam to the boat."),
        ("Nell Harrow", "Never learned to swim properly.", "Nell Harrow swam to the boat."),
        ("Nell Harrow", "Can't drive a bargain.", "Nell Harrow drove the car into town."),
        (
            "Nell Harrow",
            "Cannot cook to save her life, but cooks all the same.",
            "Nell Harrow cooked the supper.",
        ),
        ("Nell Harrow", "Refuses to fly economy.", "Nell Harrow flew to Paris."),
        ("Nell Harrow", "Will not fight on Sundays.", "Nell Harrow fought the guard."),
        ("Nell Harrow", "Never drinks before noon.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Sober and quiet in manner.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Gave up drink for Lent.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Has been sober for ten minutes.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Tried to give up smoking.", "Nell Harrow smoked a cigarette."),
        ("Nell Harrow", "Gave up smoking and took it up again.", "Nell Harrow smoked a cigarette."),
        ("Nell Harrow", "Married to a vegetarian.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "Was a vegetarian for a year.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "A vegetarian's daughter.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "Does not eat meat on Fridays.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "Speaks no French with strangers.", "Nell Harrow answered in French."),
        ("Nell Harrow", "Speaks only when spoken to.", "Nell Harrow answered in French."),
        ("Nell Harrow", "Speaks only English at home.", "Nell Harrow answered in French."),
        ("Nell Harrow", "Speaks French and German.", "Nell Harrow answered in French."),
        ("Nell Harrow", "Never lies down before midnight.", "Nell Harrow lied to the guard."),
        ("Nell Harrow", "Can't lie still.", "Nell Harrow lied to the guard."),
        ("Nell Harrow", "Cannot swim.", "Nell Harrow did not swim to the boat."),
        ("Nell Harrow", "Cannot swim.", "Nell Harrow dreamed that she swam to the boat."),
        ("Nell Harrow", "Cannot swim.", "Nell Harrow watched them swim."),
        ("Nell Harrow", "Cannot swim.", "If Nell Harrow swam, she would drown."),
        ("Nell Harrow", "Cannot swim.", "Nell Harrow's head swam."),
        ("Nell Harrow", "Cannot read.", "Nell Harrow read his face."),
        ("Nell Harrow", "Cannot read.", "Nell Harrow had the letter read to her."),
        ("Nell Harrow", "Can neither confirm nor deny it.", "Nell Harrow read the letter aloud."),
        ("Nell Harrow", "Doesn't smoke.", "The fire smoked, and Nell Harrow coughed."),
        ("Nell Harrow", "Has never been to sea.", "Nell Harrow looked at the sea."),
        ("Nell Harrow", "Has no magic words for him.", "Nell Harrow cast a spell, and the door opened."),
        (
            "Nell Harrow",
            "Has no magic of her own until the crown wakes it.",
            "Nell Harrow cast a spell, and the door opened.",
        ),
        ("Nell Harrow", {"literacy": "excellent"}, "Nell Harrow read the letter aloud."),
        ("Nell Harrow", {"languages": "English, French"}, "Nell Harrow answered in French."),
        ("Tobias Wren", "His horse cannot swim.", "Tobias Wren swam to the boat."),
        ("Tobias Wren", "Says he cannot swim.", "Tobias Wren swam to the boat."),
        ("Tobias Wren", "Cannot drive past a pub.", "Tobias Wren drove the van to market."),
        ("Tobias Wren", "Does not drive at night.", "Tobias Wren drove the van to market."),
        ("Tobias Wren", "Drinks no more than his brother.", "Tobias Wren drank a pint of ale."),
        ("Tobias Wren", "Sober as a judge in court hours.", "Tobias Wren drank a pint of ale."),
        ("Tobias Wren", "A vegetarian restaurant is his pride.", "Tobias Wren ate a pork chop."),
        ("Tobias Wren", "A vegetarian cook's husband.", "Tobias Wren ate a pork chop."),
        ("Tobias Wren", "No magic frightens him.", "Tobias Wren cast a spell on the lock."),
        ("Tobias Wren", "Refuses to fight for the king.", "Tobias Wren fought the constable."),
        ("Tobias Wren", "Cannot dance to this music.", "Tobias Wren danced with the bride."),
        ("Tobias Wren", "Never speaks German at table.", "Tobias Wren answered in German."),
        ("Tobias Wren", "Could not read until he was thirty.", "Tobias Wren read the notice aloud."),
        ("Tobias Wren", "Cannot read maps.", "Tobias Wren read the notice aloud."),
        ("Tobias Wren", "Refuses to fight.", "Tobias Wren fought down his anger."),
        ("Tobias Wren", "Refuses to fight.", "Tobias Wren stopped the fight."),
        ("Tobias Wren", "Refuses to fight.", "Tobias Wren fought a cold all week."),
        ("Tobias Wren", "Refuses to fight.", "They fought over Tobias Wren."),
        ("Tobias Wren", "Cannot drive.", "Tobias Wren drove the pigs to market."),
        ("Tobias Wren", "Cannot drive.", "Tobias Wren sat beside Ben Crane and drove nobody mad."),
        ("Tobias Wren", "Cannot drive.", "Tobias Wren was in the back of the car that Ben Crane drove."),
        ("Tobias Wren", "Afraid of dogs.", "Tobias Wren patted the dog and trembled."),
        ("Nell Harrow", "Sober for ten days.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Sober for once.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Gave up drink and took it up again.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Gave up drinking games.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Gave up alcohol, and failed.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Gave up drink as a subject for her poems.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Abstains from drink on Sundays.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Abstains from voting.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Has been sober these ten minutes.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Sober in her dress.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Never touches drink on duty.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Cannot stand drink without food.", "Nell Harrow drank a glass of whisky."),
        ("Nell Harrow", "Gave up smoking rooms for tents.", "Nell Harrow smoked a cigarette."),
        ("Nell Harrow", "Gave up smoking every January.", "Nell Harrow smoked a cigarette."),
        ("Nell Harrow", "Has given up giving up smoking.", "Nell Harrow smoked a cigarette."),
        ("Nell Harrow", "Gave up tobacco farming.", "Nell Harrow smoked a cigarette."),
        ("Nell Harrow", "Vegetarian from choice of restaurant.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "Has not touched meat in days.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "Never tasted meat like it.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "Abstains from meat in Lent.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "Has never eaten meat so good.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "Cooks for a vegetarian by choice.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "Not touched meat since breakfast.", "Nell Harrow ate a slice of ham."),
        ("Nell Harrow", "Has no magic tricks left.", "Nell Harrow cast a spell, and the door opened."),
        ("Nell Harrow", "Has no magic in the daytime.", "Nell Harrow cast a spell, and the door opened."),
        ("Nell Harrow", "Has no magic ring.", "Nell Harrow cast a spell, and the door opened."),
        ("Nell Harrow", "Has no magic but her spells.", "Nell Harrow cast a spell, and the door opened."),
        ("Nell Harrow", "Has no magic except fire.", "Nell Harrow cast a spell, and the door opened."),
        ("Nell Harrow", "No magic is beyond her.", "Nell Harrow cast a spell, and the door opened."),
        ("Nell Harrow", "Cannot do magic in the rain.", "Nell Harrow cast a spell, and the door opened."),
        ("Nell Harrow", "Cannot use magic on her kin.", "Nell Harrow cast a spell, and the door opened."),
        ("Nell Harrow", "Has no magic without the moon.", "Nell Harrow cast a spell, and the door opened."),
        (
            "Nell Harrow",
            "Has no magic, she says, and smiles.",
            "Nell Harrow cast a spell, and the door opened.",
        ),
        ("Nell Harrow", "Sworn never to take a life in anger.", "Nell Harrow killed the guard."),
        (
            "Nell Harrow",
            "Sworn never to take a life again until the prince insults her.",
            "Nell Harrow killed the guard.",
        ),
        ("Nell Harrow", "Vowed not to take a life partner.", "Nell Harrow killed the guard."),
        ("Nell Harrow", "Will not fight dirty.", "Nell Harrow fought the guard."),
        ("Nell Harrow", "Will not fight in the north.", "Nell Harrow fought the guard."),
        ("Nell Harrow", "Won't fight the tide.", "Nell Harrow fought the guard."),
        ("Nell Harrow", "Refuses to use a gun at close range.", "Nell Harrow fired her gun."),
        ("Nell Harrow", "Never uses a gun dog.", "Nell Harrow fired her gun."),
        ("Nell Harrow", "Won't touch guns before breakfast.", "Nell Harrow fired her gun."),
        ("Nell Harrow", "Cannot drive.", "Nell Harrow drove a hard bargain."),
        ("Nell Harrow", "Cannot drive.", "Nell Harrow drove him mad."),
        ("Nell Harrow", "Cannot drive.", "Nell Harrow drove the nail into the beam."),
        ("Nell Harrow", "Cannot drive.", "Nell Harrow was driven to town."),
        ("Nell Harrow", "Cannot drive.", "Tom drove Nell Harrow to town."),
        ("Nell Harrow", "Cannot drive.", "Nell Harrow drove the wolves off."),
        ("Nell Harrow", "Cannot drive.", "Nell Harrow had Tom drive."),
        ("Nell Harrow", "Cannot drive.", "Nell Harrow was driving at something else."),
        ("Nell Harrow", "Never learned to drive.", "Nell Harrow drove a hard bargain."),
        ("Nell Harrow", "Never learned to drive.", "Nell Harrow drove him mad."),
        ("Nell Harrow", "Never learned to drive.", "Nell Harrow drove the nail into the beam."),
        ("Nell Harrow", "Never learned to drive.", "Nell Harrow was driven to town."),
        ("Nell Harrow", "Never learned to drive.", "Tom drove Nell Harrow to town."),
        ("Nell Harrow", "Never learned to drive.", "Nell Harrow drove the wolves off."),
        ("Nell Harrow", "Never learned to drive.", "Nell Harrow had Tom drive."),
        ("Nell Harrow", "Never learned to drive.", "Nell Harrow was driving at something else."),
        ("Nell Harrow", "Will not fight.", "Nell Harrow fought back tears."),
        ("Nell Harrow", "Will not fight.", "Nell Harrow fought the urge to laugh."),
        ("Nell Harrow", "Will not fight.", "Nell Harrow fought for breath."),
        ("Nell Harrow", "Will not fight.", "Nell Harrow fought her way through the snow."),
        ("Nell Harrow", "Will not fight.", "Nell Harrow fought with the lock."),
        ("Nell Harrow", "Will not fight.", "Nell Harrow watched them fight."),
        ("Nell Harrow", "Will not fight.", "Nell Harrow fought sleep."),
        ("Nell Harrow", "Will not fight.", "Nell Harrow fought with her sister about the bill."),
        ("Nell Harrow", "Has never ridden a horse.", "Nell Harrow rode the bus to town."),
        ("Nell Harrow", "Cannot ride.", "Nell Harrow rode the bus to town."),
        ("Nell Harrow", "Cannot ride.", "Nell Harrow rode in the cart."),
        ("Nell Harrow", "Cannot ride.", "Nell Harrow, for the first time, rode a horse."),
        ("Nell Harrow", "Cannot ride.", "Nell Harrow rode out the storm in the cellar."),
        ("Nell Harrow", "Cannot ride.", "Nell Harrow rode the train."),
        ("Nell Harrow", "Cannot ride.", "Nell Harrow rode her horse for the first time."),
        ("Nell Harrow", "Has never ridden a horse so fast.", "Nell Harrow rode her horse to the mill."),
        ("Nell Harrow", "Has never ridden a horse like Star.", "Nell Harrow rode her horse to the mill."),
        ("Nell Harrow", "Never learned to ride a horse bareback.", "Nell Harrow rode her horse to the mill."),
    ],
)
def test_what_only_resembles_a_fact_is_none(name: str, facts: str | dict[str, Any], text: str) -> None:
    assert _findings(name, facts, text) == ()
