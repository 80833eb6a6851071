"""Universes themselves: making, changing, sharing and deleting them, and the frame of their world.

Who may do it is asked at the doors (``services.access``).
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from universes import limits
from universes.choices import Role, TrustedOutput
from universes.errors import Conflict, FieldError, Invalid, NotFound
from universes.models import Membership, Universe, WorldConfig, WorldRule
from universes.services.writing import (
    in_range,
    lock_universe,
    one_line,
    open_universe,
    refuse_archived,
    within,
)

# Two people at once may want the same slug; each loser takes the next number.
_SLUG_TRIES = 20


class Keep(Enum):
    """Said for a value that is not to be changed, where None has a meaning of its own."""

    AS_IS = "as it is"


@dataclass(frozen=True, slots=True)
class RuleInput:
    """One rule of a new list. With ``id`` it is that rule, perhaps reworded; without, one of equal text."""

    text: str
    id: uuid.UUID | None = None


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
) -> Universe:
    """Make a universe with its owner as member and an empty world config.

    The slug comes from the name; where the owner has it already, a number is added. Raises ``Invalid``.
    """
    name = one_line(name, "/name")
    description = within(description.strip(), "/description", limit=limits.DESCRIPTION)
    review = _review_settings(review_within_h, opinions_wanted, audit_share)
    for _ in range(_SLUG_TRIES):
        try:
            with transaction.atomic():
                universe = Universe.objects.create(
                    owner=owner,
                    name=name,
                    slug=_free_slug(owner, name),
                    description=description,
                    trusted_output=trusted_output,
                    second_opinion=second_opinion,
                    **review,
                )
                Membership.objects.create(universe=universe, user=owner, role=Role.OWNER)
                WorldConfig.objects.create(universe=universe)
                return universe
        except IntegrityError:
            # Somebody took the slug between our look and our write.
            continue
    raise Conflict(f"Too many universes called {name} are being made at once. Try again.", code="slug_taken")


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
    archived: bool | None = None,
) -> Universe:
    """Change what is given; the slug stays. An archived universe takes changes only when it is reopened.

    None for ``review_within_h`` and ``audit_share`` means: as the site has it.

    Raises ``Invalid``, ``Conflict`` ``universe_archived``.
    """
    with transaction.atomic():
        held = lock_universe(universe.pk)
        changed: dict[str, object] = {}
        if name is not None:
            changed["name"] = one_line(name, "/name")
        if description is not None:
            changed["description"] = within(description.strip(), "/description", limit=limits.DESCRIPTION)
        if trusted_output is not None:
            changed["trusted_output"] = trusted_output
        if second_opinion is not None:
            changed["second_opinion"] = second_opinion
        changed |= _review_settings(
            review_within_h, Keep.AS_IS if opinions_wanted is None else opinions_wanted, audit_share
        )
        changed = {field: value for field, value in changed.items() if getattr(held, field) != value}
        if changed and archived is not False:
            refuse_archived(held)
        if archived is not None and archived != held.archived:
            changed["archived"] = archived
        for field, value in changed.items():
            setattr(held, field, value)
        if changed:
            held.save(update_fields=[*changed, "updated_at"])
        return held


def archive(universe: Universe) -> Universe:
    """Make it read-only; archiving twice is no change."""
    return update_universe(universe, archived=True)


def delete_universe(universe: Universe) -> None:
    """Delete it and all that is in it. Raises ``Conflict`` ``universe_in_use`` naming what is in the way."""
    try:
        with transaction.atomic():
            lock_universe(universe.pk).delete()
    except models.ProtectedError as error:
        raise _in_use(universe, error.protected_objects) from error
    except models.RestrictedError as error:
        raise _in_use(universe, error.restricted_objects) from error
    except IntegrityError as error:
        # Something began to refer to it while it was being deleted.
        raise _in_use(universe, ()) from error


def add_member(universe: Universe, user: User, role: Role) -> Membership:
    """Let ``user`` in as editor or viewer. Raises ``Conflict`` ``already_member``."""
    _refuse_owner_role(role)
    with transaction.atomic():
        held = open_universe(universe.pk)
        membership, is_new = Membership.objects.get_or_create(
            universe=held, user=user, defaults={"role": role}
        )
    if not is_new:
        raise Conflict(
            f"{user.username} is already {membership.role} of {universe.name}.", code="already_member"
        )
    return membership


def change_role(universe: Universe, user_id: int, role: Role) -> Membership:
    """Raises ``NotFound`` ``member_not_found``, ``Conflict`` ``owner_is_fixed``."""
    _refuse_owner_role(role)
    with transaction.atomic():
        membership = _member_to_change(universe, user_id)
        membership.role = role
        membership.save(update_fields=["role"])
    return membership


def remove_member(universe: Universe, user_id: int) -> None:
    """Raises as ``change_role`` does."""
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
) -> WorldConfig:
    """Change what is given; ``rules`` replace the whole list, in that order.

    Raises ``Invalid`` that points at the field (``/rules/2/id``), ``Conflict`` ``universe_archived``.
    """
    fields = {
        "genre": (genre, limits.WORLD_LABEL),
        "tone": (tone, limits.WORLD_LABEL),
        "tech_level": (tech_level, limits.WORLD_LABEL),
        "magic_system": (magic_system, limits.WORLD_TEXT),
        "physics": (physics, limits.WORLD_TEXT),
    }
    changed = {
        name: within(text.strip(), f"/{name}", limit=limit)
        for name, (text, limit) in fields.items()
        if text is not None
    }
    with transaction.atomic():
        held = open_universe(universe.pk)
        config, _ = WorldConfig.objects.update_or_create(universe=held, defaults=changed)
        if rules is not None:
            _replace_rules(held, rules)
        return config


# --- Steps --------------------------------------------------------------------------------------------------


def _review_settings(
    review_within_h: int | Literal[Keep.AS_IS] | None,
    opinions_wanted: int | Literal[Keep.AS_IS],
    audit_share: float | Literal[Keep.AS_IS] | None,
) -> dict[str, Any]:
    """The columns that are given; raises ``Invalid`` for one out of its range."""
    ranges: tuple[tuple[str, float | Literal[Keep.AS_IS] | None, float, float], ...] = (
        ("review_within_h", review_within_h, 1, limits.REVIEW_WITHIN_H),
        ("opinions_wanted", opinions_wanted, 1, limits.OPINIONS),
        ("audit_share", audit_share, 0, 1),
    )
    given: dict[str, Any] = {}
    for name, value, low, high in ranges:
        if value is Keep.AS_IS:
            continue
        if value is not None:
            in_range(value, f"/{name}", low=low, high=high)
        given[name] = value
    return given


def _replace_rules(universe: Universe, rules: Sequence[RuleInput]) -> None:
    if len(rules) > limits.RULES:
        detail = f"A world has at most {limits.RULES} rules."
        raise Invalid("Not valid: rules.", [FieldError("/rules", detail, "too_many")])
    stored = {rule.pk: rule for rule in WorldRule.objects.filter(universe=universe).order_by("position")}
    texts = [
        one_line(rule.text, f"/rules/{index}", limit=limits.RULE_TEXT) for index, rule in enumerate(rules)
    ]
    asked = [rule.id for rule in rules if rule.id is not None]
    unclaimed = {pk: rule for pk, rule in stored.items() if pk not in asked}
    kept: list[WorldRule] = []
    for index, (rule, text) in enumerate(zip(rules, texts, strict=True)):
        if rule.id is not None and (rule.id not in stored or asked.count(rule.id) > 1):
            detail = "There is no such rule here." if rule.id not in stored else "This rule is named twice."
            pointer = f"/rules/{index}/id"
            raise Invalid(f"Not valid: {pointer[1:]}.", [FieldError(pointer, detail, "invalid")])
        same = rule.id or next((pk for pk, known in unclaimed.items() if known.text == text), None)
        known_rule = stored[same] if same else WorldRule(universe=universe)
        unclaimed.pop(known_rule.pk, None)
        known_rule.text, known_rule.position = text, index + 1
        kept.append(known_rule)
    # Deleted and written anew, because positions are unique at every moment and rules may trade places.
    WorldRule.objects.filter(universe=universe).delete()
    WorldRule.objects.bulk_create(kept)


def _free_slug(owner: User, name: str) -> str:
    base = slugify(name, allow_unicode=True)[: limits.SLUG - len("-99999")].rstrip("-") or "universe"
    taken = set(Universe.objects.filter(owner=owner, slug__startswith=base).values_list("slug", flat=True))
    number, candidate = 1, base
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def _member_to_change(universe: Universe, user_id: int) -> Membership:
    held = open_universe(universe.pk)
    membership = Membership.objects.select_related("user").filter(universe=held, user_id=user_id).first()
    if membership is None:
        raise NotFound(f"User {user_id} is not a member of {held.name}.", code="member_not_found")
    if membership.role == Role.OWNER:
        raise _owner_is_fixed()
    return membership


def _refuse_owner_role(role: Role) -> None:
    if role == Role.OWNER:
        raise _owner_is_fixed()


def _owner_is_fixed() -> Conflict:
    return Conflict("A universe keeps its one owner; members are editors or viewers.", code="owner_is_fixed")


def _in_use(universe: Universe, rows: Iterable[models.Model]) -> Conflict:
    counted = Counter(str(row._meta.verbose_name_plural) for row in rows)
    named = ", ".join(f"{count} {what}" for what, count in sorted(counted.items())) or "rows written just now"
    return Conflict(f"{universe.name} cannot be deleted: it is used by {named}.", code="universe_in_use")
