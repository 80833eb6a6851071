"""Compression of answers that everybody may read: static files and the API documentation."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Answers to a person hold secrets, which compression would let others guess (BREACH).
PUBLIC = ("/static/", "/docs", "/schema")
# Pictures are compressed already.
TEXTS = (
    "text/",
    "application/javascript",
    "application/json",
    "application/vnd.oai.openapi",
    "image/svg+xml",
)


class CompressPublic(GZipMiddleware):
    """Django's compression, for public texts; files that the build has compressed stay as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_text = response.get("Content-Type", "").startswith(TEXTS)
        if not is_text or not request.path.startswith(PUBLIC):
            return response
        return super().process_response(request, response)
