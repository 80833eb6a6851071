"""Take the pictures of the documentation from a running `make up`.

    URL=http://127.0.0.1:8000 DEMO_PASSWORD=… .venv/bin/python docs/images/take.py

Needs the development requirements and a Chromium.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
URL = os.environ.get("URL", "http://127.0.0.1:8000")
# A scene that goes against its world, from the demo: it shows most of what the page can show.
ASKED = "The Brine Court votes"


def main() -> None:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(f"{URL}/admin/")
        page.fill("#id_username", "reviewer")
        page.fill("#id_password", os.environ["DEMO_PASSWORD"])
        page.click("input[type=submit]")
        page.goto(f"{URL}/admin/agents/reviewitem/")
        page.screenshot(path=HERE / "queue.png")
        page.get_by_role("link", name=ASKED).click()
        page.screenshot(path=HERE / "review.png")
        browser.close()


if __name__ == "__main__":
    main()
