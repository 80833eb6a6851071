"""Answers to the demo's requests, written by hand, so that its texts are worth reading; the checks of them are real.

Each is found by what was asked: the prompt, the place or the text to check.
"""

from __future__ import annotations

from typing import Any, Final

from agents.engine.envelope import unseal
from agents.llm.base import LLMRequest


def answer_to(request: LLMRequest) -> dict[str, Any] | None:
    """Return the prepared answer to a request of the demo; to a revision, the better one."""
    asked = unseal("input", request.user) or {}
    is_revision = unseal("revision", request.user) is not None
    for field in ("prompt", "location_name", "content"):
        if field in asked:
            return (REVISIONS if is_revision else ANSWERS).get(str(asked[field]))
    return None


def _scene(title: str, text: str, **more: Any) -> dict[str, Any]:
    paragraphs = (" ".join(part.split()) for part in text.strip().split("\n\n"))
    return {"title": title, "content": "\n\n".join(paragraphs), **more}


def _shot(description: str, camera: str, duration_s: int) -> dict[str, Any]:
    return {"description": description, "camera": camera, "duration_s": duration_s}


def _place(description: str, landmarks: dict[str, str], atmosphere: str, map_layout: str) -> dict[str, Any]:
    paragraphs = (" ".join(part.split()) for part in description.strip().split("\n\n"))
    named = [{"name": name, "description": text} for name, text in landmarks.items()]
    return {
        "description": "\n\n".join(paragraphs),
        "landmarks": named,
        "atmosphere": atmosphere,
        "map_layout": map_layout,
    }


ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "Mira waits out the tide in Odran's toll-house.": _scene(
        "What the Ledger Says",
        """The water came over the stones without a sound, as it did every week, and shut the road behind her.

Odran Pell put a second bowl on the table. He did not ask how long Mira Vance would stay; the tide had
settled that. “A day,” he said anyway, because somebody should say it.

She had her ledger open on her knees. Each page had two columns: what she had asked the salt, and what it
had cost. The second column was shorter. “There was a yard,” she read aloud. “It says here that I gave
away a yard, and a tree in it. Do you know what kind of tree?”

“You told me once,” said Odran. “A fig.”

Mira wrote it down, in the margin, in small letters, as one writes down something borrowed. Outside the
causeway was gone, all nine miles of it. She ate what he had put before her. After a while she asked
what else she had told him, and Odran, who forgot nothing, began at the beginning.""",
    ),
    "A caravan crosses at night.": _scene(
        "Nine Miles by Lantern",
        """Night on Harrow Causeway. A line of carts crosses the wet stone, one lantern to each axle, the sea
standing black and level on both sides. In the toll-house Odran Pell listens with his eyes shut, and
counts. One lantern stops. The others wait for it; then the line moves on, and where the last wheel has
been the first water runs over the stones.""",
        shots=[
            _shot(
                "Carts in a line on wet stone, a lantern under each, black water on both sides",
                "High wide shot, slow drift along the road",
                6,
            ),
            _shot(
                "Odran Pell at a window, eyes shut, lips moving as he counts the axles",
                "Close-up, locked off, lantern light passing over his face",
                4,
            ),
            _shot(
                "A wheel stops; the lantern beneath it swings and goes on swinging",
                "Low angle at the height of the axle",
                3,
            ),
            _shot("A hand frees the wheel from between two stones", "Extreme close-up, shallow focus", 4),
            _shot(
                "The last cart leaves the frame; a finger of water runs over the stones",
                "Static wide, held a breath too long",
                5,
            ),
        ],
        camera="Long takes, low and steady; light comes from the lanterns alone.",
        mood="Patient and uneasy; wheels, water, no music",
    ),
    "Tollmaster's Rest": _place(
        """Where the causeway meets the land stands a house with one window too many on the side of the sea. It was
built for the tollmaster's watch and has become an inn because people who wait need soup. The stones of
its lower wall are white to the height of a man's chest, where the tide has stood and dried.

Inside there is a single long room. The tables are doors from drowned houses, laid flat, and guests
choose them by their handles. Nobody pays before the bell has rung: until then it is not certain that
anybody will leave.

On the nights of the tide the shutters stay open. It is held to be rude not to look.""",
        {
            "the tide bell": "A bell over the door, rung when the first stone is covered; each year it has a new rope.",
            "the door tables": "Seven doors laid on trestles, their handles worn bright by people who wait.",
            "the white line": "The mark of salt on the wall; the keeper scratches each year's height beside it.",
        },
        "Warm, damp and watchful: soup, wet wool, and a pause in every conversation when the water is heard.",
        "The house faces the sea. The bell is over the door on the landward side, the long room behind it, "
        "the white line along the outer wall to the left, stables to the right.",
    ),
    "Odran lit the lamp and counted the axles as they came over the stones.": {
        "is_consistent": True,
        "violations": [],
        "explanation": "Odran knows caravans by their axles, and the world has lamps. Nothing contradicts it.",
        "suggestions": [],
    },
    "Isolde sells a memory back to its owner.": _scene(
        "The Price of a Summer",
        """Isolde Carrow had never sold a thing to the one who had lost it. She held the jar a little behind her,
as if that made it less.

“You know whose it is,” said the woman on the quay. “You have known since I stepped out of the cart.”

“I know what I paid for it,” said Isolde. She named half of that, and looked at the water while she did.""",
    ),
    "The Brine Court votes on the price of salt.": _scene(
        "Seven Hands",
        """The seven families stood in the counting-hall, because sitting would have meant an order of chairs.
There was one question before them, and it was the price of salt.

“Four hands for the old price,” said the eldest. “Three against.” She waited. A hand that has been raised
can be lowered; that is what the waiting is for.

It was then that Odran Pell was brought in, with sea-water to his knees. He had walked the last mile. “The
pans at the northern end are under,” he said. “Since noon. I sent a
telegram, but nobody was there to read it.”

Nobody asked him whether he was certain. One after the other, as if each had thought of it alone, the
four hands came down; and the three others, which had wanted the new price an hour ago, stayed where they
were and did not know what they were for any more. The eldest counted them anyway. It was her office.

“Carried,” she said, into the silence. “Whatever it is worth by morning.” She had the clerk write down
the number, and the hour, and that the toll-keeper's boots had left a mark on the floor.""",
    ),
    "The Drowned Market": _place(
        "At low tide the roofs come first, then the arch, and for an hour one can walk between the stalls. "
        "Whatever is still on the counters belongs to nobody.",
        {"the bell arch": "Two pillars and a lintel without a bell; the hook for it is still there."},
        "Quiet, and in a hurry.",
        "The arch stands at the seaward end.",
    ),
    "Mira asked the salt once, and never again.": {
        "is_consistent": False,
        "violations": [
            {
                "quote": "she bent over the same block a second time",
                "rule": "A saltwright never asks the same salt twice.",
                "source_id": "",
                "severity": "critical",
                "explanation": "Asking the same salt again is ruled out.",
            }
        ],
        "explanation": "The text may let Mira ask the same salt twice.",
        "suggestions": ["Let her break another block."],
    },
    "The morning after the flood.": _scene(
        "Low Water",
        """In the morning the causeway was there again, and nobody trusted it. Odran Pell went out first, with a
stick, and struck each tenth stone, and listened.

Mira Vance walked a little behind him. She had a block of grey salt under her arm that the water had left
on his doorstep, as large as a loaf. “It has seen everything,” she said. “I could ask it where they went
in. One question.”

“And what would you pay?”

She thought about what was left. It did not take long. “I would have to look it up,” she said.

Odran struck the next stone, and it was sound. “Then do not ask it,” he said. “I will find them with
the stick.” They went on like that, the old man listening and the woman carrying the one who could
have told them, until the sun stood over the pans and they had found the first cart.""",
    ),
    "Isolde counts what the sea gave back.": _scene(
        "Isolde Counts",
        """Three jars whole. One cracked, and whatever had been in it gone back to where such things go. A boot. A
door with its handle. Isolde Carrow laid them out on the mud in a row, as one does with the drowned.

The fourth jar she did not count. It had her own mark on it, and she had not sold it to herself.

She held it to the light. There was a thread of blue in the grey, and in the blue a voice that she knew and
could not place, saying a name. It was not her name. It was said, though, as if it had been for her.

She put it with the others in the end. A thing is what it fetches.""",
    ),
    "The Glass Lighthouse": _place(
        "A lighthouse of glass. It is tall and can be seen from far away.",
        {"the stairs": "They go up."},
        "Bright.",
        "It stands on a rock.",
    ),
    "The toll-house on the longest night.": _scene(
        "Nobody on the Road",
        """On the longest night the toll was nothing, by an old law that nobody had found the courage to strike
out. Odran Pell sat up all the same. Nobody came. Towards morning he opened the ledger, wrote the date, and
under it, because the page looked so, *nobody; paid in full.*""",
    ),
    "The Bell Arch": _place(
        "Two pillars on the mud, and between them the shape of a bell: what is left when one is taken away.",
        {"the arch": "Grey stone, with a groove where the rope ran."},
        "Expectant.",
        "The pillars stand east and west of the channel.",
    ),
    "A saltwright's apprentice breaks her first block.": _scene(
        "One Question",
        """The hammer was too heavy for a girl of eleven, which was the point of it. “If you can lift it without
thinking,” Mira Vance had said, “you will.”

The block lay on the cloth. It had the colour of bad weather. Somewhere in it was an evening on the pans,
eight years ago, and a boat that had not come back, and only one person living had ever wanted to know why.

“I know what I will ask,” said the girl.

“I did not ask you that. I asked what you will pay.”

She had thought about it for a week. She said it quickly, as one jumps. “The day he taught me to swim.”

Mira looked at her for a long time. Then she took the hammer out of the child's hands, and put it back on
its nail, and said that the tide would be early and they should see to the horse.""",
    ),
    "Odran hears a cart that he does not know.": _scene(
        "A Strange Axle",
        """There are forty-one axles on the Salt Roads, and Odran Pell knew them as other people know their
neighbours. This was none of them.

It came on slowly, well greased, which nobody could afford. It did not stop for the toll. He was at the
window before he had decided to stand up. The fog had closed over the causeway; he saw a lantern, and below
it a wheel with eight spokes where everybody had six, and then only the sound.

He wrote it into the ledger, since a thing that has crossed has crossed: *one cart, unknown; nothing paid.*
He read it over. He had kept that book for thirty years, and there was no line like it in the whole of it.
Then he lit the second lamp, which was for storms, and sat down to wait for whoever came after.""",
    ),
}

