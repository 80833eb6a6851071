"""Sources of contradictions: the rule, element or field of a world that a finding cites, with its page."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from agents.worlds.moments import TIMELINE
from studio.jobs.asking import parsed_id
from universes.models import Element, Universe, WorldRule


@dataclass(frozen=True, slots=True)
class Source:
    label: str
    address: str = ""


def sources_of(universe: Universe, ids: Iterable[str]) -> dict[str, Source]:
    """Return the sources by their ids, in two queries; one that is gone has no page."""
    wanted = {raw: parsed_id(raw) for raw in ids}
    keys = [pk for pk in wanted.values() if pk is not None]
    world = reverse("studio:world", args=[universe.pk])
    rules = set(WorldRule.objects.filter(universe=universe, pk__in=keys).values_list("pk", flat=True))
    names = dict(Element.objects.filter(universe=universe, pk__in=keys).values_list("pk", "name"))

    def source(raw: str, pk: uuid.UUID | None) -> Source:
        if pk in rules:
            return Source("a rule", f"{world}#source-{pk}")
        if pk is not None and pk in names:
            return Source(names[pk], reverse("studio:element", args=[universe.pk, pk]))
        if pk is not None:
            return Source("no longer in the world")
        if raw.startswith(TIMELINE):
            return Source("the timeline", reverse("studio:timeline", args=[universe.pk]))
        # A rule that is not stored yet has a reference such as r3.
        is_new_rule = raw[:1] == "r" and raw[1:].isdecimal()
        return Source("the new rule") if is_new_rule else Source(raw.replace("_", " "), world)

    return {raw: source(raw, pk) for raw, pk in wanted.items()}
