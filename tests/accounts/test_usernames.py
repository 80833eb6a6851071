"""User names that are, or look like, another's."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from mediaassets.accounts import usernames

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("MIRA", "taken"),
        ("\uff2dira", "taken"),
        ("mi\u200bra", "taken"),
        ("\u041cira", "mixed_alphabets"),
        ("Bepa", "taken"),
        ("\u0412era", "mixed_alphabets"),
    ],
)
def test_name_that_looks_like_one_that_is_there_is_refused(name, code):
    User.objects.create_user("Mira")
    User.objects.create_user("\u0412\u0435\u0440\u0430")

    fault = usernames.fault_of(name)

    assert fault is not None
    assert (fault.pointer, fault.code) == ("/username", code)


@pytest.mark.parametrize("name", ["Mirabel", "\u0418\u0432\u0430\u043d", "\u017bo\u00eb"])
def test_name_of_one_alphabet_is_free(name):
    User.objects.create_user("Mira")

    assert usernames.fault_of(name) is None


def test_account_keeps_its_name():
    mira = User.objects.create_user("Mira")

    assert usernames.fault_of("mira", of=mira) is None
