"""API of the review queue: list, claim, skip, hand over, decide."""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import Verdict
from agents.common import permissions
from agents.common.api.filters import FlagFilter
from agents.errors import NotFound
from agents.models import ReviewItem
from agents.models.review.item import ReviewItemQuerySet
from agents.review import claims, items
from agents.review.api import inputs
from agents.review.api import serializers as s
from agents.review.api.filters import ReviewFilter, ReviewListFilter
from agents.review.verdicts import decisions
from universes.api.base import validated
from universes.api.paths import parse_uuid, signed_in, uuid_in_path
from universes.api.preconditions import IF_MATCH, if_unchanged, tagged

ITEM_ID = uuid_in_path("item_id", "The review item.")


class IsReviewer(BasePermission):
    message = "Only reviewers may see the review queue."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return permissions.is_reviewer(request.user)


def _items(request: Request) -> ReviewItemQuerySet:
    items = ReviewItem.objects.shown_to(signed_in(request)).with_decisions().with_guest_opinions()
    return items.select_related("job__requested_by", "claimed_by", "assigned_to")


class ReviewsView(ListAPIView[ReviewItem]):
    """List review items, the most urgent first; open ones wait for a decision."""

    permission_classes = [IsReviewer]
    serializer_class = s.ReviewItemRowOut
    filterset_class = ReviewListFilter
    queryset = ReviewItem.objects.none()

    def get_queryset(self) -> QuerySet[ReviewItem]:
        return _items(self.request).queue_order()


class NextReviewView(GenericAPIView[ReviewItem]):
    reads_query = frozenset({"POST"})
    permission_classes = [IsReviewer]
    serializer_class = s.ReviewItemOut
    filterset_class = ReviewFilter
    pagination_class = None
    queryset = ReviewItem.objects.all()

    @extend_schema(
        request=None,
        parameters=[
            OpenApiParameter(
                name, bool if isinstance(field, FlagFilter) else str, description="As in the list."
            )
            for name, field in ReviewFilter.base_filters.items()
        ],
        responses={200: s.ReviewItemOut, 204: OpenApiResponse(description="No item is waiting.")},
    )
    def post(self, request: Request) -> Response:
        """Claim the most urgent open item; the list's filters narrow the choice."""
        item = claims.claim_next(
            signed_in(request), cast(ReviewItemQuerySet, self.filter_queryset(self.get_queryset()))
        )
        return Response(status=status.HTTP_204_NO_CONTENT) if item is None else item_answer(request, item.pk)


@extend_schema(parameters=[ITEM_ID])
class ReviewView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(responses=s.ReviewItemOut)
    def get(self, request: Request, item_id: str) -> Response:
        """Return one review item with its output, signals, claim and decision."""
        return item_answer(request, parse_uuid(item_id, "review_item"))


TAKEN = OpenApiResponse(description="Another reviewer has claimed or decided the item; the detail says who.")


@extend_schema(parameters=[ITEM_ID, IF_MATCH])
class ClaimView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(request=None, responses={200: s.ReviewItemOut, 409: TAKEN})
    def post(self, request: Request, item_id: str) -> Response:
        """Claim an item, or extend the claim."""
        pk = parse_uuid(item_id, "review_item")
        with if_item_unchanged(request, pk):
            claims.claim(pk, signed_in(request))
        return item_answer(request, pk)

    @extend_schema(request=None, responses={200: s.ReviewItemOut, 409: TAKEN})
    def patch(self, request: Request, item_id: str) -> Response:
        """Extend your claim; refused once it is lost."""
        pk = parse_uuid(item_id, "review_item")
        with if_item_unchanged(request, pk):
            claims.renew(pk, signed_in(request))
        return item_answer(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, item_id: str) -> Response:
        """Release your claim."""
        pk = parse_uuid(item_id, "review_item")
        with if_item_unchanged(request, pk):
            claims.release(pk, signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[ITEM_ID, IF_MATCH])
class BreakClaimView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, item_id: str) -> Response:
        """Release another reviewer's claim; superusers only, with an event in the history."""
        pk = parse_uuid(item_id, "review_item")
        with if_item_unchanged(request, pk):
            claims.break_claim(pk, signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[ITEM_ID, IF_MATCH])
class SkipView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(request=inputs.SkipIn, responses={204: None, 409: TAKEN})
    def post(self, request: Request, item_id: str) -> Response:
        """Move an item to the end of your own queue and release it."""
        body = validated(inputs.SkipIn, request)
        pk = parse_uuid(item_id, "review_item")
        with if_item_unchanged(request, pk):
            claims.skip(pk, signed_in(request), body.get("reason", ""))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[ITEM_ID, IF_MATCH])
class HandView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(request=inputs.HandIn, responses={200: s.ReviewItemOut, 409: TAKEN})
    def post(self, request: Request, item_id: str) -> Response:
        """Hand an item over to another reviewer."""
        body = validated(inputs.HandIn, request)
        pk = parse_uuid(item_id, "review_item")
        to = claims.find_reviewer(body["to"])
        with if_item_unchanged(request, pk):
            item = claims.hand_to(pk, to, by=signed_in(request), note=body.get("note", ""))
        return Response(s.ReviewItemOut(item, context={"request": request}).data)


@extend_schema(parameters=[ITEM_ID, IF_MATCH])
class DecisionView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(request=inputs.DecisionIn, responses={201: s.DecisionOut, 409: TAKEN})
    def post(self, request: Request, item_id: str) -> Response:
        """Decide an open item that no other reviewer has claimed."""
        body = validated(inputs.DecisionIn, request)
        pk = parse_uuid(item_id, "review_item")
        with if_item_unchanged(request, pk):
            decision = decisions.decide(
                pk,
                Verdict(body["verdict"]),
                by=signed_in(request),
                note=body.get("note", ""),
                reason=body.get("reason", ""),
                edited=body.get("output"),
                merge_into=body.get("merge_into"),
            )
        return Response(s.DecisionOut(decision).data, status=status.HTTP_201_CREATED)


def if_item_unchanged(request: Request, item_id: uuid.UUID) -> AbstractContextManager[None]:
    def lock_and_show() -> Any:
        items.lock_with_universe(item_id, signed_in(request))
        return _shown(request, item_id)

    return if_unchanged(request, lock_and_show)


def item_answer(request: Request, item_id: uuid.UUID) -> Response:
    """Build the answer with an item, as visible to the requester."""
    return tagged(_shown(request, item_id))


def _shown(request: Request, item_id: uuid.UUID) -> Any:
    item = _items(request).filter(pk=item_id).first()
    if item is None:
        raise NotFound(f"There is no review item {item_id}.", code="review_item_not_found")
    return s.ReviewItemOut(item, context={"request": request}).data
