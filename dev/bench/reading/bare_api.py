"""Yardstick for the API: views of Django REST framework that store one row, read one, or list fifty.

    granian dev.bench.reading.bare_api:application

They have the sign-in that the framework's users have: a token, and the account behind it from the database.
``DATABASE_URL`` and ``JWT_SIGNING_KEY`` configure it.
"""

from __future__ import annotations

import os
import uuid
from typing import Any

import environ
from django.conf import settings

SCHEMA = """
    CREATE TABLE IF NOT EXISTS bare_requests (
        id uuid PRIMARY KEY, requested_by_id integer NOT NULL, agent_type varchar(30) NOT NULL,
        status varchar(20) NOT NULL, input jsonb NOT NULL, created_at timestamptz NOT NULL
    );
    CREATE INDEX IF NOT EXISTS bare_requests_of ON bare_requests (requested_by_id, created_at)
"""

if os.environ.get("DJANGO_SETTINGS_MODULE") != "mediaassets.settings":
    database = environ.Env().db_url("DATABASE_URL")
    settings.configure(
        SECRET_KEY=os.environ["SECRET_KEY"],
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
        # Connections are pooled, as ours are.
        DATABASES={
            "default": {
                **database,
                "CONN_MAX_AGE": 0,
                "OPTIONS": {**database.get("OPTIONS", {}), "pool": True},
            }
        },
        SIMPLE_JWT={"SIGNING_KEY": os.environ["JWT_SIGNING_KEY"]},
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
            "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        },
        LOGGING_CONFIG=None,
    )
    import django

    django.setup()

    from django.core.asgi import get_asgi_application
    from django.db import models
    from django.shortcuts import get_object_or_404
    from django.urls import path
    from django.utils import timezone
    from rest_framework import serializers
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.views import APIView

    class BareRequest(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        requested_by_id = models.IntegerField()
        agent_type = models.CharField(max_length=30)
        status = models.CharField(max_length=20, default="pending")
        input = models.JSONField()
        created_at = models.DateTimeField(default=timezone.now)

        class Meta:
            app_label = "bare"
            managed = False
            db_table = "bare_requests"

        def __str__(self) -> str:
            return str(self.pk)

    class BareSerializer(serializers.ModelSerializer[BareRequest]):
        class Meta:
            model = BareRequest
            fields = ("id", "agent_type", "status", "input", "created_at")
            read_only_fields = ("id", "status", "created_at")

    class Rows(APIView):
        def post(self, request: Request) -> Response:
            serializer = BareSerializer(data=request.data)
            serializer.is_valid(raise_exception=True)
            serializer.save(requested_by_id=request.user.pk)
            return Response(serializer.data, status=202)

        def get(self, request: Request) -> Response:
            rows: Any = BareRequest._default_manager.filter(requested_by_id=request.user.pk).order_by(
                "-created_at"
            )
            return Response({"results": BareSerializer(rows[:50], many=True).data})

    class Row(APIView):
        def get(self, request: Request, pk: uuid.UUID) -> Response:
            row = get_object_or_404(BareRequest, pk=pk, requested_by_id=request.user.pk)
            return Response(BareSerializer(row).data)

    urlpatterns = [path("rows", Rows.as_view()), path("rows/<uuid:pk>", Row.as_view())]
    application = get_asgi_application()
