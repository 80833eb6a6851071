"""People with a token each, and a universe that some of them may write in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from universes.choices import Role
from universes.models import Universe
from universes.services import universes as universe_service


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    def make(name: str, *, is_staff: bool = False, is_reviewer: bool = False) -> User:
        # Nobody signs in by password here, and hashing one is slow.
        user = User(username=name, is_staff=is_staff)
        user.set_unusable_password()
        user.save()
        if is_reviewer:
            user.groups.add(Group.objects.get(name="Reviewers"))
        return user

    return make


@pytest.fixture
def creator(make_user: Callable[..., User]) -> User:
    return make_user("carla")


@pytest.fixture
def other(make_user: Callable[..., User]) -> User:
    return make_user("omar")


@pytest.fixture
def staff(make_user: Callable[..., User]) -> User:
    return make_user("stella", is_staff=True)


@pytest.fixture
def reviewer(make_user: Callable[..., User]) -> User:
    return make_user("rosa", is_reviewer=True)


@pytest.fixture
def lead(make_user: Callable[..., User]) -> User:
    """A lead reviewer who is neither staff nor a superuser."""
    user = make_user("sella")
    user.groups.add(Group.objects.get(name="Lead reviewers"))
    return user


@pytest.fixture
def client_of() -> Callable[[User], APIClient]:
    """A client that sends a real token, as one outside would."""

    def client(user: User) -> APIClient:
        api = APIClient(raise_request_exception=False)
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")
        return api

    return client


@pytest.fixture
def api(client_of: Callable[[User], APIClient], creator: User) -> APIClient:
    """The creator's client."""
    return client_of(creator)


@pytest.fixture
def other_api(client_of: Callable[[User], APIClient], other: User) -> APIClient:
    return client_of(other)


@pytest.fixture
def staff_api(client_of: Callable[[User], APIClient], staff: User) -> APIClient:
    return client_of(staff)


@pytest.fixture
def reviewer_api(client_of: Callable[[User], APIClient], reviewer: User) -> APIClient:
    return client_of(reviewer)


@pytest.fixture
def lead_api(client_of: Callable[[User], APIClient], lead: User) -> APIClient:
    return client_of(lead)


@pytest.fixture
def universe(creator: User) -> Universe:
    """The creator's own."""
    return universe_service.create_universe(creator, name="The Salt Roads")


@pytest.fixture
def foreign_universe(other: User) -> Universe:
    return universe_service.create_universe(other, name="Elsewhere")


@pytest.fixture
def read_only_universe(creator: User, foreign_universe: Universe) -> Universe:
    """One that the creator may read and not write."""
    universe_service.add_member(foreign_universe, creator, Role.VIEWER)
    return foreign_universe
