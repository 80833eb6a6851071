"""A universe with a user in every role, and API and admin clients."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from universes.choices import Role
from universes.models import Universe
from universes.services import canon
from universes.services import universes as service


@pytest.fixture
def make_user(db: None) -> Callable[[str], User]:
    def make(name: str) -> User:
        # No test signs in by password, and hashing one is slow.
        user = User(username=name)
        user.set_unusable_password()
        user.save()
        return user

    return make


@pytest.fixture
def owner(make_user: Callable[[str], User]) -> User:
    return make_user("olga")


@pytest.fixture
def universe(owner: User) -> Universe:
    return service.create_universe(owner, name="Low Marsh")


@pytest.fixture
def editor(make_user: Callable[[str], User], universe: Universe) -> User:
    user = make_user("edgar")
    service.add_member(universe, user, Role.EDITOR)
    return user


@pytest.fixture
def viewer(make_user: Callable[[str], User], universe: Universe) -> User:
    user = make_user("vera")
    service.add_member(universe, user, Role.VIEWER)
    return user


@pytest.fixture
def stranger(make_user: Callable[[str], User]) -> User:
    return make_user("stefan")


@pytest.fixture
def client_of() -> Callable[[User], APIClient]:
    def client(user: User) -> APIClient:
        api = APIClient()
        api.force_authenticate(user)
        return api

    return client


@pytest.fixture
def api(client_of: Callable[[User], APIClient], owner: User) -> APIClient:
    return client_of(owner)


@pytest.fixture
def superuser(make_user):
    user = make_user("superuser")
    user.is_staff = user.is_superuser = True
    user.save()
    return user


@pytest.fixture
def admin(client, superuser):
    client.force_login(superuser)
    return client


@pytest.fixture
def bell(universe, owner):
    return canon.add_element(universe, kind="item", name="Bell", by=owner)


@pytest.fixture
def dawn(universe, owner):
    return canon.add_scene(universe, title="Dawn", text="Fog over the marsh.", origin_ref="job-1", by=owner)
