"""The example of the guide verifies what is really sent."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.utils import timezone
from standardwebhooks import WebhookVerificationError

from agents.models import WebhookDelivery
from agents.notify.webhooks import endpoints, sending

pytestmark = pytest.mark.django_db

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


@pytest.fixture
def delivery(creator) -> WebhookDelivery:
    endpoint = endpoints.create_endpoint(creator, url="https://example.org/hooks", events=["job.completed"])
    data = {"job_id": "0192f0c1", "status": "completed"}
    made: WebhookDelivery = endpoint.deliveries.create(event="job.completed", source="x", data=data)
    return made


def received(delivery, *, body=None):
    sent = sending.body_of(delivery)
    headers = sending.headers_of(delivery, sent, timezone.now())
    return SimpleNamespace(body=(body or sent).encode(), headers=headers)


def test_example_of_the_guide_takes_our_messages_alone(delivery):
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    (example,) = (block for block in blocks if "def hooks(" in block)
    assert "whsec_…" in example
    fetched: list[str] = []
    names = {"fetch": fetched.append, "HttpResponse": HttpResponse}
    exec(example.replace("whsec_…", delivery.endpoint.secret), names)
    hooks = names["hooks"]
    assert callable(hooks)

    assert hooks(received(delivery)).status_code == 204

    assert fetched == ["/agents/jobs/0192f0c1"]
    with pytest.raises(WebhookVerificationError):
        hooks(received(delivery, body='{"type":"job.completed","data":{"job_id":"1"}}'))
    assert len(fetched) == 1
