"""Take the pictures of the documentation from a running `make up` with the demo data.

    URL=http://127.0.0.1:8000 DEMO_PASSWORD=… .venv/bin/python -m dev.pictures.take [names of pictures …]

It decides nothing but marks the reviewer's notifications as read: start with a new DATA_DIR to take all of them.
Needs the development requirements and Chromium. Each page is taken wide and narrow, light and dark, as in
`queue-1280-light.png`.
"""

from __future__ import annotations

import base64
import os
import shutil
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
URL = os.environ.get("URL", "http://127.0.0.1:8000")
SCHEMES: Final = ("light", "dark")
# Width of the window, and its default height.
WINDOWS: Final = {1280: 860, 390: 844}

# Items of the demo: one that contradicts its world and has a comment, one that another reviewer has edited, and one to
# edit here.
WITH_COMMENT = "The Brine Court votes"
EDITED = "Isolde counts what the sea gave back"
TO_EDIT = "The Drowned Market"

# Reduces the picture to at most 256 colours and returns the bytes of its palette and pixels. The most frequent colours
# are kept; each of the others becomes the nearest of them.
QUANTIZE: Final = """async (url) => {
  const image = new Image(); image.src = url; await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const data = context.getImageData(0, 0, image.width, image.height).data, counts = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const colour = data[i] << 16 | data[i + 1] << 8 | data[i + 2];
    counts.set(colour, (counts.get(colour) || 0) + 1);
  }
  const split = (colour) => [colour >> 16, colour >> 8 & 255, colour & 255];
  const kept = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => split(colour));
  const nearest = new Map();
  for (const colour of counts.keys()) {
    const [r, g, b] = split(colour);
    let best = 0, least = Infinity;
    kept.forEach(([x, y, z], at) => {
      const far = (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2;
      if (far < least) { least = far; best = at; }
    });
    nearest.set(colour, best);
  }
  let pixels = '';
  for (let i = 0; i < data.length; i += 4)
    pixels += String.fromCharCode(nearest.get(data[i] << 16 | data[i + 1] << 8 | data[i + 2]));
  return [image.width, image.height, kept.flat(), btoa(pixels)];
}"""


