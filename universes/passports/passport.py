"""The facts of a passport, and the rules that derive them from what made a text and who read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings

from universes.choices import Disclosure, DisclosureBasis
from universes.passports.machines import Machine, Reading

_VOCABULARY: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
DIGITAL_CREATION: Final = f"{_VOCABULARY}digitalCreation"
TRAINED_ALGORITHMIC_MEDIA: Final = f"{_VOCABULARY}trainedAlgorithmicMedia"
COMPOSITE_SYNTHETIC: Final = f"{_VOCABULARY}compositeSynthetic"
# For the mock, which was trained on nothing.
ALGORITHMIC_MEDIA: Final = f"{_VOCABULARY}algorithmicMedia"
COMPOSITE: Final = f"{_VOCABULARY}composite"


@dataclass(frozen=True, slots=True)
class Passport:
    """The origin of a text. ``is_edited``: it has parts by a person and parts by a machine."""

    disclosure: Disclosure
    basis: DisclosureBasis
    machines: tuple[Machine, ...] = ()
    is_edited: bool = False
    reading: Reading | None = None

    @property
    def source_type(self) -> str:
        """The term of the IPTC's vocabulary of digital source types."""
        if not self.machines:
            return DIGITAL_CREATION
        if all(machine.is_mock for machine in self.machines):
            return COMPOSITE if self.is_edited else ALGORITHMIC_MEDIA
        return COMPOSITE_SYNTHETIC if self.is_edited else TRAINED_ALGORITHMIC_MEDIA

    @property
    def sentence(self) -> str:
        """The passport in words, for pages and books."""
        declared = self.basis == DisclosureBasis.DECLARED
        if not self.machines:
            return "Imported; declared as written by people." if declared else "Written by people."
        names = [
            "the built-in mock (no language model)"
            if machine.is_mock
            else machine.model or "a language model"
            for machine in self.machines
        ]
        written = f"Written by {' and '.join(dict.fromkeys(names))}."
        how = "Edited by a person." if self.is_edited else "Approved by a person."
        read = how if self.disclosure == Disclosure.AI_ASSISTED else "Not read by a person yet."
        return f"{written} {read}" + (" As declared by its import." if declared else "")

    def as_dict(self) -> dict[str, Any]:
        reading = self.reading
        return {
            "disclosure": str(self.disclosure),
            "sentence": self.sentence,
            "basis": str(self.basis),
            "digital_source_type": self.source_type,
            "is_edited": self.is_edited,
            "made_by": [
                {
                    "model": machine.model or None,
                    "provider": machine.provider or None,
                    "is_mock": machine.is_mock,
                    "prompt_hash": machine.prompt_hash or None,
                    "made_at": instant(machine.made_at),
                    "receipt_url": machine.receipt_url or None,
                }
                for machine in self.machines
            ],
            "reviewer_role": reading.role if reading else None,
            "reviewer": reading.by if reading and settings.PASSPORT_NAMES_REVIEWERS else None,
            "reviewed_at": instant(reading.at) if reading else None,
        }


def made_here(machines: Sequence[Machine], readings: Sequence[Reading], *, has_edits: bool) -> Passport:
    """Return the passport of a text that was written on this site.

    ``readings`` are those of the entry; the machines have their own. ``has_edits``: a person's words are in it.
    """
    return _derived(tuple(machines), readings, has_edits, DisclosureBasis.RECORDED, Disclosure.AI_AUTONOMOUS)


def imported(
    declared: Mapping[str, Any],
    machines: Sequence[Machine],
    readings: Sequence[Reading],
    *,
    has_edits: bool,
) -> Passport:
    """Return the passport of a text that came in a file, which is believed but not known to be right."""
    unread = Disclosure(declared.get("disclosure") or Disclosure.HUMAN_ONLY)
    told = tuple(machines)
    if unread != Disclosure.HUMAN_ONLY:
        was_edited = bool(declared.get("is_edited"))
        makers = declared.get("made_by") or [{}]
        told = (*(_declared_machine(maker) for maker in makers), *told)
        return _derived(told, readings, has_edits or was_edited, DisclosureBasis.DECLARED, unread)
    # Words that came in the file count as a person's, as it says.
    return _derived(told, readings, bool(told), DisclosureBasis.DECLARED, Disclosure.AI_AUTONOMOUS)


def _derived(
    machines: tuple[Machine, ...],
    readings: Sequence[Reading],
    has_edits: bool,
    basis: DisclosureBasis,
    unread: Disclosure,
) -> Passport:
    if not machines:
        return Passport(Disclosure.HUMAN_ONLY, basis)
    own = [machine.reading for machine in machines if machine.reading]
    # The machine's text counts as read only if each machine's part was.
    is_read = bool(readings) or len(own) == len(machines)
    newest = max(
        [*own, *readings], key=lambda reading: reading.at or datetime.min.replace(tzinfo=UTC), default=None
    )
    return Passport(
        Disclosure.AI_ASSISTED if is_read else unread,
        basis,
        machines,
        is_edited=has_edits or any(reading.is_edit for reading in own),
        reading=newest if is_read else None,
    )


def _declared_machine(maker: Mapping[str, Any]) -> Machine:
    return Machine(
        model=str(maker.get("model") or ""),
        provider=str(maker.get("provider") or ""),
        is_mock=bool(maker.get("is_mock")),
        prompt_hash=str(maker.get("prompt_hash") or ""),
    )


def instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
