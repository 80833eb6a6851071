"""Innocent sentences that have the words of a contradiction: "Paul kicked himself", "the walls of the inn at Brack"."""

from __future__ import annotations

from typing import Final

import pytest

from agents.engine.world import Element, Rule, WorldView
from tests.engine.checks.elements import accusations, character

WORLDS: Final = {
    "kin": WorldView(
        elements=(
            character("Perrin Holt", "A mage.", pronoun="he"),
            character("Lise Arnaud", "A baker. Married to Perrin Holt.", pronoun="she"),
            character("Ella Holt", "Daughter of Lise Arnaud.", pronoun="she"),
        )
    ),
    "food": WorldView(elements=(character("Suki Tan", "Vegetarian. Allergic to nuts.", pronoun="she"),)),
    "barefoot": WorldView(
        elements=(
            character("Lucette", "A street girl, barefoot in all weathers. She has no magic.", pronoun="she"),
        ),
        magic_system="Witches sing spells.",
    ),
    "wheelchair": WorldView(
        elements=(character("Paul Renn", "He lost both legs in 2150 and uses a wheelchair.", pronoun="he"),)
    ),
    "brack": WorldView(
        elements=(
            Element(
                kind="location",
                name="Brack",
                summary="A town with no walls. Its bridge burned down in 1320 and was never rebuilt.",
            ),
        )
    ),
    "rules": WorldView(
        elements=(
            character("Unit Seven", "A robot."),
            character("Ada Penn", "A robot hunter.", pronoun="she"),
            character("Sefa", "An elf.", pronoun="she"),
            character("Nora Quinn", "A widow.", pronoun="she"),
        ),
        rules=(
            Rule(text="Robots may not carry weapons."),
            Rule(text="No one speaks at the burial ground."),
            Rule(text="The dead are never buried; they are burned."),
            Rule(text="Dogs are banned from the Anchor."),
            Rule(text="No private person owns a gun."),
            Rule(text="Smoking is forbidden in the school."),
            Rule(text="Women do not drink in the pub."),
            Rule(text="Children are not allowed in the tower."),
            Rule(text="Fire cannot be conjured."),
            Rule(text="No elf may sleep."),
            Rule(text="There are no bridges over the Serpent."),
        ),
    ),
    "others": WorldView(
        elements=(
            character("Father Doyle", "Deaf. Fond of whiskey.", pronoun="he"),
            character("Pip", "A robot without arms.", pronoun="it"),
            character("Dominic Marsh", "Victor's only son. Tall.", pronoun="he"),
            character("Victor Marsh", "A widower.", pronoun="he"),
            character("Odile Ferrand", "A witch of ninety.", pronoun="she"),
        )
    ),
    "unhurt": WorldView(
        elements=(
            character("Berta Holm", "She nursed the old king until his death.", pronoun="she"),
            character("Karl Holm", "He lived with his mother until her death.", pronoun="he"),
            character("Vera Holm", "She was poisoned as a child and has been frail since.", pronoun="she"),
            character(
                "Rolf Holm", "He cared for his dogs. He ruled beside Aldous until his death.", pronoun="he"
            ),
            character("Emma Holm", "A mother of four.", pronoun="she"),
        )
    ),
    "diarist": WorldView(
        elements=(character("Mira Voss", "An old diarist, who died in 1850.", pronoun="she"),)
    ),
}

