"""Request bodies with chunked transfer encoding, which have no length."""

from __future__ import annotations

import io
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings


class ChunkedBodies:
    """Set the length of a chunked body, because Django treats a body without a length as empty.

    At most ``MAX_BODY_BYTES`` plus one byte are read, enough for the parser to refuse the body.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        # Only with "input_terminated" does the server end the stream where the body ends.
        if environ.get("HTTP_TRANSFER_ENCODING") and environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read(settings.MAX_BODY_BYTES + 1)
            environ["wsgi.input"] = io.BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        return self.application(environ, start_response)
