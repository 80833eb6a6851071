"""Prices of model tokens."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q


class ModelPrice(models.Model):
    """The price of one model from ``valid_from`` on, in US dollars per million tokens.

    Rows are never edited: a new price is a new row. ``prompt_over`` is the lower bound of a price band: the row
    applies to prompts, cache reads and writes included, of more tokens than that.
    """

    model = models.CharField(max_length=100)
    valid_from = models.DateField()
    prompt_over = models.PositiveIntegerField(default=0)
    input_usd = models.DecimalField(max_digits=10, decimal_places=4)
    output_usd = models.DecimalField(max_digits=10, decimal_places=4)
    cache_read_usd = models.DecimalField(max_digits=10, decimal_places=4)
    cache_write_usd = models.DecimalField(
        max_digits=10, decimal_places=4, help_text="Cache writes with a lifetime of 5 minutes."
    )

    batch_share = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.5"),
        help_text="Share of these prices that a batch costs.",
    )

    class Meta:
        db_table = "agent_model_prices"
        ordering = ["model", "-valid_from", "-prompt_over"]
        verbose_name = "model price"
        constraints = [
            models.UniqueConstraint(
                fields=["model", "valid_from", "prompt_over"], name="agent_model_prices_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    input_usd__gte=0, output_usd__gte=0, cache_read_usd__gte=0, cache_write_usd__gte=0
                ),
                name="agent_model_prices_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} from {self.valid_from}"