def small_png(page: Page, png: bytes) -> bytes:
    url = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    width, height, palette, encoded = page.evaluate(QUANTIZE, url)
    pixels = base64.b64decode(encoded)
    # Each line begins with the number of its filter; 0 is none.
    lines = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", bytes(palette))
        + _chunk(b"IDAT", zlib.compress(lines, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def notifications(page: Page) -> None:
    page.goto(f"{URL}/admin/agents/notification/")


def queue(page: Page) -> None:
    page.goto(f"{URL}/admin/agents/reviewitem/")


def review(page: Page) -> None:
    queue(page)
    page.get_by_role("link", name=WITH_COMMENT).click()
    page.locator("[data-claim=mine]").wait_for()


def edit(page: Page) -> None:
    queue(page)
    page.get_by_role("link", name=TO_EDIT).click()
    page.locator("html[data-keys=on]").wait_for()
    page.goto(f"{page.url.partition('?')[0]}?edit=1")
    # The first one: landmarks have descriptions as well.
    description = page.get_by_label("Description").first
    description.fill(
        description.input_value().replace(
            "belongs to nobody", "belongs to the Brine Court, and is taken anyway"
        )
    )
    page.get_by_role("button", name="Fix + approve").click()
    page.get_by_role("heading", name="Your changes").wait_for()
    page.locator(".look-over").evaluate("element => element.scrollIntoView()")


def bulk(page: Page) -> None:
    queue(page)
    page.locator("#action-toggle").evaluate("box => box.click()")
    page.get_by_role("button", name="Reject selected").click()
    page.locator("#bulk-title").wait_for()


def studio_universe(page: Page) -> None:
    page.goto(f"{URL}/studio/")
    page.get_by_role("link", name="The Salt Roads").first.click()
    page.get_by_role("heading", name="Latest scenes").wait_for()


def studio_ask(page: Page) -> None:
    studio_universe(page)
    page.get_by_role("link", name="Ask an agent").click()
    page.get_by_label("What happens?").fill(
        "Isolde brings Mira a memory that nobody has paid for. They bargain until the bell rings for the tide."
    )
    page.get_by_label("Who must appear?").fill("Isolde Carrow\nMira Vance")
    page.get_by_text("in practice mode.").wait_for()


def studio_variants(page: Page) -> None:
    page.goto(f"{URL}/studio/jobs?show=done&agent=narrative")
    page.get_by_role("link", name="variant of").first.click()
    page.get_by_role("button", name="Choose this one").first.wait_for()


def studio_result(page: Page) -> None:
    page.goto(f"{URL}/studio/jobs?show=review&agent=narrative")
    page.get_by_role("link", name=WITH_COMMENT).click()
    page.get_by_role("heading", name="Checks").wait_for()


def studio_shots(page: Page) -> None:
    page.goto(f"{URL}/studio/jobs?show=done&agent=narrative")
    page.get_by_role("link", name="A caravan crosses").click()
    page.get_by_role("heading", name="Shots").wait_for()


def overview(page: Page) -> None:
    page.goto(f"{URL}/admin/?days=90")


def reviewer(page: Page) -> None:
    page.goto(f"{URL}/admin/agents/reviewitem/reviewers/")
    page.get_by_role("link", name="demo-reviewer-2").click()
    page.get_by_role("heading", name="demo-reviewer-2").wait_for()


def receipt(page: Page) -> None:
    page.goto(f"{URL}/admin/agents/reviewitem/?state=closed&q=The+Salt+Roads")
    page.get_by_role("link", name=EDITED).click()
    page.get_by_role("link", name="Receipt").click()
    page.get_by_role("heading", name="Receipt").wait_for()


# Name, user, navigation to the page, and height of the wide picture. The notifications come first, because opening an
# item marks them as read.
Picture = tuple[str, str, Callable[[Page], None], int]
PICTURES: tuple[Picture, ...] = (
    ("notifications", "reviewer", notifications, 720),
    ("queue", "reviewer", queue, 720),
    ("review", "reviewer", review, 860),
    ("edit", "reviewer", edit, 860),
    ("bulk", "reviewer", bulk, 860),
    ("overview", "demo-lead", overview, 1800),
    ("reviewer", "demo-lead", reviewer, 940),
    ("receipt", "reviewer", receipt, 1100),
    ("studio-universe", "creator", studio_universe, 940),
    ("studio-ask", "creator", studio_ask, 860),
    ("studio-variants", "creator", studio_variants, 980),
    ("studio-result", "creator", studio_result, 940),
    ("studio-shots", "creator", studio_shots, 1180),
)


def take(browser: Browser, picture: Picture) -> None:
    name, username, reach, wide_height = picture
    blank = browser.new_page()
    page = browser.new_page()
    # One session opens the studio and, for staff, the admin.
    page.goto(f"{URL}/studio/sign-in")
    page.fill("#id_username", username)
    page.fill("#id_password", os.environ["DEMO_PASSWORD"])
    page.get_by_role("button", name="Sign in").click()
    page.locator("details.menu").wait_for()
    for width, height in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": wide_height if width == 1280 else height})
        reach(page)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            # Finish transitions between the schemes, and hide the cursor.
            page.evaluate("document.getAnimations().forEach(animation => animation.finish())")
            png = small_png(blank, page.screenshot(caret="hide"))
            (IMAGES / f"{name}-{width}-{scheme}.png").write_bytes(png)
    # Leaving the page releases the claim.
    page.goto("about:blank")
    page.wait_for_timeout(300)
    page.close()
    blank.close()


def main() -> None:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for picture in PICTURES:
            if not sys.argv[1:] or picture[0] in sys.argv[1:]:
                take(browser, picture)
        browser.close()


if __name__ == "__main__":
    main()
