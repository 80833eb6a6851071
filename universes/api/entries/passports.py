"""Endpoints of signed passports, and of the keys that verify them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from universes.api.bodies.passport_outputs import PublicKeysOut, SignedPassportOut
from universes.api.entries.canon import ELEMENT_ID, SCENE_ID, element_in_path, scene_in_path
from universes.api.paths import UNIVERSE_ID
from universes.passports import signing
from universes.passports.documents import entry_document


@extend_schema(tags=["canon"])
class ScenePassport(APIView):
    @extend_schema(parameters=[UNIVERSE_ID, SCENE_ID], responses=SignedPassportOut)
    def get(self, request: Request, universe_id: str, scene_id: str) -> Response:
        """Return what made the scene, as a signed document."""
        return Response(entry_document(scene_in_path(request, universe_id, scene_id)))


@extend_schema(tags=["canon"])
class ElementPassport(APIView):
    @extend_schema(parameters=[UNIVERSE_ID, ELEMENT_ID], responses=SignedPassportOut)
    def get(self, request: Request, universe_id: str, element_id: str) -> Response:
        """Return what made the element, as a signed document."""
        return Response(entry_document(element_in_path(request, universe_id, element_id)))


@extend_schema(tags=["canon"])
class PassportKeys(APIView):
    """Public keys that verify passports."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses=PublicKeysOut, auth=[])
    def get(self, request: Request) -> Response:
        """Return the public keys of this site's passports: the one in use, and earlier ones."""
        return Response({"keys": signing.public_keys()})
