"""Scenes of the demo's universe, written by hand: an example of what a world looks like that is told further."""

from __future__ import annotations

from typing import Final

# Title and text, in the order of the story. Lines are broken in the source alone.
SCENES: Final = (
    (
        "The Toll-House at Low Water",
        """Odran Pell heard the axle before he saw the cart. Left wheel, bad grease, a woman driving: nobody else
let the horse choose the pace.

“You are early,” he said.

“The tide is early,” said Mira Vance. She put two coins on the sill, looked at them, and put down a
third. “I was nine miles out when I remembered that I had not paid you last time. Or did I?”

He turned the ledger round for her. Her own hand, eleven weeks ago: *paid, M. V.* She read it twice, as
one reads about a stranger, and took the third coin back.

“What did you ask the salt that day?” he said.

“That,” said Mira, “is what I would have to ask it.”

Behind her the causeway shone like a blade somebody had forgotten to put away. There were six hours left,
by his count. She had never asked for his count. She unhitched the horse and led it in.""",
    ),
    (
        "A Memory, Hardly Used",
        """Isolde Carrow sold from the tail of a boat, at the edge of the law, which on the Salt Roads is wherever
the water stands.

“A summer,” she said, and lifted the jar so that the light went through it. “A girl of seven, a yard with
a fig tree, her father home from the pans. No grief in it at all. I have had offers.”

Mira did not touch it. “Where did you get it?”

“Where I get everything. Somebody paid with it.”

The salt in the jar had the grey of the northern pans, and a thread of blue. Mira had broken that block
herself; she knew the thread as one knows a scar. What she had asked it was in her ledger. What she had
given for the answer was not, because nobody writes down what she no longer has.

“How much?” she said.

Isolde named a price, and was ashamed of it, and did not lower it.""",
    ),
    (
        "The Court Counts the Water",
        """The seven families of the Brine Court met standing, because the first of them had been too proud to sit
below another.

“The tide came on the sixth day,” said the eldest. “It has never come on the sixth day.”

“Then somebody miscounted.”

“Odran Pell does not miscount.”

It was the wrong name to say in that room. Five of the seven had crossed the causeway on his word alone;
two had had brothers who had not.

“If the tide is no longer weekly,” the eldest said, “then neither is the toll, nor the salt, nor any debt
of ours that falls due by it.” She let them find the rest of the sentence for themselves. “I propose that
we say nothing, and that we buy boats.”""",
    ),
)
