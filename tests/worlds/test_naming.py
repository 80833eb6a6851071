"""Elements that texts name: found, stored, and found again when a text or a name has changed."""

from __future__ import annotations

import pytest

from agents.choices import JobOutcome
from agents.models import AgentJob, Naming
from agents.worlds import naming
from tests.support.problems import problem_of
from tests.support.rows import NARRATIVE, finished_job
from universes.services import canon

pytestmark = pytest.mark.django_db

TEXT = "Mira Voss rowed to Brackwater. Mira slept."


@pytest.fixture
def mira(universe):
    return canon.add_element(universe, kind="character", name="Mira Voss", status="canon")


@pytest.fixture
def town(universe):
    return canon.add_element(universe, kind="location", name="Brackwater", status="canon")


@pytest.fixture
def scene(universe, mira, town):
    return canon.add_scene(universe, title="Dawn", text=TEXT, status="canon")


def read(universe):
    return naming.read_due_texts(universe.pk, budget_s=10)


def named(text):
    naming.read_if_due(text)
    return {each["name"]: each["spans"] for each in naming.namings_of(text)}


def test_scene_knows_the_elements_that_it_names(universe, scene):
    assert read(universe) == 1

    assert named(scene) == {"Mira Voss": [[0, 9], [31, 35]], "Brackwater": [[19, 29]]}
    assert read(universe) == 0


def test_changed_text_is_read_again(universe, scene, mira):
    read(universe)
    canon.revise_scene(scene, text="Rain fell on Brackwater.")

    assert read(universe) == 1
    assert named(scene) == {"Brackwater": [[13, 23]]}


def test_changed_name_is_looked_for_only_where_it_can_be(universe, scene, mira):
    other = canon.add_scene(universe, title="Noon", text="Tom Hale rowed.", status="canon")
    canon.add_scene(universe, title="Dusk", text="Rain fell.", status="canon")
    read(universe)
    canon.revise_element(mira, name="Tom Hale")

    assert read(universe) == 2
    assert named(scene) == {"Brackwater": [[19, 29]]}
    assert named(other) == {"Tom Hale": [[0, 8]]}


def test_new_bearer_of_a_part_makes_it_ambiguous(universe, mira):
    scene = canon.add_scene(universe, title="Dawn", text="Voss rowed.", status="canon")
    assert named(scene) == {"Mira Voss": [[0, 4]]}
    tom = canon.add_element(universe, kind="character", name="Tom Voss")

    # A draft is not true yet.
    assert named(scene) == {"Mira Voss": [[0, 4]], "Tom Voss": [[0, 4]]}
    canon.set_status(tom, "canon")
    assert named(scene) == {}


def test_retired_element_is_named_nowhere(universe, scene, town):
    read(universe)
    canon.retire(town)

    assert list(named(scene)) == ["Mira Voss"]


def test_output_of_a_job_knows_them_too_as_it_counts(universe, mira, creator):
    job = finished_job(creator, universe=universe)

    assert named(job) == {"Mira Voss": [[0, 4]]}

    AgentJob.objects.filter(pk=job.pk).update(
        outcome=JobOutcome.REJECTED, output_data={**NARRATIVE, "content": "Nobody came."}
    )
    job.refresh_from_db()
    assert named(job) == {}


def test_reader_whose_names_are_old_stores_nothing(universe, scene, mira):
    known = naming._update_names(universe.pk)
    assert known is not None
    canon.revise_element(mira, name="Ada Rook")
    naming._update_names(universe.pk)

    assert naming._store(known, [scene], naming._Finder(known.names)) is False
    assert not Naming.objects.exists()


def test_task_reads_what_is_due_everywhere(universe, scene, creator):
    finished_job(creator, universe=universe)

    assert naming.read_all(budget_s=10) == {"read": 2}
    assert naming.due_universes(10) == []


def test_element_lists_its_texts(api, universe, scene, mira, creator, reviewer):
    own = finished_job(creator, universe=universe)
    finished_job(reviewer, universe=universe)
    canon.retire(canon.add_scene(universe, title="Old", text="Mira Voss."))

    rows = api.get(f"/universes/{universe.pk}/elements/{mira.pk}/texts").data["results"]

    assert [(row["kind"], row["id"], row["title"]) for row in rows] == [
        ("job", str(own.pk), NARRATIVE["title"]),
        ("scene", str(scene.pk), "Dawn"),
    ]
    assert (rows[1]["excerpt"], rows[1]["spans"]) == (TEXT, [[0, 9], [31, 35]])


def test_excerpt_is_cut_between_words(universe, mira, creator):
    canon.add_scene(universe, title="Long", text=f"{'before ' * 20}Mira Voss{' after' * 20}")
    naming.read_due_texts(universe.pk, budget_s=10)

    (row,) = naming.texts_naming(mira, creator)

    assert naming.excerpt_of(row) == f"… {'before ' * 11}Mira Voss{' after' * 13} …"


def test_texts_tell_their_elements(api, universe, scene, mira, creator):
    job = finished_job(creator, universe=universe)

    in_scene = api.get(f"/universes/{universe.pk}/scenes/{scene.pk}/elements").data["results"]
    in_job = api.get(f"/agents/jobs/{job.pk}/elements").data["results"]

    assert [row["name"] for row in in_scene] == ["Mira Voss", "Brackwater"]
    assert in_job == [{"id": str(mira.pk), "kind": "character", "name": "Mira Voss", "spans": [[0, 4]]}]


def test_what_is_not_there_is_named(api, universe, mira):
    path = f"/universes/{universe.pk}"

    problem_of(api.get(f"{path}/elements/{universe.pk}/texts"), 404, "element_not_found")
    problem_of(api.get(f"{path}/scenes/{universe.pk}/elements"), 404, "scene_not_found")
