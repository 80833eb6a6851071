"""Refusal of query parameters where none is read: ignored, they would do other things than the client means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.generics import GenericAPIView
from rest_framework.views import APIView

from mediaassets.api.errors import CONTENT_TYPE, document
from universes.api.parameters.query import errors_of

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
# They read parameters of their own.
LEFT_OUT = (SpectacularAPIView, SpectacularSwaggerSplitView)


class RefuseUnreadQueries:
    """Refuse a query to an API view that reads none, such as ``?dry_run=true`` for a field of the body.

    Lists read, and refuse, their parameters themselves. Another view names the methods for which it does in
    ``reads_query``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        view_class = getattr(view, "cls", None)
        if (
            not request.META.get("QUERY_STRING")
            or view_class is None
            or reads_query(view_class, request.method)
        ):
            return None
        errors = [
            {"pointer": error.pointer, "detail": error.detail, "code": error.code}
            for error in errors_of(request.GET, known=())
        ]
        body = document(400, "invalid", "The query has invalid values.", errors)
        return JsonResponse(body, status=400, content_type=CONTENT_TYPE) if errors else None


def reads_query(view_class: type[APIView], method: str | None) -> bool:
    """Return whether a view reads the query of this method, or the method is none of the API's."""
    default = {"GET", "HEAD"} if issubclass(view_class, GenericAPIView) else ()
    return (
        method not in METHODS
        or issubclass(view_class, LEFT_OUT)
        or method in getattr(view_class, "reads_query", default)
    )
