"""Endpoints of imports and exports of worlds."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from universes.api.base import ListView, universe_in_path
from universes.api.bodies.strict import StrictSerializer
from universes.api.parameters.filter_kinds import TRUE_OR_FALSE, ChoiceSetFilter, FilterSet, IncludeFilter
from universes.api.parameters.light import LightRow
from universes.api.parameters.query import refuse_query
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path
from universes.api.preconditions import tagged
from universes.choices import ImportStatus
from universes.errors import FieldError, Invalid
from universes.models import WorldImport
from universes.transfer import imports, undo
from universes.transfer.exports.formats import EXPORTS, download
from universes.transfer.formats.detection import FORMATS

IMPORT_ID = uuid_in_path("import_id", "The import.")
RETRY_AFTER_S = "1"
_WORDS = {"true": True, "false": False}


class WordField(serializers.ChoiceField):
    """A boolean of a form, which has only texts: ``true`` or ``false``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=TRUE_OR_FALSE, **options)

    def to_internal_value(self, data: Any) -> Any:
        return _WORDS[super().to_internal_value(data)]


class ImportIn(StrictSerializer):
    file = serializers.FileField(help_text="JSON, zip, PNG or Markdown of up to 50 MB.")
    format = serializers.ChoiceField(
        choices=[(name, name) for name in FORMATS],
        required=False,
        help_text="Detect from the file otherwise.",
    )
    universe_id = serializers.UUIDField(
        required=False, help_text="Add to this universe; otherwise a new one."
    )
    dry_run = WordField(required=False, help_text="Tell what would happen, and change nothing.")
    include_private = WordField(required=False, help_text="Include private parts, secrets and spoilers.")


class ReportLineOut(serializers.Serializer[Any]):
    what = serializers.CharField(help_text="kept, cut, left out, renamed, conflict or unchanged.")
    where = serializers.CharField()
    why = serializers.CharField()


class ProgressOut(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class ImportErrorOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class ImportOut(serializers.ModelSerializer[WorldImport]):
    import_id = serializers.UUIDField(source="pk")
    universe_id = serializers.UUIDField(allow_null=True, help_text="Null until there is one.")
    progress = ProgressOut(source="*")
    created = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Numbers by kind, of elements, and `scene`, `rule`, `relation`.",
    )
    report = ReportLineOut(many=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = WorldImport
        fields = [
            "import_id",
            "status",
            "format",
            "file_name",
            "universe_id",
            "dry_run",
            "include_private",
            "progress",
            "created",
            "updated",
            "skipped",
            "report",
            "error",
            "created_at",
            "finished_at",
        ]

    @extend_schema_field(ImportErrorOut(allow_null=True))
    def get_error(self, row: WorldImport) -> dict[str, str] | None:
        return {"code": row.error_code, "detail": row.error} if row.error_code else None


class ImportRowOut(LightRow, ImportOut):
    """An import in a list."""

    parts: ClassVar = {"report": "report"}
    report = ReportLineOut(many=True, required=False, help_text="Only with `include=report`.")


class ImportFilter(FilterSet):
    status = ChoiceSetFilter(choices=ImportStatus.choices)
    include = IncludeFilter(report=["report"])

    class Meta:
        model = WorldImport
        fields: list[str] = []


@extend_schema(tags=["transfer"])
class ImportList(ListView):
    """Your imports, newest first."""

    queryset = WorldImport.objects.none()
    serializer_class = ImportIn
    filterset_class = ImportFilter
    parser_classes = [MultiPartParser]

    @extend_schema(responses=ImportRowOut(many=True))
    def get(self, request: Request) -> Response:
        rows = WorldImport.objects.filter(owner=signed_in(request)).defer("before")
        return self.page(rows.newest_first(), ImportRowOut)

    @extend_schema(request={"multipart/form-data": ImportIn}, responses={202: ImportOut})
    def post(self, request: Request) -> Response:
        """Import a file of another program, or of this one; a hostile or damaged one is refused at once."""
        form = ImportIn(data=request.data)
        form.is_valid(raise_exception=True)
        given = dict(form.validated_data)
        file = given.pop("file")
        row = imports.submit(
            signed_in(request), file, name=file.name, format_name=given.pop("format", ""), **given
        )
        headers = {"Location": f"/universes/imports/{row.pk}", "Retry-After": RETRY_AFTER_S}
        return Response(ImportOut(row).data, status.HTTP_202_ACCEPTED, headers=headers)


@extend_schema(tags=["transfer"], parameters=[IMPORT_ID])
class ImportDetail(APIView):
    """An import of yours."""

    @extend_schema(responses=ImportOut)
    def get(self, request: Request, import_id: str) -> Response:
        row = imports.find_import(signed_in(request), parse_uuid(import_id, "import"))
        is_over = row.status not in (ImportStatus.PENDING, ImportStatus.RUNNING)
        return tagged(ImportOut(row).data, headers={} if is_over else {"Retry-After": RETRY_AFTER_S})


@extend_schema(tags=["transfer"], parameters=[IMPORT_ID])
class ImportUndo(APIView):
    @extend_schema(request=None, responses=ImportOut)
    def post(self, request: Request, import_id: str) -> Response:
        """Take back all that the import did, unless later work builds on it; a universe that it made is deleted."""
        row = undo.undo_own(parse_uuid(import_id, "import"), by=signed_in(request))
        return tagged(ImportOut(row).data)


@extend_schema(
    tags=["transfer"],
    parameters=[
        UNIVERSE_ID,
        OpenApiParameter(
            "format", str, enum=list(EXPORTS), default="native", description="The kind of file."
        ),
    ],
)
class ExportDetail(APIView):
    reads_query = frozenset({"GET", "HEAD"})

    @extend_schema(
        responses={
            (200, media_type): OpenApiTypes.OBJECT
            if media_type == "application/json"
            else OpenApiTypes.BINARY
            for media_type in sorted({kind.content_type.partition(";")[0] for kind in EXPORTS.values()})
        }
    )
    def get(self, request: Request, universe_id: str) -> StreamingHttpResponse:
        """Download the world as a file."""
        universe = universe_in_path(request, universe_id)
        refuse_query(request, ["format"])
        wanted = request.query_params.get("format", "native")
        if wanted not in EXPORTS:
            detail = f"One of {', '.join(EXPORTS)}."
            raise Invalid("Not valid: ?format.", [FieldError("?format", detail, "invalid_choice")])
        return download(universe, wanted)
