"""Writes of an import to the timeline."""

from __future__ import annotations

import uuid

from universes import limits
from universes.choices import ChangeAction, EntryKind
from universes.models import Element, Scene, SceneMoment, StoryEvent
from universes.services.timeline import MAX_EVENTS, MAX_PARTICIPANTS, PARTICIPANTS, event_state
from universes.transfer.recording import BATCH, Recorder, instant
from universes.transfer.world import EventDraft


class TimelineWriter(Recorder):
    def _write_timeline(self) -> None:
        self._write_events()
        self._write_moments()

    def _write_events(self) -> None:
        if not self.world.events:
            return
        there = StoryEvent.objects.filter(universe=self.universe).prefetch_related(PARTICIPANTS)
        stored = {(row.kind, row.title, row.key, row.label): row for row in there.select_related("place")}
        elements = {row.pk: row for row in Element.objects.filter(universe=self.universe).only("name")}
        added: dict[uuid.UUID, tuple[StoryEvent, list[Element]]] = {}
        for draft in self.world.events:
            event = self._event(draft, elements)
            members = self._participants(draft, elements)
            known = stored.get((event.kind, event.title, event.key, event.label))
            if known is not None:
                self._other_ids[draft.id] = known.pk
                self._meet_event(draft, event, members, known)
            elif len(stored) + len(added) >= MAX_EVENTS:
                why = f"The timeline has {MAX_EVENTS} events, the most it can have."
                self.world.report.add("left out", event.title, why)
            else:
                self._other_ids[draft.id] = event.pk
                added[event.pk] = event, members
        StoryEvent.objects.bulk_create((event for event, _ in added.values()), batch_size=BATCH)
        through = StoryEvent.participants.through
        through._default_manager.bulk_create(
            [
                through(storyevent_id=event.pk, element_id=element.pk)
                for event, members in added.values()
                for element in members
            ],
            batch_size=BATCH,
        )
        made = StoryEvent.objects.filter(universe=self.universe, pk__in=list(added))
        for event in made.select_related("place").prefetch_related(PARTICIPANTS):
            change = self._change(EntryKind.EVENT, event.pk, ChangeAction.ADDED)
            change.after = event_state(event)
            self._changes.append(change)
        self._count("event of the timeline", len(added))

    def _meet_event(
        self, draft: EventDraft, event: StoryEvent, members: list[Element], known: StoryEvent
    ) -> None:
        same = (known.note, known.place_id) == (event.note, event.place_id)
        if same and {row.pk for row in known.participants.all()} == {row.pk for row in members}:
            self.skipped += 1
        else:
            self._conflict(draft.title, "The event is there with another place, note or other participants.")

    def _event(self, draft: EventDraft, elements: dict[uuid.UUID, Element]) -> StoryEvent:
        label = " ".join(draft.label.split()) or str(draft.key)
        event = StoryEvent(
            universe=self.universe,
            kind=draft.kind,
            title=" ".join(draft.title.split()) or "Untitled",
            key=draft.key,
            label=label[: limits.STORY_TIME],
            note=draft.note.strip(),
            created_at=instant(draft.created_at) or self._now,
        )
        if draft.place_key is not None:
            event.place = elements.get(self._ids.get(draft.place_key, event.pk))
            if event.place is None:
                self.world.report.add("left out", event.title, "Its place, which is not in this world.")
        return event

    def _participants(self, draft: EventDraft, elements: dict[uuid.UUID, Element]) -> list[Element]:
        ids = [self._ids.get(key) for key in draft.participant_keys]
        found = [elements[pk] for pk in dict.fromkeys(ids) if pk in elements]
        if gone := sum(pk not in elements for pk in ids):
            why = f"{gone} of those who take part, who are not in this world."
            self.world.report.add("left out", draft.title, why)
        if len(found) > MAX_PARTICIPANTS:
            why = f"Of {len(found)} who take part, {MAX_PARTICIPANTS} fit."
            self.world.report.add("cut", draft.title, why)
        return found[:MAX_PARTICIPANTS]

    def _write_moments(self) -> None:
        if not self.world.moments:
            return
        scenes = {row.pk: row for row in Scene.objects.filter(universe=self.universe).only("title")}
        placed = {row.scene_id: row for row in SceneMoment.objects.filter(scene__universe=self.universe)}
        added: list[SceneMoment] = []
        for draft in self.world.moments:
            scene = scenes.get(self._ids.get(draft.scene_key, self.universe.pk))
            label = " ".join(draft.label.split()) or str(draft.key)
            if scene is None:
                self.world.report.add("left out", draft.where, "A moment of a scene that is not here.")
            elif (known := placed.get(scene.pk)) is None:
                moment = placed[scene.pk] = SceneMoment(scene=scene, key=draft.key, label=label)
                added.append(moment)
                change = self._change(EntryKind.MOMENT, scene.pk, ChangeAction.ADDED)
                change.after = {"title": scene.title, "key": moment.key, "label": moment.label}
                self._changes.append(change)
            elif (known.key, known.label) == (draft.key, label):
                self.skipped += 1
            else:
                self._conflict(draft.where, "The scene has another moment here; it was kept.")
        SceneMoment.objects.bulk_create(added, batch_size=BATCH)
        self._count("moment", len(added))