# Answers to one request, of which one is to be chosen.
VARIANTS: Final[tuple[dict[str, Any], ...]] = (
    _scene(
        "Small Change",
        """“I have no coin,” said Isolde Carrow, and put a jar on the sill of the toll-house.

Odran Pell did not look at it. He looked at the hand that had put it there, which had not quite let go.
“Whose is it?”

“Mine. I paid for it.”

“That is not what I asked.”

In the jar, in a pinch of grey salt, it was a morning in some kitchen. Somebody was singing there and had
forgotten the second line, and was happy about it. Odran had not heard the song for thirty years. He could
have told her who had sung it, and who had sat under the table, listening.

“Two coins is the toll,” he said. “I will put them in for you.” He took them out of his own box and dropped
them into the other, so that she heard both of them fall. “And you will leave that here, where it lives.”""",
    ),
    _scene(
        "What It Is Worth",
        """The rule was painted over the window, and Isolde Carrow read it aloud to gain time. “Two coins, or
goods to their worth.”

“So it says,” said Odran Pell.

She set the jar down. She had bought it at the northern pans from a boy who did not know what he sold, or
knew, and was hungry. “Then tell me what it is worth.”

He opened it, which nobody does. There was the smell of a wet dog, and rain on a roof; a child, not yet
asleep, counted the drops and was certain of the number. It took as long as a breath. Then the salt was
only salt, and a little damp.

“Nothing now,” said Odran. He wrote it down, because everything that crosses is written down: *one jar,
empty; one night of rain; paid.* He lifted the bar himself. “Go on. You have six hours, and it was mine.”""",
    ),
)

REVISIONS: Final[dict[str, dict[str, Any]]] = {
    "A saltwright's apprentice breaks her first block.": _scene(
        "The First Block",
        """The hammer was too heavy for a girl of eleven, which was the point of it. “If you can lift it without
thinking,” Mira Vance had said, “you will.”

The girl lifted it. It fell where the thread of blue ran, as she had been shown, and the block opened like
bread.

What came out was not a voice. It was a smell first, tar and wet rope, and then an evening stood in the
room: the pans in low sun, a boat going out, a man at the oar who turned and waved. He was much younger than
she had made him. She had one question, and she had carried it for eight years.

“Did he see me?” she said.

The evening turned its face to her. *Yes*, it said, and went.

Mira had the ledger ready. “What was it that you gave?” she asked, as gently as that can be asked, with the
pen over the second column.

The girl opened her mouth to tell her. It was something about water, she knew that still; somebody's hand
under her back. She stood there with her mouth open, and the saltwright, who had stood so herself, waited
a while, and then wrote: *a swimming lesson*, and dried the ink.""",
    ),
}
