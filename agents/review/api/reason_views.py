"""Reasons to reject with, over HTTP."""

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
    """The reasons that an output may be rejected for, in the order of the form; decisions name their code."""

    permission_classes = [IsReviewer]
    serializer_class = RejectReasonOut
    filter_backends = ()
    queryset = RejectReason.objects.none()

    def get_queryset(self) -> QuerySet[RejectReason]:
        return RejectReason.objects.filter(is_active=True).order_by("position", "name", "id")
