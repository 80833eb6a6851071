"""Findings of the deterministic checks, texts without findings, and the proof of every finding."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.engine.checks import check, is_proven
from agents.engine.world import WorldView

WORLD = WorldView.from_mapping(
    {
        "name": "Vey",
        "genre": "low fantasy",
        "tone": "solemn",
        "tech_level": "medieval",
        "magic_system": "none",
        "physics": "Two moons cross the sky. The snow is black. Night never falls.",
        "rules": [
            {"id": "wolves", "text": "There are no wolves."},
            {"id": "vault", "text": "No man may enter the vault."},
            {"id": "gates", "text": "The city has five gates."},
            {"id": "bell", "text": "Nobody may ring the bell after dark."},
        ],
        "elements": [
            {
                "id": "mira",
                "kind": "character",
                "name": "Mira Vance",
                "summary": "Sister of Tobin Vance. She cannot swim.",
                "traits": {"age": 40, "eyes": "grey", "hair": "red", "role": "miller"},
            },
            {"id": "tobin", "kind": "character", "name": "Tobin Vance", "summary": "He is left-handed. Lost a leg."},
            {"id": "olm", "kind": "character", "name": "King Olm", "summary": "Died in the war.", "traits": {}},
            {"id": "ford", "kind": "location", "name": "Ashford", "summary": "Two days' walk north of Redhill."},
            {"id": "mill", "kind": "location", "name": "the mill", "summary": "It was built in 1204."},
            {"id": "ring", "kind": "item", "name": "the ring", "summary": "", "traits": {"owner": "Mira Vance"}},
            {
                "id": "plague",
                "kind": "event",
                "name": "the Plague",
                "summary": "It came after the war.",
                "traits": {"date": "1190"},
            },
        ],
    }
)  # fmt: skip


def cited(text: str, world: WorldView = WORLD) -> list[tuple[str, str]]:
    return [(finding.source_id, finding.quote) for finding in check(text, world)]


@pytest.mark.parametrize(
    ("text", "source_id", "quote"),
    [
        ("He drew a pistol.", "tech_level", "pistol"),
        ("The wizard bowed.", "magic_system", "wizard"),
        ("“Okay,” said the reeve.", "tone", "Okay"),
        ("They walked home under three moons.", "physics", "three moons"),
        ("White snow lay on the roofs.", "physics", "White snow"),
        ("At midnight they set out.", "physics", "midnight"),
        ("A wolf came down to the ford.", "wolves", "wolf"),
        ("He entered the vault and shut the door.", "vault", "entered the vault"),
        ("All six gates were shut.", "gates", "All six gates"),
        ("Mira's green eyes followed him.", "mira", "Mira's green eyes"),
        ("Mira sat down. Her blonde hair was wet.", "mira", "Her blonde hair"),
        ("Mira, sixty years old, laughed.", "mira", "Mira, sixty years old,"),
        ("Mira swam across and back.", "mira", "Mira swam"),
        ("Mira was a nurse, and a good one.", "mira", "Mira was a nurse"),
        ("Tobin's mother, Mira, nodded.", "mira", "Tobin's mother, Mira"),
        ("Tobin wrote with his right hand.", "tobin", "Tobin wrote with his right hand"),
        ("Tobin stood on both legs.", "tobin", "Tobin stood on both legs"),
        ("King Olm came in and sat down.", "olm", "King Olm came"),
        ("Ashford lies south of Redhill.", "ford", "Ashford lies south of Redhill"),
        ("Ashford is an hour's walk from Redhill.", "ford", "Ashford is an hour's walk from Redhill"),
        ("The mill was built in 1250.", "mill", "The mill was built in 1250"),
        ("The ring belonged to Tobin.", "ring", "The ring belonged to Tobin"),
        ("The Plague came in 1180.", "plague", "The Plague came in 1180"),
        ("The Plague came before the war.", "plague", "Plague came before the war"),
    ],
)
def test_contradiction_is_found_with_its_source(text: str, source_id: str, quote: str) -> None:
    assert (source_id, quote) in cited(text)


@pytest.mark.parametrize(
    "text",
    [
        "He drew a knife.",
        "The news went through the hall like a pistol shot.",
        "A beggar claimed to be a wizard.",
        "In the dream three moons hung over the mill.",
        "It had been three moons since the harvest.",
        "Nobody had ever seen a wolf.",
        "A wolf was carved over the door.",
        "She entered the vault and shut the door.",
        "Three gates were shut.",
        "The bell rang, and somebody rang the bell again.",
        "Mira's grey eyes followed him.",
        "The stranger had green eyes, and Mira did not care for him.",
        "Mira watched the woman. Her blonde hair was wet.",
        "If Mira's eyes were green, would it matter?",
        "“Mira's eyes are green,” said the liar.",
        "Mira swam through her accounts like a fish.",
        "Tobin's sister, Mira, nodded.",
        "King Olm had come here once, long ago.",
        "In the song King Olm came in and sat down.",
        "Ashford lies north of Redhill.",
        "Ashford does not lie south of Redhill.",
        "The roof of the mill was mended in 1250.",
        "Rumour had it that the ring belonged to Tobin.",
    ],
)
def test_consistent_and_unasserted_statements_are_not_flagged(text: str) -> None:
    assert cited(text) == []


def test_finding_quotes_text_and_world() -> None:
    (finding,) = check("Mira's green eyes followed him.", WORLD)

    assert finding.sentence == "“Mira's green eyes” contradicts “eyes: grey” (mira)."
    assert (finding.kind, finding.start, finding.end) == ("character", 0, 17)


def test_proof_requires_exact_quote_position_and_source() -> None:
    text = "At last Mira's green eyes followed him."
    (finding,) = check(text, WORLD)

    assert is_proven(finding, text, WORLD)
    assert not is_proven(replace(finding, quote="Mira's brown eyes"), text, WORLD)
    assert not is_proven(replace(finding, start=0), text, WORLD)
    assert not is_proven(replace(finding, statement="eyes: blue"), text, WORLD)
    assert not is_proven(replace(finding, statement=" "), text, WORLD)
    assert not is_proven(replace(finding, source_id="tobin"), text, WORLD)
    assert not is_proven(replace(finding, source_id="nobody"), text, WORLD)


def test_rule_of_request_is_cited_by_its_number() -> None:
    world = WorldView.from_mapping({"rules": [{"text": "Rain is sweet."}, {"text": "There are no wolves."}]})

    assert cited("A wolf came.", world) == [("r2", "wolf")]


def test_element_of_world_is_exempt_from_rule() -> None:
    old = {"kind": "item", "name": "The Last Wolf", "summary": "Stuffed."}
    world = WorldView.from_mapping({"rules": [{"text": "There are no wolves."}], "elements": [old]})

    assert cited("The wolf stood in the hall.", world) == []


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("Magic cannot heal wounds.", "The surgeon healed the wound."),
        ("There are no guards at night.", "Two guards stood at the gate."),
        ("Nobody may cross the bridge before noon.", "She crossed the bridge."),
        ("The tavern has no windows.", "The church windows were broken."),
        ("Gambling is forbidden.", "They were arrested for gambling."),
        ("There is no doubt that the duke is mad.", "There was some doubt."),
    ],
)
def test_rule_is_not_overinterpreted(rule: str, kept: str) -> None:
    assert cited(kept, WorldView.from_mapping({"rules": [{"text": rule}]})) == []


@pytest.mark.parametrize(
    ("year", "thing", "is_early"),
    [("1926", "a laptop", True), ("1926", "a telephone", False), ("1974", "a compact disc", True),
     ("1974", "a transistor radio", False), ("2019", "a smartphone", False)],
)  # fmt: skip
def test_things_invented_after_world_year_are_flagged(year: str, thing: str, is_early: bool) -> None:
    world = WorldView(tech_level=f"{year}, a port")

    assert bool(cited(f"On the desk lay {thing}.", world)) is is_early


def test_empty_world_or_text_has_no_findings() -> None:
    assert check("A wizard with a laptop swam to the moon, dude.", WorldView()) == ()
    assert check("", WORLD) == ()


_FRAGMENTS = """
    Mira Mira's Tobin King Olm her his eyes hair grey green wİfe sıster both two 99999999999999999999 ² hundred and
    moons wolf vault entered Ashford south of Redhill is an hour's walk from in 1204 1250 “ ” " . ! ? , the ring
    belonged to Plague before after war At sixty dreamed said dead like if not
