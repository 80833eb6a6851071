"""The mock's directives, its determinism and its checker, asked as the engine asks."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from agents.engine.registry import get_agent
from agents.engine.results import Revision, RunSettings
from agents.llm.base import LLMRequest, RequestRejected, TransientError, UnusableReply
from agents.mock.client import MockClient

SETTINGS = RunSettings(model="claude-haiku-5-5", threshold=0.75, timeout_s=30)
MEDIEVAL = {"genre": "fantasy", "tech_level": "medieval"}


def request(agent_type: str, revision: Revision | None = None, **data: Any) -> LLMRequest:
    return get_agent(agent_type).request_for(data, None, SETTINGS, revision)


def check(content: str, **world: Any) -> dict[str, Any]:
    reply = MockClient().complete(request("consistency", content=content, world_config=world))
    answer: dict[str, Any] = json.loads(reply.text)
    return answer


def test_same_request_gives_the_same_answer() -> None:
    asked = request("narrative", prompt="A quarrel about the mill.")

    first, second = MockClient().complete(asked), MockClient().complete(replace(asked, attempt=2))

    assert first.text == second.text
    assert first.request_id != second.request_id


def test_another_request_gives_another_answer() -> None:
    texts = {MockClient().complete(request("narrative", prompt=f"Quarrel {n}.")).text for n in range(8)}

    assert len(texts) == 8


def test_it_says_when_it_begins_and_how_many_words_it_wrote() -> None:
    told: list[int] = []

    reply = MockClient().complete(request("narrative", prompt="A quarrel."), told.append)

    assert told == [0, len(reply.text.split())]


def test_answer_is_labelled_as_mock_and_its_tokens_are_estimated() -> None:
    asked = request("narrative", prompt="A quarrel about the mill.")

    reply = MockClient().complete(asked)

    assert (reply.model, reply.is_mock, reply.stop_reason) == ("mock", True, "end_turn")
    assert reply.usage.output_tokens == -(-len(reply.text) // 4)
    assert reply.usage.input_tokens == -(-(len(asked.system) + len(asked.user)) // 4)
    assert reply.request_id.startswith("mock_")


@pytest.mark.parametrize(
    ("directive", "code"), [("[mock:refuse]", "refused"), ("[mock:truncate]", "truncated")]
)
def test_directive_makes_the_reply_unusable(directive: str, code: str) -> None:
    with pytest.raises(UnusableReply) as caught:
        MockClient().complete(request("narrative", prompt=f"A quarrel. {directive}"))

    assert caught.value.code == code
    assert caught.value.reply is not None
    assert caught.value.reply.usage.input_tokens > 0


def test_invalid_directive_answers_without_json() -> None:
    reply = MockClient().complete(request("narrative", prompt="A quarrel. [mock:invalid]"))

    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(reply.text)


@pytest.mark.parametrize(("directive", "spoiled"), [("fail-once", 1), ("fail-twice", 2), ("fail", 9)])
def test_fail_directives_spoil_the_first_attempts(directive: str, spoiled: int) -> None:
    asked = request("spatial", location_name="Harrowgate", details=f"[mock:{directive}]")

    for attempt in range(1, spoiled + 1):
        with pytest.raises(TransientError) as caught:
            MockClient().complete(replace(asked, attempt=attempt))
        assert caught.value.code == "overloaded"
    if directive != "fail":
        assert MockClient().complete(replace(asked, attempt=spoiled + 1)).stop_reason == "end_turn"


def test_slow_directive_takes_its_time() -> None:
    reply = MockClient().complete(request("narrative", prompt="A quarrel. [mock:slow=0.2]"))

    assert 200 <= reply.latency_ms < 2000


def test_slow_directive_ends_at_the_wall_clock() -> None:
    asked = replace(request("narrative", prompt="A quarrel. [mock:slow=60]"), timeout_s=0.1)

    with pytest.raises(TransientError) as caught:
        MockClient().complete(asked)

    assert (caught.value.code, caught.value.latency_ms) == ("timeout", 100)


def test_latency_is_added_to_every_call() -> None:
    reply = MockClient(latency_s=0.1).complete(request("narrative", prompt="A quarrel."))

    assert reply.latency_ms >= 100


def test_directives_never_show_in_the_answer() -> None:
    for name in ("weak", "inconsistent", "fail-once", "slow=0"):
        asked = replace(request("narrative", prompt=f"The mill [mock:{name}] burns."), attempt=2)
        assert "mock:" not in MockClient().complete(asked).text


def test_revision_is_past_the_weak_directive() -> None:
    revision = Revision(note="Longer, please.", previous_output={"content": "Short."})
    asked: dict[str, Any] = {"prompt": "The mill burns. [mock:weak]", "characters": ["Mira"]}

    weak = MockClient().complete(request("narrative", **asked))
    again = MockClient().complete(request("narrative", revision, **asked))

    assert "Mira" not in weak.text
    assert "Mira" in again.text


def test_prompt_that_nobody_knows_is_rejected() -> None:
    asked = replace(request("narrative", prompt="A quarrel."), prompt_name="sonnet")

    with pytest.raises(RequestRejected):
        MockClient().complete(asked)


def test_wizard_with_a_smartphone_is_found() -> None:
    report = check("The wizard pulled out his smartphone and called for help.", **MEDIEVAL)

    assert report["is_consistent"] is False
    assert [violation["quote"] for violation in report["violations"]] == [
        "The wizard pulled out his smartphone and called for help."
    ]
    assert report["violations"][0]["severity"] == "critical"
    assert "smartphone" in report["suggestions"][0]


def test_clean_text_is_consistent_and_says_what_was_checked() -> None:
    report = check("The wizard lit a lantern and called for help.", **MEDIEVAL)

    assert (report["is_consistent"], report["violations"]) == (True, [])
    assert "medieval" in report["explanation"]


@pytest.mark.parametrize(
    ("rule", "broken", "kept"),
    [
        ("No one can teleport.", "Mira teleported home.", "No one could teleport, so Mira walked."),
        ("No one can teleport.", "It was a teleportation of the old kind.", "Mira walked home."),
        ("Nobody can fly", "She was flying over the roofs.", "Nobody could fly."),
        ("Magic cannot resurrect the dead.", "He resurrected the king.", "He buried the king."),
        ("There are no dragons.", "A dragon slept on the ridge.", "There were no dragons here."),
        ("Dragons do not exist.", "Two dragons circled.", "Two crows circled."),
        ("Slavery is forbidden.", "Slavery fed the mines.", "Free people worked the mines."),
    ],
)
def test_rules_of_the_world_are_held_against_the_text(rule: str, broken: str, kept: str) -> None:
    found = check(broken, rules=[rule])
    clean = check(kept, rules=[rule])

    assert [violation["rule"] for violation in found["violations"]] == [rule]
    assert found["violations"][0]["quote"] in broken
    assert clean["is_consistent"] is True


def test_magic_is_found_in_a_world_without_magic() -> None:
    report = check("The sorcerer bowed.", magic_system="none")

    assert report["violations"][0]["rule"] == "There is no magic in this world."
    assert check("The sorcerer bowed.", magic_system="Runes")["is_consistent"] is True


def test_inconsistent_directive_quotes_what_is_not_there() -> None:
    content = "The miller slept. [mock:inconsistent]"

    report = check(content, **MEDIEVAL)

    assert report["violations"][-1]["quote"] not in content


def test_every_quote_is_a_piece_of_the_text() -> None:
    content = (
        "At dawn, the guards checked their phones; a helicopter came.\n“Guns!” cried the reeve. No more."
    )

    report = check(content, **MEDIEVAL)

    quotes = [violation["quote"] for violation in report["violations"]]
    assert len(quotes) == 3
    assert all(quote in content for quote in quotes)
