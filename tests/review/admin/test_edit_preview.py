"""An edit is shown word by word before it is sent."""

from __future__ import annotations

import pytest

from agents.models import ReviewDecision
from tests.admin import makers
from tests.admin.makers import holder, url_of
from universes.models import Scene

pytestmark = pytest.mark.django_db

EDIT = {
    "verdict": "edited",
    "output-title": "The Ferry at High Water",
    "output-content": makers.NARRATIVE["content"],
    "note": "Wrong tide.",
}


@pytest.fixture
def send(reviewing, item):
    return lambda **fields: reviewing.post(url_of("decide", item), {**EDIT, **fields})


def test_the_first_press_shows_the_difference_and_sends_nothing(send, item):
    page = send().content.decode()

    assert "What you have changed" in page
    assert "The Ferry at <del>Low</del> Water" in page
    assert "The Ferry at <ins>High</ins> Water" in page
    assert 'value="The Ferry at High Water"' in page
    assert "Wrong tide." in page
    assert "<span data-send-text>Send</span>" in page
    assert holder(item) == "rosa"
    assert not ReviewDecision.objects.exists()
    assert not Scene.objects.exists()


def test_the_second_press_sends_what_was_shown(send, item):
    confirmed = send().context["typed"].confirmed

    assert send(confirmed=confirmed).status_code == 302

    decision = ReviewDecision.objects.get()
    assert (decision.verdict, decision.note) == ("edited", "Wrong tide.")
    assert decision.after == {**makers.NARRATIVE, "title": "The Ferry at High Water"}


def test_what_was_changed_after_the_look_is_shown_anew(send):
    confirmed = send().context["typed"].confirmed

    page = send(confirmed=confirmed, **{"output-title": "The Ferry at Spring Tide"}).content.decode()

    assert "The Ferry at <ins>Spring Tide</ins>" in page
    assert not ReviewDecision.objects.exists()


def test_an_edit_that_changes_nothing_approves_at_once(send):
    assert send(**{"output-title": makers.NARRATIVE["title"]}).status_code == 302

    assert ReviewDecision.objects.get().verdict == "approved"


def test_what_is_wrong_is_said_before_anything_is_looked_over(send):
    page = send(**{"output-content": " "}).content.decode()

    assert 'id="output-content-error"' in page
    assert "What you have changed" not in page


def test_who_holds_it_is_said_before_anything_is_looked_over(send, ana_reviewing, item):
    ana_reviewing.post(url_of("claim", item), headers={"accept": "application/json"})

    page = send().content.decode()

    assert "ana holds this item until " in page
    assert 'value="The Ferry at High Water"' in page
    assert "What you have changed" not in page
    assert holder(item) == "ana"


def test_a_row_is_taken_out_by_its_box(reviewing, creator, universe):
    item = makers.make_review(makers.make_job(creator, universe, "spatial"))
    place = makers.SPATIAL
    fields = {
        f"output-{name}": place[name] for name in ("location_name", "description", "atmosphere", "map_layout")
    }
    rows = {
        f"output-landmarks-{index}-{part}": mark[part]
        for index, mark in enumerate(place["landmarks"])
        for part in ("name", "description")
    }
    sent = {
        "verdict": "edited",
        **fields,
        **rows,
        "output-landmarks-count": "3",
        "output-landmarks-0-remove": "on",
    }

    page = reviewing.post(url_of("decide", item), sent)

    assert [change.label for change in page.context["typed"].changes] == ["Landmarks"]
    shown = page.context["typed"].form.controls[2]
    assert [row.controls[0].value for row in shown.rows] == ["Weighhouse", ""]
    assert [row.is_spare for row in shown.rows] == [False, True]


def test_the_page_to_edit_says_what_its_button_does_without_scripts(reviewing, item, page_of):
    page = reviewing.get(page_of(item) + "?edit=1").content.decode()

    assert "<span data-send-text>Fix + approve</span>" in page
    assert "data-edited" not in page
