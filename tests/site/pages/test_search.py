"""Full-text search: what was asked and written is found, folded, in every list that has it."""

from __future__ import annotations

import importlib
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.jobs import maintenance
from agents.models import AgentJob, ReviewItem
from agents.models.searching import JOBS
from tests.support.rows import make_job, make_review
from tests.support.site.servers import wait_until
from universes import fulltext
from universes.admin import searching
from universes.fields import fold_text
from universes.models import Element, Scene
from universes.services import canon

pytestmark = pytest.mark.django_db

TIDE = "The tide comes in over the pans."


def found(api, path, words):
    answer = api.get(f"{path}{'&' if '?' in path else '?'}{urlencode({'q': words})}")
    assert answer.status_code == 200, answer.content
    return [row.get("id") or row["job_id"] for row in answer.json()["results"]]


@pytest.fixture
def tide(creator):
    return make_job(
        creator,
        status="completed",
        input_data={"prompt": "Salt at dawn, STRASSE"},
        output_data={"title": "Low water", "content": TIDE},
    )


@pytest.mark.parametrize(
    "words", ["pans", "PANS", "pan", "tide pans", "salt water", "ｓａｌｔ", "low", "straße", "“pans”!"]
)
def test_job_is_found_by_words_of_request_and_output(api, creator, tide, words):
    make_job(creator, input_data={"prompt": "A quarrel about bread."})

    assert found(api, "/agents/jobs", words) == [str(tide.pk)]


@pytest.mark.parametrize("words", ["ans", "pans quarrel", "…", "' OR 1=1", '"', "title"])
def test_other_words_find_nothing(api, tide, words):
    assert found(api, "/agents/jobs", words) == []


@pytest.mark.parametrize(
    ("words", "input_data", "output_data"),
    [
        ("Mira Vance", {"prompt": "A toast.", "characters": [{"name": "Tom"}, {"name": "Mira Vance"}]}, {}),
        ("bell", {"location_name": "Tidewatch", "landmarks": ["the mole", "the drowned bell"]}, {}),
        ("lantern", {}, {"landmarks": [{"name": "Light", "description": "A lantern on a spar."}]}),
        ("drone", {}, {"shots": [{"description": "A drone over the pans."}]}),
        ("heron", {}, {"landmarks": [{"name": "Mole", "description": 'Stones.\nHerons "wade".'}]}),
        ("pistol", {}, {"violations": [{"quote": "a pistol", "rule": "No guns."}], "suggestions": []}),
        ("crossbow", {}, {"suggestions": ["Let him hold a crossbow."]}),
    ],
)
def test_job_is_found_by_words_in_lists(api, creator, words, input_data, output_data):
    job = make_job(creator, status="completed", input_data=input_data, output_data=output_data)
    make_job(
        creator, input_data={"prompt": "Bread.", "characters": [{"name": "Ilse", "description": "No one"}]}
    )

    assert found(api, "/agents/jobs", words) == [str(job.pk)]
    # Keys are no words of a text.
    for key in ("name", "description", "quote"):
        assert found(api, "/agents/jobs", key) == []


def test_search_sees_each_change_and_other_filters(api, stranger_api, tide, creator):
    waiting = make_job(creator, input_data={"prompt": "Bread."})
    AgentJob.objects.filter(pk=waiting.pk).update(input_data={"prompt": "Pans of bread."})

    assert found(api, "/agents/jobs", "pans") == [str(waiting.pk), str(tide.pk)]
    assert found(api, "/agents/jobs?status=pending", "pans") == [str(waiting.pk)]
    assert found(stranger_api, "/agents/jobs", "pans") == []

    AgentJob.objects.filter(pk=waiting.pk).delete()
    assert found(api, "/agents/jobs", "pans") == [str(tide.pk)]


