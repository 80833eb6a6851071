"""Errors of DRF, Django, the domain and the database are all problem documents."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.test import Client
from rest_framework.test import APIClient

from agents.jobs import stats, whole
from tests.support.problems import CONTENT_TYPE, problem_of

pytestmark = pytest.mark.django_db

PROTECTED = [
    "/agents/jobs",
    "/agents/jobs/x",
    "/agents/jobs/x/passport",
    "/agents/jobs/x/elements",
    "/agents/jobs/x/receipt",
    "/agents/stats",
    "/agents/gold",
    "/agents/reviews",
    "/agents/reviews/reject-reasons",
    "/agents/reviews/next",
    "/agents/reviews/figures",
    "/agents/reviews/promises",
    "/agents/reviews/reviewers",
    "/agents/reviews/decisions",
    "/agents/reviews/bulk",
    "/agents/reviews/x/undo",
    "/agents/reviews/x/comments",
    "/agents/notifications",
    "/agents/notifications/read",
    "/agents/schedules",
    "/users/me/preferences",
    "/universes",
    "/universes/x/scenes",
]


@pytest.fixture
def api(db):
    client = APIClient(raise_request_exception=False)
    # A superuser, so that no error is about permissions.
    client.force_authenticate(User.objects.create(username="carla", is_superuser=True))
    return client


@pytest.mark.parametrize("path", PROTECTED)
def test_missing_token_gets_a_401_that_says_how_to_get_one(path):
    response = APIClient().get(path)

    body = problem_of(response, 401, "not_authenticated")
    assert body["detail"] == "Send `Authorization: Bearer <token>`; `POST /auth/token` gives one."
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/agents",
        "/agents/",
        "/agents/jobs/a/b",
        "/auth",
        "/%00",
        "/%ff",
        "/a%0Ab",
        "/agents/jobs//",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_unknown_path_is_a_404(api, path, method):
    problem_of(getattr(api, method)(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/agents/jobs%0A", "/agents/stats%0A", "/users/me/preferences%0A"])
def test_path_with_a_trailing_line_break_is_a_404(api, path):
    problem_of(api.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("put", "/agents/jobs", "GET, POST, HEAD, OPTIONS"),
        ("delete", "/agents/jobs/x", "GET, HEAD, OPTIONS"),
        ("get", "/agents/jobs/x/cancel", "POST, OPTIONS"),
        ("post", "/agents/jobs/x/receipt", "GET, HEAD, OPTIONS"),
        ("get", "/agents/rechecks", "POST, OPTIONS"),
        ("post", "/agents/stats", "GET, HEAD, OPTIONS"),
        ("put", "/agents/gold", "GET, POST, HEAD, OPTIONS"),
        ("get", "/agents/gold/x", "DELETE, OPTIONS"),
        ("post", "/agents/reviews/reject-reasons", "GET, HEAD, OPTIONS"),
        ("post", "/agents/reviews", "GET, HEAD, OPTIONS"),
        ("get", "/agents/reviews/next", "POST, OPTIONS"),
        ("delete", "/agents/reviews/figures", "GET, POST, HEAD, OPTIONS"),
        ("post", "/agents/reviews/reviewers", "GET, HEAD, OPTIONS"),
        ("post", "/agents/reviews/reviewers/1", "GET, HEAD, OPTIONS"),
        ("post", "/agents/reviews/decisions", "GET, HEAD, OPTIONS"),
        ("get", "/agents/reviews/x/claim", "POST, PATCH, DELETE, OPTIONS"),
        ("get", "/agents/reviews/bulk", "POST, OPTIONS"),
        ("get", "/agents/reviews/x/undo", "POST, OPTIONS"),
        ("delete", "/agents/reviews/x/comments", "GET, POST, HEAD, OPTIONS"),
        ("post", "/agents/notifications", "GET, HEAD, OPTIONS"),
        ("get", "/agents/notifications/read", "POST, OPTIONS"),
        ("delete", "/users/me/preferences", "GET, PUT, PATCH, HEAD, OPTIONS"),
        ("put", "/universes", "GET, POST, HEAD, OPTIONS"),
        ("get", "/auth/token", "POST, OPTIONS"),
        ("post", "/schema", "GET, HEAD, OPTIONS"),
        ("post", "/docs", "GET, HEAD, OPTIONS"),
    ],
)
def test_unsupported_method_is_a_405(api, method, path, allowed):
    response = getattr(api, method)(path)

    problem_of(response, 405, "method_not_allowed")
    assert response["Allow"] == allowed


def test_html_is_not_acceptable(api):
    response = api.get("/agents/jobs", headers={"accept": "text/html"})

    problem_of(response, 406, "not_acceptable")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/problem+json, application/json"])
def test_accepted_media_types(api, accept):
    assert api.get("/agents/jobs", headers={"accept": accept}).status_code == 200


def raising(error):
    def fail(*args, **kwargs):
        raise error

    return fail


def test_crash_is_logged_and_reveals_nothing(api, monkeypatch, caplog):
    monkeypatch.setattr(stats, "job_stats", raising(RuntimeError("the secret is 42")))

    response = api.get("/agents/stats")

    body = problem_of(response, 500, "internal_error")
    assert body["detail"] == "Something went wrong. It was logged."
    assert b"42" not in response.content
    assert "the secret is 42" in caplog.text


def test_crash_is_json_for_any_accept_header(api, monkeypatch):
    monkeypatch.setattr(whole, "find_whole", raising(ZeroDivisionError()))

    response = api.get("/agents/jobs/00000000-0000-7000-8000-000000000000", headers={"accept": "*/*"})

    problem_of(response, 500, "internal_error")


def test_unreachable_database_is_a_503_without_its_address(api, monkeypatch):
    monkeypatch.setattr(stats, "job_stats", raising(OperationalError('server at "10.0.0.7" refused')))

    response = api.get("/agents/stats")

    problem_of(response, 503, "database_unavailable")
    assert response["Retry-After"] == "2"
    assert b"10.0.0.7" not in response.content


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(PermissionDenied(), 403, "forbidden"), (RequestDataTooBig("big"), 413, "body_too_large")],
)
def test_django_errors_inside_a_view_are_problems(api, monkeypatch, error, status, code):
    monkeypatch.setattr(stats, "job_stats", raising(error))

    problem_of(api.get("/agents/stats"), status, code)


@pytest.mark.parametrize("path", ["/agents/jobs", "/healthz", "/auth/token", "/nothing"])
def test_unknown_host_is_a_400(path):
    response = Client(raise_request_exception=False).get(path, headers={"host": "evil.example"})

    problem_of(response, 400, "bad_request")


def test_admin_keeps_html_errors():
    response = Client().get("/admin/nothing-here")

    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "path", ["/agents/jobs", "/agents/stats", "/universes", "/users/me/preferences", "/agents/schedules"]
)
def test_head_is_get_without_a_body(api, path):
    response = api.head(path)

    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/agents/jobs", "GET"),
        ("/agents/stats", "GET"),
        ("/agents/reviews/next", "POST"),
        ("/agents/schedules", "GET"),
        ("/users/me/preferences", "GET"),
        ("/universes", "GET"),
    ],
)
def test_options_list_the_methods_and_need_a_token(api, path, method):
    allowed, refused = api.options(path), APIClient().options(path)

    assert allowed.status_code == 200
    assert allowed["Content-Type"] == "application/json"
    assert method in allowed["Allow"]
    problem_of(refused, 401, "not_authenticated")


def test_problems_have_the_security_headers(api):
    response = api.get("/nothing")

    assert response["Content-Type"] == CONTENT_TYPE
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in response["Content-Security-Policy"]
