"""User names: which are refused because they are, or look like, another's."""

from __future__ import annotations

from django.contrib.auth.models import User

from mediaassets.accounts.own.closing import PREFIX
from universes.errors import FieldError
from universes.fields import fold_text
from universes.look_alikes import as_read, mixed_alphabets


def fault_of(username: str, *, of: User | None = None) -> FieldError | None:
    """Return why an account may not have a name; ``of`` is the account that has it already.

    Names that differ only by case, width, signs that show nothing or letters that look alike are the same name.
    """
    if alphabets := mixed_alphabets(username):
        detail = f"A user name has letters of one alphabet; this one mixes {' and '.join(alphabets)}."
        return FieldError("/username", detail, "mixed_alphabets")
    accounts = User.objects.order_by()
    if of is not None and of.pk:
        accounts = accounts.exclude(pk=of.pk)
    others = accounts.values_list("username", flat=True)
    keys = _keys(username)
    is_reserved = username.lower().startswith(PREFIX)
    if is_reserved or any(keys & _keys(name) for name in others.iterator()):
        return FieldError("/username", "This name is taken, or looks like one that is.", "taken")
    return None


def _keys(username: str) -> set[str]:
    """Return what names share that readers cannot tell apart: the letters as they are, or as they look."""
    return {fold_text(username), fold_text(as_read(username))}
