"""Serializers of request bodies."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from universes import limits
from universes.api.bodies.strict import (
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictFloatField,
    StrictIntegerField,
    StrictSerializer,
    StrictUUIDField,
)
from universes.choices import CanonStatus, ElementKind, MentionKind, Role, TrustedOutput
from universes.services.rules import RuleInput

FIRST_STATUSES = [(status.value, status.label) for status in (CanonStatus.DRAFT, CanonStatus.CANON)]
MEMBER_ROLES = [(role.value, role.label) for role in (Role.EDITOR, Role.VIEWER)]


class ReviewSettingsIn(StrictSerializer):
    """Review settings of a universe; only the owner may set them."""

    review_within_h = StrictIntegerField(
        min_value=1,
        max_value=limits.REVIEW_WITHIN_H,
        allow_null=True,
        required=False,
        help_text="Hours until an open review is overdue; null: the site's default.",
    )
    opinions_wanted = StrictIntegerField(
        min_value=1,
        max_value=limits.OPINIONS,
        required=False,
        help_text="Independent reviews per output; a lead reviewer settles disagreements.",
    )
    audit_share = StrictFloatField(
        min_value=0,
        max_value=1,
        allow_null=True,
        required=False,
        help_text="Share of trusted output that is reviewed anyway, 0 to 1; null: the site's default.",
    )
    second_opinion = StrictBooleanField(
        required=False,
        help_text="Have the consistency agent check each scene and place before its confidence is computed.",
    )
    recheck_on_save = StrictBooleanField(
        required=False,
        help_text="Check the canon scenes again whenever the world or a scene changes.",
    )


class UniverseIn(ReviewSettingsIn):
    name = StrictCharField(max_length=limits.NAME)
    description = StrictCharField(max_length=limits.DESCRIPTION, allow_blank=True, required=False)
    trusted_output = StrictChoiceField(TrustedOutput.choices, required=False)


class UniverseChange(ReviewSettingsIn):
    name = StrictCharField(max_length=limits.NAME)
    description = StrictCharField(max_length=limits.DESCRIPTION, allow_blank=True)
    trusted_output = StrictChoiceField(TrustedOutput.choices, help_text="Only the owner may change it.")
    archived = StrictBooleanField(
        help_text="An archived universe is read-only. Only the owner may change it."
    )


class MemberIn(StrictSerializer):
    username = StrictCharField(max_length=150)
    role = StrictChoiceField(MEMBER_ROLES)


class MemberChange(StrictSerializer):
    role = StrictChoiceField(MEMBER_ROLES)


class OwnerIn(StrictSerializer):
    user_id = StrictIntegerField(min_value=1, max_value=2**63 - 1, help_text="A member.")


class RuleIn(StrictSerializer):
    id = StrictUUIDField(
        required=False, help_text="Id of an existing rule, which keeps it when its text changes."
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
    """A rule, given as its text or as ``{"id", "text"}``."""

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
    """World config: PUT takes all fields, PATCH some of them."""

    genre = StrictCharField(max_length=limits.WORLD_LABEL, allow_blank=True)
    tone = StrictCharField(max_length=limits.WORLD_LABEL, allow_blank=True)
    tech_level = StrictCharField(max_length=limits.WORLD_LABEL, allow_blank=True)
    magic_system = StrictCharField(max_length=limits.WORLD_TEXT, allow_blank=True)
    physics = StrictCharField(max_length=limits.WORLD_TEXT, allow_blank=True)
    rules = serializers.ListField(
        child=RuleField(), max_length=limits.RULES, help_text="The complete list, in order."
    )


class WorldRuleIn(StrictSerializer):
    text = StrictCharField(max_length=limits.RULE_TEXT)
    position = StrictIntegerField(
        required=False,
        min_value=1,
        max_value=limits.RULES,
        help_text="Counted from 1. Without it, a new rule comes last.",
    )


class MentionIn(StrictSerializer):
    name = StrictCharField(max_length=limits.NAME)
    how = StrictChoiceField(
        MentionKind.choices,
        help_text="The text speaks of them after their death, at an earlier time, or as a story tells it.",
    )


def mentions_field(**options: Any) -> serializers.ListField:
    """Build the field for characters of whom a text only speaks."""
    return serializers.ListField(
        child=MentionIn(),
        max_length=limits.MENTIONS,
        help_text="Characters of whom the text only speaks, each once. Facts about the present do not apply to them.",
        **options,
    )


class ElementIn(StrictSerializer):
    kind = StrictChoiceField(ElementKind.choices)
    name = StrictCharField(max_length=limits.NAME)
    summary = StrictCharField(max_length=limits.SUMMARY, allow_blank=True, required=False)
    traits = serializers.DictField(
        required=False, help_text="Typed keys depend on the kind; any other key holds a text."
    )
    mentions = mentions_field(required=False)
    canon_status = StrictChoiceField(FIRST_STATUSES, default=CanonStatus.DRAFT.value)


class ElementChange(StrictSerializer):
    name = StrictCharField(max_length=limits.NAME)
    summary = StrictCharField(max_length=limits.SUMMARY, allow_blank=True)
    traits = serializers.DictField(help_text="Replaces all traits.")
    mentions = mentions_field()
    canon_status = StrictChoiceField(CanonStatus.choices)


class SceneIn(StrictSerializer):
    title = StrictCharField(max_length=limits.NAME)
    text = StrictCharField(max_length=limits.SCENE_TEXT)
    mentions = mentions_field(required=False)
    canon_status = StrictChoiceField(FIRST_STATUSES, default=CanonStatus.DRAFT.value)


class SceneChange(StrictSerializer):
    title = StrictCharField(max_length=limits.NAME)
    text = StrictCharField(max_length=limits.SCENE_TEXT)
    mentions = mentions_field()
    canon_status = StrictChoiceField(CanonStatus.choices)
    after = StrictUUIDField(
        allow_null=True,
        help_text="The scene that it comes behind in the order of the story; null puts it before all others.",
    )


class RelationChange(StrictSerializer):
    kind = StrictCharField(
        max_length=limits.RELATION_KIND,
        help_text="What the first element is to the second, such as `sister`, `member` or `located in`.",
    )
    since = StrictCharField(
        max_length=limits.STORY_TIME,
        allow_blank=True,
        required=False,
        help_text="A date in the world's own words.",
    )
    until = StrictCharField(max_length=limits.STORY_TIME, allow_blank=True, required=False)
    note = StrictCharField(max_length=limits.RELATION_NOTE, allow_blank=True, required=False)


class RelationIn(RelationChange):
    from_element = StrictUUIDField()
    to_element = StrictUUIDField()
