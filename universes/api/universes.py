"""Endpoints of universes and their members."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from universes.api.base import ListView, universe_in_path, validated
from universes.api.bodies.inputs import MemberChange, MemberIn, OwnerIn, UniverseChange, UniverseIn
from universes.api.bodies.outputs import MemberOut, UniverseOut
from universes.api.parameters.filters import UniverseFilter
from universes.api.paths import UNIVERSE_ID, parse_user_id, parse_uuid, signed_in
from universes.api.preconditions import IF_MATCH, if_unchanged, tagged
from universes.api.sharing.invitations import InvitationOut
from universes.choices import Role
from universes.models import Membership, Universe
from universes.services import access, locks
from universes.services import universes as service
from universes.services.sharing import invitations, ownership

OWNER_FIELDS = frozenset(
    {
        "archived",
        "trusted_output",
        "review_within_h",
        "opinions_wanted",
        "audit_share",
        "second_opinion",
        "recheck_on_save",
    }
)
USER_ID = OpenApiParameter("user_id", OpenApiTypes.INT, OpenApiParameter.PATH, description="The member.")


@extend_schema(tags=["universes"])
class UniverseList(ListView):
    """Universes of the caller, newest first; all universes for those who may view them."""

    queryset = Membership.objects.none()
    serializer_class = UniverseIn
    filterset_class = UniverseFilter

    @extend_schema(responses=UniverseOut(many=True))
    def get(self, request: Request) -> Response:
        memberships = access.readable_memberships(signed_in(request)).select_related("universe__owner")
        return self.page(memberships.order_by("-universe__created_at", "-universe_id"), UniverseOut)

    @extend_schema(request=UniverseIn, responses={201: UniverseOut})
    def post(self, request: Request) -> Response:
        """Create a universe with an empty world config."""
        universe = service.create_universe(signed_in(request), **validated(UniverseIn, request))
        headers = {"Location": f"/universes/{universe.pk}"}
        return tagged(_seen_by(request, universe), status.HTTP_201_CREATED, headers=headers)


@extend_schema(tags=["universes"], parameters=[UNIVERSE_ID])
class UniverseDetail(APIView):
    """A universe of the caller."""

    @extend_schema(responses=UniverseOut)
    def get(self, request: Request, universe_id: str) -> Response:
        membership = access.find_membership(signed_in(request), parse_uuid(universe_id, "universe"))
        return tagged(UniverseOut(membership).data)

    @extend_schema(request=UniverseChange, responses=UniverseOut, parameters=[IF_MATCH])
    def patch(self, request: Request, universe_id: str) -> Response:
        """Change a universe; editors may change name and description, the owner everything."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        changes = validated(UniverseChange, request, partial=True)
        if OWNER_FIELDS & changes.keys():
            universe_in_path(request, universe_id, at_least=Role.OWNER)
        with if_unchanged(request, lambda: _lock(request, universe)):
            changed = service.update_universe(universe, **changes)
        return tagged(_seen_by(request, changed))

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, universe_id: str) -> Response:
        """Delete the universe with its content; owner only."""
        universe = universe_in_path(request, universe_id, at_least=Role.OWNER)
        with if_unchanged(request, lambda: _lock(request, universe)):
            service.delete_universe(universe)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["universes"], parameters=[UNIVERSE_ID])
class OwnerDetail(APIView):
    @extend_schema(request=OwnerIn, responses=UniverseOut, parameters=[IF_MATCH])
    def post(self, request: Request, universe_id: str) -> Response:
        """Make another member the owner; you stay as an editor."""
        universe = universe_in_path(request, universe_id, at_least=Role.OWNER)
        user_id = validated(OwnerIn, request)["user_id"]
        with if_unchanged(request, lambda: _lock(request, universe)):
            changed = ownership.transfer_universe(universe, service.find_member(universe, user_id).user)
        return tagged(_seen_by(request, changed))


@extend_schema(tags=["universes"], parameters=[UNIVERSE_ID])
class MemberList(ListView):
    """Members of a universe, newest first."""

    queryset = Membership.objects.none()
    serializer_class = MemberIn

    @extend_schema(responses=MemberOut(many=True))
    def get(self, request: Request, universe_id: str) -> Response:
        universe = universe_in_path(request, universe_id)
        members = Membership.objects.filter(universe=universe).select_related("user")
        return self.page(members.order_by("-created_at", "-id"), MemberOut)

    @extend_schema(request=MemberIn, responses={202: InvitationOut})
    def post(self, request: Request, universe_id: str) -> Response:
        """Invite a member; owner only. The answer is the same whether or not there is such an account."""
        universe = universe_in_path(request, universe_id, at_least=Role.OWNER)
        body = validated(MemberIn, request)
        invitation = invitations.invite(universe, body["username"], body["role"], by=signed_in(request))
        headers = {"Location": f"/universes/{universe.pk}/invitations/{invitation.pk}"}
        return Response(InvitationOut(invitation).data, status.HTTP_202_ACCEPTED, headers=headers)


@extend_schema(tags=["universes"], parameters=[UNIVERSE_ID, USER_ID])
class MemberDetail(APIView):
    """A member of a universe."""

    @extend_schema(responses=MemberOut)
    def get(self, request: Request, universe_id: str, user_id: str) -> Response:
        universe = universe_in_path(request, universe_id)
        return tagged(MemberOut(service.find_member(universe, parse_user_id(user_id))).data)

    @extend_schema(request=MemberChange, responses=MemberOut, parameters=[IF_MATCH])
    def patch(self, request: Request, universe_id: str, user_id: str) -> Response:
        """Change a member's role; owner only."""
        universe = universe_in_path(request, universe_id, at_least=Role.OWNER)
        member_id, changes = parse_user_id(user_id), validated(MemberChange, request)
        with if_unchanged(request, lambda: _lock_member(universe, member_id)):
            membership = service.change_role(universe, member_id, changes["role"])
        return tagged(MemberOut(membership).data)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, universe_id: str, user_id: str) -> Response:
        """Remove a member; owner only, except that members may remove themselves."""
        member_id = parse_user_id(user_id)
        is_leaving = member_id == signed_in(request).pk
        universe = universe_in_path(request, universe_id, at_least=Role.VIEWER if is_leaving else Role.OWNER)
        with if_unchanged(request, lambda: _lock_member(universe, member_id)):
            service.remove_member(universe, member_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _seen_by(request: Request, universe: Universe) -> dict[str, object]:
    return dict(UniverseOut(access.find_membership(signed_in(request), universe.pk)).data)


def _lock(request: Request, universe: Universe) -> dict[str, object]:
    locks.lock_universe(universe.pk)
    return _seen_by(request, universe)


def _lock_member(universe: Universe, user_id: int) -> dict[str, object]:
    locks.lock_universe(universe.pk)
    return dict(MemberOut(service.find_member(universe, user_id)).data)
