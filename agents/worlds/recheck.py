"""Re-checks of canon scenes against their world, of those alone that a change concerns.

Changes need not be reported: the world of the last re-check is stored and compared, and a scene is due
when it has changed since it was read, or shares a word with what changed in the world (as in a preview). Two re-checks
at once are safe: each part is stored under the lock of ``WorldRecheck``, only if the world is still the one that was
read and for the scenes that are, and storing it a second time changes nothing.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from agents.choices import FindingState
from agents.common import world_context
from agents.engine.checks import report
from agents.engine.checks.finding import Finding
from agents.engine.checks.touching import Touch, words_in
from agents.engine.world import WorldView
from agents.models import CheckedScene, WorldFinding, WorldRecheck
from agents.worlds.moments import Moments
from universes.choices import CanonStatus
from universes.models import CanonChange, Scene, Universe

# Recorded steps of a universe: each change of the world, of a scene or of the timeline is one, and none goes.
_STEPS: Final = Coalesce(
    Subquery(
        CanonChange.objects.filter(universe=OuterRef("pk"))
        .order_by()
        .values("universe")
        .annotate(steps=Count("*"))
        .values("steps")
    ),
    0,
)
_BATCH: Final = 50
# Ids in one statement.
_CHUNK: Final = 500
_MAX_UNIVERSES: Final = 100
MAX_FINDINGS_OF_SCENE: Final = 50
# A universe whose re-check was tried is left to others first for this time.
_PAUSE: Final = timedelta(seconds=10)


def recheck_all(*, budget_s: float) -> dict[str, int]:
    """Re-check the universes in which something may be due, as far as the time reaches."""
    ends_at, read = time.monotonic() + budget_s, 0
    for universe_id in _due_universes(_MAX_UNIVERSES):
        if (left := ends_at - time.monotonic()) <= 0:
            break
        read += recheck(universe_id, budget_s=left)
    return {"read": read}


def ask_for_recheck(universe: Universe) -> None:
    """Have the next run of the worker re-check a universe, whatever its setting."""
    WorldRecheck.objects.update_or_create(universe=universe, defaults={"is_wanted": True})


def recheck(universe_id: uuid.UUID, *, budget_s: float) -> int:
    """Check the due scenes of a universe, and return how many; stops after ``budget_s`` seconds.

    The rest stays due.
    """
    ends_at = time.monotonic() + budget_s
    universe = Universe.objects.filter(pk=universe_id, archived=False).first()
    if universe is None:
        return 0
    WorldRecheck.objects.get_or_create(universe=universe)
    WorldRecheck.objects.filter(universe=universe).update(tried_at=timezone.now())
    steps = _steps(universe_id)
    present = world_context.world_view(universe)
    assert present is not None
    moments = Moments.of(universe_id)
    revision = _take_up(universe_id, present, moments)
    read = 0
    while time.monotonic() < ends_at:
        scenes = list(due_scenes(universe_id).only("text", "mentions", "updated_at")[:_BATCH])
        if not scenes:
            _close_findings_elsewhere(universe_id)
            WorldRecheck.objects.filter(universe=universe, revision=revision).update(
                steps=steps, is_wanted=False, completed_at=timezone.now()
            )
            return read
        found = {scene.pk: findings_of(scene, moments.world_of(scene.pk, present)) for scene in scenes}
        if not _store(universe_id, revision, scenes, found):
            return read
        read += len(scenes)
    return read


def findings_of(scene: Scene, world: WorldView) -> tuple[Finding, ...]:
    """Return what a scene has against a world, including what is marked as intentional."""
    mentioned = tuple(mention["name"] for mention in scene.mentions)
    return report(scene.text, world, only_mentioned=mentioned).findings[:MAX_FINDINGS_OF_SCENE]


def due_scenes(universe_id: uuid.UUID) -> QuerySet[Scene]:
    due = Q(checked__isnull=True) | Q(checked__is_due=True) | ~Q(checked__seen_at=F("updated_at"))
    return Scene.objects.canon().filter(due, universe=universe_id).order_by("pk")


def _due_universes(limit: int) -> list[uuid.UUID]:
    """Return universes in which a step was recorded since their last re-check, or which are to be re-checked."""
    is_rested = Q(recheck__tried_at__isnull=True) | Q(recheck__tried_at__lte=timezone.now() - _PAUSE)
    is_changed = Q(recheck__steps__isnull=True) | ~Q(recheck__steps=_STEPS)
    due = Q(recheck__is_wanted=True) | (Q(recheck_on_save=True) & is_rested & is_changed)
    universes = Universe.objects.filter(due, archived=False)
    in_turn = universes.order_by(F("recheck__tried_at").asc(nulls_first=True), "pk")
    return list(in_turn.values_list("pk", flat=True)[:limit])


def _steps(universe_id: uuid.UUID) -> int:
    steps: int = Universe.objects.filter(pk=universe_id).values_list(_STEPS, flat=True).get()
    return steps


def _take_up(universe_id: uuid.UUID, present: WorldView, moments: Moments) -> int:
    """Make scenes due that the difference between the stored world and timeline and the present ones concerns.

    Returns the revision of the present world.
    """
    before = WorldRecheck.objects.get(universe=universe_id)
    stored = WorldView.model_validate(before.world) if before.world else None
    same_time = before.timeline == moments.as_dict()
    if stored is not None and same_time and stored.hash == present.hash:
        return before.revision
    concerned: list[uuid.UUID] = []
    if stored is not None:
        concerned = _concerned(universe_id, Touch.of(stored, present))
        if not same_time:
            concerned += moments.concerned(before.timeline)
    with transaction.atomic():
        locked = WorldRecheck.objects.select_for_update().get(universe=universe_id)
        if locked.revision != before.revision:
            # Another re-check was first; this one stores nothing, and the next one sees what is left.
            return before.revision
        checked = CheckedScene.objects.filter(universe=universe_id)
        # What was stored against the old world while the scenes were being read.
        checked.filter(part__gt=before.stored).update(is_due=True)
        for start in range(0, len(concerned), _CHUNK):
            checked.filter(scene__in=concerned[start : start + _CHUNK]).update(is_due=True)
        locked.world, locked.timeline = present.model_dump(mode="json"), moments.as_dict()
        locked.revision += 1
        locked.save(update_fields=["world", "timeline", "revision"])
    return locked.revision


def _concerned(universe_id: uuid.UUID, touch: Touch) -> list[uuid.UUID]:
    scenes = CheckedScene.objects.filter(universe=universe_id, is_due=False)
    if touch.is_everything:
        return list(scenes.values_list("scene", flat=True))
    rows = scenes.values_list("scene", "scene__text").iterator(chunk_size=200)
    return [scene_id for scene_id, text in rows if touch.concerns(words_in(text))]


def _store(
    universe_id: uuid.UUID,
    revision: int,
    scenes: Sequence[Scene],
    found: Mapping[uuid.UUID, Sequence[Finding]],
) -> bool:
    """Store what some scenes have against the world; return False if the world has changed since."""
    with transaction.atomic():
        locked = WorldRecheck.objects.select_for_update().filter(universe=universe_id).first()
        if locked is None or locked.revision != revision:
            return False
        ids = [scene.pk for scene in scenes]
        states = {
            pk: (status, updated_at)
            for pk, status, updated_at in Scene.objects.filter(pk__in=ids).values_list(
                "pk", "canon_status", "updated_at"
            )
        }
        same = [scene for scene in scenes if states.get(scene.pk) == (CanonStatus.CANON, scene.updated_at)]
        if not same:
            # All of them have changed meanwhile, and are still due.
            return True
        seen_before = dict(CheckedScene.objects.filter(scene__in=ids).values_list("scene", "seen_at"))
        rows = WorldFinding.objects.filter(scene__in=[scene.pk for scene in same])
        known: dict[uuid.UUID, dict[str, WorldFinding]] = {scene.pk: {} for scene in same}
        for row in rows:
            known[row.scene_id][row.finding_id] = row
        for scene in same:
            was_changed = seen_before.get(scene.pk) != scene.updated_at
            _update(scene, known[scene.pk], found[scene.pk], was_changed=was_changed)
        locked.stored += 1
        locked.save(update_fields=["stored"])
        CheckedScene.objects.bulk_create(
            [
                CheckedScene(
                    scene=scene, universe_id=universe_id, seen_at=scene.updated_at, part=locked.stored
                )
                for scene in same
            ],
            update_conflicts=True,
            unique_fields=["scene"],
            update_fields=["seen_at", "part", "is_due"],
        )
    return True


def _update(
    scene: Scene, known: Mapping[str, WorldFinding], found: Iterable[Finding], *, was_changed: bool
) -> None:
    """Make the rows of a scene equal to what was found; ``was_changed`` tells whether the scene's text may differ."""
    now, present = timezone.now(), {finding.id: finding for finding in found}
    new = [_row(scene, finding, now) for key, finding in present.items() if key not in known]
    WorldFinding.objects.bulk_create(new)
    for key, row in known.items():
        if (finding := present.get(key)) is not None:
            place = (finding.start, finding.end, finding.strength, finding.why)
            if row.state != FindingState.OPEN or (row.start, row.end, row.strength, row.why) != place:
                row.start, row.end, row.strength, row.why = place
                if row.state != FindingState.OPEN:
                    row.state, row.found_at, row.closed_at = FindingState.OPEN, now, None
                row.save()
        elif row.state == FindingState.OPEN:
            row.state = FindingState.FIXED if was_changed else FindingState.GONE
            row.closed_at = now
            row.save(update_fields=["state", "closed_at"])


def _row(scene: Scene, finding: Finding, now: datetime) -> WorldFinding:
    return WorldFinding(
        universe_id=scene.universe_id,
        scene=scene,
        finding_id=finding.id,
        kind=finding.kind,
        strength=finding.strength,
        source_id=finding.source_id,
        statement=finding.statement,
        quote=finding.quote,
        start=finding.start,
        end=finding.end,
        why=finding.why,
        found_at=now,
    )


def _close_findings_elsewhere(universe_id: uuid.UUID) -> None:
    """Close the findings of scenes that are no longer canon."""
    canon = Scene.objects.canon().filter(pk=OuterRef("scene"))
    open_ones = WorldFinding.objects.filter(universe=universe_id, state=FindingState.OPEN)
    open_ones.filter(~Exists(canon)).update(state=FindingState.GONE, closed_at=timezone.now())
