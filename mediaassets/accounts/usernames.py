"""User names: which are refused because they are, or look like, another's."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from mediaassets.accounts.models import NameKey
from universes.errors import FieldError, Invalid
from universes.fields import fold_text
from universes.look_alikes import as_read, mixed_alphabets

# Of the names of closed accounts.
CLOSED_PREFIX: Final = "closed-"
TAKEN: Final = FieldError("/username", "This name is taken, or looks like one that is.", "taken")


class NameTaken(Invalid):
    """Another account has the name, or has taken it at the same time."""

    def __init__(self) -> None:
        super().__init__("Not valid: username.", [TAKEN])


def fault_of(username: str, *, of: User | None = None) -> FieldError | None:
    """Return why an account may not have a name; ``of`` is the account that has it already.

    Names that differ only by case, width, signs that show nothing or letters that look alike are the same name.
    """
    if alphabets := mixed_alphabets(username):
        detail = f"A user name has letters of one alphabet; this one mixes {' and '.join(alphabets)}."
        return FieldError("/username", detail, "mixed_alphabets")
    _add_missing_keys()
    others = NameKey.objects.filter(key__in=keys_of(username))
    if of is not None and of.pk:
        others = others.exclude(user=of)
    return TAKEN if username.lower().startswith(CLOSED_PREFIX) or others.exists() else None


def claim(account: User) -> None:
    """Give an account the keys of its name, in the transaction that saves the name; raise ``NameTaken``.

    The primary key decides between two accounts that ask at the same time.
    """
    try:
        with transaction.atomic():
            NameKey.objects.filter(user=account).delete()
            NameKey.objects.bulk_create(_rows(account))
    except IntegrityError:
        raise NameTaken from None


def keys_of(username: str) -> set[str]:
    """Return what names share that readers cannot tell apart: the letters as they are, or as they look."""
    return {fold_text(username), fold_text(as_read(username))}


def _rows(account: User) -> list[NameKey]:
    return [NameKey(key=key, user=account) for key in sorted(keys_of(account.username))]


def _add_missing_keys() -> None:
    """Add the keys of accounts that were made at the command line; of two that look alike, the first has them."""
    for account in User.objects.filter(name_keys=None).order_by("pk"):
        NameKey.objects.bulk_create(_rows(account), ignore_conflicts=True)
