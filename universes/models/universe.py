"""A universe and its members."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from universes import limits
from universes.choices import Role, TrustedOutput
from universes.ids import new_id


class UniverseQuerySet(models.QuerySet["Universe"]):
    def visible_to(self, user: User) -> Self:
        """Filter by membership in any role."""
        return self.filter(memberships__user=user)


class Universe(models.Model):
    """A world in which stories are set. An archived universe is read-only.

    The owner also has a membership with the role owner; ``universes.services.universes`` keeps both in step.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="owned_universes",
        help_text="May archive, delete and share the universe.",
    )
    name = models.CharField(max_length=limits.NAME)
    slug = models.SlugField(
        max_length=limits.SLUG,
        allow_unicode=True,
        db_index=False,
        editable=False,
        help_text="Made from the first name and kept when the name changes.",
    )
    description = models.TextField(blank=True, default="", max_length=limits.DESCRIPTION)
    archived = models.BooleanField(
        default=False, help_text="Read-only: nothing in it can be added or changed."
    )
    trusted_output = models.CharField(
        max_length=10,
        choices=TrustedOutput.choices,
        default=TrustedOutput.DRAFT,
        help_text="Where trusted agent output goes.",
    )
    review_within_h = models.PositiveSmallIntegerField(
        "review within (hours)",
        null=True,
        blank=True,
        help_text="Hours until an open review is overdue. Empty: the site's default.",
    )
    opinions_wanted = models.PositiveSmallIntegerField(
        "independent reviews",
        default=1,
        help_text="Independent reviews per output, 1 to 3. A lead settles disagreements.",
    )
    audit_share = models.FloatField(
        "share audited",
        null=True,
        blank=True,
        help_text="Share of trusted output that is reviewed anyway, 0 to 1. Empty: the site's default.",
    )
    second_opinion = models.BooleanField(
        default=False,
        help_text="The consistency agent checks each scene and place before its confidence is computed.",
    )
    recheck_on_save = models.BooleanField(
        "re-check on saving",
        default=False,
        db_default=False,
        help_text="Canon scenes are checked again whenever the world or a scene changes.",
    )
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("changed", auto_now=True)

    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="universes.Membership", related_name="universes"
    )

    objects = UniverseQuerySet.as_manager()

    class Meta:
        db_table = "universes"
        constraints = [
            models.UniqueConstraint(fields=["owner", "slug"], name="universe_slug_once_per_owner"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(slug=""), name="universe_is_named"),
            models.CheckConstraint(
                condition=Q(trusted_output__in=TrustedOutput.values), name="universe_trusted_output_known"
            ),
            models.CheckConstraint(
                condition=Q(review_within_h__isnull=True)
                | Q(review_within_h__gte=1, review_within_h__lte=limits.REVIEW_WITHIN_H),
                name="universe_review_within_range",
            ),
            models.CheckConstraint(
                condition=Q(opinions_wanted__gte=1, opinions_wanted__lte=limits.OPINIONS),
                name="universe_opinions_range",
            ),
            models.CheckConstraint(
                condition=Q(audit_share__isnull=True) | Q(audit_share__gte=0, audit_share__lte=1),
                name="universe_audit_share_range",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="universe_newest")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Role of a user in a universe."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    universe = models.ForeignKey(Universe, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="universe_memberships"
    )
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "universe_members"
        verbose_name = "member"
        constraints = [
            models.UniqueConstraint(fields=["universe", "user"], name="member_once_per_universe"),
            models.UniqueConstraint(
                fields=["universe"], condition=Q(role=Role.OWNER), name="member_one_owner"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="member_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"