def test_reviews_elements_and_scenes_are_found(api, client_of, reviewer, creator, universe):
    item = make_review(creator, universe=universe)
    scene = canon.add_scene(universe, title="Dawn", text=TIDE)
    canon.add_scene(universe, title="Dusk", text="A quarrel.")
    element = canon.add_element(universe, kind="location", name="Rope Walk", summary="Where PANS are mended.")

    assert found(client_of(reviewer), "/agents/reviews", "ferryman") == [str(item.pk)]
    assert found(client_of(reviewer), "/agents/reviews", "quarrel") == []
    assert found(api, f"/universes/{universe.pk}/scenes", "pans") == [str(scene.pk)]
    assert found(api, f"/universes/{universe.pk}/elements", "pans mended") == [str(element.pk)]

    canon.revise_scene(scene, text="Nothing here.")
    assert found(api, f"/universes/{universe.pk}/scenes", "pans") == []


def test_admin_lists_find_written_words(superuser_client, creator, universe, tide):
    make_review(creator, universe=universe)
    canon.add_scene(universe, title="Dawn", text=TIDE)
    canon.add_element(universe, kind="location", name="Rope Walk", summary="Where pans are mended.")
    for page, words in (
        ("agents_agentjob", "pans"),
        ("agents_reviewitem", "ferryman"),
        ("universes_scene", "pans"),
        ("universes_element", "pans"),
        ("universes_element", "ope"),
    ):
        url = reverse(f"admin:{page}_changelist")
        assert superuser_client.get(url, {"q": words}).context["cl"].result_count == 1, page


def test_part_of_a_name_is_sought_in_the_first_rows_of_the_list(superuser_client, universe, monkeypatch):
    monkeypatch.setattr(searching, "MAX_COUNTED", 2)
    for name in ("Rope Walk", "Hopetown", "Slope"):
        canon.add_element(universe, kind="location", name=name)
    url = reverse("admin:universes_element_changelist")

    def names(words):
        return [row.name for row in superuser_client.get(url, {"q": words}).context["cl"].result_list]

    assert names("ope") == ["Slope", "Hopetown"]
    assert names("rop") == ["Rope Walk"]


def test_queue_seeks_the_items_of_a_person_once_for_its_list_and_once_for_the_links_above(
    superuser_client, creator, stranger, universe
):
    own = make_review(creator, universe=universe)
    make_review(stranger, universe=universe)

    with CaptureQueriesContext(connection) as captured:
        page = superuser_client.get(reverse("admin:agents_reviewitem_changelist"), {"q": creator.username})

    assert [item.pk for item in page.context["cl"].result_list] == [own.pk]
    joined = [query["sql"] for query in captured if '"agent_jobs"."requested_by_id" IN' in query["sql"]]
    assert len(joined) == 2


def test_too_long_or_empty_search_is_refused(api):
    assert api.get("/agents/jobs", {"q": "x" * 201}).status_code == 400
    assert api.get("/agents/jobs?q=").status_code == 400


def test_clean_up_of_a_job_forgets_its_words(tide, settings):
    AgentJob.objects.update(completed_at="2020-01-01T00:00:00Z", created_at="2020-01-01T00:00:00Z")

    maintenance.cleanup_old_jobs(30)

    assert not fulltext.matching(AgentJob.objects.all(), "pans").exists()


def test_search_takes_no_more_queries_for_more_rows(api, creator, django_assert_num_queries):
    for _ in range(3):
        make_job(creator, input_data={"prompt": "Pans."})

    with django_assert_num_queries(5):
        api.get("/agents/jobs?q=pans")


# FTS5 has no other way.
@pytest.mark.postgres
def test_index_is_used():
    for model in (AgentJob, ReviewItem, Scene, Element):
        rows = fulltext.matching(
            model.objects.order_by(), "salt pan", of="job" if model is ReviewItem else "pk"
        )
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert f"{model._meta.db_table}_words" in rows.explain()


