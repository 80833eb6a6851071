"""Universes: create, update, share and delete them, and edit their world config."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any, Literal

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from universes import limits
from universes.choices import Role, TrustedOutput
from universes.errors import Busy, Conflict, NotFound
from universes.models import Membership, Universe, WorldConfig
from universes.services.history.world_steps import world_step
from universes.services.locks import lock_universe, lock_writable_universe, refuse_archived
from universes.services.rules import RuleInput, replace_rules
from universes.services.validation import check_range, clean_line, clean_text

# Concurrent requests may compute the same slug; each loser retries with the next number.
_MAX_SLUG_ATTEMPTS = 20


class Keep(Enum):
    """Default of arguments for which ``None`` is a value of its own."""

    AS_IS = "as it is"


def create_universe(
    owner: User,
    *,
    name: str,
    description: str = "",
    trusted_output: TrustedOutput = TrustedOutput.DRAFT,
    review_within_h: int | None = None,
    opinions_wanted: int = 1,
    audit_share: float | None = None,
    second_opinion: bool = False,
    recheck_on_save: bool = False,
) -> Universe:
    """Create a universe with its owner as member and an empty world config.

    The slug is made from the name, with a number appended if the owner has that slug already. Raises ``Invalid``.
    """
    name = clean_line(name, "/name")
    description = clean_text(description.strip(), "/description", limit=limits.DESCRIPTION)
    review = _review_settings(review_within_h, opinions_wanted, audit_share)
    for _ in range(_MAX_SLUG_ATTEMPTS):
        try:
            with transaction.atomic():
                universe = Universe.objects.create(
                    owner=owner,
                    name=name,
                    slug=free_slug(owner, name),
                    description=description,
                    trusted_output=trusted_output,
                    second_opinion=second_opinion,
                    recheck_on_save=recheck_on_save,
                    **review,
                )
                Membership.objects.create(universe=universe, user=owner, role=Role.OWNER)
                WorldConfig.objects.create(universe=universe)
                return universe
        except IntegrityError:
            # Another request took the slug between the read and the write.
            continue
    raise Busy(f"Too many universes called “{name}” are being made at once. Try again.", code="slug_taken")


def update_universe(
    universe: Universe,
    *,
    name: str | None = None,
    description: str | None = None,
    trusted_output: TrustedOutput | None = None,
    review_within_h: int | Literal[Keep.AS_IS] | None = Keep.AS_IS,
    opinions_wanted: int | None = None,
    audit_share: float | Literal[Keep.AS_IS] | None = Keep.AS_IS,
    second_opinion: bool | None = None,
    recheck_on_save: bool | None = None,
    archived: bool | None = None,
) -> Universe:
    """Change the given fields; the slug stays. An archived universe can only be changed by reopening it.

    ``None`` for ``review_within_h`` and ``audit_share`` resets them to the site's default.
    Raises ``Invalid``, ``Conflict`` ``universe_archived``.
    """
    with transaction.atomic():
        locked = lock_universe(universe.pk, to_close=archived is not None)
        changed: dict[str, object] = {}
        if name is not None:
            changed["name"] = clean_line(name, "/name")
        if description is not None:
            changed["description"] = clean_text(description.strip(), "/description", limit=limits.DESCRIPTION)
        given = {
            "trusted_output": trusted_output,
            "second_opinion": second_opinion,
            "recheck_on_save": recheck_on_save,
        }
        changed |= {field: value for field, value in given.items() if value is not None}
        changed |= _review_settings(
            review_within_h, Keep.AS_IS if opinions_wanted is None else opinions_wanted, audit_share
        )
        changed = {field: value for field, value in changed.items() if getattr(locked, field) != value}
        if changed and archived is not False:
            refuse_archived(locked)
        if archived is not None and archived != locked.archived:
            changed["archived"] = archived
        for field, value in changed.items():
            setattr(locked, field, value)
        if changed:
            locked.save(update_fields=[*changed, "updated_at"])
        return locked


def archive(universe: Universe) -> Universe:
    """Make a universe read-only; idempotent."""
    return update_universe(universe, archived=True)


def delete_universe(universe: Universe) -> None:
    """Delete a universe with its content; raise ``Conflict`` ``universe_in_use`` if other rows refer to it."""
    try:
        with transaction.atomic():
            lock_universe(universe.pk, to_close=True).delete()
    except models.ProtectedError as error:
        raise _in_use(universe, error.protected_objects) from error
    except models.RestrictedError as error:
        raise _in_use(universe, error.restricted_objects) from error
    except IntegrityError as error:
        # A row that refers to it was inserted during the deletion.
        raise _in_use(universe, ()) from error


def add_member(universe: Universe, user: User, role: Role) -> Membership:
    """Add ``user`` as editor or viewer; raise ``Conflict`` ``already_member`` or ``owner_is_fixed``."""
    refuse_owner_role(role)
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        membership, is_new = Membership.objects.get_or_create(
            universe=locked, user=user, defaults={"role": role}
        )
    if not is_new:
        raise already_member(membership)
    return membership


def already_member(membership: Membership) -> Conflict:
    user, universe = membership.user, membership.universe
    return Conflict(
        f"{user.username} is already {membership.role} of “{universe.name}”.",
        code="already_member",
        details={"existing": {"id": user.pk, "name": user.username}},
    )


def change_role(universe: Universe, user_id: int, role: Role) -> Membership:
    """Change a member's role; raise ``NotFound`` ``member_not_found``, ``Conflict`` ``owner_is_fixed``."""
    refuse_owner_role(role)
    with transaction.atomic():
        membership = _member_to_change(universe, user_id)
        membership.role = role
        membership.save(update_fields=["role"])
    return membership


