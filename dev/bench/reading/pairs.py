"""Machine time of judging pairs of variants by keyboard, from the key to the next pair.

    python -m dev.bench.reading.pairs [--pairs 100] [--pause 0.6]

Starts a private site and a headless Chromium, and chooses by `1`, `2` and `t` in turn. Prints how many pairs an hour
that makes with a reader's pause before each key, and how long the pause may be at 200 pairs an hour.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from datetime import timedelta
from itertools import chain, cycle, islice
from typing import Final

from dev.bench.rig import site

HOURLY: Final = 200
KEYS: Final = ("1", "2", "t")
# The mark is on the page that a key leaves.
READY: Final = "html[data-keys=on]:not([data-old])"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", type=int, default=100)
    # A page ignores keys in its first half second.
    parser.add_argument("--pause", type=float, default=0.6, help="seconds before each key")
    options = parser.parse_args()
    with site():
        took = measure(options.pairs, options.pause)
    slow_s = statistics.quantiles(took, n=20, method="inclusive")[-1]
    hourly = 3600 / (statistics.mean(took) + options.pause)
    print(
        f"{len(took)} pairs: median {statistics.median(took):.2f} s, p95 {slow_s:.2f} s, longest {max(took):.2f} s"
    )
    print(f"With {options.pause:g} s to read: {hourly:.0f} pairs an hour.")
    print(f"At {HOURLY} pairs an hour, {3600 / HOURLY - slow_s:.1f} s are left to read.")


def measure(pairs: int, pause_s: float) -> list[float]:
    """Return the seconds of each choice, from the key until the next page takes keys."""
    from django.contrib.auth.models import Group, User
    from django.urls import reverse
    from django.utils import timezone
    from playwright.sync_api import sync_playwright

    from agents.models import ReviewItem
    from dev.bench.reading.api import web_server
    from tests.support import browsing, rows
    from tests.support.fixtures.browser import find_chromium
    from tests.support.site.servers import web_command

    executable = find_chromium() or sys.exit("Chromium is not installed.")
    reviewer = User.objects.create(username="reviewer", is_staff=True)
    reviewer.groups.add(Group.objects.get(name="Reviewers"))
    creator = User.objects.create(username="creator")
    first = timezone.now() - timedelta(hours=20)
    for number in range(pairs):
        rows.make_variants(creator, opened_at=first + timedelta(seconds=number))
    # Playwright keeps an event loop running in this thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    took = []
    with web_server(web_command) as (port, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        url = f"http://127.0.0.1:{port}"
        page = browsing.signed_in_browser(browser, url, reviewer, has_clock=False).new_page()
        page.goto(reverse("admin:agents_reviewitem_changelist"))
        for key in islice(chain("v", cycle(KEYS)), pairs + 1):
            page.locator(READY).wait_for()
            page.evaluate("document.documentElement.dataset.old = 'yes'")
            time.sleep(pause_s)
            began = time.perf_counter()
            page.keyboard.press(key)
            page.locator(READY).wait_for()
            took.append(time.perf_counter() - began)
        browser.close()
    if left := ReviewItem.objects.open().count():
        sys.exit(f"{left} items were not decided.")
    # The first key leads from the queue to the first pair.
    return took[1:]


if __name__ == "__main__":
    main()
