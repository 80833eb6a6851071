"""Form of what belongs to a universe: an archived one takes nothing."""

from __future__ import annotations

from typing import Any

from django import forms

from universes.admin.base import as_form_error
from universes.admin.typed import AnyModelForm
from universes.errors import DomainError
from universes.mentions import validate_mentions


class EntryForm(AnyModelForm):
    def clean_universe(self) -> Any:
        universe = self.cleaned_data["universe"]
        if universe.archived:
            raise forms.ValidationError(f"“{universe}” is archived and can only be read.")
        return universe

    def clean_mentions(self) -> list[dict[str, str]]:
        try:
            return validate_mentions(self.cleaned_data["mentions"] or [])
        except DomainError as error:
            raise as_form_error(error) from error
