"""Directives, determinism and the checker of the mock model, with requests as the engine builds them."""

from __future__ import annotations

import json
import re
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


def test_equal_requests_get_equal_answers() -> None:
    quarrel = request("narrative", prompt="A quarrel about the mill.")

    first, second = MockClient().complete(quarrel), MockClient().complete(replace(quarrel, attempt=2))

    assert first.text == second.text
    assert first.request_id != second.request_id


def test_variants_of_one_request_differ_and_each_stays_the_same() -> None:
    quarrel = request("narrative", prompt="A quarrel about the mill.")
    variants = [replace(quarrel, variant=name) for name in ("", "first", "second")]

    texts = [MockClient().complete(variant).text for variant in variants]

    assert len(set(texts)) == 3
    assert [MockClient().complete(replace(variant, attempt=2)).text for variant in variants] == texts


@pytest.mark.parametrize(
    ("agent_type", "field"), [("narrative", "prompt"), ("narrative", "video"), ("spatial", "details")]
)
def test_different_requests_get_different_prose(agent_type: str, field: str) -> None:
    texts = set()
    for number in range(8):
        data: dict[str, Any] = {"prompt": f"Quarrel {number}."}
        if field == "video":
            data["type"] = "video_prompt"
        if field == "details":
            data = {"location_name": "Harrowgate", "details": f"Quarter {number}."}
        answer = json.loads(MockClient().complete(request(agent_type, **data)).text)
        # Without what the prompt itself contributes.
        texts.add(re.sub(r"[0-9]", "", answer.get("content") or answer["description"]))

    assert len(texts) == 8


def test_progress_begins_with_nothing_and_ends_with_the_whole_text() -> None:
    progress: list[str] = []

    reply = MockClient().complete(request("narrative", prompt="A quarrel."), progress.append)

    assert progress == ["", reply.text]


