"""Query parameters that would be ignored or misread are refused, in every list and report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from agents.notify.webhooks import endpoints
from tests.support.problems import ids_of, pointers_of
from tests.support.rows import make_schedule
from universes.models import Element
from universes.services import canon
from universes.services.sharing import ownership

pytestmark = pytest.mark.django_db

FILTERS = {
    "/agents/jobs": "status",
    "/agents/reviews": "state",
    "/agents/reviews/decisions": "verdict",
    "/agents/schedules": "agent_type",
    "/agents/notifications": "unread",
    "/agents/usage": "from",
    "/agents/reviews/figures": "days",
    "/universes": "archived",
    "/universes/imports": "status",
    "/universes/{universe}/changes": "action",
    "/universes/{universe}/export": "format",
    "/universes/{universe}/elements": "search",
    "/universes/{universe}/findings": "state",
    "/universes/{universe}/relations": "kind",
    "/universes/{universe}/rule-proposals": "state",
    "/universes/{universe}/scenes": "origin_ref",
}
WITHOUT_FILTERS = [
    "/agents/stats",
    "/agents/budgets",
    "/agents/gold",
    "/agents/reviews/promises",
    "/agents/reviews/reviewers",
    "/agents/reviews/reject-reasons",
    "/agents/review-links",
    "/agents/guests-decide",
    "/agents/self-reviews",
    "/agents/variants/stats",
    "/agents/webhooks",
    "/agents/webhooks/{webhook}/deliveries",
    "/auth/api-keys",
    "/users/me/invitations",
    "/universes/{universe}/events",
    "/universes/{universe}/exemplars",
    "/universes/{universe}/guides",
    "/universes/{universe}/guides/{agent}/effect",
    "/universes/{universe}/guides/{agent}",
    "/universes/{universe}/guides/{agent}/versions",
    "/universes/{universe}/elements/{element}/texts",
    "/universes/{universe}/members",
    "/universes/{universe}/invitations",
    "/universes/{universe}/invitation-links",
]


@pytest.fixture
def client(client_of, lead, universe):
    ownership.transfer_universe(universe, lead)
    return client_of(lead)


@pytest.mark.parametrize("path", [*FILTERS, *WITHOUT_FILTERS])
def test_unknown_parameter_is_refused(client, lead, universe, path):
    webhook = endpoints.create_endpoint(lead, url="https://example.org/hooks", events=["job.failed"])
    bell = canon.add_element(universe, kind="item", name="Bell")
    path = path.format(universe=universe.pk, webhook=webhook.pk, element=bell.pk, agent="narrative")

    assert client.get(path).status_code == 200
    assert pointers_of(client.get(f"{path}?colour=red")) == {"?colour": "unknown_filter"}
    assert pointers_of(client.get(f"{path}?colour=")) == {"?colour": "unknown_filter"}


@pytest.mark.parametrize(("path", "name"), FILTERS.items())
@pytest.mark.parametrize("value", ["", "%20"])
def test_empty_value_is_refused(client, universe, path, name, value):
    response = client.get(f"{path.format(universe=universe.pk)}?{name}={value}")

    assert pointers_of(response) == {f"?{name}": "empty_filter"}


@pytest.mark.parametrize(("path", "name"), FILTERS.items())
def test_same_name_twice_is_refused(client, universe, path, name):
    response = client.get(f"{path.format(universe=universe.pk)}?{name}=a&{name}=b")

    assert pointers_of(response) == {f"?{name}": "repeated_filter"}


@pytest.mark.parametrize("query", ["limit=", "limit=5&limit=6", "offset="])
def test_paging_is_strict_as_well(api, query):
    assert len(pointers_of(api.get(f"/agents/jobs?{query}"))) == 1


def test_every_list_and_report_is_tried():
    names = {"universe": "x", "webhook": "x", "element": "x", "agent": "x"}
    tried = {path.format_map(names) for path in (*FILTERS, *WITHOUT_FILTERS)}
    # A list without an end of its own: it is below an item, and short.
    left_out = {"/agents/reviews/x/comments", "/agents/rechecks"}
    left_out |= {"/agents/jobs/x/elements", "/universes/x/scenes/x/elements"}

    for entry in _patterns(get_resolver()):
        view = getattr(entry.callback, "cls", None)
        if view is None or not hasattr(view, "get"):
            continue
        path = "/" + str(entry.pattern).removeprefix("^").removesuffix("/?$")
        for name in entry.pattern.regex.groupindex:
            path = path.replace(f"(?P<{name}>[^/]+)", "x")
        is_list = hasattr(view, "paginate_queryset") or path.endswith(("stats", "figures", "reviewers"))
        assert not is_list or path in tried | left_out, path


def test_query_that_nothing_reads_is_refused(api, schema):
    unread = [
        (method, path)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if not any(parameter["in"] == "query" for parameter in operation.get("parameters", ()))
        and not path.endswith(("healthz", "readyz"))
    ]

    for method, path in unread:
        refused = getattr(api, method)(f"{path}?colour=red")
        assert pointers_of(refused) == {"?colour": "unknown_filter"}, (method, path)
    assert len(unread) > 100


def test_dry_run_in_the_query_makes_no_job(api):
    body = {"agent_type": "narrative", "input_data": {"prompt": "Dawn."}}

    refused = api.post("/agents/jobs?dry_run=true", body)

    assert pointers_of(refused) == {"?dry_run": "unknown_filter"}
    assert api.get("/agents/jobs").json()["count"] == 0


def _patterns(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry)
        elif isinstance(entry, URLPattern):
            yield entry


NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2026-11-01T12:00:00Z", ["Bell", "Late"]),
        ("2026-11-01T12:00:01Z", ["Late"]),
        ("2026-11-01T14:00:00%2B02:00", ["Bell", "Late"]),
        ("2026-11-01T14:00:00+02:00", ["Bell", "Late"]),
        ("2026-11-01T14:00:01+0200", ["Late"]),
    ],
)
def test_rows_changed_since_a_moment(api, universe, since, expected):
    for name, minutes in (("Early", -1), ("Bell", 0), ("Late", 1)):
        element = canon.add_element(universe, kind="item", name=name)
        Element.objects.filter(pk=element.pk).update(updated_at=NOON + timedelta(minutes=minutes))

    rows = api.get(f"/universes/{universe.pk}/elements?updated_since={since}").json()["results"]

    assert sorted(row["name"] for row in rows) == expected


@pytest.mark.parametrize("path", ["/universes", "/universes/{universe}/scenes", "/agents/schedules"])
def test_other_lists_know_the_moment_too(api, creator, universe, path):
    canon.add_scene(universe, title="Dawn", text="Fog.")
    make_schedule(creator, universe)
    path = path.format(universe=universe.pk)

    assert len(ids_of(api.get(f"{path}?updated_since=2020-01-01T00:00:00Z"))) == 1
    assert ids_of(api.get(f"{path}?updated_since=2999-01-01T00:00:00Z")) == []
    assert list(pointers_of(api.get(f"{path}?updated_since=soon"))) == ["?updated_since"]
