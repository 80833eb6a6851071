from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.models import AgentJob, ReviewItem
from tests.admin import browsing, makers
from universes.models import Universe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture
def creator(db: None) -> User:
    return makers.make_user("creator")


@pytest.fixture
def universe(creator: User) -> Universe:
    return makers.make_universe(creator)


@pytest.fixture
def reviewer(db: None) -> User:
    """Staff, and a member of the group that the migrations made; nothing else."""
    return makers.make_user("rosa", is_staff=True, groups=("Reviewers",))


@pytest.fixture
def ana(db: None) -> User:
    """Another reviewer."""
    return makers.make_user("ana", is_staff=True, groups=("Reviewers",))


@pytest.fixture
def lead(db: None) -> User:
    """A lead reviewer who is no superuser."""
    return makers.make_user("lena", is_staff=True, groups=("Lead reviewers",))


@pytest.fixture
def superuser(db: None) -> User:
    return makers.make_user("root", is_staff=True, is_superuser=True)


@pytest.fixture
def job(creator: User, universe: Universe) -> AgentJob:
    return makers.make_job(creator, universe)


@pytest.fixture
def item(job: AgentJob) -> ReviewItem:
    return makers.make_review(job)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def reviewing(reviewer: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(reviewer)


@pytest.fixture
def ana_reviewing(ana: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(ana)


@pytest.fixture
def leading(lead: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(lead)


@pytest.fixture
def three(creator: User, universe: Universe) -> list[ReviewItem]:
    """The most urgent first."""
    now = timezone.now()
    return [
        makers.make_review(makers.make_job(creator, universe, kind), opened_at=now - timedelta(hours=hours))
        for hours, kind in ((3, "narrative"), (2, "spatial"), (1, "narrative"))
    ]


@pytest.fixture
def operating(superuser: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(superuser)


@pytest.fixture
def page_of() -> Callable[[ReviewItem], str]:
    return lambda item: reverse("admin:agents_reviewitem_change", args=[item.pk])


@pytest.fixture
def decide() -> Callable[..., HttpResponse]:
    """Press a button: ``decide(client, item, "rejected", note="…")``; follows redirects.

    An edit is looked over on the way, and sent by the second press.
    """

    def press(client: Client, item: ReviewItem, verdict: str, query: str = "", **data: Any) -> Any:
        url = reverse("admin:agents_reviewitem_decide", args=[item.pk])
        response = client.post(url + query, {"verdict": verdict, **data}, follow=True)
        typed = (response.context or {}).get("typed")
        if typed is None or not typed.confirmed:
            return response
        sent = {"verdict": verdict, **data, "confirmed": typed.confirmed}
        return client.post(url + query, sent, follow=True)

    return press


# --- In a browser


@pytest.fixture
def items(creator: User, universe: Universe) -> list[ReviewItem]:
    """One of each agent, the most urgent first."""
    now = timezone.now()
    return [
        makers.make_review(makers.make_job(creator, universe, kind), opened_at=now - timedelta(hours=hours))
        for hours, kind in ((3, "narrative"), (2, "spatial"), (1, "consistency"))
    ]


@pytest.fixture
def kept_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser asks once for each style and script, as it does in production, and not once a page."""
    serve = StaticFilesHandlerMixin.serve

    def serve_for_long(self: Any, request: Any) -> Any:
        response = serve(self, request)
        response["Cache-Control"] = "max-age=600"
        return response

    monkeypatch.setattr(StaticFilesHandlerMixin, "serve", serve_for_long)


@pytest.fixture
def browse(live_server: Any, kept_files: None, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser of a person's own: ``browse(user, url, java_script_enabled=False)``.

    At the end nothing may have been refused by the policy or broken in a script; that somebody else holds an item
    is an answer.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def sign_in(user: User, url: str, **options: Any) -> Page:
        context = browsing.signed_in_browser(chromium, live_server.url, user, **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield sign_in
    for context in contexts:
        browsing.leave(context)
    assert [text for text in complaints if "status of 409" not in text] == []
