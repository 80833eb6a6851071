"""What clients may send."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from universes import limits
from universes.api.strict import (
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictFloatField,
    StrictIntegerField,
    StrictSerializer,
    StrictUUIDField,
)
from universes.choices import CanonStatus, ElementKind, Role, TrustedOutput
from universes.services.universes import RuleInput

FIRST_STATUSES = [(status.value, status.label) for status in (CanonStatus.DRAFT, CanonStatus.CANON)]
MEMBER_ROLES = [(role.value, role.label) for role in (Role.EDITOR, Role.VIEWER)]


class ReviewSettingsIn(StrictSerializer):
    """How agent output is reviewed; the owner's to set."""

    review_within_h = StrictIntegerField(
        min_value=1,
        max_value=limits.REVIEW_WITHIN_H,
        allow_null=True,
        required=False,
        help_text="Hours after which output that waits for review is overdue; null: as the site has it.",
    )
    opinions_wanted = StrictIntegerField(
        min_value=1,
        max_value=limits.OPINIONS,
        required=False,
        help_text="How many reviewers decide on each output; a lead settles what they disagree on.",
    )
    audit_share = StrictFloatField(
        min_value=0,
        max_value=1,
        allow_null=True,
        required=False,
        help_text="Share of trusted output that is reviewed all the same; null: as the site has it.",
    )
    second_opinion = StrictBooleanField(
        required=False,
        help_text="Let the consistency agent check each scene and place before its confidence is worked out.",
    )


class UniverseIn(ReviewSettingsIn):
    name = StrictCharField(max_length=limits.NAME)
    description = StrictCharField(max_length=limits.DESCRIPTION, allow_blank=True, required=False)
    trusted_output = StrictChoiceField(TrustedOutput.choices, required=False)


class UniverseChange(ReviewSettingsIn):
    name = StrictCharField(max_length=limits.NAME)
    description = StrictCharField(max_length=limits.DESCRIPTION, allow_blank=True)
    trusted_output = StrictChoiceField(TrustedOutput.choices, help_text="The owner's to change.")
    archived = StrictBooleanField(help_text="The owner's to change. An archived universe is read-only.")


class MemberIn(StrictSerializer):
    username = StrictCharField(max_length=150)
    role = StrictChoiceField(MEMBER_ROLES)


class MemberChange(StrictSerializer):
    role = StrictChoiceField(MEMBER_ROLES)


class RuleIn(StrictSerializer):
    id = StrictUUIDField(
        required=False, help_text="A rule that is there, to keep its id when its text changes."
    )
    text = StrictCharField(max_length=limits.RULE_TEXT)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "maxLength": limits.RULE_TEXT},
            {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "text": {"type": "string", "maxLength": limits.RULE_TEXT},
                },
                "required": ["text"],
                "additionalProperties": False,
            },
        ]
    }
)
class RuleField(serializers.Field[RuleInput, Any, Any, Any]):
    """A rule as its text alone, or as ``{"id", "text"}``."""

    def to_internal_value(self, data: Any) -> RuleInput:
        if isinstance(data, str):
            text: str = StrictCharField(max_length=limits.RULE_TEXT).run_validation(data)
            return RuleInput(text=text)
        if not isinstance(data, dict):
            raise ValidationError("A rule is a text, or an object with a text.", "invalid")
        rule = RuleIn(data=data)
        rule.is_valid(raise_exception=True)
        return RuleInput(**rule.validated_data)

    def to_representation(self, value: RuleInput) -> Any:
        return {"id": value.id, "text": value.text}


class WorldConfigIn(StrictSerializer):
    """With PUT, what is left out is emptied."""

    genre = StrictCharField(max_length=limits.WORLD_LABEL, allow_blank=True, default="")
    tone = StrictCharField(max_length=limits.WORLD_LABEL, allow_blank=True, default="")
    tech_level = StrictCharField(max_length=limits.WORLD_LABEL, allow_blank=True, default="")
    magic_system = StrictCharField(max_length=limits.WORLD_TEXT, allow_blank=True, default="")
    physics = StrictCharField(max_length=limits.WORLD_TEXT, allow_blank=True, default="")
    rules = serializers.ListField(
        child=RuleField(), max_length=limits.RULES, default=list, help_text="All of them, in order."
    )


class ElementIn(StrictSerializer):
    kind = StrictChoiceField(ElementKind.choices)
    name = StrictCharField(max_length=limits.NAME)
    summary = StrictCharField(max_length=limits.SUMMARY, allow_blank=True, required=False)
    traits = serializers.DictField(
        required=False, help_text="Known keys depend on the kind; others hold texts."
    )
    canon_status = StrictChoiceField(FIRST_STATUSES, default=CanonStatus.DRAFT.value)


class ElementChange(StrictSerializer):
    name = StrictCharField(max_length=limits.NAME)
    summary = StrictCharField(max_length=limits.SUMMARY, allow_blank=True)
    traits = serializers.DictField(help_text="Replaces all traits.")
    canon_status = StrictChoiceField(CanonStatus.choices)


class SceneIn(StrictSerializer):
    title = StrictCharField(max_length=limits.NAME)
    text = StrictCharField(max_length=limits.SCENE_TEXT)
    canon_status = StrictChoiceField(FIRST_STATUSES, default=CanonStatus.DRAFT.value)


class SceneChange(StrictSerializer):
    title = StrictCharField(max_length=limits.NAME)
    text = StrictCharField(max_length=limits.SCENE_TEXT)
    canon_status = StrictChoiceField(CanonStatus.choices)
