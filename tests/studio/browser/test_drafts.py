"""Drafts of the studio's forms: kept when the sign-in ends, the connection fails or somebody changes the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support import rows
from universes.models import Scene
from universes.services import canon

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene(creator):
    return canon.add_scene(rows.make_universe(creator), title="One", text="Mira waited.", status="canon")


@pytest.fixture
def page(browse, creator, scene) -> Page:
    creator.set_password("lamp-oil-and-fog-7")
    creator.save()
    opened: Page = browse(creator, f"/studio/universes/{scene.universe_id}/scenes/{scene.pk}?edit=1")
    return opened


def type_at_the_end(page: Page, words: str) -> None:
    page.get_by_label("Text").press("Control+End")
    page.keyboard.type(words)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").last.click()


def test_words_are_there_again_after_a_sign_in(page, creator, scene):
    type_at_the_end(page, " She left.")
    page.context.clear_cookies(name="sessionid")
    save(page)
    page.get_by_label("Name").fill(creator.username)
    page.get_by_label("Password").fill("lamp-oil-and-fog-7")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("Your unsaved draft has been restored.")).to_be_visible()
    expect(page.get_by_label("Text")).to_have_value("Mira waited. She left.")
    save(page)

    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Scene.objects.get(pk=scene.pk).text == "Mira waited. She left."
    page.goto(f"{page.url}?edit=1")
    expect(page.get_by_text("Your unsaved draft has been restored.")).to_be_hidden()


def test_restored_words_do_not_replace_newer_ones_unseen(page, creator, scene):
    type_at_the_end(page, " She left.")
    page.goto("/studio/")
    canon.revise_scene(scene, text="Mira stayed.", by=creator)
    page.go_back()
    page.reload()

    expect(page.get_by_label("Text")).to_have_value("Mira waited. She left.")
    save(page)

    expect(page.get_by_text("Somebody has changed this since")).to_be_visible()
    expect(page.get_by_label("Text")).to_have_value("Mira waited. She left.")
    assert Scene.objects.get(pk=scene.pk).text == "Mira stayed."


def test_words_stay_when_the_connection_is_lost(page, scene):
    type_at_the_end(page, " She left.")
    page.route("**/scenes/*", lambda route: route.abort())
    save(page)
    page.unroute("**/scenes/*")
    page.goto("/studio/")
    page.goto(f"/studio/universes/{scene.universe_id}/scenes/{scene.pk}?edit=1")

    expect(page.get_by_label("Text")).to_have_value("Mira waited. She left.")
