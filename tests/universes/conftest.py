"""The universe of the creator, its entries, and a superuser in the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from universes.models import Element, Scene, Universe
from universes.services import canon


@pytest.fixture
def owner(creator: User) -> User:
    return creator


@pytest.fixture
def admin(client: Client, superuser: User) -> Client:
    client.force_login(superuser)
    return client


@pytest.fixture
def bell(universe: Universe, owner: User) -> Element:
    return canon.add_element(universe, kind="item", name="Bell", by=owner)


@pytest.fixture
def dawn(universe: Universe, owner: User) -> Scene:
    return canon.add_scene(universe, title="Dawn", text="Fog over the marsh.", origin_ref="job-1", by=owner)
