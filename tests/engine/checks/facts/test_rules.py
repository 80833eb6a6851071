"""Rules in the creators' own words: what they rule out, and what they do not."""

from __future__ import annotations

import pytest

from agents.engine.checks import Finding, check
from agents.engine.checks.facts.restated import restated
from agents.engine.world import Element, Rule, WorldView
from tests.engine.checks.elements import accusations


def _findings(rule: str, text: str) -> tuple[Finding, ...]:
    return accusations(text, WorldView(name="Sarn", rules=(Rule(text=rule),)))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("There is no magic in this world.", "She spoke the spell, and the candle lit itself."),
        ("Magic doesn't work here.", "She cast a spell, and the candle lit itself."),
        ("The dead stay dead.", "She brought the dead boy back to life."),
        ("Nobody comes back from the dead.", "The dead man rose from his grave and walked."),
        ("Horses are extinct.", "He rode his horse down the lane."),
        ("Horses are extinct.", "A horse stood in the yard."),
        ("There hasn't been a horse on the island in fifty years.", "A horse stood in the yard."),
        ("Guns have not been invented.", "He drew a pistol and fired."),
        ("No one has ever seen a dragon, because there are none.", "The dragon landed on the tower."),
        ("Trains do not exist yet.", "The train pulled into the station."),
        ("Glass is unknown.", "She drank from a glass bottle."),
        ("It never rains in Sarn.", "Rain fell on Sarn all night."),
        ("It never rains in Sarn.", "It was raining in Sarn."),
        ("Ships never sail at night.", "The ship sailed at midnight."),
        ("Alcohol is banned.", "He poured himself a whisky."),
        ("Women may not enter the temple.", "She walked into the temple."),
        ("Only the queen may wear purple.", "The cook wore a purple dress."),
        ("Everyone in the colony is a vegetarian; no meat is eaten.", "He ate a slice of ham."),
        ("Teleportation is impossible.", "She teleported to the tower."),
        ("People cannot fly.", "He flew over the roofs."),
        ("People cannot fly.", "She rose into the air and flew away."),
        (
            "No human has ever travelled faster than light.",
            "They travelled faster than light and were there by noon.",
        ),
        ("Money has been abolished.", "He paid her three coins."),
        ("The council is made up of seven elders.", "All nine elders of the council stood."),
        ("The year has ten months.", "In the twelve months of the year she grew."),
        ("A week is six days long.", "All seven days of the week he worked."),
        ("There are only five gods.", "He prayed to the six gods."),
        ("The war ended in 1403.", "The war ended in 1410."),
        ("The Great Fire was in 1666.", "The Great Fire of 1701 burned the town."),
        ("The colony was founded in 2140.", "The colony was founded in 2090."),
        ("The city fell in the year 512.", "The city fell in 600."),
    ],
)
def test_what_a_rule_rules_out_is_found_and_quotes_the_rule(rule: str, text: str) -> None:
    findings = _findings(rule, text)
    assert findings
    assert all(finding.statement in rule for finding in findings)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("There is no magic in this world.", "She lit the candle with a match."),
        ("Magic doesn't work here.", "She lit the candle with a match."),
        ("The dead stay dead.", "She buried the boy."),
        ("Nobody comes back from the dead.", "She buried the boy."),
        ("Horses are extinct.", "He walked down the lane."),
        ("There hasn't been a horse on the island in fifty years.", "A dog stood in the yard."),
        ("Guns have not been invented.", "He drew a knife."),
        ("No one has ever seen a dragon, because there are none.", "The gull landed on the tower."),
        ("The city has no trees.", "She sat down on a bench in the square."),
        ("Trains do not exist yet.", "The cart pulled into the yard."),
        ("Electricity was lost in the Collapse and nobody has it.", "She lit the lamp."),
        ("Glass is unknown.", "She drank from a clay cup."),
        ("It never rains in Sarn.", "The sun burned on Sarn."),
        ("Ships never sail at night.", "The ship sailed at noon."),
        ("The gates are shut at sundown and never opened before dawn.", "They opened the gates at noon."),
        ("Alcohol is banned.", "He poured himself some water."),
        ("It is a crime to own a book.", "She sang."),
        ("Women may not enter the temple.", "He walked into the temple."),
        ("Robots cannot harm humans.", "The robot opened the door."),
        ("Only the queen may wear purple.", "The queen wore a purple dress."),
        ("Vampires can't cross running water.", "The vampire stopped at the stream."),
        ("Elves never sleep.", "The elf sat up all night."),
        ("Everyone in the colony is a vegetarian; no meat is eaten.", "He ate an apple."),
        ("Teleportation is impossible.", "She ran to the tower."),
        ("People cannot fly.", "He ran over the roofs."),
        ("The islanders have no writing.", "She sang to her sister."),
        ("Money has been abolished.", "He gave her a loaf."),
        ("Three moons hang over the world.", "The three moons rose."),
        ("The council is made up of seven elders.", "All seven elders stood."),
        ("The year has ten months.", "In the ten months of the year she grew."),
        ("A week is six days long.", "All six days of the week he worked."),
        ("There are only five gods.", "He prayed to the five gods."),
        ("The war ended in 1403.", "The war ended in 1403."),
        ("The Great Fire was in 1666.", "The Great Fire of 1666 burned the town."),
        ("The colony was founded in 2140.", "The colony was founded in 2140."),
        ("The city fell in the year 512.", "The city fell in 512."),
        ("Wolves never attack in summer.", "The wolf attacked in the snow."),
        ("Sailors never whistle.", "The boy whistled."),
        ("It is a sin to waste bread.", "She ate the bread."),
        ("Rain has not fallen for six years.", "They prayed for rain."),
        ("Three judges rule the city.", "Two judges came in."),
        ("Three judges rule the city.", "One of the judges stood up."),
        ("The war ended in 1403.", "The first war ended in 1290."),
        ("The war ended in 1403.", "The war began in 1390."),
        ("The war ended in 1403.", "When the war ended, in 1403, he was ten."),
        ("The city fell in 512.", "The tower of the city fell in 498."),
        ("The city fell in 512.", "The northern city fell in 600."),
        ("The Great Fire was in 1666.", "The small fire of 1701 did no harm."),
        ("The treaty was signed in 1403.", "A treaty was signed in 1500."),
        ("Guns have not been invented.", "He drew his sword."),
        ("The dead stay dead.", "They buried the dead."),
        ("The dead stay dead.", "She dreamt that the dead came back."),
        ("Nobody comes back from the dead.", "He came back from the war."),
        ("Women are not admitted to the temple.", "She waited outside the temple."),
        ("Nobody but the watch carries a sword.", "The watchman carried his sword."),
        ("It is illegal to sell wine.", "She drank the wine."),
        ("It is against the law to enter the wood.", "She walked past the wood."),
        ("Iron is not known in the north.", "He forged iron in the south."),
        ("Slavery was abolished.", "They spoke of slavery."),
        ("Robots are illegal within the ring.", "The robot worked on the moon."),
        ("A week is six days long.", "In six days she was back."),
        ("A week is six days long.", "He waited seven days."),
        ("A month is thirty days long.", "Forty days later he came back."),
        ("The year lasts ten months.", "In the third month of the year it snowed."),
        ("The council is made up of seven elders.", "Three elders of the council voted no."),
        ("Two moons rule the tides.", "One moon was full."),
        ("Two moons rule the tides.", "The first moon rose, and then the second."),
        ("Resurrection is impossible.", "He rose at noon."),
        ("Teleportation is impossible.", "She appeared in the doorway."),
        ("Cats never lie.", "The cat lay in the sun."),
        ("Cats never lie.", "Mira lied to the cat."),
        ("Strangers never stay long.", "The stranger stayed at the inn."),
        ("Kings never weep in public.", "The king wept in his chamber."),
        ("No open flame is ever lit in the mine.", "She lit the lamp in the kitchen."),
        ("Seven houses stand on the hill.", "Two houses on the hill burned."),
        ("Money has been abolished.", "They had no money."),
        ("It has not rained since spring.", "It rained in the dream."),
        ("No horse is faster than Dusk.", "She rode her horse down the lane."),
        ("No one may leave, says the king, but many do.", "She left at dawn."),
        (
            "There are no dragons left in the north; in the south they thrive.",
            "The dragon landed on the southern tower.",
        ),
        ("There is no magic without a price.", "She cast a spell, and the candle lit itself."),
        ("No magic works twice in one day.", "She cast a spell, and the candle lit itself."),
        ("There are no free lunches.", "They had lunch."),
        ("No man is an island.", "He swam to the island."),
        ("Never trust a witch.", "The witch came in, and he trusted her."),
        ("No wizard has ever beaten a dragon in single combat.", "The wizard lit his pipe."),
        ("No two dragons are alike.", "The dragon landed."),
        ("There is no king but the Lion.", "The king, the Lion, rose."),
        ("No one can enter the vault without the key.", "She took the key and entered the vault."),
        ("Guns are rare and expensive.", "He drew a pistol."),
        ("Nobody may carry a sword in the palace except the guard.", "The guard drew his sword."),
        ("Children may not go out after dark alone.", "The child went out after dark with her father."),
        ("There are no roads, only rivers and paths.", "She walked down the path."),
        ("No ship has sailed since the war began.", "The ship lay at the quay."),
        ("Wolves are unknown on the coast but common inland.", "The wolf howled in the hills."),
        ("It never rains but it pours.", "It rained."),
        ("No news travels faster than bad news.", "The news came at noon."),
        ("Horses cannot climb the Stair.", "The horse stood in the yard."),
        ("No one wears shoes indoors.", "She put on her shoes and went out."),
        ("Magic is not taught to children.", "The witch lit the candle with a spell."),
        ("Nobody remembers the old gods.", "She prayed to the new god."),
        ("No one but the mad goes to the marsh.", "The mad old man went to the marsh."),
        ("Only fools gamble with elves.", "The fool gambled with the elf."),
        ("Dragons do not exist, officially.", "The dragon landed on the tower."),
        ("There is no law in Sarn.", "The law came to Brack."),
        (
            "The dead cannot speak unless they are asked by name.",
            "She asked him by name, and the dead man spoke.",
        ),
        ("No one dies in winter: the Ferryman rests.", "She died in spring."),
        ("No bread is baked on feast days.", "She baked bread on Monday."),
        ("There are no clocks in the palace.", "The clock in the village struck."),
        ("No wine is better than that of Osk.", "He poured the wine."),
        ("No one has a right to magic.", "She cast a spell, and the candle lit itself."),
        ("There is no shame in stealing bread.", "He stole the bread."),
        ("Nobody swims in the lake for fear of the eel.", "She swam in the river."),
        ("Women may not fight, though many do in disguise.", "She drew her sword and fought."),
        ("Coffee is unknown outside the capital.", "He drank coffee in the capital."),
        ("No fire burns on the Night of Ash.", "She lit the fire."),
        ("Swords may not be drawn in the temple.", "He drew his sword in the street."),
        ("There's no snow in summer.", "Snow fell in December."),
        ("No birds sing at the Hanging Tree.", "The birds sang in the orchard."),
        ("Robots may not lie, but they may be silent.", "The robot was silent."),
        ("Nobody can buy a soul that is not for sale.", "She bought a lamp."),
        ("Three kings have ruled since the war, one after another.", "The two kings met in the old song."),
        ("The council has seven seats, two of them empty.", "The five councillors sat down."),
        ("There are two roads to Osk, and a third that nobody takes.", "They took the third road to Osk."),
        ("The guild has twelve masters and countless apprentices.", "The two masters met."),
        ("Seven houses share the hill.", "Three houses burned."),
        ("There are nine ways to die here.", "He died the second way."),
    ],
)
def test_what_a_rule_allows_is_not(rule: str, text: str) -> None:
    assert _findings(rule, text) == ()


