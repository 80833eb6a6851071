"""The second question about an answer that could not be used: the model sees what it wrote and what was wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agents.engine.envelope import seal
from agents.llm.base import LLMRequest, UnusableReply

# More of a spoiled answer teaches nothing, and is paid for.
SHOWN_CHARS: Final = 20_000

# In less time no model writes anything.
_LEAST_S: Final = 1.0


def repair_request(request: LLMRequest, error: UnusableReply, left_s: float) -> LLMRequest | None:
    """The same task with the spoiled answer and its fault sealed into it; None where a repair is no use.

    A refusal is the model's considered answer. ``left_s`` is what is left of the attempt's wall clock.
    """
    if error.code == "refused" or left_s < _LEAST_S:
        return None
    # A lone surrogate, which an answer may hold, cannot be sent back.
    written = (error.reply.text if error.reply else "").encode("utf-8", "replace").decode()
    shown = {"answer": written[:SHOWN_CHARS], "error": error.message, "is_cut": len(written) > SHOWN_CHARS}
    return replace(request, user=f"{request.user}\n\n{seal('repair', shown)}", timeout_s=left_s)
