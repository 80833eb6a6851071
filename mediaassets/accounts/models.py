"""Tables of the accounts, beside Django's own."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class TokenEpoch(models.Model):
    """The number that the tokens of an account must carry; an account without a row has 0.

    A trigger counts it up with each new password and each deactivation, whoever writes them; a logout does as well.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="token_epoch"
    )
    epoch = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "account_token_epochs"

    def __str__(self) -> str:
        return f"{self.user_id}: {self.epoch}"
