"""A worker does without the pages of the site: they would be a quarter of its memory before its first job."""

from __future__ import annotations

import os
import subprocess
import sys

LOADED = """
import sys
from mediaassets.celery import app
app.loader.import_default_modules()
assert "agents.jobs.tasks" in sys.modules
print(*(name for name in ("mediaassets.urls", "agents.urls", "agents.admin", "universes.admin") if name in sys.modules))
"""

REGISTERED = """
import django
django.setup()
from django.contrib import admin
from django.core.management import call_command
call_command("check", "--tag", "admin", verbosity=0)
print(len(admin.site._registry) > 10)
"""


def run(code: str) -> str:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "mediaassets.settings"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True, timeout=120).stdout


def test_tasks_load_no_pages():
    assert run(LOADED).strip() == ""


def test_checks_load_the_pages_of_the_admin():
    assert run(REGISTERED).split()[-1] == "True"