def remove_member(universe: Universe, user_id: int) -> None:
    """Remove a member; raise ``NotFound`` ``member_not_found``, ``Conflict`` ``owner_is_fixed``."""
    with transaction.atomic():
        _member_to_change(universe, user_id).delete()


def update_world_config(
    universe: Universe,
    *,
    genre: str | None = None,
    tone: str | None = None,
    tech_level: str | None = None,
    magic_system: str | None = None,
    physics: str | None = None,
    rules: Sequence[RuleInput] | None = None,
    by: User | None = None,
) -> WorldConfig:
    """Change the given fields as one step; ``rules`` replaces the whole list, in that order.

    Raises ``Invalid`` with a pointer to the field (``/rules/2/id``), ``Conflict`` ``universe_archived``.
    """
    fields = {
        "genre": (genre, limits.WORLD_LABEL),
        "tone": (tone, limits.WORLD_LABEL),
        "tech_level": (tech_level, limits.WORLD_LABEL),
        "magic_system": (magic_system, limits.WORLD_TEXT),
        "physics": (physics, limits.WORLD_TEXT),
    }
    changed = {
        name: clean_text(text.strip(), f"/{name}", limit=limit)
        for name, (text, limit) in fields.items()
        if text is not None
    }
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        with world_step(locked, by):
            config, _ = WorldConfig.objects.update_or_create(universe=locked, defaults=changed)
            if rules is not None:
                replace_rules(locked, rules)
        return config


def _review_settings(
    review_within_h: int | Literal[Keep.AS_IS] | None,
    opinions_wanted: int | Literal[Keep.AS_IS],
    audit_share: float | Literal[Keep.AS_IS] | None,
) -> dict[str, Any]:
    """Return the columns to change; raise ``Invalid`` for a value out of range."""
    ranges: tuple[tuple[str, float | Literal[Keep.AS_IS] | None, float, float], ...] = (
        ("review_within_h", review_within_h, 1, limits.REVIEW_WITHIN_H),
        ("opinions_wanted", opinions_wanted, 1, limits.OPINIONS),
        ("audit_share", audit_share, 0, 1),
    )
    columns: dict[str, Any] = {}
    for name, value, low, high in ranges:
        if value is Keep.AS_IS:
            continue
        if value is not None:
            check_range(value, f"/{name}", low=low, high=high)
        columns[name] = value
    return columns


def free_slug(owner: User, name: str) -> str:
    base = slugify(name, allow_unicode=True)[: limits.SLUG - len("-99999")].rstrip("-") or "universe"
    taken = set(Universe.objects.filter(owner=owner, slug__startswith=base).values_list("slug", flat=True))
    number, candidate = 1, base
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def find_member(universe: Universe, user_id: int) -> Membership:
    """Return the membership of a person; raise ``NotFound`` ``member_not_found``."""
    membership = Membership.objects.select_related("user").filter(universe=universe, user_id=user_id).first()
    if membership is None:
        raise NotFound(f"User {user_id} is not a member of “{universe.name}”.", code="member_not_found")
    return membership


def _member_to_change(universe: Universe, user_id: int) -> Membership:
    membership = find_member(lock_writable_universe(universe.pk), user_id)
    if membership.role == Role.OWNER:
        raise _owner_is_fixed()
    return membership


def refuse_owner_role(role: Role) -> None:
    if role == Role.OWNER:
        raise _owner_is_fixed()


def _owner_is_fixed() -> Conflict:
    return Conflict("A universe keeps its one owner; members are editors or viewers.", code="owner_is_fixed")


def _in_use(universe: Universe, rows: Iterable[models.Model]) -> Conflict:
    counts = Counter(str(row._meta.verbose_name_plural) for row in rows)
    referrers = (
        ", ".join(f"{count} {plural}" for plural, count in sorted(counts.items())) or "rows written just now"
    )
    return Conflict(
        f"“{universe.name}” cannot be deleted: it is used by {referrers}.", code="universe_in_use"
    )
