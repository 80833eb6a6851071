"""API of links for guests, and of what guests do with one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import AgentType
from agents.models import ReviewLink
from agents.models.review.guest import GUEST_VERDICT_CHOICES
from agents.review import notes
from agents.review.api.serializers import GuestOpinionOut
from agents.review.api.views import IsReviewer
from agents.review.guests import links, opinions
from universes.api.base import validated
from universes.api.bodies.strict import (
    StrictCharField,
    StrictChoiceField,
    StrictIntegerField,
    StrictSerializer,
    StrictUUIDField,
)
from universes.api.paths import parse_uuid, signed_in, uuid_in_path

TOKEN = OpenApiParameter("token", str, OpenApiParameter.PATH, description="The end of the link's address.")
CLOSED = OpenApiResponse(description="The link is forged, expired or revoked.")


class LinkIn(StrictSerializer):
    item_ids = serializers.ListField(child=StrictUUIDField(), allow_empty=False, max_length=links.MAX_ITEMS)
    label = StrictCharField(  # type: ignore[assignment]
        max_length=links.MAX_NAME_CHARS, help_text="Who it is for."
    )
    expires_in_h = StrictIntegerField(
        required=False, min_value=1, max_value=links.MAX_HOURS, help_text="Hours; a week without it."
    )


class LinkOut(serializers.ModelSerializer[ReviewLink]):
    address = serializers.SerializerMethodField(help_text="The page for the guest.")
    token = serializers.SerializerMethodField(help_text="For `GET /review-links/{token}`.")
    made_by = serializers.CharField(source="made_by.username")

    class Meta:
        model = ReviewLink
        fields = [
            "id",
            "label",
            "address",
            "token",
            "made_by",
            "made_at",
            "expires_at",
            "revoked_at",
            "last_used_at",
        ]
        read_only_fields = fields

    def get_address(self, link: ReviewLink) -> str:
        return links.address_of(link)

    def get_token(self, link: ReviewLink) -> str:
        return links.token_of(link)


class SharedItemOut(serializers.Serializer[opinions.SharedItem]):
    id = serializers.UUIDField()
    agent_type = serializers.ChoiceField(choices=AgentType.choices)
    request = serializers.CharField(help_text="What was asked.")
    output = serializers.DictField(help_text="What was written.")
    decides = serializers.BooleanField(help_text="Whether a verdict given by this link decides the item.")
    opinions = GuestOpinionOut(many=True, help_text="Opinions given by this link.")


class SharedOut(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    expires_at = serializers.DateTimeField()
    items = SharedItemOut(many=True)


class GuestOpinionIn(StrictSerializer):
    item_id = StrictUUIDField()
    verdict = StrictChoiceField(choices=GUEST_VERDICT_CHOICES)
    name = StrictCharField(max_length=links.MAX_NAME_CHARS, help_text="Who says it.")
    comment = StrictCharField(required=False, allow_blank=True, max_length=notes.MAX_NOTE_CHARS)


class ReviewLinksView(ListAPIView[ReviewLink]):
    """List your links for guests, newest first, or all links if you are a lead."""

    permission_classes = [IsReviewer]
    serializer_class = LinkOut
    queryset = ReviewLink.objects.none()

    def get_queryset(self) -> QuerySet[ReviewLink]:
        return links.links_of(signed_in(self.request))

    @extend_schema(request=LinkIn, responses={201: LinkOut})
    def post(self, request: Request) -> Response:
        """Make a link that shows some items to a guest without an account, and nothing else."""
        body = validated(LinkIn, request)
        link = links.make_link(
            body["item_ids"],
            label=body["label"],
            expires_in_h=body.get("expires_in_h", 24 * 7),
            by=signed_in(request),
        )
        return Response(LinkOut(link).data, status=status.HTTP_201_CREATED)


class ReviewLinkView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(parameters=[uuid_in_path("link_id", "The link.")], responses={204: None})
    def delete(self, request: Request, link_id: str) -> Response:
        """Revoke a link at once: its maker or a lead. Opinions that were given stay."""
        links.revoke_link(parse_uuid(link_id, "review_link"), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[TOKEN], auth=[])
class SharedItemsView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(responses={200: SharedOut, 404: CLOSED})
    def get(self, request: Request, token: str) -> Response:
        """Return what a link shows: requests and outputs, and the opinions given by the link."""
        link = links.find_link(token)
        shown = {"label": link.label, "expires_at": link.expires_at, "items": opinions.shared_items(link)}
        return Response(SharedOut(shown).data, headers={"Cache-Control": "no-store"})


@extend_schema(parameters=[TOKEN], auth=[])
class GuestOpinionsView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(request=GuestOpinionIn, responses={201: GuestOpinionOut, 404: CLOSED})
    def post(self, request: Request, token: str) -> Response:
        """Give an opinion on an item of a link. Reviewers read it; it decides where `decides` says so."""
        links.find_link(token)
        body = validated(GuestOpinionIn, request)
        opinion = opinions.give_opinion(
            token,
            body["item_id"],
            verdict=body["verdict"],
            name=body["name"],
            comment=body.get("comment", ""),
        )
        return Response(GuestOpinionOut(opinion).data, status=status.HTTP_201_CREATED)
