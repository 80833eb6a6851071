"""API of the caller's webhooks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.models import WebhookDelivery, WebhookEndpoint
from agents.notify.api import webhook_serializers as s
from agents.notify.webhooks import endpoints
from universes.api.base import validated
from universes.api.paths import parse_uuid, signed_in, uuid_in_path
from universes.api.preconditions import IF_MATCH, if_unchanged, tagged

WEBHOOK_ID = uuid_in_path("webhook_id", "The webhook.")
DELIVERY_ID = OpenApiParameter(
    "delivery_id", OpenApiTypes.STR, OpenApiParameter.PATH, description="The `webhook-id` of the message."
)
EXAMPLE = OpenApiExample(
    "Ends of jobs",
    value={"url": "https://example.org/hooks", "events": ["job.completed", "job.failed"]},
    request_only=True,
)


def _endpoint(request: Request, raw_id: str) -> WebhookEndpoint:
    return endpoints.get_endpoint(signed_in(request), parse_uuid(raw_id, "webhook"))


def _locked(endpoint: WebhookEndpoint) -> dict[str, Any]:
    endpoint.refresh_from_db(from_queryset=WebhookEndpoint.objects.select_for_update())
    return dict(s.WebhookOut(endpoint).data)


class WebhooksView(ListAPIView[WebhookEndpoint]):
    """List your webhooks, newest first."""

    # Read by the idempotency middleware: the answer is not stored.
    answer_is_secret = True
    serializer_class = s.WebhookOut
    queryset = WebhookEndpoint.objects.none()

    def get_queryset(self) -> QuerySet[WebhookEndpoint]:
        return endpoints.endpoints_of(signed_in(self.request))

    @extend_schema(
        request=s.WebhookIn,
        examples=[EXAMPLE],
        responses={
            201: s.WebhookWithSecretOut,
            409: OpenApiResponse(description="You have the maximum number of webhooks."),
        },
    )
    def post(self, request: Request) -> Response:
        """Create a webhook. Its secret is in this answer and in no other."""
        endpoint = endpoints.create_endpoint(signed_in(request), **validated(s.WebhookIn, request))
        location = reverse("webhook-detail", args=[endpoint.pk])
        return Response(s.with_secret(endpoint), status.HTTP_201_CREATED, headers={"Location": location})


@extend_schema(parameters=[WEBHOOK_ID])
class WebhookView(APIView):
    @extend_schema(responses=s.WebhookOut)
    def get(self, request: Request, webhook_id: str) -> Response:
        """Return a webhook, without its secret."""
        return tagged(s.WebhookOut(_endpoint(request, webhook_id)).data)

    @extend_schema(request=s.WebhookPatch, responses=s.WebhookOut, parameters=[IF_MATCH])
    def patch(self, request: Request, webhook_id: str) -> Response:
        """Change a webhook, or switch it on again."""
        endpoint, changes = _endpoint(request, webhook_id), validated(s.WebhookPatch, request)
        with if_unchanged(request, lambda: _locked(endpoint)):
            changed = endpoints.change_endpoint(endpoint, changes)
        return tagged(s.WebhookOut(changed).data)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, webhook_id: str) -> Response:
        """Delete a webhook and its deliveries."""
        endpoint = _endpoint(request, webhook_id)
        with if_unchanged(request, lambda: _locked(endpoint)):
            endpoint.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[WEBHOOK_ID])
class WebhookSecretView(APIView):
    answer_is_secret = True

    @extend_schema(request=None, responses=s.WebhookWithSecretOut)
    def post(self, request: Request, webhook_id: str) -> Response:
        """Give a webhook a new secret. Messages are signed with the one before as well for 24 hours."""
        return Response(s.with_secret(endpoints.rotate_secret(_endpoint(request, webhook_id))))


@extend_schema(parameters=[WEBHOOK_ID])
class DeliveriesView(ListAPIView[WebhookDelivery]):
    """List the messages to a webhook of the last 30 days, newest first."""

    serializer_class = s.DeliveryOut
    queryset = WebhookDelivery.objects.none()

    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        return _endpoint(self.request, self.kwargs["webhook_id"]).deliveries.order_by("-id")


@extend_schema(parameters=[WEBHOOK_ID, DELIVERY_ID])
class ReplayView(APIView):
    @extend_schema(
        request=None,
        responses={
            202: s.DeliveryOut,
            409: OpenApiResponse(description="The webhook is switched off."),
        },
    )
    def post(self, request: Request, webhook_id: str, delivery_id: str) -> Response:
        """Send a message again, under the same `webhook-id`."""
        delivery = endpoints.get_delivery(_endpoint(request, webhook_id), delivery_id)
        return Response(s.DeliveryOut(endpoints.replay(delivery)).data, status.HTTP_202_ACCEPTED)
