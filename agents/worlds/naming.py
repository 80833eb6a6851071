"""Reading of texts for the elements that they name; each is read again when it or a name has changed.

Nobody has to tell when something changes: a text is due if its row in ``ReadText`` is missing or out of date, and the
names that have changed are found by comparison with ``KnownNames``.
"""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from agents.choices import JobStatus
from agents.common import visibility
from agents.common.text.job_text import MAIN_OUTPUT, request_text
from agents.common.text.results import result_of
from agents.engine.sources import CHARACTER
from agents.engine.text.matching import shortened, words_of
from agents.engine.text.names.linking import Named, NameFinder
from agents.models import AgentJob, KnownNames, Naming, ReadText
from universes.choices import CanonStatus
from universes.models import Element, Scene, Universe

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_BATCH: Final = 100
# Texts are searched for so many words of changed names; with more, all are read again.
_MAX_WORDS: Final = 20
# Of one run over all universes.
_MAX_UNIVERSES: Final = 100
# Characters of an excerpt on each side.
_AROUND: Final = 80
_RECENT: Final = timedelta(hours=1)

# Id, kind, status and name of an element.
KnownName = list[str]


def read_due_texts(universe_id: uuid.UUID, *, budget_s: float) -> int:
    """Read the texts of a universe that are new or changed, or that a changed name concerns; return how many.

    Stops after ``budget_s`` seconds; the rest stays due.
    """
    ends_at = time.monotonic() + budget_s
    known = _update_names(universe_id)
    if known is None:
        return 0
    finder, read = _Finder(known.names), 0
    all_due: tuple[QuerySet[Scene] | QuerySet[AgentJob], ...] = (
        _due_scenes(universe_id),
        _due_jobs(universe_id),
    )
    for due in all_due:
        while time.monotonic() < ends_at:
            rows: list[Scene | AgentJob] = list(due[:_BATCH])
            if not rows:
                break
            if not _store(known, rows, finder):
                return read
            read += len(rows)
    return read


def read_if_due(text: Scene | AgentJob) -> None:
    """Read one text, if it is due."""
    if text.universe_id is None or (known := _update_names(text.universe_id)) is None:
        return
    rows: list[Scene | AgentJob] = (
        list(_due_scenes(known.universe_id).filter(pk=text.pk))
        if isinstance(text, Scene)
        else list(_due_jobs(known.universe_id).filter(pk=text.pk))
    )
    if rows:
        _store(known, rows, _Finder(known.names))


def due_universes(limit: int) -> list[uuid.UUID]:
    """Return universes with scenes that are due, or with outputs of the last hour."""
    scenes = Scene.objects.living().filter(_due_scene(), universe__archived=False).order_by()
    found = dict.fromkeys(scenes.values_list("universe", flat=True).distinct()[:limit])
    since = timezone.now() - _RECENT
    jobs = AgentJob.objects.filter(completed_at__gte=since, universe__isnull=False).filter(_due_job())
    found |= dict.fromkeys(jobs.order_by().values_list("universe", flat=True).distinct()[:limit])
    return list(found)[:limit]


def read_all(*, budget_s: float) -> dict[str, int]:
    """Read the due texts of all universes, as far as the time reaches."""
    ends_at, read = time.monotonic() + budget_s, 0
    for universe_id in due_universes(_MAX_UNIVERSES):
        read += read_due_texts(universe_id, budget_s=ends_at - time.monotonic())
    return {"read": read}


def text_of(text: Scene | AgentJob) -> str:
    """Return the words in which the spans of a text count."""
    if isinstance(text, Scene):
        return text.text
    output = result_of(text) or text.output_data or {}
    return str(output.get(MAIN_OUTPUT[text.agent_type], ""))


def namings_of(text: Scene | AgentJob) -> list[dict[str, Any]]:
    """Return the elements that a text names, in the order in which it names them first."""
    rows = Naming.objects.filter(**{f"text__{'scene' if isinstance(text, Scene) else 'job'}": text})
    named = [
        {
            "id": naming.element_id,
            "kind": naming.element.kind,
            "name": naming.element.name,
            "spans": naming.spans,
        }
        for naming in rows.select_related("element")
    ]
    return sorted(named, key=lambda each: each["spans"][0])


def texts_naming(element: Element, reader: User) -> QuerySet[Naming]:
    """Return the places of an element in living scenes, and in the outputs of jobs that the person may see.

    The newest texts come first.
    """
    # The text that counts would reveal the verdict to those who still have to judge.
    jobs = visibility.not_withheld(AgentJob.objects.visible_to(reader), reader).order_by().values("pk")
    may_see = Q(text__job__in=jobs) | Q(text__scene__isnull=False) & ~Q(
        text__scene__canon_status=CanonStatus.RETIRED
    )
    rows = Naming.objects.filter(may_see, element=element)
    return rows.select_related("text__scene", "text__job").order_by("-text__text_id")


def title_of(text: ReadText) -> str:
    if text.scene is not None:
        return text.scene.title
    assert text.job is not None
    return str((text.job.output_data or {}).get("title") or shortened(request_text(text.job), 80))


def excerpt_of(naming: Naming) -> str:
    """Return the words around the first place at which a text names an element."""
    read = naming.text
    text = text_of(read.scene or read.job)  # type: ignore[arg-type]
    start, end = naming.spans[0]
    before, after = text[:start], text[end:]
    if len(before) > _AROUND:
        # Whole words, unless there are none.
        part = before[-_AROUND:]
        before = f"… {part.partition(' ')[2] or part}"
    if len(after) > _AROUND:
        part = after[:_AROUND]
        after = f"{part.rpartition(' ')[0] or part} …"
    return shortened(f"{before}{text[start:end]}{after}", 3 * _AROUND)


