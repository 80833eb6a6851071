"""Static files that are joined of others."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders

from mediaassets.web.bundles import BUNDLES, BundleFinder


def test_parts_are_joined_in_the_data_directory(settings, tmp_path):
    settings.DATA_DIR = tmp_path

    bundle = Path(BundleFinder().find("studio/page.css"))

    assert bundle.is_relative_to(tmp_path)
    parts = [Path(str(finders.find(part))).read_text() for part in BUNDLES["studio/page.css"]]
    assert bundle.read_text() == "\n".join(parts)


def test_stale_file_is_written_anew_whatever_its_age(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    bundle = Path(BundleFinder().find("studio/page.css"))
    content = bundle.read_text()
    # Newer than its parts, as after an upgrade to files with their dates.
    bundle.write_text("of the previous release")

    assert Path(BundleFinder().find("studio/page.css")).read_text() == content
    assert [path.name for path in bundle.parent.iterdir()] == ["page.css"]
