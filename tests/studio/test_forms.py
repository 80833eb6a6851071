"""Forms of the studio: sent once, not over the changes of others, and refused in words."""

from __future__ import annotations

import re
import uuid

import pytest

from agents.choices import JobStatus, Verdict
from agents.models import AgentJob
from agents.review.verdicts import decisions
from tests.support import rows
from universes.choices import CanonStatus
from universes.models import Element, Scene, Universe, WorldRule
from universes.services import canon, rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, creator):
    return signed_in(creator)


def _text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def _field(response, name):
    (value,) = re.findall(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return value


def test_a_form_that_is_sent_twice_asks_once(client, universe):
    key = _field(client.get("/studio/ask"), "once")
    form = {
        "once": key,
        "agent": "narrative",
        "type": "narrative",
        "universe": universe.pk,
        "input-prompt": "Dawn.",
    }

    first, second = (client.post("/studio/ask", form) for _ in range(2))

    assert first["Location"] == second["Location"] == f"/studio/jobs/{AgentJob.objects.get().pk}"


def test_a_form_that_was_changed_after_going_back_is_another_one(client, universe):
    form = {
        "once": "k1",
        "agent": "narrative",
        "type": "narrative",
        "universe": universe.pk,
        "input-prompt": "Dawn.",
    }
    client.post("/studio/ask", form)

    client.post("/studio/ask", {**form, "input-prompt": "Dusk."})

    assert sorted(job.input_data["prompt"] for job in AgentJob.objects.all()) == ["Dawn.", "Dusk."]


def test_variants_are_submitted_together(client, universe):
    form = {
        "agent": "narrative",
        "type": "narrative",
        "universe": universe.pk,
        "input-prompt": "Dawn.",
        "variants": "3",
    }

    response = client.post("/studio/ask", form)

    jobs = list(AgentJob.objects.all())
    assert len(jobs) == 3
    assert {response["Location"]} == {f"/studio/jobs/variants/{job.variants_id}" for job in jobs}


def test_a_variant_leads_to_the_choice_between_all(client, creator, universe):
    variants_id = uuid.uuid4()
    job = rows.make_job(creator, status=JobStatus.COMPLETED, universe=universe, variants_id=variants_id)

    for path in ("/studio/", "/studio/jobs", f"/studio/jobs/{job.pk}"):
        assert f'href="/studio/jobs/variants/{variants_id}"' in client.get(path).content.decode()


def test_words_to_the_mock_model_are_no_part_of_a_title(client, creator, universe):
    asked = {"prompt": "The tide comes. [mock:slow=90]"}
    waiting = rows.make_job(creator, universe=universe, input_data=asked)
    done = rows.make_job(
        creator, status=JobStatus.COMPLETED, universe=universe, input_data=asked, model="claude-haiku-5-5"
    )

    page = client.get("/studio/jobs").content.decode()

    titles = dict(re.findall(r'href="/studio/jobs/([0-9a-f-]{36})">([^<]*)<', page))
    assert titles == {str(waiting.pk): "The tide comes.", str(done.pk): asked["prompt"]}


def test_a_request_that_is_refused_comes_back_as_it_was_typed(client, universe):
    form = {"agent": "narrative", "type": "narrative", "universe": universe.pk, "input-prompt": " "}

    response = client.post("/studio/ask", {**form, "input-characters": "Mira"})

    assert response.status_code == 400
    assert "required" in _text(response)
    assert "Mira</textarea>" in response.content.decode()
    assert not AgentJob.objects.exists()


def test_the_price_of_an_unfinished_form_is_no_error(client, universe):
    response = client.post("/studio/ask/price", {"agent": "narrative"}, headers={"HX-Request": "true"})

    assert _text(response) == "The price appears here once the form is complete."


def test_names_are_offered_as_they_are_typed(client, universe):
    for name, kind in (("Amira", "character"), ("Mira Vance", "character"), ("Mirador", "location")):
        canon.add_element(universe, kind=kind, name=name, status=CanonStatus.CANON)

    found = client.get("/studio/ask/names", {"universe": universe.pk, "q": "mir", "kind": "any"}).json()
    people = client.get(
        "/studio/ask/names", {"universe": universe.pk, "q": "mir", "kind": "character"}
    ).json()

    assert [row["name"] for row in found["names"]] == ["Mira Vance", "Mirador", "Amira"]
    assert [row["name"] for row in people["names"]] == ["Mira Vance", "Amira"]


def test_a_world_is_not_saved_over_a_change_of_somebody_else(client, universe):
    seen = _field(client.get(f"/studio/universes/{universe.pk}/world?edit=1"), "seen")
    rules.add_rule(universe, text="Iron spoils magic.")
    form = {"seen": seen, "name": "Renamed", "rule": ["No one can teleport."], "rule_id": [""]}

    refused = client.post(f"/studio/universes/{universe.pk}/world", form)

    assert refused.status_code == 412
    assert "Somebody has changed the world" in _text(refused)
    assert Universe.objects.get().name == universe.name
    again = client.post(f"/studio/universes/{universe.pk}/world", {**form, "seen": _field(refused, "seen")})
    assert again.status_code == 302
    assert WorldRule.objects.get().text == "No one can teleport."


def test_a_scene_is_not_saved_over_a_change_of_somebody_else(client, universe):
    scene = canon.add_scene(universe, title="One", text="Once.")
    address = f"/studio/universes/{universe.pk}/scenes/{scene.pk}"
    seen = _field(client.get(f"{address}?edit=1"), "seen")
    canon.revise_scene(scene, text="Twice.")

    response = client.post(address, {"seen": seen, "title": "One", "text": "Thrice."})

    assert response.status_code == 412
    assert Scene.objects.get().text == "Twice."


def test_traits_keep_their_types_when_they_are_not_changed(client, universe):
    element = canon.add_element(
        universe, kind="character", name="Mira", traits={"age": 27, "goals": ["rest", "money"]}
    )
    form = {
        "name": "Mira",
        "summary": "A courier.",
        "trait": ["age", "goals", "owner", ""],
        "value": ["27", "rest\nmoney\nsalt", "nobody", ""],
    }

    client.post(f"/studio/universes/{universe.pk}/elements/{element.pk}", form)

    element = Element.objects.get()
    assert element.summary == "A courier."
    assert element.traits == {"age": 27, "goals": ["rest", "money", "salt"], "owner": "nobody"}


def test_a_taken_name_is_said_on_the_form(client, universe):
    canon.add_element(universe, kind="item", name="The Bell")

    response = client.post(
        f"/studio/universes/{universe.pk}/elements/new",
        {"kind": "item", "name": "the bell", "summary": "Loud."},
    )

    assert response.status_code == 400
    assert "The Bell" in _text(response)
    assert "Loud.</textarea>" in response.content.decode()


def test_bulk_retries_what_can_be_retried_and_says_why_not_the_rest(client, creator, universe):
    failed = rows.make_job(creator, universe=universe, status=JobStatus.FAILED)
    done = rows.make_job(creator, universe=universe, status=JobStatus.COMPLETED)

    response = client.post("/studio/jobs/bulk", {"retry": "1", "job": [failed.pk, done.pk]}, follow=True)

    assert "1 retried." in _text(response)
    assert f"Job {done.pk} is completed" in _text(response)
    assert AgentJob.objects.get(pk=failed.pk).status == JobStatus.PENDING


def test_an_address_of_another_site_is_not_led_back_to(client):
    response = client.post("/studio/jobs/bulk", {"next": "https://example.org/", "retry": "1"})

    assert response["Location"] == "/studio/jobs"


def test_a_text_is_found_by_its_words(client, creator, universe):
    rows.make_job(creator, universe=universe, input_data={"prompt": "The lighthouse keeper sleeps."})
    rows.make_job(creator, universe=universe, input_data={"prompt": "A letter arrives."})

    response = client.get("/studio/jobs", {"q": "keeper"})

    assert "The lighthouse keeper sleeps." in _text(response)
    assert "A letter arrives." not in _text(response)


def test_a_rejected_text_is_not_shown_as_done(client, creator, universe, reviewer):
    item = rows.make_review(creator, universe=universe)
    decisions.decide(item.pk, Verdict.REJECTED, by=reviewer, note="It says nothing.")

    page, listed = client.get(f"/studio/jobs/{item.job_id}"), client.get("/studio/jobs")

    assert f"Rejected by {reviewer.username}" in _text(page)
    assert "It says nothing." in _text(page)
    assert "Accept into the universe" not in _text(page)
    assert "badge-good" not in listed.content.decode()


def test_practice_is_free_and_says_what_a_real_model_would_cost(client, universe):
    form = {"agent": "narrative", "type": "narrative", "universe": universe.pk, "input-prompt": "Dawn."}

    shown = _text(client.post("/studio/ask/price", form, headers={"HX-Request": "true"}))

    assert shown.startswith("Free in practice mode. With claude-haiku-5-5 it would cost about $0.0")
    low, high = re.findall(r"\$(\d\.\d+)", shown)
    assert 0 < float(low) < float(high) < 1


def test_a_scene_is_moved_by_the_number_of_its_place(client, universe):
    scenes = [canon.add_scene(universe, title=f"S{number}", text="Once.") for number in range(31)]
    path = f"/studio/universes/{universe.pk}/scenes"
    address = f"{path}/{scenes[0].pk}/move"

    moved = client.post(address, {"place": "31"})

    assert moved["Location"] == f"{path}?p=2#scene-{scenes[0].pk}"
    shown = client.get(path, {"p": "2"}).text
    assert ">S0</a>" in shown
    assert 'name="place" value="31"' in shown
    client.post(address, {"place": "first"}, headers={"Referer": f"http://testserver{path}"})
    assert "Give the place as a number" in client.get(path).text


@pytest.mark.parametrize("form", ["scene", "element", "request"])
def test_a_text_that_is_too_long_comes_back_whole_with_the_limit(client, universe, form):
    long = "Mira waits. " * 10_000
    paths = {
        "scene": (f"/studio/universes/{universe.pk}/scenes/new", {"title": "One", "text": long}),
        "element": (
            f"/studio/universes/{universe.pk}/elements/new",
            {"kind": "item", "name": "A", "summary": long},
        ),
        "request": ("/studio/ask", {"agent": "narrative", "type": "narrative", "input-prompt": long}),
    }
    path, sent = paths[form]

    answer = client.post(path, sent)

    assert answer.status_code == 400
    assert long.strip() in answer.text
    assert "maxlength" not in re.findall(r"<textarea[^>]*manuscript[^>]*>", answer.text)[0]
    assert re.search(r'class="error"[^>]*>[^<]*\d', answer.text)
