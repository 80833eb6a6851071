"""Endpoints of links that invite whoever has them; owner only."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from universes import limits
from universes.api.base import ListView, universe_in_path, validated
from universes.api.bodies.inputs import MEMBER_ROLES
from universes.api.bodies.strict import StrictChoiceField, StrictIntegerField, StrictSerializer
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path
from universes.choices import Role
from universes.models import InvitationLink
from universes.services.sharing import invitation_links

LINK_ID = uuid_in_path("invitation_link_id", "The link.")


class InvitationLinkIn(StrictSerializer):
    role = StrictChoiceField(MEMBER_ROLES)
    days = StrictIntegerField(
        min_value=1,
        max_value=limits.INVITATION_LINK_DAYS,
        default=limits.INVITATION_DAYS,
        help_text="Days until it expires.",
    )


class InvitationLinkOut(serializers.ModelSerializer[InvitationLink]):
    role = serializers.ChoiceField(choices=MEMBER_ROLES)
    made_by = serializers.CharField(source="made_by.username")

    class Meta:
        model = InvitationLink
        fields = ["id", "role", "made_by", "created_at", "expires_at"]
        read_only_fields = fields


class NewInvitationLinkOut(InvitationLinkOut):
    address = serializers.CharField(
        help_text="The page to send to the invited person. It is shown only here."
    )

    class Meta(InvitationLinkOut.Meta):
        fields = [*InvitationLinkOut.Meta.fields, "address"]
        read_only_fields = fields


@extend_schema(tags=["universes"], parameters=[UNIVERSE_ID])
class InvitationLinkList(ListView):
    """Links to a universe that nobody has used, newest first; owner only."""

    queryset = InvitationLink.objects.none()
    serializer_class = InvitationLinkOut
    # A repetition must not find the address in the store of answers.
    answer_is_secret = True

    @extend_schema(responses=InvitationLinkOut(many=True))
    def get(self, request: Request, universe_id: str) -> Response:
        universe = universe_in_path(request, universe_id, at_least=Role.OWNER)
        usable = invitation_links.usable_links(universe).select_related("made_by")
        return self.page(usable, InvitationLinkOut)

    @extend_schema(
        request=InvitationLinkIn,
        responses={
            201: NewInvitationLinkOut,
            409: OpenApiResponse(description="The universe is archived or has too many links."),
        },
    )
    def post(self, request: Request, universe_id: str) -> Response:
        """Make a link with which one person becomes a member, with or without an account before."""
        universe = universe_in_path(request, universe_id, at_least=Role.OWNER)
        fields = validated(InvitationLinkIn, request)
        link, secret = invitation_links.make_link(
            universe, Role(fields["role"]), by=signed_in(request), days=fields["days"]
        )
        body: dict[str, Any] = {
            **InvitationLinkOut(link).data,
            "address": invitation_links.address_of(secret),
        }
        return Response(body, status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


@extend_schema(tags=["universes"], parameters=[UNIVERSE_ID, LINK_ID])
class InvitationLinkDetail(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, universe_id: str, invitation_link_id: str) -> Response:
        """Withdraw a link; who has used it stays a member. Owner only."""
        universe = universe_in_path(request, universe_id, at_least=Role.OWNER)
        invitation_links.withdraw_link(universe, parse_uuid(invitation_link_id, "link"))
        return Response(status=status.HTTP_204_NO_CONTENT)
