"""The word-by-word preview of an edit before it is sent."""

from __future__ import annotations

import pytest

from agents.models import ReviewDecision
from tests.support import rows
from tests.support.facts import holder_name
from tests.support.pages import url_of
from universes.models import Scene

pytestmark = pytest.mark.django_db

EDIT = {
    "verdict": "edited",
    "output-title": "The Ferry at High Water",
    "output-content": rows.NARRATIVE["content"],
    "note": "Wrong tide.",
}


@pytest.fixture
def send(reviewer_client, ferry_item):
    return lambda **fields: reviewer_client.post(url_of("decide", ferry_item), {**EDIT, **fields})


def test_first_press_shows_the_diff_and_decides_nothing(send, ferry_item):
    page = send().content.decode()

    assert "Your changes" in page
    assert "The Ferry at <del>Low</del> Water" in page
    assert "The Ferry at <ins>High</ins> Water" in page
    assert 'value="The Ferry at High Water"' in page
    assert "Wrong tide." in page
    assert "<span data-send-text>Send</span>" in page
    assert holder_name(ferry_item) == "rosa"
    assert not ReviewDecision.objects.exists()
    assert not Scene.objects.exists()


def test_second_press_decides(send, ferry_item):
    confirmed = send().context["typed"].confirmed

    assert send(confirmed=confirmed).status_code == 302

    decision = ReviewDecision.objects.get()
    assert (decision.verdict, decision.note) == ("edited", "Wrong tide.")
    assert decision.after == {**rows.NARRATIVE, "title": "The Ferry at High Water"}


def test_text_changed_after_the_preview_is_previewed_again(send):
    confirmed = send().context["typed"].confirmed

    page = send(confirmed=confirmed, **{"output-title": "The Ferry at Spring Tide"}).content.decode()

    assert "The Ferry at <ins>Spring Tide</ins>" in page
    assert not ReviewDecision.objects.exists()


def test_unchanged_edit_approves_at_once(send):
    assert send(**{"output-title": rows.NARRATIVE["title"]}).status_code == 302

    assert ReviewDecision.objects.get().verdict == "approved"


def test_errors_come_before_the_preview(send):
    page = send(**{"output-content": " "}).content.decode()

    assert 'id="output-content-error"' in page
    assert "Your changes" not in page


def test_claim_conflict_comes_before_the_preview(send, second_reviewer_client, ferry_item):
    second_reviewer_client.post(url_of("claim", ferry_item), headers={"accept": "application/json"})

    page = send().content.decode()

    assert "rudi has claimed this item until " in page
    assert 'value="The Ferry at High Water"' in page
    assert "Your changes" not in page
    assert holder_name(ferry_item) == "rudi"


def test_checkbox_removes_a_row(reviewer_client, creator, low_marches):
    item = rows.item_of(rows.finished_job(creator, low_marches, "spatial"))
    place = rows.SPATIAL
    fields = {
        f"output-{name}": place[name] for name in ("location_name", "description", "atmosphere", "map_layout")
    }
    landmarks = {
        f"output-landmarks-{index}-{part}": mark[part]
        for index, mark in enumerate(place["landmarks"])
        for part in ("name", "description")
    }
    sent = {
        "verdict": "edited",
        **fields,
        **landmarks,
        "output-landmarks-count": "3",
        "output-landmarks-0-remove": "on",
    }

    page = reviewer_client.post(url_of("decide", item), sent)

    assert [change.label for change in page.context["typed"].changes] == ["Landmarks"]
    shown = page.context["typed"].form.controls[2]
    assert [row.controls[0].value for row in shown.rows] == ["Weighhouse", ""]
    assert [row.is_spare for row in shown.rows] == [False, True]


def test_button_explains_itself_without_scripts(reviewer_client, ferry_item, page_of):
    page = reviewer_client.get(page_of(ferry_item) + "?edit=1").content.decode()

    assert "<span data-send-text>Fix + approve</span>" in page
    assert "data-edited" not in page
