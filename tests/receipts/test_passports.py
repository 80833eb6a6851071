"""Passports: what made a text, how it changes with edits and verdicts, and signatures that anybody can verify."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agents.choices import Verdict
from agents.models import AgentJob
from agents.review.creators import own_verdicts
from agents.review.verdicts import decisions
from tests.support.rows import OUTPUTS, make_review
from universes.models import Element, Scene
from universes.passports.entries import passport_of, passports_of
from universes.services import canon
from universes.services.history import canon_origins

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@pytest.fixture(autouse=True)
def key(settings):
    settings.PASSPORT_KEY = base64.b64encode(bytes(range(32))).decode()


def facts_of(entry):
    facts = passport_of(entry).as_dict()
    return facts["disclosure"], facts["digital_source_type"].removeprefix(VOCABULARY), facts["reviewer_role"]


def trusted_scene(submit, run, universe):
    """Return a scene that passed unread into canon."""
    universe.trusted_output = "canon"
    universe.save()
    job = run(submit(universe=universe))
    assert job.outcome == "trusted"
    return job, Scene.objects.get()


def test_entry_by_hand_is_by_people_alone(universe, creator):
    scene = canon.add_scene(universe, title="Dawn", text="Fog.", by=creator)

    assert facts_of(scene) == ("human-only", "digitalCreation", None)
    assert passport_of(scene).as_dict()["made_by"] == []


def test_unread_scene_becomes_assisted_by_an_edit_and_autonomous_again_by_its_undo(
    submit, run, llm, universe, creator
):
    job, scene = trusted_scene(submit, run, universe)
    assert facts_of(scene) == ("ai-autonomous", "trainedAlgorithmicMedia", None)
    (maker,) = passport_of(scene).as_dict()["made_by"]
    call = job.calls.get()
    assert (maker["model"], maker["provider"], maker["is_mock"]) == (job.model, "Anthropic", False)
    assert maker["prompt_hash"] == call.prompt_version != ""
    assert maker["receipt_url"].endswith(f"/agents/jobs/{job.pk}/receipt")

    scene = canon.revise_scene(scene, text="Fog, and rain.", by=creator)
    assert facts_of(scene) == ("ai-assisted", "compositeSynthetic", "owner")

    change = canon_origins.latest_change(str(job.pk))
    assert change is not None
    canon_origins.undo_change(change.pk, creator)
    assert facts_of(Scene.objects.get()) == ("ai-autonomous", "trainedAlgorithmicMedia", None)


def test_approval_and_edit_of_a_reviewer_make_it_assisted(review_item, reviewer):
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    assert facts_of(Scene.objects.get()) == ("ai-assisted", "trainedAlgorithmicMedia", "reviewer")

    decisions.undo(review_item.pk, by=reviewer)
    edited = {**review_item.job.output_data, "title": "Mended"}
    decisions.decide(review_item.pk, Verdict.EDITED, by=reviewer, edited=edited)
    assert facts_of(Scene.objects.get()) == ("ai-assisted", "compositeSynthetic", "reviewer")
    assert passport_of(Scene.objects.get()).as_dict()["reviewer"] is None


def test_reviewer_is_named_only_if_the_setting_says_so(review_item, reviewer, settings):
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    settings.PASSPORT_NAMES_REVIEWERS = True

    assert passport_of(Scene.objects.get()).as_dict()["reviewer"] == "rosa"


def test_draft_that_its_requester_accepts_has_been_read(submit, run, llm, universe, creator):
    job = run(submit(universe=universe))
    assert facts_of(Scene.objects.get()) == ("ai-autonomous", "trainedAlgorithmicMedia", None)

    own_verdicts.accept(job.pk, by=creator)

    assert facts_of(Scene.objects.get()) == ("ai-assisted", "trainedAlgorithmicMedia", "requester")


def test_machine_text_merged_into_an_element_by_hand_is_told(creator, universe, reviewer):
    item = make_review(creator, universe=universe, agent_type="spatial")
    AgentJob.objects.update(is_mock=False, model="claude")
    name = OUTPUTS["spatial"]["location_name"]
    place = canon.add_element(
        universe, kind="location", name=name, summary="Old.", status="canon", by=creator
    )
    assert facts_of(place) == ("human-only", "digitalCreation", None)

    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer, merge_into=place.pk)

    place = Element.objects.get(pk=place.pk)
    assert facts_of(place) == ("ai-assisted", "compositeSynthetic", "reviewer")
    decisions.undo(item.pk, by=reviewer)
    assert facts_of(Element.objects.get(pk=place.pk)) == ("human-only", "digitalCreation", None)


def test_mock_is_never_passed_off_as_a_model(creator, universe, reviewer, api):
    item = make_review(creator, universe=universe)
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    scene = Scene.objects.get()
    assert facts_of(scene) == ("ai-assisted", "algorithmicMedia", "reviewer")
    (maker,) = passport_of(scene).as_dict()["made_by"]
    assert (maker["is_mock"], maker["model"], maker["provider"]) == (True, None, None)
    assert "mock (no language model)" in passport_of(scene).sentence
    (contributor,) = api.get(f"/agents/jobs/{item.job_id}/passport").json()["document"]["contributor"]
    assert (contributor["name"], contributor["isMock"]) == ("built-in mock, no language model", True)


def test_entry_of_a_deleted_job_is_still_a_machines(universe):
    scene = canon.add_scene(universe, title="Dawn", text="Fog.", origin_ref="gone")

    assert facts_of(scene) == ("ai-autonomous", "trainedAlgorithmicMedia", None)


def test_number_of_queries_does_not_grow(universe, creator, reviewer, django_assert_num_queries):
    for _ in range(3):
        item = make_review(creator, universe=universe)
        decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    canon.add_scene(universe, title="Dawn", text="Fog.", by=creator)
    canon.revise_scene(Scene.objects.get(title="Dawn"), title="Dusk", by=creator)
    scenes = list(Scene.objects.all())

    with django_assert_num_queries(2):
        assert len(passports_of(scenes)) == 4


def test_job_and_receipt_have_the_passport_unless_it_is_withheld(
    api, open_audit, api_reviewer, client_of, reviewer_api
):
    item = open_audit()

    shown = api.get(f"/agents/jobs/{item.job_id}").json()["passport"]
    assert (shown["disclosure"], shown["basis"]) == ("ai-autonomous", "recorded")
    assert api.get(f"/agents/jobs/{item.job_id}/receipt").json()["passport"] == shown
    assert reviewer_api.get(f"/agents/jobs/{item.job_id}").json()["passport"] is None
    assert reviewer_api.get(f"/agents/jobs/{item.job_id}/receipt").json()["passport"] is None
    refused = reviewer_api.get(f"/agents/jobs/{item.job_id}/passport")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_passport")

    decisions.decide(item.pk, Verdict.APPROVED, by=api_reviewer)
    assert api.get(f"/agents/jobs/{item.job_id}").json()["passport"]["disclosure"] == "ai-assisted"


@pytest.mark.skipif(not (shutil.which("openssl") and shutil.which("jq")), reason="needs openssl and jq")
def test_documented_commands_verify_a_passport_and_refuse_a_changed_one(
    api, client, review_item, reviewer, universe, tmp_path
):
    commands = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/disclosure.md").read_text(), re.DOTALL)
    (verify,) = (block for block in commands if "pkeyutl" in block)
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    passport = api.get(f"/universes/{universe.pk}/scenes/{Scene.objects.get().pk}/passport").json()
    forged = {**passport, "document": {**passport["document"], "disclosure": "human-only"}}
    (tmp_path / "keys.json").write_bytes(client.get("/.well-known/passport-keys.json").content)

    said = []
    for document in (passport, forged):
        (tmp_path / "passport.json").write_text(json.dumps(document))
        done = subprocess.run(["sh", "-c", verify], cwd=tmp_path, capture_output=True, text=True, check=False)
        said.append((done.returncode == 0, "Signature Verified Successfully" in done.stdout))

    assert said == [(True, True), (False, False)]


def test_documented_script_verifies_a_passport_and_refuses_a_changed_one(
    api, client, review_item, reviewer, creator, universe, tmp_path, settings
):
    (script,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/disclosure.md").read_text(), re.DOTALL)
    for own in ("universes", "agents", "mediaassets", "django"):
        assert own not in script
    (tmp_path / "verify.py").write_text(script)

    def verify(passport):
        (tmp_path / "passport.json").write_text(json.dumps(passport))
        (tmp_path / "keys.json").write_bytes(client.get("/.well-known/passport-keys.json").content)
        return subprocess.run(
            [sys.executable, "verify.py", "passport.json", "keys.json"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    scene = Scene.objects.get()
    path = f"/universes/{universe.pk}/scenes/{scene.pk}/passport"
    before = api.get(path).json()
    assert verify(before).stdout == "valid: ai-assisted\n"
    assert api.get(path).json() == before

    canon.revise_scene(scene, text="Rain — “at last”, said Åse. 🌧", by=creator)
    after = api.get(path).json()
    assert after["signature"]["value"] != before["signature"]["value"]
    assert after["document"]["sha256"] != before["document"]["sha256"]
    assert after["document"]["digitalSourceType"] == f"{VOCABULARY}compositeSynthetic"
    assert verify(after).returncode == 0
    assert verify({**after, "signature": before["signature"]}).returncode != 0
    forged = {**after["document"], "disclosure": "human-only"}
    assert verify({**after, "document": forged}).returncode != 0

    old = next(key["x"] for key in client.get("/.well-known/passport-keys.json").json()["keys"])
    settings.PASSPORT_KEY = base64.b64encode(bytes(range(1, 33))).decode()
    settings.PASSPORT_OLD_PUBLIC = [old]
    keys = client.get("/.well-known/passport-keys.json").json()["keys"]
    assert [key["is_current"] for key in keys] == [True, False]
    assert verify(after).returncode == 0
    renewed = api.get(path).json()
    assert renewed["signature"]["key_id"] == keys[0]["kid"] != after["signature"]["key_id"]
    assert verify(renewed).returncode == 0


def test_site_without_a_key_does_not_sign(api, universe, creator, settings, client):
    settings.PASSPORT_KEY = ""
    bell = canon.add_element(universe, kind="item", name="Bell", by=creator)

    passport = api.get(f"/universes/{universe.pk}/elements/{bell.pk}/passport").json()

    assert (passport["signature"], passport["document"]["disclosure"]) == (None, "human-only")
    assert client.get("/.well-known/passport-keys.json").json() == {"keys": []}


def test_unfinished_job_has_no_passport(api, make_job):
    job = make_job()

    assert api.get(f"/agents/jobs/{job.pk}/passport").status_code == 409
    assert AgentJob.objects.get(pk=job.pk).output_data is None