def words_of_reviews() -> set[uuid.UUID]:
    """Return the ids of the items whose words are kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM agent_review_items_words WHERE words @@ to_tsquery('simple', 'ferryman')"
        )
        return {item_id for (item_id,) in cursor.fetchall()}


# SQLite looks at the words of the jobs.
@pytest.mark.postgres
class TestWordsOfReviews:
    def test_they_come_and_go_with_the_item(self, creator, universe):
        item, other = make_review(creator, universe=universe), make_review(creator, universe=universe)
        assert words_of_reviews() == {item.pk, other.pk}

        AgentJob.objects.filter(pk=item.job_id).delete()
        assert words_of_reviews() == {other.pk}

    def test_they_follow_the_text_of_the_job(self, creator, universe):
        item = make_review(creator, universe=universe)
        job = item.job
        assert not fulltext.matching(ReviewItem.objects.all(), "Lazaretto", of="job").exists()

        AgentJob.objects.filter(pk=job.pk).update(input_data={**job.input_data, "details": "A lazaretto."})

        assert fulltext.matching(ReviewItem.objects.all(), "Lazaretto", of="job").get() == item

    def test_upgrade_copies_those_of_older_items_in_batches(self, creator, universe, monkeypatch):
        migration = importlib.import_module("agents.migrations.0055_review_words")
        monkeypatch.setattr(migration, "BATCH", 2)
        items = {make_review(creator, universe=universe).pk for _ in range(5)}
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM agent_review_items_words")

        with connection.schema_editor() as editor:
            migration.add(None, editor)

        assert words_of_reviews() == items


# SQLite fills its words anew after each migration.
@pytest.mark.postgres
class TestUpgradeOfWords:
    """Migration 0058 on words that an older release wrote."""

    @pytest.fixture
    def migration(self, monkeypatch):
        migration = importlib.import_module("agents.migrations.0058_more_job_words")
        monkeypatch.setattr(migration, "BATCH", 2)
        return migration

    def test_it_has_the_texts_that_are_searched(self, migration):
        assert migration.JOBS == JOBS

    def test_it_renews_words_in_batches_and_can_be_undone(self, creator, universe, migration):
        for _ in range(5):
            make_review(creator, universe=universe)
        asked = {"prompt": "A toast.", "characters": [{"name": "Mira Vance"}]}
        AgentJob.objects.update(input_data=asked)

        def jobs_and_items() -> tuple[int, int]:
            jobs = fulltext.matching(AgentJob.objects.all(), "mira vance").count()
            return jobs, fulltext.matching(ReviewItem.objects.all(), "mira vance", of="job").count()

        assert jobs_and_items() == (5, 5)
        # A table with checks to come cannot be altered.
        connection.check_constraints()
        with connection.schema_editor() as editor:
            migration.remove(None, editor)
        AgentJob.objects.update(input_data={**asked, "prompt": "Toasts."})
        assert jobs_and_items() == (0, 0)
        assert fulltext.matching(ReviewItem.objects.all(), "toasts", of="job").count() == 5

        connection.check_constraints()
        with connection.schema_editor() as editor:
            migration.add(None, editor)
        assert jobs_and_items() == (5, 5)

    @pytest.mark.django_db(transaction=True)
    def test_it_waits_for_one_job_at_a_time(self, creator, migration):
        for _ in range(5):
            make_job(creator, input_data={"prompt": "A toast.", "characters": [{"name": "Mira Vance"}]})
        with connection.cursor() as cursor:
            cursor.execute("UPDATE agent_jobs SET words = NULL")
        first = AgentJob.objects.order_by("id").values_list("pk", flat=True)[0]
        locked = threading.Event()

        def with_words() -> int:
            return fulltext.matching(AgentJob.objects.all(), "mira").count()

        def hold_until_the_others_are_done() -> None:
            with transaction.atomic():
                AgentJob.objects.select_for_update().get(pk=first)
                locked.set()
                wait_until(lambda: with_words() == 4, within_s=30, what="words of the other jobs")
            connection.close()

        with ThreadPoolExecutor(1) as pool:
            holding = pool.submit(hold_until_the_others_are_done)
            assert locked.wait(30)
            migration.renew(connection)
            holding.result(30)

        assert with_words() == 5


@pytest.mark.parametrize(
    "text", ["Ünïcode ÉTÉ", "Straße", "ΟΔΟΣ ὀδός", "ﬁne ｗｉｄｅ", "soft\u00adhyphen zero\u200bwidth"]
)
def test_databases_fold_alike(text):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite calls the same function.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT umam_fold(%s)", [text])
        assert cursor.fetchone()[0] == fold_text(text)
