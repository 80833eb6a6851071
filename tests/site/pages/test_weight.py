"""Weight of the pages that are used most."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from mediaassets.web.bundles import BUNDLES
from tests.support.pages import url_of

pytestmark = pytest.mark.django_db

MAX_REQUESTS = 10
MAX_BYTES = 120_000


def weight_of(client, path):
    page = client.get(path)
    addresses = set(re.findall(r'(?:src|href)="(/static/[^"]+|/admin/jsi18n/)"', page.content.decode()))
    sizes = [len(page.content)]
    for address in addresses:
        if address.startswith("/static/"):
            file = finders.find(address.removeprefix("/static/"))
            assert file is not None, address
            sizes.append(len(gzip.compress(Path(str(file)).read_bytes())))
        else:
            sizes.append(len(client.get(address).content))
    return len(sizes), sum(sizes)


def test_review_page_queue_and_form_of_a_person_are_light(
    reviewer_client, superuser_client, reviewer, three_items
):
    for client, path in (
        (reviewer_client, url_of("change", three_items[0])),
        (reviewer_client, "/admin/agents/reviewitem/"),
        (superuser_client, f"/admin/auth/user/{reviewer.pk}/change/"),
    ):
        requests, size = weight_of(client, path)
        assert requests <= MAX_REQUESTS, path
        assert size <= MAX_BYTES, path


@pytest.mark.parametrize("path", BUNDLES)
def test_bundle_holds_all_of_its_parts(path):
    bundle = finders.find(path)

    assert bundle is not None
    text = Path(str(bundle)).read_text()
    for part in BUNDLES[path]:
        assert Path(str(finders.find(part))).read_text() in text
