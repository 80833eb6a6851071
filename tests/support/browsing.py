"""Helpers for tests in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.test import Client

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# The moves of what was already seen on a page, since it was opened.
SHIFTS = """() => {
  const observer = new PerformanceObserver(() => {});
  observer.observe({ type: "layout-shift", buffered: true });
  const moved = observer.takeRecords().flatMap((shift) => shift.sources);
  return moved.map(({ node }) => String(node?.outerHTML ?? node?.textContent).slice(0, 100));
}"""


def signed_in_browser(
    chromium: Browser, url: str, user: User, *, has_clock: bool = True, **options: Any
) -> BrowserContext:
    """Return a browser context in which a user is signed in on the server at ``url``; with a clock to be set."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = chromium.new_context(**{"base_url": url, "viewport": WIDE, **options})
    if has_clock:
        context.clock.install()
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    return context


def leave(context: BrowserContext) -> None:
    """Close a browser's pages without sending the beacon that releases a claim.

    The beacon could arrive while the database is being emptied for the next test.
    """
    for page in context.pages:
        page.evaluate("navigator.sendBeacon = () => true")
        page.goto("about:blank")
    context.close()


def in_all_looks(page: Page) -> Iterator[str]:
    """Show the page wide and narrow, light and dark, yielding each variant's name, and restore it."""
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            yield f"{scheme}, {size['width']} px"
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")


def too_wide(page: Page) -> int:
    """Return by how many pixels the page overflows the window."""
    pixels: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return max(0, pixels)


def pass_quiet_time(page: Page) -> None:
    """Advance the page's clock past its first half second, in which some keys are ignored.

    Otherwise the second event of one press could decide the next item unseen.
    """
    page.locator("html[data-keys=on]").wait_for()
    page.clock.fast_forward(600)


def press(page: Page, key: str) -> None:
    pass_quiet_time(page)
    page.keyboard.press(key)


def count_submits(page: Page) -> None:
    """Start counting the forms sent on this page."""
    page.evaluate(
        "window.submits = 0; addEventListener('submit', (event) => { window.submits += !event.defaultPrevented; })"
    )


def submits(page: Page) -> int:
    return int(page.evaluate("window.submits"))
