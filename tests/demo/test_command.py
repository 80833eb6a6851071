"""The demo command: refusals, and the report of what it did."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough one"


def test_command_refuses_shared_accounts_in_production(settings, monkeypatch):
    settings.EMBEDDED = False
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)

    with pytest.raises(CommandError, match="--anywhere"):
        call_command("demo")

    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["", "short"])
def test_command_refuses_a_short_password(settings, monkeypatch, password):
    settings.EMBEDDED = True
    monkeypatch.setenv("DEMO_PASSWORD", password)

    with pytest.raises(CommandError, match="at least 8 characters"):
        call_command("demo")

    assert not User.objects.exists()


def test_command_reports_whether_it_loaded_the_demo(settings, monkeypatch):
    settings.EMBEDDED = True
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    output = StringIO()

    call_command("demo", stdout=output)
    call_command("demo", stdout=output)

    assert output.getvalue().splitlines() == ["Demo loaded.", "The demo is already loaded."]