def test_reply_is_labelled_as_mock_and_has_token_counts() -> None:
    quarrel = request("narrative", prompt="A quarrel about the mill.")

    reply = MockClient().complete(quarrel)

    assert (reply.model, reply.is_mock, reply.stop_reason) == ("mock", True, "end_turn")
    assert reply.usage.output_tokens == -(-len(reply.text) // 4)
    assert reply.usage.input_tokens == -(-(len(quarrel.system) + len(quarrel.user)) // 4)
    assert reply.request_id.startswith("mock_")


@pytest.mark.parametrize(
    ("directive", "code"), [("[mock:refuse]", "refused"), ("[mock:truncate]", "truncated")]
)
def test_refuse_and_truncate_make_the_reply_unusable(directive: str, code: str) -> None:
    with pytest.raises(UnusableReply) as caught:
        MockClient().complete(request("narrative", prompt=f"A quarrel. {directive}"))

    assert caught.value.code == code
    assert caught.value.reply is not None
    assert caught.value.reply.usage.input_tokens > 0


def test_invalid_directive_gives_no_json() -> None:
    reply = MockClient().complete(request("narrative", prompt="A quarrel. [mock:invalid]"))

    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(reply.text)


@pytest.mark.parametrize(("directive", "failing"), [("fail-once", 1), ("fail-twice", 2), ("fail", 9)])
def test_fail_directives_fail_the_first_attempts(directive: str, failing: int) -> None:
    sample = request("spatial", location_name="Harrowgate", details=f"[mock:{directive}]")

    for attempt in range(1, failing + 1):
        with pytest.raises(TransientError) as caught:
            MockClient().complete(replace(sample, attempt=attempt))
        assert caught.value.code == "overloaded"
    if directive != "fail":
        assert MockClient().complete(replace(sample, attempt=failing + 1)).stop_reason == "end_turn"


def test_slow_directive_delays_the_reply() -> None:
    reply = MockClient().complete(request("narrative", prompt="A quarrel. [mock:slow=0.2]"))

    assert 200 <= reply.latency_ms < 2000


def test_slow_answer_comes_bit_by_bit() -> None:
    progress: list[str] = []
    sample = request("narrative", prompt="A quarrel. [mock:slow=2.2]")

    reply = MockClient().complete(sample, progress.append)

    assert [len(text) for text in progress] == sorted(len(text) for text in progress)
    assert 0 < len(progress[1]) < len(progress[2]) < len(reply.text)
    assert all(reply.text.startswith(text) for text in progress)


def test_slow_directive_times_out_at_the_wall_clock() -> None:
    sample = replace(request("narrative", prompt="A quarrel. [mock:slow=60]"), timeout_s=0.1)

    with pytest.raises(TransientError) as caught:
        MockClient().complete(sample)

    assert (caught.value.code, caught.value.latency_ms) == ("timeout", 100)


def test_latency_is_added_to_every_call() -> None:
    reply = MockClient(latency_s=0.1).complete(request("narrative", prompt="A quarrel."))

    assert reply.latency_ms >= 100


def test_directives_do_not_appear_in_the_answer() -> None:
    for name in ("weak", "inconsistent", "fail-once", "slow=0"):
        sample = replace(request("narrative", prompt=f"The mill [mock:{name}] burns."), attempt=2)
        assert "mock:" not in MockClient().complete(sample).text


def test_revision_ignores_the_weak_directive() -> None:
    revision = Revision(note="Longer, please.", previous_output={"content": "Short."})
    data: dict[str, Any] = {"prompt": "The mill burns. [mock:weak]", "characters": ["Mira"]}

    weak = MockClient().complete(request("narrative", **data))
    again = MockClient().complete(request("narrative", revision, **data))

    assert "Mira" not in weak.text
    assert "Mira" in again.text


def test_unknown_prompt_is_rejected() -> None:
    sample = replace(request("narrative", prompt="A quarrel."), prompt_name="sonnet")

    with pytest.raises(RequestRejected):
        MockClient().complete(sample)


def test_anachronism_is_reported_with_its_sentence() -> None:
    report = check("The wizard pulled out his smartphone and called for help.", **MEDIEVAL)

    assert report["is_consistent"] is False
    assert [violation["quote"] for violation in report["violations"]] == [
        "The wizard pulled out his smartphone and called for help."
    ]
    assert report["violations"][0]["severity"] == "critical"
    assert "smartphone" in report["suggestions"][0]


def test_clean_text_is_consistent_and_the_report_names_what_was_checked() -> None:
    report = check("The wizard lit a lantern and called for help.", **MEDIEVAL)

    assert (report["is_consistent"], report["violations"], report["suggestions"]) == (True, [], [])
    assert "technology" in report["explanation"]


def test_report_of_a_language_without_lists_does_not_claim_to_have_checked() -> None:
    report = check("Gun gick över bron och såg stormen närma sig fyren i mörkret.", **MEDIEVAL)

    assert report["violations"] == []
    assert report["explanation"] == "Not checked: the text, which is in Swedish."


@pytest.mark.parametrize(
    ("rule", "broken", "kept"),
    [
        ("No one can teleport.", "Mira teleported home.", "No one could teleport, so Mira walked."),
        ("No one can teleport.", "It was a teleportation of the old kind.", "Mira walked home."),
        ("Nobody can fly", "She was flying over the roofs.", "Nobody could fly."),
        ("There are no dragons.", "A dragon slept on the ridge.", "There were no dragons here."),
        ("Dragons do not exist.", "Two dragons circled.", "Two crows circled."),
        ("Slavery is forbidden.", "Slavery fed the mines.", "Free people worked the mines."),
    ],
)
def test_broken_rule_is_reported(rule: str, broken: str, kept: str) -> None:
    report = check(broken, rules=[rule])
    clean = check(kept, rules=[rule])

    assert [violation["rule"] for violation in report["violations"]] == [rule.rstrip(".")]
    assert report["violations"][0]["quote"] in broken
    assert len(report["suggestions"]) == 1
    assert clean["is_consistent"] is True


def test_magic_is_reported_in_a_world_without_magic() -> None:
    report = check("The sorcerer bowed.", magic_system="none")

    assert (report["violations"][0]["source_id"], report["violations"][0]["rule"]) == ("magic_system", "none")
    assert check("The sorcerer bowed.", magic_system="Runes")["is_consistent"] is True


def test_inconsistent_directive_forges_a_quotation() -> None:
    content = "The miller slept. [mock:inconsistent]"

    report = check(content, **MEDIEVAL)

    assert report["violations"][-1]["quote"] not in content


def test_quotations_are_copied_from_the_text() -> None:
    content = "At dawn, the guards checked their phones; a helicopter came.\n“He has a gun!” cried the reeve. No more."

    report = check(content, **MEDIEVAL)

    quotes = [violation["quote"] for violation in report["violations"]]
    assert len(quotes) == 3
    assert all(quote in content for quote in quotes)


def test_long_sentence_is_quoted_by_the_offending_words_alone() -> None:
    content = f"The guard looked {'up and down the road and ' * 6}at his smartphone."

    assert [violation["quote"] for violation in check(content, **MEDIEVAL)["violations"]] == ["smartphone"]


def test_directive_inside_a_sentence_does_not_forge_its_quotation() -> None:
    content = "The wizard looked [mock:slow=0] at his smartphone."

    assert [violation["quote"] for violation in check(content, **MEDIEVAL)["violations"]] == ["smartphone"]
