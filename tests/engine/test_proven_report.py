"""Proof of violations in a consistency report by source and quotation."""

from __future__ import annotations

from typing import Any

import pytest

from agents.engine.envelope import unseal
from agents.engine.registry import get_agent
from agents.engine.results import AgentResult, RunSettings
from agents.engine.world import WorldView
from tests.support.fake_llm import FakeLLM

WORLD = WorldView.from_mapping(
    {
        "tech_level": "medieval",
        "rules": [{"id": "rule-uuid", "text": "No one can teleport."}, {"text": "Iron is rare."}],
        "elements": [
            {
                "id": "mira-uuid",
                "kind": "character",
                "name": "Mira",
                "summary": "A smuggler.",
                "traits": {"eyes": "grey"},
            }
        ],
    }
)  # fmt: skip
CONTENT = "Mira vanished and stood on the other bank. The bank was empty."


def violation(
    source_id: str, quote: str = "Mira vanished", rule: str = "No one can teleport."
) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "rule": rule,
        "quote": quote,
        "severity": "major",
        "explanation": "It cannot be.",
    }


def report(*violations: dict[str, Any], is_consistent: bool = False) -> AgentResult:
    llm = FakeLLM()
    llm.will(
        {
            "is_consistent": is_consistent,
            "violations": list(violations),
            "explanation": "One thing cannot be so.",
            "suggestions": ["Let her row."],
        }
    )
    settings = RunSettings(model="claude-haiku-5-5", threshold=0.7)
    return get_agent("consistency").run({"content": CONTENT}, WORLD, settings, llm)


def signal(result: AgentResult, name: str) -> tuple[float | None, str]:
    return next((one.value, one.sentence) for one in result.signals if one.name == name)


def test_request_contains_citable_ids() -> None:
    llm = FakeLLM()
    settings = RunSettings(model="claude-haiku-5-5", threshold=0.7)

    get_agent("consistency").run({"content": CONTENT}, WORLD, settings, llm)

    world = unseal("world", llm.requests[0].system)
    assert world is not None
    assert world["rules"] == [
        {"id": "r1", "text": "No one can teleport."},
        {"id": "r2", "text": "Iron is rare."},
    ]
    assert [element["id"] for element in world["elements"]] == ["e1"]


@pytest.mark.parametrize(
    ("cited", "source_id", "rule"),
    [
        ("r1", "rule-uuid", "No one can teleport."),
        ("rule-uuid", "rule-uuid", "No one can teleport."),
        ("r2", "r2", "Iron is rare."),
        ("tech_level", "tech_level", "medieval"),
        ("e1", "mira-uuid", "Mira. A smuggler. eyes: grey"),
    ],
)
def test_proven_violation_uses_wording_of_the_world(cited: str, source_id: str, rule: str) -> None:
    result = report(violation(cited, rule="No one can teleport." if source_id == "rule-uuid" else "Made up."))

    (shown,) = result.output["violations"]
    assert (shown["source_id"], shown["rule"], shown["quote"]) == (source_id, rule, "Mira vanished")
    assert (result.output["is_consistent"], result.confidence) == (False, 1.0)


@pytest.mark.parametrize("cited", ["r9", "", "the third rule", "e2"])
def test_violation_with_unknown_source_is_dropped(cited: str) -> None:
    result = report(violation("r1"), violation(cited))

    assert [shown["source_id"] for shown in result.output["violations"]] == ["rule-uuid"]
    value, sentence = signal(result, "sources_verified")
    assert value == 0.5
    assert sentence.endswith("Removed from the report as unproven: 1 of 2.")
    assert (result.confidence, result.needs_review) == (0.5, True)


def test_violation_with_forged_quotation_is_dropped() -> None:
    result = report(violation("r1"), violation("r1", quote="Mira flew away"))

    assert [shown["quote"] for shown in result.output["violations"]] == ["Mira vanished"]
    assert signal(result, "quotes_verified")[0] == 0.5
    assert result.needs_review is True


def test_report_without_proven_violations_is_consistent() -> None:
    result = report(violation("r9"))

    assert (result.output["violations"], result.output["suggestions"]) == ([], [])
    assert result.output["is_consistent"] is True
    assert result.needs_review is True


def test_self_contradiction_needs_two_quotations() -> None:
    kept = report(violation("text", quote="stood on the other bank", rule="The bank was empty"))
    same = report(violation("text", quote="The bank was empty", rule="The bank was empty."))
    invented = report(violation("text", quote="stood on the other bank", rule="Nobody was there"))

    assert [shown["rule"] for shown in kept.output["violations"]] == ["The bank was empty"]
    assert (same.output["violations"], invented.output["violations"]) == ([], [])


def test_early_report_without_source_ids_can_be_edited() -> None:
    old = {
        "is_consistent": False,
        "violations": [{"rule": "No.", "quote": "Mira", "severity": "minor", "explanation": "Hm."}],
        "explanation": "Hm.", "suggestions": [], "model": "mock", "tokens_used": 7,
    }  # fmt: skip

    edited = get_agent("consistency").check_edit({**old, "explanation": "Better."}, old)

    assert (edited["explanation"], edited["violations"][0]["source_id"]) == ("Better.", "")
