"""Odd addresses of the admin's lists, those of libraries included."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import models
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import PeriodicTask

from universes.models import Universe

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# Fields of one type compile alike: the first on the site has all conditions, each other one only equality.
FIRST_OF_TYPE: dict[type[models.Field[Any, Any]], models.Field[Any, Any]] = {}
for _model in MODELS:
    for _field in _model._meta.concrete_fields:
        FIRST_OF_TYPE.setdefault(type(_field), _field)
ODD_YEARS = ("0", "10000", "-1", "99999999999999999999")
ODD_VALUES = (
    "",
    "abc",
    "-1",
    "10000",
    "99999999999999999999",
    "1,2",
    "2026-01-01",
    "9999-12-31",
    "NaN",
    "1e400",
    "{}",
    "(",
    "None",
    "é'\"",
)


def _lookups(field: models.Field[Any, Any]) -> Iterator[tuple[str, bool]]:
    """Return the conditions on a field, and whether the last transform of each is a year."""
    yield field.name, False
    for name, lookup in field.get_lookups().items():
        is_year = "year" in name
        yield f"{field.name}__{name}", is_year
        if issubclass(lookup, models.Transform):
            for last in ("gt", "range", "in"):
                yield f"{field.name}__{name}__{last}", is_year
    if isinstance(field, models.DateTimeField):
        yield f"{field.name}__date__year", True
        yield f"{field.name}__date__iso_year", True


def _odd_filters(model: type[models.Model], client: Client) -> Iterator[tuple[str, str]]:
    """Return filters that this list allows, each kind of condition with a few of the odd values."""
    # Each list begins with another value.
    start = MODELS.index(model) % len(ODD_VALUES)
    rotating = itertools.cycle((*ODD_VALUES[start:], *ODD_VALUES[:start]))
    page = admin.site.get_model_admin(model)
    request = client.get(url_of(model)).wsgi_request
    for field in model._meta.concrete_fields:
        lookups = _lookups(field)
        if FIRST_OF_TYPE[type(field)] is not field:
            lookups = itertools.islice(lookups, 1)
        for name, is_year in lookups:
            if page.lookup_allowed(name, "1", request):
                values = [*ODD_YEARS[:2], next(rotating)] if is_year else [next(rotating)]
                values += ["1"] if name.endswith("range") else []
                yield from ((name, value) for value in values)
    for entry in page.get_list_filter(request):
        parameter = getattr(entry, "parameter_name", None)
        yield from ((parameter, next(rotating)) for _ in range(4) if parameter)
    for name in ("q", "p", "o", "all", "e", "_facets", "_popup"):
        yield from ((name, next(rotating)) for _ in range(2))


def url_of(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


# PostgreSQL reports some values itself, which would break the transaction around other tests.
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive datetime:RuntimeWarning")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_odd_filters_never_break_a_list(superuser_client, model):
    superuser_client.raise_request_exception = False

    broken = [
        (name, value, repr(response.exc_info[1])[:80])
        for name, value in _odd_filters(model, superuser_client)
        if (response := superuser_client.get(url_of(model), {name: value})).status_code >= 500
    ]

    assert broken == []


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{"id__exact": "a\x00"}, {"q": "\x00"}, {"a\x00b": "1"}])
def test_nul_leads_back_to_the_list(superuser_client, query):
    for model in MODELS:
        response = superuser_client.get(url_of(model), query)

        assert (response.status_code, response["Location"]) == (302, url_of(model))
        assert str(list(get_messages(response.wsgi_request))[-1]) == "The address contains a NUL character."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("label", "query"),
    [
        ("auth.user", {"date_joined__year": "0"}),
        ("auth.user", {"date_joined__year": "10000"}),
        ("auth.user", {"date_joined__date__iso_year": "99999"}),
        ("auth.user", {"date_joined__range": "2026-01-01"}),
        ("auth.user", {"username__regex": "("}),
        ("django_celery_beat.periodictask", {"last_run_at__iso_year": "10000"}),
        ("universes.universe", {"created_at__year": "10000"}),
    ],
)
def test_filter_without_meaning_leads_back_with_a_message(superuser_client, label, query):
    app_label, model_name = label.split(".")
    url = reverse(f"admin:{app_label}_{model_name}_changelist")

    response = superuser_client.get(url, query, follow=True)

    assert response.redirect_chain[-1] == (url, 302)
    assert response.status_code == 200
    assert "filter" in " ".join(str(message) for message in response.context["messages"])


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", ["abc", "99999999999999999999", "\x00"])
def test_forged_selection_leads_back_and_does_nothing(superuser_client, chosen):
    for model in MODELS:
        before = model._default_manager.count()

        response = superuser_client.post(
            url_of(model), {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
        )

        is_text = isinstance(model._meta.pk, models.CharField)
        assert response.status_code == 302 or is_text, model
        assert response.status_code < 500
        assert model._default_manager.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize("object_id", ["NaN", "1,2", "{}", "%00", "99999999999999999999", "a" * 300])
@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_impossible_id_is_no_error(superuser_client, object_id, page):
    superuser_client.raise_request_exception = False
    for model in MODELS:
        url = f"{url_of(model)}{object_id}/{page}/"

        for response in (superuser_client.get(url), superuser_client.post(url, {})):
            assert response.status_code in {302, 403, 404, 405}, url


@pytest.mark.django_db
def test_genuine_selection_still_works(superuser_client):
    task = PeriodicTask.objects.get(name="Clean up old jobs")

    superuser_client.post(
        url_of(PeriodicTask), {"action": "disable_tasks", "_selected_action": [str(task.pk)]}
    )

    task.refresh_from_db()
    assert not task.enabled


@pytest.mark.django_db
def test_error_of_the_list_itself_is_not_hidden(superuser_client, monkeypatch):
    def broken(self: object, request: object) -> None:
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(type(admin.site.get_model_admin(Universe)), "get_queryset", broken)

    with pytest.raises(ValueError, match="a mistake of ours"):
        superuser_client.get(url_of(Universe))


@pytest.mark.django_db
def test_visitor_is_asked_to_sign_in_first(client):
    response = client.get(url_of(Universe), {"q": "\x00"})

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("admin:login"))
