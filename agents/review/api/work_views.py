"""API of undo, comments, intentional findings and bulk decisions."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import Verdict
from agents.jobs.api.signal_serializers import FindingOut
from agents.models import ReviewComment
from agents.review import comments, intentional, items
from agents.review.api import bulk_serializers as b
from agents.review.api import inputs
from agents.review.api import serializers as s
from agents.review.api.views import ITEM_ID, IsReviewer, if_item_unchanged, item_answer
from agents.review.verdicts import bulk, decisions
from universes.api.base import validated
from universes.api.paths import parse_uuid, signed_in, uuid_in_path
from universes.api.preconditions import IF_MATCH

TOO_LATE = OpenApiResponse(description="The decision can no longer be undone; the detail says why.")


@extend_schema(parameters=[ITEM_ID, IF_MATCH])
class UndoView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(request=None, responses={200: s.ReviewItemOut, 409: TOO_LATE})
    def post(self, request: Request, item_id: str) -> Response:
        """Undo your own verdict within ten minutes; the item reopens, claimed by you."""
        pk = parse_uuid(item_id, "review_item")
        with if_item_unchanged(request, pk):
            decisions.undo(pk, by=signed_in(request))
        return item_answer(request, pk)


@extend_schema(parameters=[ITEM_ID])
class CommentsView(ListAPIView[ReviewComment]):
    """List the comments on an item, oldest first; those of others only after your own opinion."""

    permission_classes = [IsReviewer]
    serializer_class = s.CommentOut
    queryset = ReviewComment.objects.none()

    def get_queryset(self) -> QuerySet[ReviewComment]:
        by = signed_in(self.request)
        return comments.comments_for(
            items.find_item(parse_uuid(self.kwargs["item_id"], "review_item"), by), by
        )

    @extend_schema(request=inputs.CommentIn, responses={201: s.CommentOut}, parameters=[IF_MATCH])
    def post(self, request: Request, item_id: str) -> Response:
        """Comment on an item; reviewers mentioned as @username are notified."""
        body = validated(inputs.CommentIn, request)
        pk = parse_uuid(item_id, "review_item")
        with if_item_unchanged(request, pk):
            comment = comments.add_comment(pk, body["text"], by=signed_in(request))
        return Response(s.CommentOut(comment).data, status=status.HTTP_201_CREATED)


@extend_schema(
    parameters=[
        ITEM_ID,
        IF_MATCH,
        OpenApiParameter("comment_id", UUID, OpenApiParameter.PATH, description="One of your comments."),
    ]
)
class CommentView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(request=inputs.CommentIn, responses=s.CommentOut)
    def patch(self, request: Request, item_id: str, comment_id: str) -> Response:
        """Change your own comment; only reviewers whom it newly mentions are notified."""
        body = validated(inputs.CommentIn, request)
        pk, comment_pk = parse_uuid(item_id, "review_item"), parse_uuid(comment_id, "comment")
        with if_item_unchanged(request, pk):
            comment = comments.edit_comment(pk, comment_pk, body["text"], by=signed_in(request))
        return Response(s.CommentOut(comment).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, item_id: str, comment_id: str) -> Response:
        """Delete your own comment, and the notifications that quote it."""
        pk, comment_pk = parse_uuid(item_id, "review_item"), parse_uuid(comment_id, "comment")
        with if_item_unchanged(request, pk):
            comments.delete_comment(pk, comment_pk, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


REFUSED = OpenApiResponse(
    description="The item is another reviewer's, or has no universe to remember it; the detail says why."
)


@extend_schema(
    parameters=[
        ITEM_ID,
        IF_MATCH,
        OpenApiParameter("finding_id", str, OpenApiParameter.PATH, description="The finding."),
    ]
)
class IntentionalFindingView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(request=inputs.IntentionalIn, responses={200: FindingOut, 409: REFUSED})
    def put(self, request: Request, item_id: str, finding_id: str) -> Response:
        """Mark a finding as intentional: in this universe it no longer counts, in this and in later jobs."""
        body = validated(inputs.IntentionalIn, request)
        pk = parse_uuid(item_id, "review_item")
        with if_item_unchanged(request, pk):
            finding = intentional.mark(pk, finding_id, by=signed_in(request), reason=body.get("reason", ""))
        return Response(FindingOut(finding).data)

    @extend_schema(responses={204: None, 409: REFUSED})
    def delete(self, request: Request, item_id: str, finding_id: str) -> Response:
        """Undo the mark on a finding; without one nothing changes."""
        pk = parse_uuid(item_id, "review_item")
        with if_item_unchanged(request, pk):
            intentional.unmark(pk, finding_id, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class BulkView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(request=b.BulkIn, responses=b.BulkOut)
    def post(self, request: Request) -> Response:
        """Approve or reject many items, each with its own decision; items left out come with a reason."""
        body = validated(b.BulkIn, request)
        by, verdict, is_dry = signed_in(request), Verdict(body["verdict"]), body.get("dry_run", False)
        note, reason = body.get("note", ""), body.get("reason", "")
        if is_dry:
            decisions.check_note_and_reason(verdict, note=note, reason=reason)
        plan = bulk.plan(body["ids"], verdict, by=by)
        bulk_id, decided, left_out = None, [item.pk for item in plan.items], plan.left_out
        if not is_dry:
            result = bulk.decide_all(body["ids"], verdict, by=by, note=note, reason=reason)
            bulk_id, decided, left_out = result.bulk_id, result.decided, result.left_out
        answer = {
            "dry_run": is_dry,
            "bulk_id": bulk_id,
            "decided": decided,
            "left_out": left_out,
            "lowest_confidence": plan.lowest,
            "highest_confidence": plan.highest,
            "sample": [item.pk for item in plan.sample],
        }
        return Response(b.BulkOut(answer).data)


class BulkUndoView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(
        parameters=[uuid_in_path("bulk_id", "The bulk decision.")], request=None, responses=b.BulkUndoOut
    )
    def post(self, request: Request, bulk_id: str) -> Response:
        """Undo your decisions of one bulk within ten minutes; the items reopen, unclaimed."""
        undone = bulk.undo_all(parse_uuid(bulk_id, "bulk"), by=signed_in(request))
        return Response(b.BulkUndoOut(undone).data)