"""
_WORDS = st.sampled_from(["\n\n", *_FRAGMENTS.split()])


@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS, max_size=40).map(" ".join), st.lists(_WORDS, min_size=1, max_size=12).map(" ".join))
def test_every_finding_on_arbitrary_input_is_proven(text: str, rule: str) -> None:
    odd = {
        "kind": "character",
        "name": rule[:200],
        "summary": text[:300],
        "traits": {"age": rule, "eyes": rule},
    }
    world = WorldView.from_mapping(
        {**WORLD.model_dump(), "rules": [{"text": rule}], "physics": rule, "elements": [odd, *WORLD.elements]}
    )

    assert all(is_proven(finding, text, world) for finding in check(text, world))


BODIES = WorldView.from_mapping(
    {
        "elements": [
            {
                "id": "bo",
                "kind": "character",
                "name": "Bo Strand",
                "summary": "A tall, bearded pilot.",
                "traits": {"hair": "brown", "age": 41},
            }
        ]
    }
)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Bo Strand was bald.", True),
        ("Bo Strand had been bald when he was born.", False),
        ("Bo Strand had gone through life without a beard.", True),
        ("Bo Strand had been without a beard until the war.", False),
        ("Bo Strand was never seen without a beard.", False),
        ("Bo Strand was a short man.", True),
        ("Bo Strand was a tall man.", False),
        ("On his sixtieth birthday Bo Strand sold the boat.", True),
        ("On his thirtieth birthday Bo Strand had bought the boat.", False),
    ],
)
def test_bodies_are_held_against_the_present_not_the_past(text: str, is_found: bool) -> None:
    assert bool(check(text, BODIES)) == is_found
