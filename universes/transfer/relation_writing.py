"""Writes of an import's relations."""

from __future__ import annotations

import uuid

from universes import limits
from universes.choices import ChangeAction
from universes.models import Element, Relation
from universes.relations import clean_kind
from universes.services.relations import order_ends, relation_state
from universes.transfer.recording import BATCH, Recorder, instant
from universes.transfer.world import RelationDraft

_WEAK = "linked to"


class RelationWriter(Recorder):
    def _write_relations(self) -> None:
        there = list(Relation.objects.filter(universe=self.universe))
        stated = {(row.from_element_id, row.to_element_id, row.kind, row.since): row for row in there}
        pairs = {frozenset((row.from_element_id, row.to_element_id)) for row in there}
        added: list[Relation] = []
        # A mere link says nothing that another relation of the two does not say better.
        for draft in sorted(self.world.relations, key=lambda draft: clean_kind(draft.kind) == _WEAK):
            ends = self._ids.get(draft.from_key), self._ids.get(draft.to_key)
            relation = self._relation(draft, *ends)
            if relation is None:
                continue
            pair = frozenset((relation.from_element_id, relation.to_element_id))
            if relation.kind == _WEAK and pair in pairs:
                continue
            known = stated.get(
                (relation.from_element_id, relation.to_element_id, relation.kind, relation.since)
            )
            if draft.key:
                self._other_ids[draft.key] = relation.pk if known is None else known.pk
            if known is not None:
                self.skipped += 1
                if (known.until, known.note) != (relation.until, relation.note):
                    self._conflict(
                        draft.where, f"The relation {relation.kind} is there with other dates or notes."
                    )
                    self.skipped -= 1
                continue
            stated[relation.from_element_id, relation.to_element_id, relation.kind, relation.since] = relation
            pairs.add(pair)
            added.append(relation)
        Relation.objects.bulk_create(added, batch_size=BATCH)
        names = (
            dict(Element.objects.filter(universe=self.universe).values_list("pk", "name")) if added else {}
        )
        for relation in added:
            relation.from_element = Element(pk=relation.from_element_id, name=names[relation.from_element_id])
            relation.to_element = Element(pk=relation.to_element_id, name=names[relation.to_element_id])
            self._changes.append(self._change(relation.entry_kind, relation.pk, ChangeAction.ADDED))
            self._changes[-1].after = relation_state(relation)
        self._count("relation", len(added))

    def _relation(
        self, draft: RelationDraft, from_id: uuid.UUID | None, to_id: uuid.UUID | None
    ) -> Relation | None:
        report, kind = (
            self.world.report,
            clean_kind(draft.kind)[: limits.RELATION_KIND].strip() or "related to",
        )
        if from_id is None or to_id is None:
            why = f"A relation without its other element: {kind}. That one is not in this world."
            report.add("left out", draft.where, why)
            return None
        if from_id == to_id:
            report.add("left out", draft.where, f"A relation to itself: {kind}.")
            return None
        for name, limit in (
            ("since", limits.STORY_TIME),
            ("until", limits.STORY_TIME),
            ("note", limits.RELATION_NOTE),
        ):
            if len(getattr(draft, name)) > limit:
                report.add("cut", draft.where, f"{name} of {kind}: {getattr(draft, name)}")
        relation = Relation(
            universe=self.universe,
            kind=kind,
            from_element=Element(pk=from_id),
            to_element=Element(pk=to_id),
            since=" ".join(draft.since.split())[: limits.STORY_TIME],
            until=" ".join(draft.until.split())[: limits.STORY_TIME],
            note=" ".join(draft.note.split())[: limits.RELATION_NOTE],
            created_by=self.by,
            created_at=instant(draft.created_at) or self._now,
        )
        order_ends(relation)
        return relation
