"""The web process, `gunicorn mediaassets.wsgi`; it refuses to start with an invalid configuration."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from mediaassets.api.chunked import ChunkedBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaassets.settings")

application = ChunkedBodies(get_wsgi_application())
call_command("check", "--tag", "configuration", verbosity=0)
