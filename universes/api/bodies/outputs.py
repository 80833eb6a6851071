"""Serializers of response bodies."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from universes.api.bodies.compiled import CompiledOut
from universes.api.bodies.passport_outputs import WithPassport
from universes.api.parameters.light import LightRow
from universes.choices import ElementKind, MentionKind, Role, TrustedOutput
from universes.models import Element, Membership, Relation, Scene, WorldConfig
from universes.services.namesakes import looked_like


class UniverseOut(CompiledOut, serializers.ModelSerializer[Membership]):
    """A universe as its reader sees it."""

    id = serializers.UUIDField(source="universe.id")
    name = serializers.CharField(source="universe.name")
    slug = serializers.CharField(source="universe.slug")
    description = serializers.CharField(source="universe.description")
    owner = serializers.CharField(source="universe.owner.username")
    role = serializers.SerializerMethodField(
        help_text="The caller's role; `viewer` for those who may view every universe without being a member."
    )
    archived = serializers.BooleanField(source="universe.archived")
    trusted_output = serializers.ChoiceField(TrustedOutput.choices, source="universe.trusted_output")
    review_within_h = serializers.IntegerField(
        source="universe.review_within_h", allow_null=True, help_text="Null: the site's default."
    )
    opinions_wanted = serializers.IntegerField(source="universe.opinions_wanted")
    audit_share = serializers.FloatField(
        source="universe.audit_share", allow_null=True, help_text="Null: the site's default."
    )
    second_opinion = serializers.BooleanField(source="universe.second_opinion")
    recheck_on_save = serializers.BooleanField(source="universe.recheck_on_save")
    created_at = serializers.DateTimeField(source="universe.created_at")
    updated_at = serializers.DateTimeField(source="universe.updated_at")

    class Meta:
        model = Membership
        fields = [
            "id",
            "name",
            "slug",
            "description",
            "owner",
            "role",
            "archived",
            "trusted_output",
            "review_within_h",
            "opinions_wanted",
            "audit_share",
            "second_opinion",
            "recheck_on_save",
            "created_at",
            "updated_at",
        ]

    @extend_schema_field(serializers.ChoiceField(Role.choices))
    def get_role(self, membership: Membership) -> str:
        return Role.VIEWER if getattr(membership, "is_of_another", False) else membership.role


class MemberOut(CompiledOut, serializers.ModelSerializer[Membership]):
    user_id = serializers.IntegerField()
    username = serializers.CharField(source="user.username")

    class Meta:
        model = Membership
        fields = ["user_id", "username", "role", "created_at"]


class RuleOut(CompiledOut, serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()


class WorldRuleOut(RuleOut):
    position = serializers.IntegerField(help_text="Counted from 1.")


class WorldConfigOut(CompiledOut, serializers.ModelSerializer[WorldConfig]):
    universe_id = serializers.UUIDField()
    rules = RuleOut(source="universe.world_rules.all", many=True)

    class Meta:
        model = WorldConfig
        fields = [
            "universe_id",
            "genre",
            "tone",
            "tech_level",
            "magic_system",
            "physics",
            "rules",
            "updated_at",
        ]


class MentionOut(CompiledOut, serializers.Serializer[Any]):
    name = serializers.CharField()
    how = serializers.ChoiceField(MentionKind.choices)


class ElementOut(CompiledOut, WithPassport, serializers.ModelSerializer[Element]):
    _looked_like: dict[uuid.UUID, str] | None = None
    universe_id = serializers.UUIDField()
    traits = serializers.DictField()
    mentions = MentionOut(many=True)
    created_by = serializers.CharField(
        source="created_by.username",
        default=None,
        allow_null=True,
        help_text="Null if the review policy added it.",
    )

    looks_like = serializers.SerializerMethodField()

    class Meta(WithPassport.Meta):
        model = Element
        fields = [
            "id",
            "universe_id",
            "kind",
            "name",
            "looks_like",
            "summary",
            "traits",
            "mentions",
            "canon_status",
            "origin_ref",
            "passport",
            "created_by",
            "created_at",
            "updated_at",
        ]

    @extend_schema_field(
        serializers.CharField(
            allow_null=True,
            help_text="What readers may take the name for: its letters are of several alphabets, or another element "
            "has this name in Latin letters.",
        )
    )
    def get_looks_like(self, element: Element) -> str | None:
        if self._looked_like is None:
            self._looked_like = looked_like(getattr(self, "entries", [element]))
        return self._looked_like.get(element.pk)


class SceneOut(CompiledOut, WithPassport, serializers.ModelSerializer[Scene]):
    universe_id = serializers.UUIDField()
    details = serializers.DictField(
        help_text="What its kind has besides the text: `shots`, `camera` and `mood` of a `video_prompt`."
    )
    mentions = MentionOut(many=True)
    created_by = serializers.CharField(
        source="created_by.username",
        default=None,
        allow_null=True,
        help_text="Null if the review policy added it.",
    )

    class Meta(WithPassport.Meta):
        model = Scene
        fields = [
            "id",
            "universe_id",
            "title",
            "kind",
            "text",
            "details",
            "word_count",
            "story_position",
            "mentions",
            "canon_status",
            "origin_ref",
            "passport",
            "created_by",
            "created_at",
            "updated_at",
        ]


class SceneRowOut(LightRow, SceneOut):
    """A scene in a list."""

    parts: ClassVar = {"text": "text", "details": "details"}
    text = serializers.CharField(required=False, help_text="Only with `include=text`.")
    details = serializers.DictField(required=False, help_text="Only with `include=details`.")


class ElementNameOut(CompiledOut, serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(ElementKind.choices)
    name = serializers.CharField()


class RelationOut(CompiledOut, serializers.ModelSerializer[Relation]):
    universe_id = serializers.UUIDField()
    from_element = ElementNameOut()
    to_element = ElementNameOut()
    is_symmetric = serializers.BooleanField(help_text="It holds in both directions, and has none.")
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)

    class Meta:
        model = Relation
        fields = [
            "id",
            "universe_id",
            "kind",
            "from_element",
            "to_element",
            "is_symmetric",
            "since",
            "until",
            "note",
            "created_by",
            "created_at",
            "updated_at",
        ]
