"""Pages of a search: complete and in order, and found without reading the whole list or all rows with the words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.models import AgentJob, ReviewItem
from tests.support.rows import item_of, make_job
from universes import found_pages

pytestmark = pytest.mark.django_db

JOBS, NEAR, OFTEN, FAR, MAX_COUNTED = 12, 6, 3, 10, 4
# Words, and the numbers of the jobs that have them, the newest first.
FOUND = {
    "tide": list(range(JOBS)),
    "even": list(range(0, JOBS, 2)),
    "rare": [JOBS - 1],
    "new": [0, 1],
    "old": list(range(7, JOBS)),
    "never": [],
}


@pytest.fixture
def jobs(creator, monkeypatch):
    for name, value in (("NEAR", NEAR), ("OFTEN", OFTEN), ("FAR", FAR), ("MAX_COUNTED", MAX_COUNTED)):
        monkeypatch.setattr(found_pages, name, value)
    now = timezone.now()
    return [
        make_job(
            creator,
            status="completed",
            created_at=now - timedelta(minutes=number),
            input_data={"prompt": " ".join(word for word, numbers in FOUND.items() if number in numbers)},
        )
        for number in range(JOBS)
    ]


@pytest.fixture
def items(jobs):
    now = timezone.now()
    return [item_of(job, opened_at=now + timedelta(minutes=number)) for number, job in enumerate(jobs)]


def statements_of(api, path) -> list[str]:
    """Return the statements of a request that look at words."""
    with CaptureQueriesContext(connection) as captured:
        assert api.get(path).status_code == 200
    return [query["sql"] for query in captured if " @@ " in query["sql"]]


def assert_no_index_of_words(statement: str) -> None:
    """Assert that a statement has neither form of the condition that an index serves."""
    assert ".words @@" not in statement.replace("SELECT w.words @@", "")
    assert "ANY (ARRAY(SELECT w.id" not in statement


@pytest.mark.parametrize("word", FOUND)
@pytest.mark.parametrize("limit", [2, 5, 50])
@pytest.mark.parametrize("links", ["next", "next_cursor"])
def test_pages_have_each_row_once_in_order(api, client_of, reviewer, jobs, items, word, limit, links):
    lists = (("jobs", api, jobs, "job_id"), ("reviews", client_of(reviewer), items, "id"))
    for path, client, rows, key in lists:
        first = f"/agents/{path}?q={word}&limit={limit}"
        pages = [client.get(first).json()]
        while further := pages[-1][links]:
            pages.append(client.get(further if links == "next" else f"{first}&cursor={further}").json())

        seen = [row[key] for page in pages for row in page["results"]]
        assert seen == [str(rows[number].pk) for number in FOUND[word]], path
        assert {page["count"] for page in pages} == {min(MAX_COUNTED, len(FOUND[word]))}, path


@pytest.mark.parametrize("word", ["tide", "even", "rare"])
@pytest.mark.parametrize("first", range(0, JOBS, 3))
def test_offset_reaches_behind_the_counted_rows(api, jobs, word, first):
    page = api.get(f"/agents/jobs?q={word}&limit=3&offset={first}").json()

    expected = [str(jobs[number].pk) for number in FOUND[word][first : first + 3]]
    assert [row["job_id"] for row in page["results"]] == expected


@pytest.mark.parametrize("word", FOUND)
def test_admin_lists_show_and_count_them(superuser_client, items, word, monkeypatch):
    for name, model in (("agentjob", AgentJob), ("reviewitem", ReviewItem)):
        url = reverse(f"admin:agents_{name}_changelist")
        monkeypatch.setattr(admin.site.get_model_admin(model), "list_per_page", 3)
        found = superuser_client.get(url, {"q": word}).context["cl"]
        assert found.result_count == min(MAX_COUNTED, len(FOUND[word])), name
        assert found.paginator.is_cut_off == (len(FOUND[word]) >= MAX_COUNTED), name
        shown = [str(getattr(row, "job_id", row.pk)) for row in found.result_list]
        assert shown == [str(items[number].job_id) for number in FOUND[word][:3]], name


def test_admin_finds_words_beside_names(superuser_client, creator, stranger, jobs):
    make_job(stranger, input_data={"prompt": "nothing"})
    part = stranger.username[:4]
    make_job(creator, input_data={"prompt": f"{part} is in the text"})

    found = superuser_client.get(reverse("admin:agents_agentjob_changelist"), {"q": part}).context["cl"]

    assert found.result_count == 2


# SQLite reads its index of words in any case.
@pytest.mark.postgres
@pytest.mark.parametrize("path", ["jobs", "reviews"])
class TestCost:
    def test_common_word_takes_a_look_at_the_first_rows_alone(self, client_of, reviewer, items, path):
        (near,) = statements_of(client_of(reviewer), f"/agents/{path}?q=tide&limit=3")

        assert f"LIMIT {NEAR})" in near
        assert_no_index_of_words(near)

    def test_frequent_word_takes_a_look_at_more_rows_and_leaves_the_index_alone(
        self, client_of, reviewer, items, path
    ):
        near, far = statements_of(client_of(reviewer), f"/agents/{path}?q=even&limit=3")

        assert f"LIMIT {NEAR})" in near
        assert f"LIMIT {FAR})" in far
        assert_no_index_of_words(far)

    def test_page_of_words_that_are_frequent_at_first_needs_the_index_for_the_count_alone(
        self, client_of, reviewer, items, path, monkeypatch
    ):
        monkeypatch.setattr(found_pages, "MAX_COUNTED", 6)
        monkeypatch.setattr(found_pages, "FAR", 8)
        _, far, counted = statements_of(client_of(reviewer), f"/agents/{path}?q=even&limit=3")

        assert "LIMIT 8)" in far
        assert "SELECT count(*)" in counted

    def test_rare_word_is_found_in_the_index_and_not_in_the_order_of_the_list(
        self, client_of, reviewer, creator, items, path
    ):
        AgentJob.objects.bulk_create(
            AgentJob(
                requested_by=creator,
                agent_type="narrative",
                input_data={"prompt": " ".join(f"w{number * 31 + at}" for at in range(20))},
                attempt_limit=4,
            )
            for number in range(2000)
        )
        table = {"jobs": "agent_jobs", "reviews": "agent_review_items_words"}[path]
        ReviewItem.objects.bulk_create(
            ReviewItem(job=job, agent_type="narrative", confidence=0.5, reasons=[], reason_codes="")
            for job in AgentJob.objects.filter(review_items=None)
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT gin_clean_pending_list('{table}_words')")
            cursor.execute(f"ANALYZE {table}, agent_review_items")

        near, found = statements_of(client_of(reviewer), f"/agents/{path}?q=rare&limit=3")

        assert f"LIMIT {NEAR})" in near
        with connection.cursor() as cursor:
            # Of so few rows, reading them all may be the cheaper.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {found}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert f"Index Scan on {table}_words" in plan, plan
        # No other condition of the list is combined with that of the words.
        assert "OFFSET 0) AS" in found
        assert "BitmapAnd" not in plan, plan
        assert "agent_jobs_newest" not in plan, plan
        assert "agent_review_items_order" not in plan, plan
        assert table == "agent_jobs" or "agent_jobs" not in plan, plan

    def test_next_item_with_a_common_word_leaves_the_index_alone(self, client_of, reviewer, items, path):
        with CaptureQueriesContext(connection) as captured:
            claimed = client_of(reviewer).post("/agents/reviews/next?q=tide").json()

        assert claimed["id"] == str(items[0].pk)
        statements = [query["sql"] for query in captured if " @@ " in query["sql"]]
        assert statements
        for statement in statements:
            assert_no_index_of_words(statement)

    def test_words_of_many_rows_are_sought_in_the_order_of_the_list_first(
        self, client_of, reviewer, items, path, monkeypatch
    ):
        monkeypatch.setattr(found_pages, "NEAR", 1)
        monkeypatch.setattr(found_pages, "FEW", 4)
        monkeypatch.setattr(found_pages, "FAR", 6)
        url = f"/agents/{path}?q=even&limit=2"

        _, few, far = statements_of(client_of(reviewer), url)
        assert "LIMIT 5)" in few
        assert "LIMIT 6)" in far
        assert_no_index_of_words(far)

        # The sixth is not among the first six rows of the list.
        *_, found = statements_of(client_of(reviewer), f"{url}&offset=4")
        assert "FROM found OFFSET" in found

    def test_deep_page_of_a_common_word_leaves_the_index_alone(self, client_of, reviewer, items, path):
        statements = statements_of(client_of(reviewer), f"/agents/{path}?q=tide&limit=3&offset=6")

        assert len(statements) == 2
        assert not any("MATERIALIZED" in statement for statement in statements)


def test_links_above_the_queue_count_the_items_found(superuser_client, items):
    found = superuser_client.get(reverse("admin:agents_reviewitem_changelist"), {"q": "even"})

    links = {link.label: link.count for link in found.context["quick_links"]}
    assert links["All"] == MAX_COUNTED
    assert f"Of the first {MAX_COUNTED} open items that match" in found.content.decode()
    assert ReviewItem.objects.count() == JOBS
