"""Sentences that any story can use. ``{a}`` acts, ``{b}`` answers, ``{thing}`` is what it is about."""

from __future__ import annotations

from typing import Final

# A character comes in. Each is said of one person, so that five people come in five ways.
ENTRANCES: Final = (
    "{a} had been standing by the {street} long enough for the {drink} to go cold.",
    "{a} came in by the back way, shook out a wet {cloth} and asked no questions.",
    "{a} was awake already, and had the {paper} open on both knees.",
    "{a} counted the steps down to the {room}, as always, and as always lost count near the end.",
    "It was {a} who noticed first, and who said nothing until the {trade} had gone.",
    "{a} set the {light} on the sill and went over the facts once more, quietly, on ten fingers.",
    "By the door stood {a}, one hand on the {tool}, with the look of somebody who has rehearsed a sentence.",
    "{a} had slept badly, and had made use of it.",
)
ARRIVALS: Final = (
    "{b} arrived with the {bell}, out of breath and trying to hide it.",
    "{b} was waiting at the {street}, exactly where nobody should have been waiting.",
    "Across the {room} sat {b}, who had not touched the {drink}.",
    "Then {b} stepped out from behind the {ride}, holding the {paper} as if it might bite.",
    "{b} did not knock; {b} had stopped knocking years ago.",
    "There was a second shadow on the wall, and it belonged to {b}.",
)
OTHERS: Final = (
    "{c} kept to the wall and watched the door for all of them.",
    "{c} had brought the {tool}, and would not say from where.",
    "Only {c} laughed, and only once.",
    "{c} went ahead with the {light}, testing every step.",
    "“I was never here,” said {c}, and sat down anyway.",
    "{c} had done the sums twice and liked them less the second time.",
    "Somewhere in the noise of the {street}, {c} was keeping a promise made that morning.",
    "{c} wrote it all down, in a hand that nobody else could read.",
    "It fell to {c} to carry the {paper}, inside the {cloth}, next to the skin.",
    "{c} looked from face to face and saw that no one else had understood.",
)
CROWD: Final = "{c} stood together by the {street}, and made room for each other without a word."

# What is at stake, with the thing in it.
STAKES: Final = (
    "It was about {thing}, and everybody knew that it was, and talked about the weather.",
    "Three people had asked after {thing} since the {bell}, and all three had been too polite.",
    (
        "There was only one {trade} in {place} who would have known what to do with {thing}, and that "
        "one was gone."
    ),
    "{thing} lay where it had been left, under the {cloth}, looking like nothing much.",
    "Nobody could have said when {thing} had begun to matter; by now it mattered more than sleep.",
)
STAKES_WITHOUT_THING: Final = (
    "There was a debt in it somewhere, and the debt had come of age.",
    "What had been promised on the {street} would have to be kept in the {room}, in front of witnesses.",
    "It had started with the {paper}, and with the wrong person reading it aloud.",
)

# Exchanges: what {b} says, what {a} says. Short, and not quite answers.
TALK: Final = (
    (
        "“You could have sent word,” said {b}.",
        "“I could have sent the wrong word,” said {a}, and moved the {light} so that both of them could see.",
    ),
    (
        "“How many know?” asked {b}.",
        "“Counting us?” {a} turned the {tool} over. “Too many. Not counting us, one.”",
    ),
    (
        "“They will come by the {street},” said {b}. “They always do.”",
        "“Then we have until the {bell},” said {a}, “and it is always late.”",
    ),
    (
        "“I thought it would be bigger,” said {b} at last.",
        "“Everybody does,” said {a}. “That is how it has lasted.”",
    ),
    (
        "“Tell me that you have a plan.”",
        "“I have the first half of one,” said {a}. “I hoped that you would bring the other.”",
    ),
    (
        "“And if you are wrong?” said {b}, not unkindly.",
        (
            "{a} thought about it for as long as it takes to cross the {room}. “Then at least it will "
            "have been me.”"
        ),
    ),
    (
        "“Leave it,” said {b}. “Leave it and come and eat something.”",
        "“After this,” said {a}, as people do who are not going to eat.",
    ),
    (
        "“Whose name is on the {paper}?” asked {b}.",
        "“Read it,” said {a}. “I would rather that you heard it in your own voice.”",
    ),
)
MONOLOGUE: Final = (
    "“Not yet,” said {a} to nobody, and the {light} seemed to agree.",
    "{a} said the words aloud once, to hear how they would sound, and was glad that the {room} was empty.",
)

