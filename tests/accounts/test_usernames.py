"""User names that are, or look like, another's."""

from __future__ import annotations

from functools import partial
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User

from mediaassets.accounts import usernames
from mediaassets.accounts.models import NameKey
from mediaassets.accounts.own import closing
from mediaassets.accounts.sign_up import sign_up
from tests.support import rows
from tests.support.threads import run_concurrently
from universes.choices import Role
from universes.errors import Invalid
from universes.services.sharing import invitation_links

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


def test_name_is_looked_up_and_not_compared_with_each_account(django_assert_num_queries):
    User.objects.bulk_create([User(username=f"person{number}") for number in range(30)])
    usernames.fault_of("somebody")

    with django_assert_num_queries(2):
        assert usernames.fault_of("PERSON7") == usernames.TAKEN


def test_older_account_keeps_the_name_that_another_looks_like():
    first, second = User.objects.create_user("Bepa"), User.objects.create_user("\u0412\u0435\u0440\u0430")
    fill = import_module("mediaassets.accounts.migrations.0006_fill_name_keys").fill

    fill(apps, None)

    keys = NameKey.objects.order_by("key").values_list("key", "user_id")
    assert list(keys) == [("bepa", first.pk), ("\u0432\u0435\u0440\u0430", second.pk)]
    assert usernames.fault_of("Bepa", of=second) == usernames.TAKEN


def test_new_name_frees_the_old_one():
    mira = User.objects.create_user("Mira")
    usernames.claim(mira)

    mira.username = "Nora"
    mira.save()
    usernames.claim(mira)

    assert usernames.fault_of("mira") is None
    assert usernames.fault_of("nora") == usernames.TAKEN


def test_closed_account_frees_its_name():
    mira = User.objects.create_user("Mira")
    usernames.claim(mira)

    closing.close_account(mira)

    assert usernames.fault_of("mira") is None
    assert not NameKey.objects.filter(key__contains="mira").exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_take_a_name_at_once_do_not_both_get_it(creator):
    universe = rows.make_universe(creator)
    secrets = [invitation_links.make_link(universe, Role.VIEWER, by=creator)[1] for _ in range(2)]

    answers = run_concurrently(
        *(
            partial(sign_up, secret, username=name, password="salt remembers everything")
            for secret, name in zip(secrets, ("Nora", "NORA"), strict=True)
        )
    )

    refused = [answer for answer in answers if isinstance(answer, Invalid)]
    assert [error.pointer for refusal in refused for error in refusal.errors] == ["/username"]
    assert User.objects.filter(username__iexact="nora").count() == 1


def test_key_decides_when_both_were_free_a_moment_ago():
    usernames.claim(User.objects.create_user("Nora"))
    late = User.objects.create_user("NORA")

    with pytest.raises(usernames.NameTaken):
        usernames.claim(late)

    assert not late.name_keys.exists()
