"""Conditional GET: an ETag for each answer of the API, and 304 to a client that has it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware

from mediaassets.api.errors import HTML_PREFIXES


class ConditionalGet(ConditionalGetMiddleware):
    """Django's middleware for the API alone: pages have a token of their own in each answer.

    A view that has set an ETag keeps it; other answers get a hash of their bytes. Refusals name no state to return to.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_refusal = response.status_code >= 400
        if is_refusal or request.path.startswith(HTML_PREFIXES) or "If-Match" in request.headers:
            return response
        return super().process_response(request, response)
