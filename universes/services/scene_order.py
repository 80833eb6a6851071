"""The order in which the scenes of a universe are read, which says nothing about when they were added."""

from __future__ import annotations

import uuid

from django.db import transaction

from universes.errors import FieldError, Invalid
from universes.models import Scene
from universes.services.locks import lock_writable_universe


def move(scene: Scene, *, after: uuid.UUID | None) -> Scene:
    """Put a scene behind another one of its universe, or before all of them.

    A new scene comes last. Raises ``Invalid`` for a scene that is not in the universe, or the same one, and
    ``Conflict`` ``universe_archived``.
    """
    with transaction.atomic():
        universe = lock_writable_universe(scene.universe_id)
        others = Scene.objects.filter(universe=universe).exclude(pk=scene.pk).in_story_order()
        order = list(others.values_list("pk", "story_position"))
        ids = [pk for pk, _ in order]
        if after is not None and after not in ids:
            detail = "It is no other scene of this universe."
            raise Invalid("There is no such scene here.", [FieldError("/after", detail, "unknown_scene")])
        index = 0 if after is None else ids.index(after) + 1
        position = _between(order, index)
        if position is None:
            # No number is left between the two: number all of them anew.
            ids.insert(index, scene.pk)
            for number, pk in enumerate(ids):
                Scene.objects.filter(pk=pk).update(story_position=float(number))
        else:
            Scene.objects.filter(pk=scene.pk).update(story_position=position)
    return Scene.objects.get(pk=scene.pk)


def move_by_one(scene: Scene, *, later: bool) -> Scene:
    """Change places with the living scene before or after; the first and the last stay where they are."""
    with transaction.atomic():
        lock_writable_universe(scene.universe_id)
        living = Scene.objects.filter(universe=scene.universe_id).living().in_story_order()
        ids = list(living.values_list("pk", flat=True))
        at = ids.index(scene.pk) if scene.pk in ids else -1
        if at < 0 or not 0 <= (at + 1 if later else at - 1) < len(ids):
            return scene
        if later:
            return move(scene, after=ids[at + 1])
        return move(scene, after=ids[at - 2] if at >= 2 else None)


def move_to(scene: Scene, *, place: int) -> Scene:
    """Make a scene the ``place``-th of the living ones, counted from 1; a number out of range means the nearest end."""
    with transaction.atomic():
        lock_writable_universe(scene.universe_id)
        living = (
            Scene.objects.filter(universe=scene.universe_id).living().exclude(pk=scene.pk).in_story_order()
        )
        before = list(living.values_list("pk", flat=True)[: max(0, place - 1)])
        return move(scene, after=before[-1] if before else None)


def _between(order: list[tuple[uuid.UUID, float]], index: int) -> float | None:
    """Return a position for the ``index``-th place; None if there is no number left."""
    if not order:
        return 0.0
    if index == 0:
        return order[0][1] - 1.0
    if index == len(order):
        return order[-1][1] + 1.0
    before, after = order[index - 1][1], order[index][1]
    middle = (before + after) / 2
    return middle if before < middle < after else None
