"""Names in a text, linked to their elements."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.common.admin.markdown import prose
from studio.worlds.named_text import named_text
from universes.services import canon, relations

pytestmark = pytest.mark.django_db


def shown(universe, text):
    scene = canon.add_scene(universe, title="Dawn", text=text)
    return named_text(scene, scene.text, prose(scene.text))


def test_names_lead_to_their_elements(universe):
    mira = canon.add_element(universe, kind="character", name="Mira & Voss", status="canon")
    town = canon.add_element(universe, kind="location", name="Salt Gate", status="canon")
    pages = [reverse("studio:element", args=[universe.pk, entry.pk]) for entry in (mira, town)]

    html = shown(universe, "**Mira & Voss** left <the> Salt Gate.")

    assert html == (
        f'<p dir="auto"><strong><a class="name" href="{pages[0]}" data-card>Mira &amp; Voss</a></strong>'
        " left &lt;the&gt; "
        f'<a class="name" href="{pages[1]}" data-card>Salt Gate</a>.</p>'
    )


def test_a_word_that_is_spelled_like_a_name_stays_a_word(universe):
    canon.add_element(universe, kind="character", name="Hope Rook", status="canon")
    html = shown(universe, "There was no *hope*, but Hope Rook rowed.")

    assert html.count("<a ") == 1
    assert "data-card>Hope Rook</a>" in html


def test_card_and_page_tell_relations_and_texts(signed_in, creator, universe):
    mira = canon.add_element(universe, kind="character", name="Mira Voss", status="canon")
    tom = canon.add_element(universe, kind="character", name="Tom Hale", status="canon")
    relations.add_relation(universe, kind="sister", from_element=mira.pk, to_element=tom.pk, since="903")
    scene = canon.add_scene(universe, title="Dawn", text="Mira Voss rowed.")
    page = reverse("studio:element", args=[universe.pk, mira.pk])
    client = signed_in(creator)

    text, card = (client.get(address).content.decode() for address in (page, f"{page}/card"))

    assert "sister of" in text
    assert "since 903" in text
    assert reverse("studio:scene", args=[universe.pk, scene.pk]) in text
    assert "Mira Voss rowed." in text
    assert "<h2" in card
    assert "Tom Hale" in card
