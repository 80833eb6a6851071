"""Epochs: an account's tokens end together as soon as its epoch is not theirs any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from mediaassets.accounts.models import TokenEpoch

CLAIM = "epoch"


def of_sign_in(user: User) -> int | None:
    """Return the epoch for tokens of a person who has just signed in; None if the password was changed meanwhile."""
    account = _accounts().filter(pk=user.pk, password=user.password, is_active=True)
    return account.values_list("epoch", flat=True).first()


def of_account(user_id: int) -> tuple[int, bool] | None:
    """Return the present epoch of an account and whether it is active; None if there is no such account."""
    return _accounts().filter(pk=user_id).values_list("epoch", "is_active").first()


def _accounts() -> QuerySet[Any]:
    return User.objects.annotate(epoch=Coalesce("token_epoch__epoch", 0)).order_by()


def is_past(claims: Mapping[str, Any], epoch: int) -> bool:
    """Return whether a token with these claims has ended; tokens from before there were epochs count as 0."""
    return bool(claims.get(CLAIM, 0) != epoch)


def end_tokens(user: User) -> None:
    """End all access and refresh tokens of an account."""
    with transaction.atomic():
        TokenEpoch.objects.get_or_create(user=user)
        TokenEpoch.objects.filter(user=user).update(epoch=F("epoch") + 1)
