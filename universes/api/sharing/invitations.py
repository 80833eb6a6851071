"""Endpoints of invitations: the owner's side and the invited person's."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from universes.api.base import ListView, universe_in_path
from universes.api.bodies.outputs import UniverseOut
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path
from universes.choices import Role
from universes.models import Invitation
from universes.services import access
from universes.services.sharing import invitations

INVITATION_ID = uuid_in_path("invitation_id", "The invitation.")


class InvitationOut(serializers.ModelSerializer[Invitation]):
    """An invitation as the owner sees it: the same whether or not there is such an account."""

    class Meta:
        model = Invitation
        fields = ["id", "username", "role", "created_at", "expires_at"]


class OwnInvitationOut(serializers.ModelSerializer[Invitation]):
    universe_id = serializers.UUIDField()
    universe = serializers.CharField(source="universe.name")
    invited_by = serializers.CharField(source="invited_by.username")

    class Meta:
        model = Invitation
        fields = ["id", "universe_id", "universe", "role", "invited_by", "created_at", "expires_at"]


@extend_schema(tags=["universes"], parameters=[UNIVERSE_ID])
class InvitationList(ListView):
    """Pending invitations to a universe, newest first; owner only."""

    queryset = Invitation.objects.none()
    serializer_class = InvitationOut

    @extend_schema(responses=InvitationOut(many=True))
    def get(self, request: Request, universe_id: str) -> Response:
        universe = universe_in_path(request, universe_id, at_least=Role.OWNER)
        return self.page(invitations.pending_in(universe), InvitationOut)


@extend_schema(tags=["universes"], parameters=[UNIVERSE_ID, INVITATION_ID])
class InvitationDetail(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, universe_id: str, invitation_id: str) -> Response:
        """Withdraw an invitation; owner only."""
        universe = universe_in_path(request, universe_id, at_least=Role.OWNER)
        invitations.withdraw(universe, parse_uuid(invitation_id, "invitation"))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["users"])
class OwnInvitationList(ListView):
    """Invitations that you have not answered, newest first."""

    queryset = Invitation.objects.none()
    serializer_class = OwnInvitationOut

    @extend_schema(responses=OwnInvitationOut(many=True))
    def get(self, request: Request) -> Response:
        return self.page(invitations.invitations_to(signed_in(request)), OwnInvitationOut)


@extend_schema(tags=["users"], parameters=[INVITATION_ID])
class AcceptInvitation(APIView):
    @extend_schema(request=None, responses=UniverseOut)
    def post(self, request: Request, invitation_id: str) -> Response:
        """Become a member; the answer is the universe as you see it."""
        user = signed_in(request)
        membership = invitations.accept(parse_uuid(invitation_id, "invitation"), by=user)
        return Response(UniverseOut(access.find_membership(user, membership.universe_id)).data)


@extend_schema(tags=["users"], parameters=[INVITATION_ID])
class DeclineInvitation(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, invitation_id: str) -> Response:
        """Refuse an invitation; nobody is told."""
        invitations.decline(parse_uuid(invitation_id, "invitation"), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