@pytest.mark.parametrize("field", ["physics", "magic_system"])
def test_a_field_is_read_as_rules_are(field: str) -> None:
    world = WorldView.model_validate({field: "Nobody comes back from the dead."})
    (finding,) = check("She brought the dead boy back to life.", world)
    assert (finding.source_id, finding.statement) == (field, "Nobody comes back from the dead")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("A town with two bridges.", "Sarn has four bridges."),
        ("A ship of forty guns and three masts.", "Sarn's two masts leaned."),
    ],
)
def test_the_parts_of_a_thing_are_counted(place: str, text: str) -> None:
    world = WorldView(elements=(Element(kind="location", name="Sarn", summary=place),))
    assert [finding.statement in place for finding in check(text, world)] == [True]


@pytest.mark.parametrize("summary", ["Belongs to Rhys Vane.", "Property of Rhys Vane, who never lends it."])
def test_the_owner_of_a_thing_is_read(summary: str) -> None:
    people = [Element(kind="character", name=name) for name in ("Rhys Vane", "Ada Crane")]
    world = WorldView(elements=(Element(kind="item", name="The Ash Blade", summary=summary), *people))
    (finding,) = check("The Ash Blade belonged to Ada Crane.", world)
    assert finding.statement in summary
    assert check("The Ash Blade belonged to Rhys Vane.", world) == ()


def test_places_become_relations_if_the_world_has_them() -> None:
    elements = (
        Element(kind="character", name="Ada Crane", summary="Lives above the bakery in Sarn."),
        Element(kind="character", name="Ben Crane", summary="Lives in Osk, which the world does not have."),
        Element(kind="location", name="Sarn", summary="A town."),
        Element(kind="location", name="The Gilded Swan", summary="An inn in Sarn."),
    )
    told = {
        element.name: element.traits.get("relations")
        for element in restated(WorldView(elements=elements)).world.elements
    }
    assert told == {
        "Ada Crane": ["lives in Sarn"],
        "Ben Crane": None,
        "Sarn": None,
        "The Gilded Swan": ["located in Sarn"],
    }
