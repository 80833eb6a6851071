"""A column that is worked out from another one."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField


def fold(name: str) -> str:
    """The form under which two names are the same name: case, white space and Unicode composition aside."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class FoldedNameField(_CharField):
    """Keeps ``fold()`` of the field ``source`` whenever the row is saved, as ``auto_now`` keeps the time.

    The databases disagree about lower case outside ASCII; a stored key gives both the same unique names.
    A queryset's ``update(name=…)`` does not pass here: it must set the key as well.
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
