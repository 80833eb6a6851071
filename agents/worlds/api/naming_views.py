"""API of the elements that texts name."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agents.common import visibility
from agents.jobs import actions
from agents.models import AgentJob, Naming
from agents.worlds import naming
from universes.api.base import ListView, universe_in_path
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path
from universes.errors import NotFound
from universes.models import Element, Scene

ELEMENT_ID = uuid_in_path("element_id", "The element.")
SCENE_ID = uuid_in_path("scene_id", "The scene.")
JOB_ID = uuid_in_path("job_id", "The job.")
# Time for texts that nobody has read yet, in seconds; the rest is read in the background.
BUDGET_S = 1.0


class SpansField(serializers.ListField):
    child = serializers.ListField(child=serializers.IntegerField())


class NamedElementOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="The kind of the element.")
    name = serializers.CharField()
    spans = SpansField(help_text="Pairs of start and end, in characters of the text.")


class NamingTextOut(serializers.Serializer[Naming]):
    """A text that names an element."""

    kind = serializers.SerializerMethodField(help_text="`scene` or `job`.")
    id = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    excerpt = serializers.SerializerMethodField(help_text="The words around the first place.")
    spans = SpansField(help_text="Pairs of start and end, in characters of the text.")

    def get_kind(self, row: Naming) -> str:
        return "scene" if row.text.scene_id else "job"

    def get_id(self, row: Naming) -> str:
        return str(row.text.scene_id or row.text.job_id)

    def get_title(self, row: Naming) -> str:
        return naming.title_of(row.text)

    def get_excerpt(self, row: Naming) -> str:
        return naming.excerpt_of(row)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID, ELEMENT_ID])
class ElementTextsView(ListView):
    """Scenes that name an element, and outputs of jobs that you may see."""

    queryset = Naming.objects.none()
    serializer_class = NamingTextOut

    @extend_schema(responses=NamingTextOut(many=True))
    def get(self, request: Request, universe_id: str, element_id: str) -> Response:
        universe = universe_in_path(request, universe_id)
        element = Element.objects.filter(universe=universe, pk=parse_uuid(element_id, "element")).first()
        if element is None:
            raise NotFound(
                f"There is no element {element_id} in “{universe.name}”.", code="element_not_found"
            )
        naming.read_due_texts(universe.pk, budget_s=BUDGET_S)
        return self.page(naming.texts_naming(element, signed_in(request)), NamingTextOut)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID, SCENE_ID])
class SceneElementsView(ListView):
    queryset = Naming.objects.none()
    serializer_class = NamedElementOut

    @extend_schema(operation_id="scenes_elements", responses=NamedElementOut(many=True))
    def get(self, request: Request, universe_id: str, scene_id: str) -> Response:
        """Return the elements that a scene names, in the order of their first places."""
        universe = universe_in_path(request, universe_id)
        scene = Scene.objects.filter(universe=universe, pk=parse_uuid(scene_id, "scene")).first()
        if scene is None:
            raise NotFound(f"There is no scene {scene_id} in “{universe.name}”.", code="scene_not_found")
        return self.page(_named_in(scene), NamedElementOut)


@extend_schema(parameters=[JOB_ID])
class JobElementsView(ListView):
    queryset = Naming.objects.none()
    serializer_class = NamedElementOut

    @extend_schema(operation_id="jobs_elements", responses=NamedElementOut(many=True))
    def get(self, request: Request, job_id: str) -> Response:
        """Return the elements that the output of a job names; none before it is completed.

        The spans are those of its main text, with a reviewer's edits. While you may have to review it, there are none.
        """
        reader = signed_in(request)
        job = actions.get_job(parse_uuid(job_id, "job"), reader)
        named = [] if visibility.is_withheld(job, reader) else _named_in(job)
        return self.page(named, NamedElementOut)


def _named_in(text: Scene | AgentJob) -> list[dict[str, Any]]:
    naming.read_if_due(text)
    return naming.namings_of(text)
