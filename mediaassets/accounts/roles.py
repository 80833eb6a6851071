"""Roles of people on this site: each is a group, and opens the admin.

Everybody is a creator, with or without another role: they own universes, submit jobs and read their own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.db import transaction

from agents.review import leaving

ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class SiteRole:
    """A role; ``group`` is None for administrators, who are superusers."""

    code: str
    name: str
    may: str
    group: str | None


ROLES = (
    SiteRole(
        "reviewer",
        "Reviewer",
        "Decides items of the review queue, and reads the jobs and worlds behind them.",
        "Reviewers",
    ),
    SiteRole(
        "lead",
        "Lead",
        "Does what reviewers do; also settles disagreements, sees the metrics of each reviewer, and manages gold "
        "items and self-review.",
        "Lead reviewers",
    ),
    SiteRole(
        "operator",
        "Operator",
        "Keeps the site running: retries and cancels jobs, manages schedules, budgets, prices, language models and "
        "periodic tasks, revokes API keys, and switches webhooks. Cannot decide reviews.",
        "Operators",
    ),
    SiteRole(ADMINISTRATOR, "Administrator", "May do everything, including adding people.", None),
)
CREATOR_MAY = "Everybody may create universes, ask agents for texts in them and read their own jobs."
ROLE_GROUPS = tuple(role.group for role in ROLES if role.group is not None)


def roles_of(user: User) -> list[SiteRole]:
    """Return the roles of a person, without the one that everybody has."""
    groups = {group.name for group in user.groups.all()}
    return [role for role in ROLES if (user.is_superuser if role.group is None else role.group in groups)]


def set_roles(user: User, codes: Collection[str]) -> None:
    """Give a person exactly these roles, and open the admin to them if there is anything for them to see.

    Other groups and single permissions stay, and open the admin as well.
    """
    chosen = [role for role in ROLES if role.code in codes]
    with transaction.atomic():
        user.groups.remove(*Group.objects.filter(name__in=ROLE_GROUPS))
        user.groups.add(*Group.objects.filter(name__in=[role.group for role in chosen if role.group]))
        user.is_superuser = any(role.group is None for role in chosen)
        user.is_staff = bool(chosen) or user.groups.exists() or user.user_permissions.exists()
        user.save(update_fields=["is_superuser", "is_staff"])
        # Read anew, because permissions are remembered on the object.
        leaving.give_back(User.objects.get(pk=user.pk))


def is_last_administrator(user: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return user.is_superuser and user.is_active and not others.exists()
