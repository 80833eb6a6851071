"""Bodies of requests of reviewers: decisions, hand-overs, comments."""

from __future__ import annotations

from rest_framework import serializers

from agents.choices import Verdict
from agents.review import notes
from universes.api.bodies.strict import (
    StrictCharField,
    StrictChoiceField,
    StrictSerializer,
    StrictUUIDField,
)


class SkipIn(StrictSerializer):
    reason = StrictCharField(required=False, allow_blank=True, max_length=notes.MAX_NOTE_CHARS)


class HandIn(StrictSerializer):
    to = StrictCharField(max_length=150, help_text="The username of another reviewer.")
    note = StrictCharField(required=False, allow_blank=True, max_length=notes.MAX_NOTE_CHARS)


class DecisionIn(StrictSerializer):
    verdict = StrictChoiceField(choices=Verdict.choices)
    note = StrictCharField(
        required=False,
        allow_blank=True,
        max_length=notes.MAX_NOTE_CHARS,
        help_text="Required to ask again (what to do differently), and to reject without a reason code.",
    )
    reason = StrictCharField(
        required=False,
        allow_blank=True,
        max_length=50,
        help_text="With `rejected`: the code of a reject reason.",
    )
    merge_into = StrictUUIDField(
        required=False,
        help_text="To accept a place whose name another entry has (`name_taken` of the item): the id of that entry, "
        "which takes the description.",
    )
    output = serializers.DictField(
        required=False, help_text="With the verdict `edited`: the complete edited output."
    )


class IntentionalIn(StrictSerializer):
    reason = StrictCharField(required=False, allow_blank=True, max_length=notes.MAX_NOTE_CHARS)


class CommentIn(StrictSerializer):
    text = StrictCharField(
        max_length=notes.MAX_NOTE_CHARS, help_text="Reviewers mentioned as @username are notified."
    )