INNOCENT: Final = (
    ("kin", "Lise's mother, Agnes, came in."),
    ("kin", "Ella's mother, Irish, laughed."),
    ("kin", "Lise's husband, French by birth, laughed."),
    ("kin", "“I met Ella's mother, Jonas,” she said."),
    ("kin", "Ella's mother, Monday or not, was at work."),
    ("kin", "Lise's husband, Once a soldier, slept."),
    ("kin", "Ella's father, Jonas said, was away."),
    ("kin", "Lise left her husband. Jonas came in."),
    ("kin", "Lise's husband Perrin came in."),
    ("kin", "Ella asked about Tom's mother, Agnes."),
    ("kin", "Lise dreamed of another husband, Jonas."),
    ("kin", "If Lise's husband were Jonas, she would laugh."),
    ("kin", "Lise's husband was not Jonas."),
    ("kin", "Lise's husband was Perrin."),
    ("kin", "Lise had never married again."),
    ("kin", "Lise never married the sailor; she married Perrin."),
    ("kin", "Was Lise unmarried?"),
    ("kin", "Lise was single-minded."),
    ("kin", "Lise had been single when she came to town."),
    ("kin", "A single woman could not have lifted it, thought Lise."),
    ("kin", "Lise pretended that she was unmarried."),
    ("kin", "They thought that Lise had never married."),
    ("food", "Suki Tan ate her rice while Tom ate his steak."),
    ("food", "Suki passed him the steak."),
    ("food", "Suki cooked the steak for Tom."),
    ("food", "Suki Tan had eaten steak as a child."),
    ("food", "Suki tasted the soup; there was no meat in it."),
    ("food", "Suki cracked a joke about nuts."),
    ("food", "Suki was a tough nut to crack."),
    ("food", "Suki ate the bread and gave the chestnuts to Tom."),
    ("food", "Suki took a handful of coins."),
    ("food", "Suki picked at her salad."),
    ("food", "Suki took a slice of bread. Tom took the nuts."),
    ("barefoot", "Lucette looked at the boots."),
    ("barefoot", "Lucette stole a pair of boots for her brother."),
    ("barefoot", "Lucette wore a boy's shirt."),
    ("barefoot", "Lucette polished the Baron's boots."),
    ("barefoot", "Lucette's heart was in her boots."),
    ("barefoot", "Lucette tied the rope to the boot of the car."),
    ("barefoot", "Lucette was under his spell."),
    ("barefoot", "Lucette cast a glance at the spell book."),
    ("barefoot", "Lucette said that the witch had cast a spell."),
    ("barefoot", "Lucette watched the witch cast a spell."),
    ("barefoot", "The witch lit the lamp with a spell while Lucette watched."),
    ("barefoot", "Lucette conjured up a smile."),
    ("barefoot", "Lucette opened the box that was locked with a spell."),
    ("barefoot", "Lucette's charm worked on everyone."),
    ("barefoot", "Lucette laid a charm bracelet on the table."),
    ("barefoot", "Lucette cast her eyes down. A spell of silence followed."),
    ("barefoot", "Lucette read the spell under her breath."),
    ("wheelchair", "Paul kicked himself for it later."),
    ("wheelchair", "Paul was kicked off the team."),
    ("wheelchair", "Paul leapt at the chance."),
    ("wheelchair", "Paul's heart leapt."),
    ("wheelchair", "Paul marched his pawns across the board."),
    ("wheelchair", "Paul rolled to the window."),
    ("wheelchair", "Paul got to his feet in his dreams."),
    ("wheelchair", "Paul kicked off the meeting."),
    ("wheelchair", "Paul's mind sprinted ahead."),
    ("wheelchair", "Paul kicked up a fuss."),
    ("brack", "The walls of the inn at Brack were thick."),
    ("brack", "The new walls of Brack were only a plan."),
    ("brack", "They talked about building the walls of Brack."),
    ("brack", "He looked for the bridge at Brack and found ashes."),
    ("brack", "They had crossed the bridge at Brack as children."),
    ("brack", "The wall of mist at Brack rose."),
    ("brack", "Brack had need of walls."),
    ("brack", "They burned the bridge at Brack behind them in 1320."),
    ("brack", "The bridge at Brack burned."),
    ("brack", "“Where are the walls of Brack?” he asked."),
    ("brack", "In the old picture the walls of Brack stood high."),
    ("brack", "She crossed Brack and its fields."),
    ("brack", "A bridge to Brack was what they wanted."),
    ("brack", "They came to Brack over the bridge of Harrow."),
    ("rules", "Ada Penn raised her rifle."),
    ("rules", "Ada Penn carried a gun for the army."),
    ("rules", "The robot lifted its arm, and the man with the gun stepped back."),
    ("rules", "Unit Seven raised the alarm when it saw the gun."),
    ("rules", "Unit Seven held out its hand."),
    ("rules", "The soldier raised his rifle at Unit Seven."),
    ("rules", "She thought of what he had said at the burial ground long ago."),
    ("rules", "He said nothing at the burial ground."),
    ("rules", "They spoke of the burial ground."),
    ("rules", "The bell called out over the burial ground."),
    ("rules", "He buried his head in the pillow."),
    ("rules", "They buried the hatchet."),
    ("rules", "She buried him in kisses."),
    ("rules", "The past was buried."),
    ("rules", "They buried the treasure beside the dead man."),
    ("rules", "A dog waited at the door of the Anchor."),
    ("rules", "The dog slept opposite the Anchor."),
    ("rules", "The sergeant's gun was army issue."),
    ("rules", "The police officer drew his gun."),
    ("rules", "Smoke rose from the school chimney."),
    ("rules", "He smoked in the street behind the school."),
    ("rules", "Nora drank her tea and walked past the pub."),
    ("rules", "Nora sat at home and drank."),
    ("rules", "The men drank in the pub while Nora waited outside."),
    ("rules", "Nora swept the pub, and the men drank."),
    ("rules", "The children looked up at the tower."),
    ("rules", "The children played near the tower."),
    ("rules", "A child's drawing hung in the tower."),
    ("rules", "He conjured up an image of the fire."),
    ("rules", "The fire conjured memories."),
    ("rules", "Sefa watched the men sleep."),
    ("rules", "The child fell asleep in Sefa's arms."),
    ("rules", "While the humans slept, Sefa sang."),
    ("rules", "They built a bridge over the brook."),
    ("rules", "They looked for a bridge over the Serpent and found none."),
    ("rules", "A rainbow bridged the Serpent."),
    ("others", "Father Doyle hated the cold."),
    ("others", "Father Doyle hated to see whiskey wasted."),
    ("others", "Father Doyle saw the bell move."),
    ("others", "Pip rolled into its arms."),
    ("others", "She took Pip in her arms."),
    ("others", "Dominic's sister came."),
    ("others", "Victor's other son, he sometimes thought, was the dog."),
    ("others", "Dominic, the shortest way home in mind, ran."),
    ("others", "Odile had been twenty once."),
    ("others", "Odile's niece, a girl of twenty, opened the door."),
    ("others", "Dominic's brother-in-arms laughed."),
    ("others", "A girl of twenty opened Odile's door."),
    ("unhurt", "Berta opened the door and laughed."),
    ("unhurt", "“Come in,” said Karl Holm."),
    ("unhurt", "Vera Holm sat down at the table and smiled."),
    ("unhurt", "Rolf poured the wine."),
    ("unhurt", "Emma Holm, a woman of forty, came in."),
    ("diarist", "Here Mira Voss wrote in the margin that the ledger was wrong."),
    ("diarist", "Mira Voss wrote in the book that the town was doomed."),
    ("diarist", "Mira Voss noted in her diary that it rained."),
    ("diarist", "The entry that Mira Voss copied into the ledger was still legible."),
    ("diarist", "The page that Mira Voss read in the letter was torn."),
    ("diarist", "On the wall Commander Voss looked down at him."),
    ("diarist", "He turned to the screen, and there Mira Voss smiled."),
    ("diarist", "They sat down before the screen. Mira Voss laughed and waved in black and white."),
)


@pytest.mark.parametrize(("world", "text"), INNOCENT)
def test_words_of_a_contradiction_alone_accuse_nobody(world: str, text: str) -> None:
    assert accusations(text, WORLDS[world]) == ()
