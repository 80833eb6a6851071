"""Forms made from the input types of the agents."""

from __future__ import annotations

import pytest

from agents.engine.registry import AGENTS, get_agent
from studio.jobs.input_form import input_form, read_input
from studio.jobs.works import work_named, works
from universes.errors import FieldError

SCENE = work_named("narrative", "narrative")


def test_every_agent_can_be_asked():
    assert {work.agent_type for work in works()} == set(AGENTS)
    assert [work.label for work in works()] == ["Scene", "Video prompt", "Place", "Check"]


def test_a_form_is_read_as_the_input_of_its_agent():
    typed = {
        "input-prompt": " Dawn.\r\n",
        "input-characters": "Mira\n\nOdran: old, and tired",
        "input-word_range-low": "80",
        "input-word_range-high": "120",
        "input-mentions-0-name": "Edda",
        "input-mentions-0-how": "posthumous",
        "input-mentions-1-name": "",
        "input-mentions-1-how": "legend",
        "input-world_config-genre": "noir",
        "input-world_config-rules": "It rains.",
    }

    found = read_input(SCENE, typed)

    assert found == {
        "type": "narrative",
        "prompt": "Dawn.",
        "characters": ["Mira", {"name": "Odran", "description": "old, and tired"}],
        "word_range": [80, 120],
        "mentions": [{"name": "Edda", "how": "posthumous"}],
        "world_config": {"genre": "noir", "rules": ["It rains."]},
    }
    get_agent("narrative").validate_input(found)


@pytest.mark.parametrize("work", works(), ids=lambda work: work.label)
def test_an_empty_form_asks_for_nothing_but_its_kind(work):
    assert read_input(work, {}) == ({"type": work.kind} if work.kind else {})


def test_a_form_shows_the_input_that_it_was_made_from():
    data = {
        "prompt": "Dawn.",
        "characters": [{"name": "Mira", "traits": {"age": 27}}],
        "word_range": [80, 120],
    }
    form = input_form(SCENE, data)

    shown = {control.name: control for control in form.main}
    assert shown["input-prompt"].value == "Dawn."
    assert shown["input-characters"].value == "Mira: age: 27"
    assert [part.value for part in shown["input-word_range"].parts] == [80, 120]
    assert not form.is_more_open


def test_an_error_stands_at_its_control():
    form = input_form(SCENE, {"mentions": [{"name": "Edda"}]})

    form.add_errors(
        [
            FieldError("/input_data/prompt", "This is required."),
            FieldError("/input_data/mentions/0/how", "Choose one."),
            FieldError("/input_data/nothing", "There is no such field."),
        ]
    )

    assert form.main[0].error == "This is required."
    how = next(
        part for control in form.more if control.rows for part in control.rows[0] if part.name.endswith("how")
    )
    assert (how.error, form.is_more_open) == ("Choose one.", True)
    assert form.errors == ["There is no such field."]
