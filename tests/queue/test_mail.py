"""Mail by a real worker that has no mail server."""

from __future__ import annotations

import pytest

from agents.choices import NotificationKind
from agents.models import Notification, ReviewItem
from agents.notify import notifications, tasks
from tests.support.site.servers import wait_until

pytestmark = [pytest.mark.queue, pytest.mark.django_db(transaction=True)]


def test_console_mail_is_logged_without_a_warning(worker_process, make_user, make_job):
    mia = make_user("mia", email="mia@example.com")
    job = make_job("completed", outcome="awaiting_review")
    item = ReviewItem.objects.create(
        job=job, agent_type="narrative", confidence=0.5, reasons=["Short."], reason_codes="|x|"
    )
    notifications.notify([mia], NotificationKind.MENTION, item, by=None, text="Look at this.")
    worker = worker_process(queues="maintenance")

    tasks.mail_notifications.delay()

    sent = Notification.objects.filter(mailed_at__isnull=False)
    wait_until(sent.exists, within_s=20, what="the mail to be sent")
    lines = [line for line in worker.log().splitlines() if "You were mentioned" in line]
    assert lines
    assert not [line for line in lines if "warning" in line.lower()]
