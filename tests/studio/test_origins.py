"""Origins of scenes and elements on their pages: the job that wrote them, or the receipt of an imported file."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.support import rows
from universes.models import Element, Scene

pytestmark = pytest.mark.django_db

RECEIPT = {
    "job_id": "",
    "agent": "narrative",
    "model": "claude-<b>",
    "is_mock": False,
    "created_at": "2026-03-01T09:30:00+00:00",
    "completed_at": "some day",
    "calls": [
        {
            "model": "claude-<b>",
            "prompt_name": "narrative",
            "prompt_version": "3f5a",
            "input_tokens": 12,
            "output_tokens": 340,
        }
    ],
    "verdicts": [{"at": "2026-03-02T10:00:00", "verdict": "approved", "is_edit": True}],
}


@pytest.mark.parametrize("kind", ["scene", "element"])
def test_page_shows_the_receipt_of_the_imported_file(signed_in, creator, universe, kind):
    declared = {"disclosure": "ai-assisted", "made_by": [{"model": "claude-<b>"}], "receipt": RECEIPT}
    entry = (
        Scene.objects.create(universe=universe, title="One", text="Once.", declared=declared)
        if kind == "scene"
        else Element.objects.create(
            universe=universe, kind="item", name="Key", name_key="key", declared=declared
        )
    )

    page = signed_in(creator).get(reverse(f"studio:{kind}", args=[universe.pk, entry.pk])).text

    assert "Receipt from the imported file" in page
    assert "claude-&lt;b&gt;, prompt narrative <code>3f5a</code></span>, 12 + 340 tokens" in page
    assert "2026-03-01 09:30 UTC" in page
    assert "<dd>some day</dd>" in page
    assert "Approved with changes, <time" in page


def test_page_of_a_text_without_a_receipt_shows_none(signed_in, creator, universe):
    scene = Scene.objects.create(universe=universe, title="One", text="Once.", created_by=creator)

    page = signed_in(creator).get(reverse("studio:scene", args=[universe.pk, scene.pk])).text

    assert "Receipt" not in page


def test_only_those_who_may_open_the_job_are_led_to_it(signed_in, creator, editor, universe):
    job = rows.make_job(creator, universe=universe, status="completed")
    scene = Scene.objects.create(universe=universe, title="One", text="Once.", origin_ref=str(job.pk))
    path = reverse("studio:scene", args=[universe.pk, scene.pk])

    pages = [signed_in(person).get(path).text for person in (creator, editor)]

    assert [reverse("studio:receipt", args=[job.pk]) in page for page in pages] == [True, False]
    assert [reverse("studio:flag", args=[job.pk]) in page for page in pages] == [True, True]
