"""The OpenAPI schema as an answer, made once by each process."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request

# The answer and its headers, by the class that renders it.
_answers: dict[type, tuple[bytes, dict[str, str]]] = {}


class SchemaView(SpectacularAPIView):
    """The same schema for everybody, without an account: making it takes seconds, which strangers must not ask for."""

    def _get_schema_response(self, request: Request) -> Any:
        renderer = request.accepted_renderer
        make: Any = super()._get_schema_response
        if request.query_params.keys() & {"lang", "version"}:
            return make(request)
        if type(renderer) not in _answers:
            response: Any = make(request)
            response.accepted_renderer, response.accepted_media_type = renderer, request.accepted_media_type
            response.renderer_context = self.get_renderer_context()
            response.render()
            _answers[type(renderer)] = response.content, dict(response.headers)
        content, headers = _answers[type(renderer)]
        return HttpResponse(content, headers=headers)
