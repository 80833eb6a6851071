"""Each signal, good and bad, with its sentence for the reviewer."""

from __future__ import annotations

import pytest

from agents.engine import checks
from agents.engine.confidence import observations
from agents.engine.world import Element, Rule, WorldView

WORDS = "word "
LONG = "She went down to the weir in the morning and counted the pins."
MEDIEVAL = WorldView(tech_level="medieval")


def test_schema_valid() -> None:
    assert observations.schema_valid([], []).value == 1.0
    slips = observations.schema_valid(["The answer had words around it.", "A list."], [])
    extra = observations.schema_valid(["A list."], ["mood", "author\ud800"])
    assert (slips.value, slips.cap) == (0.5, 1.0)
    assert slips.sentence == "The answer had words around it. A list."
    assert extra.sentence == "A list. The answer had unexpected fields: author�, mood."


@pytest.mark.parametrize("reason", ["end_turn", "stop_sequence"])
def test_natural_stop_reason_is_good(reason: str) -> None:
    assert observations.stop_reason(reason).value == 1.0


@pytest.mark.parametrize("reason", ["max_tokens", "tool_use", ""])
def test_other_stop_reasons_are_bad(reason: str) -> None:
    signal = observations.stop_reason(reason)
    assert (signal.value, signal.cap) == (0.0, 0.3)


def test_complete() -> None:
    assert observations.complete({"a title": True}).value == 1.0
    lacking = observations.complete({"a title": False, "a mood": False, "shots": True, "a text": True})
    assert (lacking.value, lacking.cap) == (0.5, 0.65)
    assert lacking.sentence == "Missing: a title and a mood."


@pytest.mark.parametrize(
    ("words", "value", "cap"),
    [
        (0, 0.0, 0.45),
        (299, 299 / 300, 0.45),
        (300, 1.0, 1.0),
        (400, 1.0, 1.0),
        (500, 0.8, 1.0),
        (800, 0.5, 0.45),
    ],
)
def test_word_range(words: int, value: float, cap: float) -> None:
    signal = observations.word_range(WORDS * words, 300, 400)
    assert (signal.value, signal.cap) == (value, cap)
    assert str(words) in signal.sentence


def test_characters_present() -> None:
    assert observations.characters_present([], "Anything.").value == 1.0
    assert (
        observations.characters_present(["Mira"], "Mira waits.").sentence
        == "All requested characters are present: “Mira”."
    )
    missing = observations.characters_present(["Mira", "Tobin"], "Mira waits.")
    assert (missing.value, missing.cap) == (0.5, 0.65)
    assert missing.sentence == "The character “Tobin” is missing."
    none = observations.characters_present(["Mira", "Tobin"], "Nobody waits.")
    assert none.sentence == "The characters “Mira” and “Tobin” are missing."


def test_landmarks_present() -> None:
    assert observations.landmarks_present(["Clock Bridge"], "The clock bridge").value == 1.0
    missing = observations.landmarks_present(["Clock Bridge"], "The Bridge")
    assert (missing.value, missing.sentence) == (0.0, "The landmark “Clock Bridge” is missing.")


def test_anachronism_gives_bad_forbidden_terms_signal() -> None:
    (clean,) = observations.against_world("A lantern.", MEDIEVAL)
    assert (clean.name, clean.value) == ("forbidden_terms", 1.0)
    (found,) = observations.against_world("A laptop.", MEDIEVAL)
    assert (found.name, found.value, found.cap) == ("forbidden_terms", 0.0, 0.5)
    assert found.sentence == "“laptop” is ahead of the technology of this world (medieval)."


def test_elements_of_the_world_are_not_flagged() -> None:
    relic = Element(kind="item", name="The Laptop", summary="A relic.")
    world = MEDIEVAL.model_copy(update={"elements": (relic,)})

    assert [signal.value for signal in observations.against_world("The laptop hums.", world)] == [1.0, 1.0]


