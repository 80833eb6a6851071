"""What tests do in a real browser on the pages of the admin."""

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


def signed_in_browser(chromium: Browser, url: str, user: User, **options: Any) -> BrowserContext:
    """A browser of this person's own, on the server at ``url``."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = chromium.new_context(**{"base_url": url, "viewport": WIDE, **options})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    return context


def leave(context: BrowserContext) -> None:
    """Close it after the server has heard that its pages were left: the database is still there for that."""
    for page in context.pages:
        page.goto("about:blank")
        page.wait_for_timeout(300)
    context.close()


def in_all_looks(page: Page) -> Iterator[str]:
    """The loaded page as it is wide and narrow, light and dark; each look by its name. In the end it is as at first."""
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            yield f"{scheme}, {size['width']} px"
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")


def too_wide(page: Page) -> int:
    """How many pixels stick out of the window; none where the page fits."""
    pixels: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return max(0, pixels)


def press(page: Page, key: str) -> None:
    """As soon as keys are listened to; at first they are not, so that one press is not two decisions."""
    page.locator("html[data-keys=on]").wait_for()
    page.wait_for_timeout(600)
    page.keyboard.press(key)
