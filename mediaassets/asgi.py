"""The web process, `granian mediaassets.asgi:application`; it refuses to start with an invalid configuration."""

import importlib
import os
import signal

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from mediaassets import garbage

garbage.pause()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaassets.settings")

django = get_wsgi_application()
call_command("check", "--tag", "configuration", verbosity=0)
# Otherwise the first request would wait for it.
importlib.import_module("mediaassets.urls")

# They read settings.
from django.conf import settings  # noqa: E402

from mediaassets.dev_stack import gate, processes  # noqa: E402
from mediaassets.web import outages  # noqa: E402
from mediaassets.web.front import Front  # noqa: E402

# An orphan would go on serving and keep the port.
processes.end_with_parent(signal.SIGKILL)
outages.answer_fast()
application = Front(django, threads=settings.WEB_THREADS)
garbage.begin()
gate.pass_through()