def test_world_without_restrictions_gives_no_signals() -> None:
    assert observations.against_world("A laptop.", WorldView(name="Anywhere")) == ()
    words, facts = observations.against_world(
        "A wizard bowed.", WorldView(rules=(Rule(text="There is no magic."),))
    )
    assert (words.value, facts.value) == (0.0, 1.0)


def test_contradiction_signal_contains_proof() -> None:
    world = WorldView(rules=(Rule(id="r-7", text="There are no wolves."),))

    (signal,) = observations.against_world("A wolf stood at the door.", world)

    assert (signal.name, signal.value, signal.cap) == ("contradictions", 0.0, 0.4)
    assert signal.sentence == (
        "“wolf” contradicts “There are no wolves” (r-7). The rule denies “wolf”, and the text has it."
    )


def test_likely_finding_lowers_and_hint_only_shows() -> None:
    world = MEDIEVAL.model_copy(
        update={
            "elements": (Element(kind="character", name="Mira", traits={"eyes": "green", "pronoun": "she"}),)
        }
    )
    _, likely = observations.against_world("Mira sat down. Her brown eyes shone.", world)
    hint, _ = observations.against_world("The gun metal glinted, a rifle green.", world)

    assert (likely.value, likely.cap, [f.strength for f in likely.findings]) == (0.3, 1.0, ["likely"])
    assert (hint.value, hint.cap) == (1.0, 1.0)


def test_intentional_finding_and_mentioned_character_stay_quiet() -> None:
    world = MEDIEVAL.model_copy(
        update={"elements": (Element(kind="character", name="Olm", traits={"status": "dead"}),)}
    )
    _, accused = observations.against_world("Olm came in.", world)
    marked = {finding.id for finding in accused.findings}
    _, quiet = observations.against_world("Olm came in.", world, intentional=marked)
    _, mentioned = observations.against_world("Olm came in.", world, only_mentioned=["Olm"])

    assert (accused.value, quiet.value, mentioned.value) == (0.0, 1.0, 1.0)
    assert [finding.is_intentional for finding in quiet.findings] == [True]


def test_text_in_a_language_without_lists_is_not_checked() -> None:
    world = MEDIEVAL.model_copy(update={"physics": "The snow is black."})
    signals = observations.against_world(
        "Gun gick över bron med sin mobiltelefon, och snön var alldeles vit i dag.", world
    )

    assert [signal.value for signal in signals] == [None, None]
    assert "Swedish" in signals[0].sentence


def test_report_on_an_unread_text_is_no_proof() -> None:
    german = "Der Zauberer zog sein Handy aus der Tasche und rief den alten Abt im Kloster an."
    swedish = "Gun gick över bron med sin mobiltelefon, och snön var alldeles vit i dag."

    terms, facts = observations.findings_reported(checks.report(german, MEDIEVAL), "Handy, Zauberer")
    unread = observations.findings_reported(checks.report(swedish, MEDIEVAL), "Nothing.")

    assert (terms.value, facts.value) == (1.0, None)
    assert [signal.value for signal in unread] == [None, None]


def test_two_terms_of_a_sentence_are_marked_apart() -> None:
    findings = checks.check("A laptop and a smartphone lay on the table.", MEDIEVAL)

    assert len({finding.id for finding in findings}) == 2


