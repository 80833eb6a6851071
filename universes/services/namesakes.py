"""Elements whose names readers may take for others."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from universes.fields import fold
from universes.look_alikes import as_read, mixed_alphabets
from universes.models import Element


def looked_like(elements: Sequence[Element]) -> dict[uuid.UUID, str]:
    """Return what readers take a name for, by element: in Latin letters, and only of names with letters like them.

    A word of several alphabets looks like one of Latin letters. A word of another alphabet alone does so only where
    another element of the universe has that name. One query, and none without such names.
    """
    read = {element.pk: as_read(element.name) for element in elements}
    suspects = [element for element in elements if fold(read[element.pk]) != element.name_key]
    if not suspects:
        return {}
    there = set(
        Element.objects.living()
        .filter(universe__in={element.universe_id for element in suspects})
        .filter(name_key__in={fold(read[element.pk]) for element in suspects})
        .values_list("universe_id", "name_key")
    )
    return {
        element.pk: read[element.pk]
        for element in suspects
        if mixed_alphabets(element.name) or (element.universe_id, fold(read[element.pk])) in there
    }
