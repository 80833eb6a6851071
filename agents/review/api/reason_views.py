"""API of the reject reasons."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from agents.models import RejectReason
from agents.review.api.views import IsReviewer


class RejectReasonOut(serializers.ModelSerializer[RejectReason]):
    class Meta:
        model = RejectReason
        fields = ["code", "name"]
        read_only_fields = fields


class RejectReasonsView(ListAPIView[RejectReason]):
    """List the reject reasons in display order; decisions refer to their codes."""

    permission_classes = [IsReviewer]
    serializer_class = RejectReasonOut
    queryset = RejectReason.objects.none()

    def get_queryset(self) -> QuerySet[RejectReason]:
        return RejectReason.objects.filter(is_active=True).order_by("position", "name", "id")
