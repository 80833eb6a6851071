"""Take the pictures of the error promises on the overview, without and with enough verdicts.

    .venv/bin/python -m pytest -n 0 dev/pictures/promises.py

Run as a test, so that the verdicts are in a database of its own: those of the demo are on outputs of the mock model,
which no promise is about. Needs what ``take.py`` needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse

from agents.models import PromiseTerms
from agents.quality.promise import keeping
from dev.pictures.take import SCHEMES, WINDOWS, small_png
from tests.quality.promise.test_keeping import MODEL, NARRATIVE, outputs

__all__ = ["outputs"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


@pytest.mark.parametrize(("name", "right"), [("promise-too-few", 60), ("promise-kept", 400)])
def test_take(
    name: str, right: int, outputs: Any, browse: Any, superuser: Any, settings: LazySettings
) -> None:
    settings.AGENT_MODELS = {**settings.AGENT_MODELS, NARRATIVE: MODEL}
    PromiseTerms.objects.exclude(agent_type=NARRATIVE).update(is_active=False)
    outputs(right=right, wrong=right // 60, unread=4 * right)
    outputs(right=right // 4, wrong=right // 20, confidence=0.62, kind="doubt")
    keeping.compute(NARRATIVE, is_forced=True)
    page = browse(superuser, reverse("admin:index"))
    blank = page.context.new_page()
    for width, height in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": height})
        section = page.locator("section[aria-labelledby=promise-heading]").first
        if not section.is_visible():
            page.locator(".figures summary").first.click()
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.evaluate("document.getAnimations().forEach(animation => animation.finish())")
            png = small_png(blank, section.screenshot(caret="hide"))
            (IMAGES / f"{name}-{width}-{scheme}.png").write_bytes(png)
    blank.close()
