"""Links for guests: made, listed and revoked by reviewers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agents.choices import EventKind
from agents.common import permissions
from agents.errors import FieldError, Forbidden, Invalid, NotFound
from agents.models import ReviewItem, ReviewLink
from agents.review import history, notes

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from agents.models.review.guest import ReviewLinkQuerySet

MAX_ITEMS: Final = 100
MAX_HOURS: Final = 24 * 90
MAX_NAME_CHARS: Final = 100
_SALT: Final = "agents.review.link"


def make_link(item_ids: Sequence[uuid.UUID], *, label: str, expires_in_h: int, by: User) -> ReviewLink:
    """Make a link that shows these items to a guest for some hours.

    Raises ``Forbidden``, and ``Invalid`` for items that the person does not see, without a label, or for too long.
    """
    permissions.require_reviewer(by)
    label = checked_name(label, "/label")
    ids = list(dict.fromkeys(item_ids))
    if not 1 <= len(ids) <= MAX_ITEMS:
        raise _invalid("/item_ids", f"Name 1 to {MAX_ITEMS} items.", "out_of_range")
    if not 1 <= expires_in_h <= MAX_HOURS:
        raise _invalid("/expires_in_h", f"From 1 to {MAX_HOURS} hours.", "out_of_range")
    # With gold items, which must look like any other.
    items = list(ReviewItem.objects.shown_to(by).filter(pk__in=ids).select_related("job"))
    missing = set(ids) - {item.pk for item in items}
    if missing:
        raise _invalid("/item_ids", f"There is no review item {min(missing)}.", "unknown_item")
    now = timezone.now()
    with transaction.atomic():
        link = ReviewLink.objects.create(
            label=label, made_by=by, made_at=now, expires_at=now + timedelta(hours=expires_in_h)
        )
        link.items.set(items)
        for item in items:
            history.record(item, EventKind.REVIEW_SHARED, by, link_id=str(link.pk), label=label)
    return link


def links_of(user: User) -> ReviewLinkQuerySet:
    """Return the links that a reviewer has made, or all links for leads."""
    links = ReviewLink.objects.select_related("made_by").order_by("-made_at", "-id")
    return links if permissions.is_lead(user) else links.filter(made_by=user)


def revoke_link(link_id: uuid.UUID, *, by: User) -> ReviewLink:
    """Close a link at once; for its maker and for leads. Idempotent."""
    with transaction.atomic():
        link = ReviewLink.objects.select_for_update(of=("self",)).filter(pk=link_id).first()
        if link is None:
            raise NotFound(f"There is no link {link_id}.", code="review_link_not_found")
        if link.made_by_id != by.pk and not permissions.is_lead(by):
            raise Forbidden("Only the reviewer who made a link, or a lead, may revoke it.")
        if link.revoked_at is None:
            link.revoked_at = timezone.now()
            link.save(update_fields=["revoked_at"])
            for item in ReviewItem.objects.filter(links=link).select_related("job"):
                history.record(item, EventKind.REVIEW_UNSHARED, by, link_id=str(link.pk), label=link.label)
    return link


def token_of(link: ReviewLink) -> str:
    # Without a time stamp, so that the address of a link stays the same; its expiry is in its row.
    return signing.Signer(salt=_SALT).sign(link.pk.hex)


def address_of(link: ReviewLink) -> str:
    return f"{settings.SITE_URL}{reverse('guest-page', args=[token_of(link)])}"


def find_link(token: str) -> ReviewLink:
    """Return the link of a token; ``NotFound`` alike for a forged, expired or revoked one."""
    try:
        link_id = uuid.UUID(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        raise _closed() from None
    link = ReviewLink.objects.open_at(timezone.now()).filter(pk=link_id).first()
    if link is None:
        raise _closed()
    return link


def checked_name(name: str, pointer: str) -> str:
    name = " ".join(notes.checked_note(name, pointer).split())
    if not 1 <= len(name) <= MAX_NAME_CHARS:
        raise _invalid(pointer, f"Enter a name of 1 to {MAX_NAME_CHARS} characters.", "invalid_name")
    return name


def _closed() -> NotFound:
    return NotFound("This link is invalid, expired or revoked.", code="review_link_not_found")


def _invalid(pointer: str, detail: str, code: str) -> Invalid:
    return Invalid(f"Not valid: {pointer.lstrip('/')}.", [FieldError(pointer, detail, code)])
