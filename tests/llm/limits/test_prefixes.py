"""Who warms the prompt cache."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.llm.limits.prefixes import Follower, Leader, Warm, prefix_key
from tests.llm.requests import REQUEST


def told_to_wait(answer: Leader | Follower | Warm) -> float:
    assert isinstance(answer, Follower), answer
    return answer.wait_s


def test_the_first_leads_and_the_others_follow_until_the_first_byte(prefixes, clock):
    assert prefixes.lead("bible", "a", 20.0) == Leader()
    assert told_to_wait(prefixes.lead("bible", "b", 20.0)) == pytest.approx(1.0)
    clock.advance(0.4)
    assert told_to_wait(prefixes.lead("bible", "c", 20.0)) == pytest.approx(0.6)

    prefixes.warmed("bible", "a")

    assert prefixes.lead("bible", "b", 20.0) == Warm()


def test_another_prefix_has_a_leader_of_its_own(prefixes):
    prefixes.lead("bible", "a", 20.0)

    assert prefixes.lead("other", "b", 20.0) == Leader()


def test_who_leads_and_asks_again_still_leads(prefixes, clock):
    prefixes.lead("bible", "a", 20.0)
    clock.advance(1.0)

    assert prefixes.lead("bible", "a", 20.0) == Leader()


def test_when_the_leader_gives_up_the_next_leads(prefixes):
    prefixes.lead("bible", "a", 20.0)

    prefixes.abandon("bible", "b")
    assert isinstance(prefixes.lead("bible", "b", 20.0), Follower)
    prefixes.abandon("bible", "a")

    assert prefixes.lead("bible", "b", 20.0) == Leader()


def test_when_the_leader_dies_another_leads_after_its_time(prefixes, clock):
    prefixes.lead("bible", "dead", 20.0)
    clock.advance(19.9)
    assert told_to_wait(prefixes.lead("bible", "b", 20.0)) == pytest.approx(0.1)

    clock.advance(0.2)

    assert prefixes.lead("bible", "b", 20.0) == Leader()
    assert isinstance(prefixes.lead("bible", "dead", 20.0), Follower)


def test_it_is_warm_for_five_minutes_after_its_last_use(prefixes, clock):
    prefixes.lead("bible", "a", 20.0)
    prefixes.warmed("bible", "a")
    clock.advance(299.0)
    assert prefixes.lead("bible", "b", 20.0) == Warm()

    prefixes.warmed("bible", "b")
    clock.advance(299.0)
    assert prefixes.lead("bible", "c", 20.0) == Warm()
    clock.advance(1.1)

    assert prefixes.lead("bible", "c", 20.0) == Leader()


def test_followers_are_told_what_leaders_took_and_never_over_two_seconds(prefixes, clock):
    for _ in range(20):
        prefixes.lead("bible", "a", 60.0)
        clock.advance(1.5)
        prefixes.warmed("bible", "a")
        clock.advance(301.0)
    prefixes.lead("bible", "a", 60.0)
    assert told_to_wait(prefixes.lead("bible", "b", 60.0)) == pytest.approx(1.5, abs=0.01)

    for _ in range(20):
        clock.advance(9.0)
        prefixes.warmed("bible", "a")
        clock.advance(301.0)
        prefixes.lead("bible", "a", 60.0)

    assert told_to_wait(prefixes.lead("bible", "b", 60.0)) == 2.0


def test_only_the_first_byte_of_a_leader_is_measured(prefixes, clock):
    prefixes.lead("bible", "a", 20.0)
    clock.advance(1.0)
    prefixes.warmed("bible", "a")
    clock.advance(100.0)
    prefixes.warmed("bible", "a")
    clock.advance(301.0)
    prefixes.lead("bible", "a", 20.0)

    assert told_to_wait(prefixes.lead("bible", "b", 20.0)) == pytest.approx(1.0)


def test_a_late_leader_is_asked_for_less_and_less_often(prefixes, clock):
    prefixes.lead("bible", "a", 20.0)

    waits = []
    for _ in range(6):
        waits.append(told_to_wait(prefixes.lead("bible", "b", 20.0)))
        clock.advance(waits[-1])

    assert waits == pytest.approx([1.0, 0.05, 0.05, 0.1, 0.2, 0.4])


def test_a_prefix_goes_by_model_schema_and_text():
    others = [
        replace(REQUEST, model="n"),
        replace(REQUEST, system="texts"),
        replace(REQUEST, schema={"type": "object"}),
    ]

    assert prefix_key(REQUEST) == prefix_key(replace(REQUEST, user="Other words.", job="other"))
    assert len({prefix_key(each) for each in [REQUEST, *others]}) == 4
