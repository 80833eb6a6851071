"""Relatives that descriptions name or deny in the creators' own words."""

from __future__ import annotations

from typing import Any

import pytest

from agents.engine.checks import Finding, check
from agents.engine.sources import element_text
from agents.engine.world import Element, WorldView

OTHER = Element(kind="character", name="Ben Crane", summary="A sailor.")


def _element(name: str, facts: str | dict[str, Any]) -> Element:
    summary, traits = (facts, {}) if isinstance(facts, str) else ("", facts)
    return Element(kind="character", name=name, summary=summary, traits=traits)


def _findings(name: str, facts: str | dict[str, Any], text: str) -> tuple[Finding, ...]:
    world = WorldView(elements=(_element(name, facts), OTHER))
    return tuple(finding for finding in check(text, world) if finding.strength != "hint")


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Ada Crane", "Ben Crane's elder sister.", "Ada Crane was Ben Crane's mother."),
        ("Ada Crane", "Married to Ben Crane for thirty years.", "Ada Crane was Ben Crane's sister."),
        ("Ada Crane", "Married to Ben Crane for thirty years.", "Ada Crane's brother, Ben Crane, came in."),
        ("Ada Crane", "She brought up Ben Crane, her only son, alone.", "Ada Crane was Ben Crane's wife."),
        ("Ada Crane", "An only child.", "Ada Crane's brother came in."),
        ("Ada Crane", "An only child.", "Ada Crane hugged her sister."),
        ("Ada Crane", "Has never married.", "Ada Crane's husband came in."),
        ("Ada Crane", "A spinster of the parish.", "Ada Crane's husband came in."),
        ("Ada Crane", "Single, and means to stay so.", "Ada Crane's husband came in."),
        ("Ada Crane", "Has no children.", "Ada Crane's daughter came in."),
        ("Ada Crane", "Childless.", "Ada Crane's son came in."),
        ("Ada Crane", "An orphan raised by nuns.", "Ada Crane's mother came in with the tea."),
        ("Ada Crane", "She lost both parents to the plague.", "Ada Crane's mother came in with the tea."),
        ("Ada Crane", "Has no family left.", "Ada Crane's brother came in."),
        ("Ada Crane", "Two sons, no daughters.", "Ada Crane's daughter came in."),
        ("Ada Crane", "A widow.", "Ada Crane's husband came in and hung up his coat."),
        (
            "Ada Crane",
            "The daughter of Ben Crane and a woman nobody names.",
            "Ada Crane was Ben Crane's wife.",
        ),
        ("Ada Crane", {"mother": "Ben Crane's widow", "siblings": "none"}, "Ada Crane's brother came in."),
        ("Ada Crane", {"spouse": "Ben Crane"}, "Ada Crane was Ben Crane's sister."),
        (
            "Ada Crane",
            {"relationships": "sister of Ben Crane; engaged to nobody"},
            "Ada Crane was Ben Crane's mother.",
        ),
    ],
)
def test_what_the_facts_rule_out_is_found(name: str, facts: str | dict[str, Any], text: str) -> None:
    findings = _findings(name, facts, text)
    assert findings
    assert all(finding.statement in element_text(_element(name, facts)) for finding in findings)


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Ada Crane", "Ben Crane's elder sister.", "Ada Crane was Ben Crane's sister."),
        ("Ada Crane", "Married to Ben Crane for thirty years.", "Ada Crane's husband, Ben Crane, came in."),
        ("Ada Crane", "She brought up Ben Crane, her only son, alone.", "Ada Crane was Ben Crane's mother."),
        ("Ada Crane", "An only child.", "Ada Crane's aunt came in."),
        ("Ada Crane", "Has never married.", "Ada Crane's brother came in."),
        ("Ada Crane", "A spinster of the parish.", "Ada Crane's brother came in."),
        ("Ada Crane", "Single, and means to stay so.", "Ada Crane's brother came in."),
        ("Ada Crane", "Has no children.", "Ada Crane's brother came in."),
        ("Ada Crane", "Childless.", "Ada Crane's brother came in."),
        ("Ada Crane", "An orphan raised by nuns.", "Ada Crane prayed."),
        ("Ada Crane", "She lost both parents to the plague.", "Ada Crane prayed."),
        ("Ada Crane", "Has no family left.", "Ada Crane prayed."),
        ("Ada Crane", "Two sons, no daughters.", "Ada Crane's son came in."),
        ("Ada Crane", "A widow.", "Ada Crane's son came in."),
        (
            "Ada Crane",
            "The daughter of Ben Crane and a woman nobody names.",
            "Ada Crane was Ben Crane's daughter.",
        ),
        ("Ada Crane", {"mother": "Ben Crane's widow", "siblings": "none"}, "Ada Crane prayed."),
        ("Ada Crane", {"spouse": "Ben Crane"}, "Ada Crane was Ben Crane's wife."),
        (
            "Ada Crane",
            {"relationships": "sister of Ben Crane; engaged to nobody"},
            "Ada Crane was Ben Crane's sister.",
        ),
    ],
)
def test_what_the_facts_allow_is_not(name: str, facts: str | dict[str, Any], text: str) -> None:
    assert _findings(name, facts, text) == ()


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Nell Harrow", "Divorced; keeps the dog.", "Nell Harrow kissed her husband and went to work."),
        ("Nell Harrow", "A divorcee with two boys.", "Nell Harrow's husband came in from the yard."),
        ("Nell Harrow", "Has two sons and no daughters.", "Nell Harrow's daughter came in."),
        ("Nell Harrow", "Never had a brother or a sister.", "Nell Harrow's sister came in."),
        ("Nell Harrow", "Grew up an only child in a house full of clocks.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "An only child, raised by her aunt.", "Nell Harrow's sister came in."),
        (
            "Nell Harrow",
            "Lost her mother and father in the flood.",
            "Nell Harrow's father came in and sat down.",
        ),
        ("Nell Harrow", "Both parents died in the flood.", "Nell Harrow's mother poured the tea."),
        ("Nell Harrow", "Her parents are long dead.", "Nell Harrow's mother poured the tea."),
        ("Nell Harrow", "Without kin.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Ben Crane is her husband.", "Nell Harrow was Ben Crane's sister."),
        ("Nell Harrow", "Her twin is Ben Crane.", "Nell Harrow was Ben Crane's mother."),
        ("Nell Harrow", "Her brother is Ben Crane.", "Nell Harrow was Ben Crane's mother."),
        ("Nell Harrow", "Remains unmarried at forty.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Widowed young.", "Nell Harrow's husband came in and hung up his coat."),
        (
            "Nell Harrow",
            "Buried her husband last spring.",
            "Nell Harrow's husband came in and hung up his coat.",
        ),
        ("Nell Harrow", "Lost her husband at sea.", "Nell Harrow's husband came in and hung up his coat."),
        ("Nell Harrow", {"marital_status": "divorced"}, "Nell Harrow's husband came in."),
        ("Nell Harrow", {"family": "no living family"}, "Nell Harrow's brother came in."),
        ("Nell Harrow", {"relationships": ["Ben Crane (brother)"]}, "Nell Harrow was Ben Crane's mother."),
        ("Nell Harrow", {"relationships": "brother: Ben Crane"}, "Nell Harrow was Ben Crane's mother."),
        ("Tobias Wren", "He has never been married.", "Tobias Wren's wife came in."),
        (
            "Tobias Wren",
            "Divorced since the war, he lives above the forge.",
            "Tobias Wren's wife came in and sat down.",
        ),
        ("Tobias Wren", "A divorced clerk.", "Tobias Wren's wife came in and sat down."),
        ("Tobias Wren", "A widower for six years.", "Tobias Wren's wife poured the tea."),
        ("Tobias Wren", "His wife died in childbirth.", "Tobias Wren's wife poured the tea."),
        ("Tobias Wren", "No surviving family.", "Tobias Wren's uncle came in."),
        ("Tobias Wren", "Father of two daughters, no sons.", "Tobias Wren's son came in."),
        ("Tobias Wren", "Ben Crane is his father.", "Tobias Wren was Ben Crane's brother."),
        (
            "Tobias Wren",
            "His wife's name is Ada; his brother is Ben Crane.",
            "Tobias Wren was Ben Crane's father.",
        ),
        (
            "Tobias Wren",
            {"relationships": ["Ben Crane: brother", "Ada: friend"]},
            "Tobias Wren was Ben Crane's father.",
        ),
    ],
)
def test_other_words_for_a_fact_are_read(name: str, facts: str | dict[str, Any], text: str) -> None:
    findings = _findings(name, facts, text)
    assert findings
    assert all(finding.statement in element_text(_element(name, facts)) for finding in findings)


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Nell Harrow", "Only child of the house to go to school.", "Nell Harrow's brother came in."),
        (
            "Nell Harrow",
            "The only child in a house of adults and ghosts, until her brother was born.",
            "Nell Harrow's brother came in.",
        ),
        ("Nell Harrow", "Unmarried until last May.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Married off her sister, an orphan.", "Nell Harrow's mother poured the tea."),
        ("Nell Harrow", "Runs a home for orphans.", "Nell Harrow's mother poured the tea."),
        ("Nell Harrow", "Teaches the orphan boys to sew.", "Nell Harrow's mother poured the tea."),
        ("Nell Harrow", "Her sister, a spinster, lives next door.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Her father was an only child.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Has no children at home this week.", "Nell Harrow's son came in."),
        ("Nell Harrow", "Has no children in the school any more.", "Nell Harrow's son came in."),
        ("Nell Harrow", "Had no children until she was forty.", "Nell Harrow's son came in."),
        ("Nell Harrow", "People say she is a widow.", "Nell Harrow's husband came in and hung up his coat."),
        ("Nell Harrow", "Pretends to be single.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Single-minded and sharp.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "A single mother once, married now.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Divorced, and married again.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Divorced from reality.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Nearly divorced twice.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Her parents divorced.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Afraid of being left an orphan.", "Nell Harrow's mother poured the tea."),
        ("Nell Harrow", "Has no brother to help at the farm, only sisters.", "Nell Harrow's sister came in."),
        ("Nell Harrow", "Has no family feeling.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Has no family money.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "No family is older in the valley.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Lost her parents in the crowd once.", "Nell Harrow's mother poured the tea."),
        ("Nell Harrow", "Lost her parents' house to the bank.", "Nell Harrow's mother poured the tea."),
        (
            "Nell Harrow",
            "Lost her husband in the market as usual.",
            "Nell Harrow's husband came in and hung up his coat.",
        ),
        ("Nell Harrow", "Lost her husband to golf.", "Nell Harrow's husband came in and hung up his coat."),
        ("Nell Harrow", "Buried her husband's dog.", "Nell Harrow's husband came in and hung up his coat."),
        ("Nell Harrow", "Lost her mother and father's ring.", "Nell Harrow's mother poured the tea."),
        ("Nell Harrow", "Has two sons and no patience.", "Nell Harrow's daughter came in."),
        ("Nell Harrow", "Mother of two sons.", "Nell Harrow's daughter came in."),
        ("Nell Harrow", "Believes that she has no living relatives.", "Nell Harrow's cousin came in."),
        ("Nell Harrow", "An orphan.", "Nell Harrow's stepmother poured the tea."),
        ("Nell Harrow", "An orphan.", "Nell Harrow thought of her mother."),
        ("Nell Harrow", "An orphan.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "An orphan.", "Nell Harrow dreamed that her mother poured the tea."),
        ("Nell Harrow", "A widow.", "Nell Harrow's husband had built the house."),
        ("Nell Harrow", "A widow.", "Nell Harrow missed her husband."),
        (
            "Nell Harrow",
            "Widowed twice, now on her third husband.",
            "Nell Harrow's husband came in and hung up his coat.",
        ),
        ("Nell Harrow", "Married to Ben Crane.", "Nell Harrow called to her husband, Ben Crane."),
        ("Nell Harrow", "Married to Ben Crane's brother.", "Nell Harrow was Ben Crane's sister-in-law."),
        ("Nell Harrow", "Married to her work.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Was married to Ben Crane's cousin once.", "Nell Harrow was Ben Crane's sister."),
        ("Nell Harrow", "Her brother is Ben Crane's partner.", "Nell Harrow was Ben Crane's mother."),
        ("Nell Harrow", "Her twin is as old as Ben Crane.", "Nell Harrow was Ben Crane's aunt."),
        ("Nell Harrow", "Ben Crane is her husband's brother.", "Nell Harrow was Ben Crane's sister-in-law."),
        (
            "Nell Harrow",
            "Would have raised Ben Crane, had he let her.",
            "Nell Harrow was Ben Crane's sister.",
        ),
        ("Nell Harrow", {"siblings": "one sister"}, "Nell Harrow's sister came in."),
        ("Nell Harrow", {"marital_status": "married"}, "Nell Harrow's husband came in."),
        ("Nell Harrow", {"marital_status": "divorced, remarried"}, "Nell Harrow's husband came in."),
        ("Nell Harrow", {"spouse": "yes"}, "Nell Harrow's husband came in."),
        ("Tobias Wren", "His brother is a lifelong bachelor.", "Tobias Wren's wife came in."),
        ("Tobias Wren", "A bachelor until forty; his wife keeps hens.", "Tobias Wren's wife came in."),
        (
            "Tobias Wren",
            "Divorced his wife's opinions from his own.",
            "Tobias Wren's wife came in and sat down.",
        ),
        ("Tobias Wren", "Talks of being divorced.", "Tobias Wren's wife came in and sat down."),
        (
            "Tobias Wren",
            "Widower's weeds do not suit him, his wife says.",
            "Tobias Wren's wife poured the tea.",
        ),
        ("Tobias Wren", "Once thought himself an orphan.", "Tobias Wren's father sat down by the fire."),
        ("Tobias Wren", "Feels alone in the world of books.", "Tobias Wren's sister smiled."),
        ("Tobias Wren", "An orphan in the school play.", "Tobias Wren's father sat down by the fire."),
        ("Tobias Wren", "The orphanage's cook.", "Tobias Wren's father sat down by the fire."),
        ("Tobias Wren", "Orphan Street is his address.", "Tobias Wren's father sat down by the fire."),
        ("Tobias Wren", "No sisters of the convent will speak to him.", "Tobias Wren's sister smiled."),
        ("Tobias Wren", "No brothers in arms survived but he.", "Tobias Wren's brother came in."),
        ("Tobias Wren", "Never had children to teach before this term.", "Tobias Wren's son came in."),
        ("Tobias Wren", "Has no children yet.", "Tobias Wren's son came in."),
        ("Tobias Wren", "Saved Ben Crane's son from the river.", "Tobias Wren was Ben Crane's brother."),
        ("Tobias Wren", "In love with Ben Crane's daughter.", "Tobias Wren was Ben Crane's nephew."),
        ("Tobias Wren", "Best man to Ben Crane's brother.", "Tobias Wren was Ben Crane's cousin."),
        (
            "Tobias Wren",
            "He calls himself Ben Crane's son; nobody believes it.",
            "Tobias Wren was Ben Crane's nephew.",
        ),
        ("Tobias Wren", "Ward of Ben Crane's aunt.", "Tobias Wren was Ben Crane's cousin."),
        (
            "Tobias Wren",
            "He and Ben Crane's sister ran away together.",
            "Tobias Wren was Ben Crane's cousin.",
        ),
        ("Tobias Wren", "Will inherit from Ben Crane's uncle.", "Tobias Wren was Ben Crane's cousin."),
        ("Tobias Wren", "Rumoured to be the son of Ben Crane.", "Tobias Wren was Ben Crane's nephew."),
        ("Tobias Wren", "Taught by the brother of Ben Crane.", "Tobias Wren was Ben Crane's nephew."),
        ("Tobias Wren", "His tutor, Ben Crane's brother, drinks.", "Tobias Wren was Ben Crane's nephew."),
        ("Tobias Wren", "Hates his neighbour (Ben Crane's brother).", "Tobias Wren was Ben Crane's nephew."),
        ("Tobias Wren", "Shot at Ben Crane's wife and missed.", "Tobias Wren was Ben Crane's brother."),
        (
            "Tobias Wren",
            {"relationships": "works for Ben Crane's brother"},
            "Tobias Wren was Ben Crane's nephew.",
        ),
        (
            "Tobias Wren",
            {"relationships": ["Ben Crane: like a brother"]},
            "Tobias Wren was Ben Crane's cousin.",
        ),
        ("Tobias Wren", {"marital_status": "single until 1890, then married"}, "Tobias Wren's wife came in."),
        ("Tobias Wren", {"spouse": "Ada Wren"}, "Tobias Wren's wife came in."),
        ("Nell Harrow", "Divorced lawyers for a living.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Divorced, and since 1990 married to a doctor.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Divorced from the world she writes of.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "A divorce lawyer.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Divorces bore her.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Divorced her first husband and kept the second.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Divorced once, happily remarried.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Would be divorced by now but for the children.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "A divorced man's secretary.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Not divorced, whatever the papers say.", "Nell Harrow's husband came in."),
        (
            "Nell Harrow",
            "Remains unmarried in the eyes of the church, though she has a husband.",
            "Nell Harrow's husband came in.",
        ),
        ("Nell Harrow", "Unmarried in the eyes of the law.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Lost her husband at sea and found him in Lisbon.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Lost her husband to the war for four years.", "Nell Harrow's husband came in."),
        (
            "Nell Harrow",
            "Lost her husband in the storm, and found him next day.",
            "Nell Harrow's husband came in.",
        ),
        ("Nell Harrow", "Buried her husband's letters.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Buried her husband in debts.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Buried her husband in paperwork.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Widowed by golf.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Widowed, then married again.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Has buried her husband's past.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Thought that she had lost her husband at sea.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "An only child of her mother's second marriage.", "Nell Harrow's brother came in."),
        (
            "Nell Harrow",
            "Grew up like an only child; her brother was away at school.",
            "Nell Harrow's brother came in.",
        ),
        (
            "Nell Harrow",
            "Raised as an only child, and learned of her brother at thirty.",
            "Nell Harrow's brother came in.",
        ),
        (
            "Nell Harrow",
            "Never had a brother or a sister to confide in, only cousins, until Tom.",
            "Nell Harrow's brother came in.",
        ),
        ("Nell Harrow", "Never had any siblings at her school.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Has no siblings in town.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Never had a brother she could trust.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Without kin in the capital.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Without family money.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "No family is like hers.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Has no family dinners.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "No relatives were asked.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Her family died laughing.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Her family all died their hair red.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Her family perished the thought.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Her parents died in her last novel.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Both parents work.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Believes both parents died in the flood.", "Nell Harrow's brother came in."),
        (
            "Nell Harrow",
            "Her parents died to her the day they sold the farm.",
            "Nell Harrow's brother came in.",
        ),
        ("Nell Harrow", "Her sister's parents are dead.", "Nell Harrow's brother came in."),
        (
            "Nell Harrow",
            "Lost her parents in the war and found them after it.",
            "Nell Harrow's brother came in.",
        ),
        ("Nell Harrow", "Lost her parents to the fire of their ambition.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Has two sons and no daughters-in-law.", "Nell Harrow's son came in."),
        ("Nell Harrow", "Has two dogs and no daughters in the house.", "Nell Harrow's son came in."),
        ("Nell Harrow", "Has four nephews and no sons to speak of yet.", "Nell Harrow's son came in."),
        ("Nell Harrow", "Has no children in her class who can read.", "Nell Harrow's son came in."),
        ("Nell Harrow", "Has no children of school age.", "Nell Harrow's son came in."),
        ("Nell Harrow", "No children are allowed in her shop.", "Nell Harrow's son came in."),
        ("Nell Harrow", "Never had children in the house until Ada came.", "Nell Harrow's son came in."),
        ("Nell Harrow", "Had two cats and no sons until last year.", "Nell Harrow's son came in."),
        ("Nell Harrow", "Her husband is Ben Crane's brother.", "Nell Harrow was Ben Crane's cousin."),
        ("Nell Harrow", "Her brother is Ben Crane's friend.", "Nell Harrow was Ben Crane's cousin."),
        ("Nell Harrow", "Her brother is Ben Crane in the play.", "Nell Harrow was Ben Crane's cousin."),
        ("Nell Harrow", "Ben Crane is her husband in the play.", "Nell Harrow was Ben Crane's cousin."),
        ("Nell Harrow", "Ben Crane is her brother in arms.", "Nell Harrow was Ben Crane's cousin."),
        ("Nell Harrow", "Ben Crane is her brother's friend.", "Nell Harrow was Ben Crane's cousin."),
        ("Nell Harrow", "Her daughter is Ben Crane's wife.", "Nell Harrow was Ben Crane's cousin."),
        ("Nell Harrow", "Ben Crane was her husband once.", "Nell Harrow was Ben Crane's cousin."),
        ("Nell Harrow", "Her neighbour's brother is Ben Crane.", "Nell Harrow was Ben Crane's cousin."),
        ("Nell Harrow", "Her late mother's husband is Ben Crane.", "Nell Harrow was Ben Crane's cousin."),
        ("Nell Harrow", "Ben Crane is her father figure.", "Nell Harrow was Ben Crane's cousin."),
        ("Nell Harrow", "Her other brother is Ben Crane's clerk.", "Nell Harrow was Ben Crane's cousin."),
        (
            "Nell Harrow",
            {"relationships": "brother: Tom; enemy: Ben Crane"},
            "Nell Harrow was Ben Crane's cousin.",
        ),
        (
            "Nell Harrow",
            {"relationships": ["Ben Crane (brother's friend)"]},
            "Nell Harrow was Ben Crane's cousin.",
        ),
        ("Nell Harrow", {"relationships": ["Ben Crane (brother)"]}, "Nell Harrow was Ben Crane's sister."),
        ("Nell Harrow", {"relationships": "father: Ben Crane"}, "Nell Harrow was Ben Crane's daughter."),
        (
            "Nell Harrow",
            {"relationships": "brother-in-law: Ben Crane"},
            "Nell Harrow was Ben Crane's cousin.",
        ),
        ("Nell Harrow", {"relationships": "Ben Crane (ex-husband)"}, "Nell Harrow was Ben Crane's ex-wife."),
        ("Nell Harrow", {"marital_status": "divorced (remarried)"}, "Nell Harrow's husband came in."),
        ("Nell Harrow", {"marital_status": "married, once divorced"}, "Nell Harrow's husband came in."),
        ("Nell Harrow", {"marital_status": "widow's daughter"}, "Nell Harrow's husband came in."),
    ],
)
def test_what_only_resembles_a_fact_is_none(name: str, facts: str | dict[str, Any], text: str) -> None:
    assert _findings(name, facts, text) == ()
