"""Links and opinions of guests, as the review page shows them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from agents.models import ReviewItem
from agents.review.admin import navigation
from agents.review.admin.badges import guest_answers
from agents.review.guests import links, opinions


def guest_context(request: HttpRequest, item: ReviewItem, user: User) -> dict[str, Any]:
    """Return the links and the opinions of guests on an item for its page."""
    kept = navigation.kept_filters(request)
    own = links.links_of(user).open_at(timezone.now()).filter(items=item)
    found = opinions.opinions_on(item, user)
    given = getattr(item, "guest_opinions_given", 0)
    return {
        "guest_opinions": found,
        "hidden_answers": guest_answers(given) if given and not found else "",
        "guest_links": [{"link": link, "address": links.address_of(link)} for link in own],
        "share_url": navigation.desk_url("share", [item.pk], kept),
        "unshare_url": navigation.desk_url("unshare", [item.pk], kept),
    }
