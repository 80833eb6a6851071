"""Rows of the choices between variants by model, for the overview and the page of their statistics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agents.common.admin import charts
from agents.common.admin.number_format import percent
from agents.review.creators.variants import ModelChoices


def choice_rows(by_model: Iterable[ModelChoices]) -> list[dict[str, Any]]:
    """Add the share of chosen outputs to each model, and a bar of it; the model chosen most often first."""
    rows = [
        {
            **row,
            "share": row["chosen"] / row["shown"],
            "words": percent(row["chosen"] / row["shown"]),
            "bar": charts.bar([charts.Part("good", row["chosen"] / row["shown"], "Chosen")]),
        }
        for row in by_model
    ]
    return sorted(rows, key=lambda row: (-row["share"], row["model"]))
