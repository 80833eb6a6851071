"""The key of a name, and the column that stores it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django.db import models

from universes import limits
from universes.invisible import EMPTY_CELL, INVISIBLE_CLASS

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField


_INVISIBLE = re.compile(f"[{INVISIBLE_CLASS}]")


def fold(name: str) -> str:
    """Return the key of a name, equal for names that readers cannot tell apart: see ``fold_text``."""
    # One character can become eighteen, and an index has its limit.
    return fold_text(name)[: limits.NAME_KEY]


def fold_text(text: str) -> str:
    """Return a text without what readers do not see or do not mind.

    That is case, width and other compatibility forms, white space, and signs that show nothing.
    """
    seen = _INVISIBLE.sub("", text).replace(EMPTY_CELL, " ")
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return " ".join(plain.split())


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
