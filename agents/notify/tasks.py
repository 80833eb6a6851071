"""Celery tasks that send mail."""

from __future__ import annotations

from celery import shared_task

from agents.common import dispatch
from agents.notify import mail


@shared_task(name=dispatch.MAIL_NOTIFICATIONS, ignore_result=True)
def mail_notifications() -> dict[str, int]:
    return mail.mail_notifications()


@shared_task(name=dispatch.MAIL_OVERDUE_DIGEST)
def mail_overdue_digest() -> dict[str, int]:
    return mail.mail_overdue_digest()
