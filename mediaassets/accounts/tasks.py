"""Celery tasks that mail links for passwords."""

from __future__ import annotations

from celery import shared_task
from django.contrib.auth.models import User

from mediaassets.accounts.passwords import links as password_links


@shared_task(
    name=password_links.MAIL_INVITATION,
    ignore_result=True,
    autoretry_for=(OSError,),
    max_retries=5,
    retry_backoff=60,
)
def mail_invitation(user_id: int) -> None:
    password_links.mail_invitation(User.objects.get(pk=user_id))


@shared_task(
    name=password_links.MAIL_FORGOTTEN,
    ignore_result=True,
    autoretry_for=(OSError,),
    max_retries=5,
    retry_backoff=60,
)
def mail_new_password(address: str) -> None:
    password_links.mail_new_password(address)
