"""Hostile model output on every page of the admin, in a real browser."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from playwright.sync_api import Error as PlaywrightError

from agents.models import AgentJob, ReviewDecision, ReviewItem
from tests.review.browser.hostile import AFTER, AGENTS, HOSTILE, OUTSIDE, World, groups, text_of
from tests.support.browsing import NARROW, WIDE, leave, signed_in_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUE = reverse("admin:agents_reviewitem_changelist")

# Effects that a text must not have on a page, and parts of it that must be shown.
EXAMINE = """
(outside) => {
  const found = [];
  const say = (what, element) => found.push(what + ": " + element.outerHTML.slice(0, 160));
  if (window.hit !== undefined) found.push("a script ran");
  if (document.documentElement.outerHTML.includes("913534")) found.push("something was calculated");
  const foreign = "iframe, object, embed, base, marquee, video, audio, picture, math, plaintext, style," +
    "script:not([src]):not([type='application/json']), meta[http-equiv], foreignObject, animate";
  document.querySelectorAll(foreign).forEach((element) => say("not ours", element));
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on") || name === "srcdoc") say("acts", element);
      if (!["src", "srcset", "href", "xlink:href", "action", "formaction", "data", "poster"].includes(name)) continue;
      const url = new URL(value, location.href);
      if (url.href.startsWith(outside) || !/^https?:$/.test(url.protocol)) say("leads out", element);
      if (name !== "href" && url.origin !== location.origin) say("reaches out", element);
    }
  }
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) {
    const wide = [...document.querySelectorAll("main *")].filter(
      (element) => element.getBoundingClientRect().right > page.clientWidth + 1);
    found.push("too wide by " + (page.scrollWidth - page.clientWidth) + ": " +
      wide.slice(-3).map((element) => element.outerHTML.slice(0, 120)).join(" | "));
  }
  for (const element of document.querySelectorAll("#site-name a, .decision-row > *, .decision-row .action")) {
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || !element.checkVisibility()) continue;
    // A field that is typed into at once may have moved the head of the page out of sight, never the bar.
    if (box.bottom < 0 && !element.closest(".decision-bar")) continue;
    if (element.closest("details:not([open]) form")) continue;
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!top || !(element.contains(top) || top.contains(element))) say("out of reach", element);
  }
  return found;
}
"""


@pytest.fixture
def world(live_server, creator, superuser) -> World:
    return World(creator, superuser)


class Walk:
    """A browser that visits pages and records everything that must not happen on them."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.origin, self.url = origin, ""
        self.complaints: list[str] = []
        context.on("request", self._request)
        context.on("page", self._page)
        self.page = context.new_page()

    def _complain(self, what: str) -> None:
        self.complaints.append(f"{self.url}: {what}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "about:")):
            self._complain(f"asked {request.url[:200]}")

    def _page(self, page: Page) -> None:
        if self.url:
            self._complain("a window was opened")
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self._complain(f"script error {error}"))
        page.on("console", self._console)

    def _console(self, said: Any) -> None:
        # The status of the page itself is looked at by whoever visits it.
        is_status = said.text.startswith("Failed to load") and said.location["url"] == self.origin + self.url
        if said.type in {"error", "warning"} and not is_status:
            self._complain(said.text)

    def _dialog(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":
            # Our own dialog about unsaved text.
            dialog.accept()
            return
        self._complain(f"dialog {dialog.message}")
        dialog.dismiss()

    def look(self, url: str, *, also_narrow: bool = False) -> Page:
        self.url = url
        self.page.goto(url)
        self.examine("at 1280")
        if also_narrow:
            self.page.set_viewport_size(NARROW)
            self.examine("at 390")
            self.page.set_viewport_size(WIDE)
        return self.page

    def is_page(self, url: str) -> bool:
        """Examine what a URL answers, and return whether it is a page; some take only a POST, or send a file."""
        self.url = url
        try:
            response = self.page.goto(url)
        except PlaywrightError as error:
            if "Download is starting" not in error.message:
                raise
            return False
        assert response is not None
        assert response.status < 500, url
        is_html = response.headers.get("content-type", "").startswith("text/html")
        if is_html:
            self.examine("at 1280")
        return is_html and response.status == 200 and response.request.redirected_from is None

    def examine(self, where: str) -> None:
        for what in self.page.evaluate(EXAMINE, OUTSIDE):
            self._complain(f"{where} {what}")

    def expect(self, claim: bool, what: str) -> None:
        if not claim:
            self._complain(what)


@pytest.fixture
def client(superuser) -> Client:
    client = Client()
    client.force_login(superuser)
    return client


@pytest.fixture
def walk(live_server, static_files_cached, chromium: Browser, superuser) -> Iterator[Walk]:
    context = signed_in_browser(chromium, live_server.url, superuser, reduced_motion="reduce")
    walk = Walk(context, live_server.url)
    yield walk
    walk.url = ""
    leave(context)
    assert not walk.complaints, "\n".join(walk.complaints)


def address(item: ReviewItem) -> str:
    return reverse("admin:agents_reviewitem_change", args=[item.pk])


# Number of times that a page shows the sentence behind a text: two for each field.
FIELDS = {"narrative": 6, "spatial": 8, "consistency": 10}


def test_review_pages_of_every_agent(walk, world):
    for agent in AGENTS:
        for item, names in zip(world.open[agent], groups(agent), strict=True):
            page = walk.look(address(item), also_narrow=True)
            said = page.locator("section.output").inner_text().count(AFTER)
            walk.expect(said >= FIELDS[agent], f"{names}: {said} of {FIELDS[agent]} texts are there in full")


def test_edit_form_preview_and_decided_page(walk, world):
    for item, decided, names in zip(world.open["narrative"], world.decided, groups("narrative"), strict=True):
        page = walk.look(f"{address(item)}?edit=1")
        typed = page.locator(".edit-form textarea").evaluate_all("all => all.map((one) => one.value)")
        for name in names:
            walk.expect(any(HOSTILE[name] in value for value in typed), f"{name} is not in the form as it is")
        page = walk.look(address(decided))
        said = page.locator(".decided").inner_text().count(AFTER)
        walk.expect(said >= 6, f"{names}: {said} of 6 texts of the decision are there in full")
    for agent in AGENTS:
        page = walk.look(f"{address(world.open[agent][0])}?edit=1")
        field = page.locator(".edit-form textarea").first
        field.fill(field.input_value() + HOSTILE["script"] + HOSTILE["cover"])
        page.locator("[data-send]").click()
        page.locator(".look-over").wait_for()
        walk.examine("looked over")
    page = walk.look(QUEUE)
    page.locator("#action-toggle").check()
    page.get_by_role("button", name="Reject selected").click()
    page.locator("#bulk-form").wait_for()
    walk.examine("in bulk")


# --- Every other page


def test_every_admin_page(walk, world):
    reached = {url for url in addresses(world) if walk.is_page(url)}

    for wanted in ("agents_agentjob", "agents_modelcall", "universes_scene", "universes_canonchange"):
        assert reverse(f"admin:{wanted}_changelist") in reached
    assert len(reached) > 60


def test_lists_of_long_texts_on_a_phone(walk, world):
    for url in (QUEUE, f"{QUEUE}?p=2", f"{QUEUE}?state=closed", reverse("admin:index")):
        walk.look(url, also_narrow=True)


def test_api_documentation(walk):
    page = walk.look("/docs")
    page.locator(".opblock").first.wait_for()
    walk.examine("at 1280")


def addresses(world: World) -> Iterator[str]:
    """Return every URL of the admin, from its own URL list, with rows that exist."""
    arguments: dict[str, list[Any]] = {
        "item_id": [world.decided[0].pk, world.disputed.pk],
        "job_id": [world.decided[0].job_id, AgentJob.objects.get(status="failed").pk],
        "user_id": [world.reviewer.pk],
        "app_label": ["agents", "universes", "auth"],
        "universe_id": [world.decided[0].universe_id],
        "agent_type": list(AGENTS),
        "format_name": ["native"],
        "bulk_id": [uuid.uuid4()],
        "variants_id": [uuid.uuid4()],
    }
    for model in admin.site._registry:
        rows = model._default_manager.order_by("pk")
        label = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{label}_changelist")
        if model._meta.app_label not in {"agents", "universes"}:
            continue
        yield reverse(f"{label}_add")
        # The list shows all rows.
        for row, verbs in ((rows.last(), ("change", "history", "delete")), (rows.first(), ("change",))):
            if row is not None:
                yield from (reverse(f"{label}_{verb}", args=[row.pk]) for verb in verbs)
    standard = {"changelist", "add", "change", "history", "delete"}
    for name, parameters in patterns(admin.site.urls[0]):
        if name.rpartition("_")[2] in standard or name in {
            "logout",
            "jsi18n",
            "autocomplete",
            "view_on_site",
        }:
            continue
        choices = [arguments[entry] for entry in parameters] if set(parameters) <= set(arguments) else None
        assert choices is not None, f"Say what the {parameters} of {name} are, so that the page is walked."
        for values in zip(*choices, strict=False) if choices else [()]:
            yield reverse(f"admin:{name}", args=values)


def patterns(found: list[Any]) -> Iterator[tuple[str, list[str]]]:
    """Return name and parameters of each URL pattern."""
    for row in found:
        if isinstance(row, URLResolver):
            yield from patterns(row.url_patterns)
        elif isinstance(row, URLPattern) and row.name:
            yield row.name, list(row.pattern.converters) or list(row.pattern.regex.groupindex)


def test_export_has_all_rows_and_no_formula(world, client):
    response = client.get(reverse("admin:agents_reviewdecision_export"))

    text = b"".join(response.streaming_content).decode()
    head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert len(rows) == ReviewDecision.objects.count()
    assert {len(row) for row in rows} == {len(head)}
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]
    notes = "\n".join(row[head.index("Note")] for row in rows)
    assert [name for name in HOSTILE if text_of(name) not in notes] == []