# The everyday of the age. Most of a place is made of these.
TEXTURE: Final = (
    "Along the {street} the day's business went on as though it had been paid to.",
    "The {trade} nodded without looking up from the {tool}.",
    "Someone had left a {cloth} on the hook in the {room}, and it was still damp.",
    "A smell of {drink} came and went with the opening of the door.",
    "From the direction of the {street} came the {bell}, thin and a little flat.",
    "The {light} threw more shadow than it was worth.",
    "Two strangers were haggling over the {ride}, each of them proud of losing slowly.",
    "On the table the {paper} had begun to curl at the corners.",
    "One could tell the hour in {place} by who was shouting on the {street}.",
    "There was {drink}, and there was enough of it, and that was all that could be said for it.",
    "In the corner the {trade} was mending what had been mended before.",
    "The {bell} was answered by another one, far off and half a tone lower.",
    "Whoever had built the {room} had been shorter than the people who used it now.",
    "Here the {light} was kept for strangers, since the people of {place} knew the way in the dark.",
    "Nobody owned the {tool}; it went from hand to hand, and came back sharper.",
)
# Only under an open sky, and only in the others.
TEXTURE_OUTDOORS: Final = (
    "Someone passed with the {tool} over one shoulder, whistling through a gap in the teeth.",
    "The {ride} had left deep marks in the ground, and the marks were filling with water.",
    "The wind got in under the {cloth}, found the collar, and stayed.",
    "A window opened above the {street}, something was emptied, and it closed.",
    "Every second stone of the {street} was loose, and everybody knew which.",
    "The boards of the {room} had been scrubbed until the grain stood up like veins.",
    "The {paper} smelled faintly of smoke, as did everything that had come through that winter.",
)
TEXTURE_ABOARD: Final = (
    "The air in the {room} had been breathed by everyone, and tasted of tin and {drink}.",
    "Somewhere behind the wall of the {room} a pump caught, laboured and ran on.",
    "A strip of wall had been left unpainted, and on it three generations had marked how tall they were.",
    "Gravity was a little weak along the {street}, and one could tell the people born here by their step.",
    "The {paper} listed every litre of water, and who had last been thirsty.",
    "Through the glass the planet turned its dark side to them, with one thin line of fire.",
    "Every door remembered the last hand that had opened it; the one to the {room} remembered nobody.",
)
MANNERS: Final = (
    "{a} had a way of listening that made other people finish their sentences.",
    "In all the years in {place}, {a} had never once asked for the price of anything twice.",
    "{a} noticed hands before faces: the ink on one, the missing ring on another.",
    "“It is never about the money,” {a} liked to say, “but it is always about the amount.”",
    "{a} walked faster when there was nothing to be done.",
    "Where others would have looked at the {paper}, {a} looked at the person who held it.",
    "{a} had learned patience from the {trade}, and impatience from everybody else.",
    "There was flour, or dust, or ash on {a}'s sleeve; it had been that sort of week.",
)
AFTERMATH: Final = (
    "It took a while for the {street} to fill again, and longer for anyone to speak.",
    "The {trade} was the first to move, and only to pick up the {tool}.",
    "{a} felt the cold come back into both hands, which meant that it was over.",
    "What they had been afraid of turned out to have been afraid of them.",
    "Nobody thanked anybody; that would come later, with the {drink}.",
    "Across the {room} somebody began, very quietly, to put things back where they belonged.",
    "{a} let go of the {tool} one finger at a time.",
)
