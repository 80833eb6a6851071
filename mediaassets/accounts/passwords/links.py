"""Links with which a person chooses a password: after an invitation, or after forgetting the old one."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

log = structlog.get_logger(__name__)

MAIL_INVITATION = "mediaassets.mail_invitation"
MAIL_FORGOTTEN = "mediaassets.mail_forgotten"

INVITATION = """Hello {name},

you have an account on {site}. Your user name is {username}.

Choose a password within {days} days:

    {link}
"""
FORGOTTEN = """Hello {name},

somebody, probably you, asked for a new password for {username} on {site}.

Choose one within {days} days:

    {link}

If it was not you, ignore this mail: your password stays as it is.
"""


def link_for(user: User) -> str:
    """Return a link that works once, until a password is set or the person signs in."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return f"{settings.SITE_URL}{reverse('password_reset_confirm', args=[uid, token])}"


def valid_days() -> int:
    return timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days


def mail_invitation(user: User) -> None:
    if user.is_active and user.email:
        _mail(user, "Your account", INVITATION)


def mail_new_password(address: str) -> int:
    """Mail a link to every active account with this address; return how many there are."""
    accounts = list(User.objects.filter(email__iexact=address, is_active=True))
    for user in accounts:
        _mail(user, "A new password", FORGOTTEN)
    log.info("new_password_asked_for", accounts=len(accounts))
    return len(accounts)


def _mail(user: User, subject: str, text: str) -> None:
    body = text.format(
        name=user.first_name or user.username,
        username=user.username,
        site=settings.SITE_URL,
        days=valid_days(),
        link=link_for(user),
    )
    # Suppresses automatic replies.
    EmailMessage(subject, body, to=[user.email], headers={"Auto-Submitted": "auto-generated"}).send()