def test_findings_reported() -> None:
    text = "A laptop and a pistol lay on the table. A wolf came."
    world = MEDIEVAL.model_copy(update={"rules": (Rule(id="r-7", text="There are no wolves."),)})
    result = checks.report(text, world)

    all_said = observations.findings_reported(result, "Laptop: no. Pistol: no. The wolf, too.")
    words, facts = observations.findings_reported(result, "There is a laptop.")

    assert [signal.value for signal in all_said] == [1.0, 1.0]
    assert [finding["quote"] for signal in all_said for finding in signal.as_dict()["findings"]] == [
        "laptop",
        "pistol",
        "wolf",
    ]
    assert observations.findings_reported(checks.Report(), "")[0].value == 1.0
    assert (words.name, words.value, words.cap) == ("forbidden_terms", 1 - 1 / 3, 0.5)
    assert "“pistol”" in words.sentence
    assert "“laptop”" not in words.sentence
    assert (facts.name, facts.value, facts.cap) == ("contradictions", 1 - 1 / 3, 0.4)
    assert "“wolf”" in facts.sentence


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("She went down to the", "The text is cut off: “… She went down to the”."),
        (
            "Here is the scene you asked for:\n\nShe left.",
            "The text contains a comment by the model: “Here is the scene you asked”.",
        ),
        ("She left. I hope this helps!", "The text contains a comment by the model: “I hope this helps”."),
        (f"{LONG}\n\n{LONG}", f"The text repeats itself: “{LONG}”."),
        ("{{user}} left.", "The text contains a placeholder: “{{user}}”."),
        (
            "{{user}} left.<|im_end|>",
            "The text contains a placeholder: “{{user}}”. "
            "The text contains a control token of the model: “<|im_end|>”.",
        ),
    ],
)
def test_prose_defect_is_named(text: str, fault: str) -> None:
    signal = observations.clean_prose(text)

    assert (signal.value, signal.cap) == (0.0, 0.45)
    assert signal.sentence == fault


@pytest.mark.parametrize(
    "text",
    [
        "She left.",
        "“As an AI, I regret it,” said the door.",
        "He waited. She came. He waited.",
        "Sie ging …",
        "彼は行った。",
        "She left.\u2062\u2064",
        LONG,
    ],
)
def test_sound_prose(text: str) -> None:
    assert observations.clean_prose(text).value == 1.0


def test_other_fields_need_no_end_and_may_repeat() -> None:
    assert observations.clean_prose("She left.", "Low Tide", LONG[:-1], LONG, LONG, "").value == 1.0


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ("The [NAME] Road", "The text contains a placeholder: “[NAME]”."),
        ("Slow pan.</s>", "The text contains a control token of the model: “</s>”."),
        ("As an AI, I cannot draw maps.", "The text contains a comment by the model: “As an AI, I cannot”."),
    ],
)
def test_other_fields_are_searched_for_leftovers(field: str, fault: str) -> None:
    signal = observations.clean_prose("She left.", "Low Tide", field)

    assert (signal.value, signal.sentence) == (0.0, fault)


def test_code_that_a_character_quotes_is_a_blemish() -> None:
    signal = observations.clean_prose("The hacker read “&amp;” aloud.")

    assert (signal.value, signal.cap) == (0.5, 1.0)
    assert signal.sentence == "Somebody reads or speaks a piece of HTML: “&amp;”."


def test_sources_verified() -> None:
    assert observations.sources_verified([], 2).value == 1.0
    signal = observations.sources_verified(["r9", " "], 4)
    assert (signal.value, signal.cap) == (0.5, 0.5)
    assert signal.sentence == (
        "Cited, but not part of this world: “r9” and nothing. Removed from the report as unproven: 2 of 4."
    )


def test_quotes_verified() -> None:
    assert observations.quotes_verified([], "Text.").value == 1.0
    assert (
        observations.quotes_verified(["a lamp"], "She lit a lamp.").sentence
        == "The quotation in the report is in the text."
    )
    forged = observations.quotes_verified(["a lamp", "a laptop"], "She lit a lamp.")
    assert (forged.value, forged.cap) == (0.5, 0.35)
    assert forged.sentence == (
        "Quoted, but is not in the text: “a laptop”. Removed from the report as unproven: 1 of 2."
    )


@pytest.mark.parametrize(
    ("is_consistent", "violations", "value"),
    [(True, 0, 1.0), (False, 2, 1.0), (True, 1, 0.0), (False, 0, 0.0)],
)
def test_verdict_agrees(is_consistent: bool, violations: int, value: float) -> None:
    assert observations.verdict_agrees(is_consistent, violations).value == value
