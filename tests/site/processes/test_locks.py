"""Requests to a real web process for a row that another transaction holds."""

from __future__ import annotations

import http.client
import json
from contextlib import closing

import pytest
from django.db import connection, transaction
from rest_framework_simplejwt.tokens import AccessToken

from universes.models import Universe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_edit_of_a_universe_that_is_held_is_refused(port, creator, universe):
    headers = {
        "Authorization": f"Bearer {AccessToken.for_user(creator)}",
        "Content-Type": "application/json",
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT FROM universes WHERE id = %s FOR UPDATE", [universe.pk])
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as web:
            web.request("PATCH", f"/universes/{universe.pk}", json.dumps({"name": "Other"}), headers)
            answer = web.getresponse()
            said = json.loads(answer.read())

    assert (answer.status, said["code"], answer.headers["Retry-After"]) == (503, "busy", "2")
    assert Universe.objects.get().name == universe.name
