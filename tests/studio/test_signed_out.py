"""Forms and scripts of a page whose reader has been signed out meanwhile, or whose request is refused."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.support import rows
from universes.models import Scene

pytestmark = pytest.mark.django_db

HERE = "http://testserver/studio/universes/x/scenes/y?edit=1"
SCRIPT = {"HX-Request": "true", "HX-Current-URL": HERE}


def test_form_leads_to_the_sign_in_and_back_to_its_page():
    answer = Client().post("/studio/ask", {"agent": "narrative"}, headers={"Referer": HERE})

    assert answer["Location"] == ("/studio/sign-in?next=%2Fstudio%2Funiverses%2Fx%2Fscenes%2Fy%3Fedit%3D1")


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/studio/"])
def test_form_of_an_unknown_page_leads_to_the_sign_in(referer):
    answer = Client().post("/studio/ask", headers={"Referer": referer})

    assert answer["Location"] == "/studio/sign-in"


def test_script_gets_a_line_for_the_top_of_its_page():
    answer = Client().post("/studio/ask/price", {"agent": "narrative"}, headers=SCRIPT)

    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reselect"], answer["HX-Reswap"]) == (
        *(401, "#page-notice", "#page-notice", "outerHTML"),
    )
    assert 'href="/studio/sign-in?next=%2Fstudio%2Funiverses%2Fx%2Fscenes%2Fy%3Fedit%3D1"' in answer.text
    assert "<html" not in answer.text


def test_refusal_of_a_script_is_a_line_for_the_top_of_its_page(signed_in, viewer, universe):
    scene = Scene.objects.create(universe=universe, title="One", text="Once.")

    answer = signed_in(viewer).post(
        f"/studio/universes/{universe.pk}/scenes/{scene.pk}", {"text": "Twice."}, headers=SCRIPT
    )

    assert (answer.status_code, answer["HX-Retarget"]) == (403, "#page-notice")
    assert "<html" not in answer.text
    scene.refresh_from_db()
    assert scene.text == "Once."


def test_bell_tells_the_number_of_news(signed_in, creator, universe):
    client = signed_in(creator)
    client.get("/studio/news")
    assert 'class="count"' not in client.get("/studio/news/count").text

    rows.make_job(creator, universe=universe, status="failed")

    assert (
        '<span class="count">1<span class="hidden"> new</span></span>'
        in client.get("/studio/news/count").text
    )
