"""API of the caller's notifications."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.common.api.filters import FilterSet, FlagFilter, InstantFilter, OrderingFilter
from agents.models import Notification
from agents.notify import notifications
from universes.api.base import validated
from universes.api.bodies.strict import StrictBooleanField, StrictSerializer, StrictUUIDField
from universes.api.paths import signed_in

# The largest page of the list.
MAX_IDS = 200


class NotificationOut(serializers.ModelSerializer[Notification]):
    item_id = serializers.UUIDField(allow_null=True, help_text="Null: it is not about a review.")
    job_id = serializers.UUIDField(source="item.job_id", default=None, allow_null=True)
    invitation_id = serializers.UUIDField(
        allow_null=True, help_text="To answer with `POST /users/me/invitations/{id}/accept` or `…/decline`."
    )
    universe_id = serializers.UUIDField(
        allow_null=True, help_text="Of `drafts` and `schedule`: the universe, of which you are the owner."
    )
    by = serializers.CharField(
        source="by.username", default=None, allow_null=True, help_text="Null: the system."
    )
    count = serializers.IntegerField(
        help_text="Of `guest_opinion`: the opinions by one link since you last read of it. 1 for other kinds."
    )
    read_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = Notification
        fields = [
            "id",
            "kind",
            "item_id",
            "job_id",
            "invitation_id",
            "universe_id",
            "by",
            "text",
            "count",
            "at",
            "read_at",
        ]
        read_only_fields = fields


class NotificationFilter(FilterSet):
    unread = FlagFilter(field_name="read_at", lookup_expr="isnull")
    updated_since = InstantFilter(method="changed_since", help_text="Sent or read at this moment or later.")
    ordering = OrderingFilter(at=["at", "id"])

    class Meta:
        model = Notification
        fields: list[str] = []

    def changed_since(
        self, rows: QuerySet[Notification], name: str, moment: datetime
    ) -> QuerySet[Notification]:
        return rows.filter(Q(at__gte=moment) | Q(read_at__gte=moment))


class ReadIn(StrictSerializer):
    """Either ``ids`` or ``all``; ids of other people are ignored."""

    ids = serializers.ListField(
        child=StrictUUIDField(), required=False, allow_empty=False, max_length=MAX_IDS
    )
    all = StrictBooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("ids" in attrs) == bool(attrs.get("all")):
            raise serializers.ValidationError("Send `ids`, or `all` as true.", "ids_or_all")
        return attrs


class ReadOut(serializers.Serializer[Any]):
    marked = serializers.IntegerField(help_text="Number of notifications marked as read.")
    unread = serializers.IntegerField(help_text="Number of notifications still unread.")


class NotificationsView(ListAPIView[Notification]):
    """List your notifications, newest first."""

    serializer_class = NotificationOut
    filterset_class = NotificationFilter
    queryset = Notification.objects.none()

    def get_queryset(self) -> QuerySet[Notification]:
        return notifications.notifications_of(signed_in(self.request))


class ReadNotificationsView(APIView):
    @extend_schema(request=ReadIn, responses=ReadOut)
    def post(self, request: Request) -> Response:
        """Mark some or all notifications as read."""
        body, user = validated(ReadIn, request), signed_in(request)
        marked = notifications.mark_read(user, body.get("ids"))
        return Response({"marked": marked, "unread": notifications.unread_count(user)})