def _update_names(universe_id: uuid.UUID) -> KnownNames | None:
    """Store the present names, and forget what was read of the texts that the difference concerns."""
    if not Universe.objects.filter(pk=universe_id).exists():
        return None
    known, _ = KnownNames.objects.get_or_create(universe_id=universe_id)
    # Readers of one universe must not wait for each other while its names stay the same.
    if not _changed(known, _present_names(universe_id)):
        return known
    with transaction.atomic():
        known = KnownNames.objects.select_for_update().get(universe=universe_id)
        names = _present_names(universe_id)
        if changed := _changed(known, names):
            _concerned(universe_id, changed).delete()
            known.names, known.revision = names, known.revision + 1
            known.save()
    return known


def _present_names(universe_id: uuid.UUID) -> list[KnownName]:
    rows = Element.objects.living().filter(universe=universe_id).order_by("pk")
    return [[str(pk), *told] for pk, *told in rows.values_list("pk", "kind", "canon_status", "name")]


def _changed(known: KnownNames, names: list[KnownName]) -> set[tuple[str, ...]]:
    """Return the names that only one of both has."""
    return {tuple(name) for name in known.names} ^ {tuple(name) for name in names}


def _concerned(universe_id: uuid.UUID, changed: Iterable[tuple[str, ...]]) -> QuerySet[ReadText]:
    """Return the texts that name a changed element or share a word with its old or new name."""
    texts = ReadText.objects.filter(universe=universe_id)
    words = {word for *_, name in changed for word in words_of(name) if len(word) > 1} - {"the", "of"}
    # Only of ASCII do the databases ignore the case alike, and only English leaves names without endings.
    if len(words) > _MAX_WORDS or not all(word.isascii() for word in words):
        return texts
    concerned = Q(pk__in=Naming.objects.filter(element__in=[pk for pk, *_ in changed]).values("text"))
    for word in words:
        stem = word[:4]
        concerned |= Q(scene__text__icontains=stem) | Q(job__output_data__icontains=stem)
    return texts.filter(concerned)


def _due_scene() -> Q:
    return Q(read_text__isnull=True) | ~Q(read_text__seen_at=F("updated_at"))


def _due_job() -> Q:
    is_old = ~Q(read_text__seen_at=F("completed_at")) | ~Q(read_text__seen_outcome=F("outcome"))
    return Q(status=JobStatus.COMPLETED) & (Q(read_text__isnull=True) | is_old)


def _due_scenes(universe_id: uuid.UUID) -> QuerySet[Scene]:
    due = Scene.objects.living().filter(universe=universe_id).filter(_due_scene())
    return due.only("text", "updated_at").order_by("-created_at", "-pk")


def _due_jobs(universe_id: uuid.UUID) -> QuerySet[AgentJob]:
    jobs = AgentJob.objects.filter(_due_job(), universe=universe_id)
    wanted = ("agent_type", "output_data", "completed_at", "outcome")
    return jobs.only(*wanted).order_by("-created_at", "-pk")


def _store(known: KnownNames, rows: Sequence[Scene | AgentJob], finder: _Finder) -> bool:
    """Store what the texts name; return False if the names have changed since, or the universe is gone."""
    found = [finder.spans(text_of(row)) for row in rows]
    with transaction.atomic():
        locked = KnownNames.objects.select_for_update().filter(universe=known.universe_id)
        if not locked.filter(revision=known.revision).exists():
            return False
        ids = [row.pk for row in rows]
        ReadText.objects.filter(Q(scene__in=ids) | Q(job__in=ids)).delete()
        texts = ReadText.objects.bulk_create(_read_text(known.universe_id, row) for row in rows)
        living = set(Element.objects.living().filter(universe=known.universe_id).values_list("pk", flat=True))
        Naming.objects.bulk_create(
            (
                Naming(text=text, element_id=element_id, spans=spans)
                for text, named in zip(texts, found, strict=True)
                for element_id, spans in named.items()
                if element_id in living
            ),
            batch_size=1000,
        )
    return True


def _read_text(universe_id: uuid.UUID, row: Scene | AgentJob) -> ReadText:
    text = ReadText(universe_id=universe_id, text_id=row.pk)
    if isinstance(row, Scene):
        text.scene, text.seen_at = row, row.updated_at
    else:
        assert row.completed_at is not None
        text.job, text.seen_at, text.seen_outcome = row, row.completed_at, row.outcome
    return text


class _Finder:
    """The names of a universe: those of canon, as the checks know them, and with them those of drafts."""

    def __init__(self, names: Sequence[KnownName]) -> None:
        drafts = [name for name in names if name[2] != CanonStatus.CANON]
        canon = [name for name in names if name[2] == CanonStatus.CANON]
        # A draft that shares a part of its name with an entry of canon does not make that part ambiguous.
        self._finders = [
            (
                [uuid.UUID(pk) for pk, *_ in each],
                NameFinder([Named(name, kind == CHARACTER) for _, kind, _, name in each]),
            )
            for each in (canon, drafts)
            if each
        ]

    def spans(self, text: str) -> dict[uuid.UUID, list[list[int]]]:
        found: defaultdict[uuid.UUID, list[list[int]]] = defaultdict(list)
        for ids, finder in self._finders:
            for place in finder.places(text):
                found[ids[place.index]].append([place.start, place.end])
        return dict(found)
