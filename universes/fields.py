"""A name column folded for case-insensitive uniqueness."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField


def fold(name: str) -> str:
    """Normalize case, white space and Unicode composition, so that equal names compare equal."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class FoldedNameField(_CharField):
    """Column that stores ``fold()`` of the field ``source`` on each save, as ``auto_now`` stores the time.

    The databases disagree about lower case outside ASCII; a stored key makes names unique alike in both.
    A queryset's ``update(name=…)`` bypasses this field, so it must set the key as well.
    """

    def __init__(self, *args: Any, source: str = "name", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = fold(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, key)
        return key
