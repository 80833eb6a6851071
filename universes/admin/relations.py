"""Relations of an element, on the element's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from universes.admin.base import as_form_error, staff
from universes.admin.typed import AnyModelForm, AnyTabularInline
from universes.choices import CanonStatus
from universes.errors import DomainError
from universes.models import Element, Relation
from universes.relations import inverse_of, phrase, sentence
from universes.services import relations as service

FIELDS = ("kind", "since", "until", "note")


class RelationForm(AnyModelForm):
    class Meta:
        model = Relation
        fields = ["kind", "to_element", "since", "until", "note"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}
        try:
            self.cleaned_data.update(service.clean_relation(given))
        except DomainError as error:
            raise as_form_error(error) from error
        other = self.cleaned_data.get("to_element")
        element = self.instance.from_element if self.instance.from_element_id else None
        if other is not None and element is not None and other.universe_id != element.universe_id:
            raise forms.ValidationError(f"“{other}” is in another universe.")
        return cleaned


class RelationInline(AnyTabularInline):
    """Relations that the element states; those that other elements state about it are shown below them."""

    model = Relation
    form = RelationForm
    fk_name = "from_element"
    autocomplete_fields = ["to_element"]
    extra = 0
    verbose_name_plural = "relations"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Relation]:
        return super().get_queryset(request).select_related("from_element", "to_element").order_by("pk")

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return []

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_change_permission(request, obj)


class RelatedMixin:
    """Part of the element's page that lists the statements of other elements about this one."""

    @admin.display(description="related elements")
    def stated_by_others(self, element: Element) -> str:
        rows = Relation.objects.living().filter(to_element=element).select_related("from_element")
        lines = [
            phrase(inverse, relation.from_element.name, relation.since, relation.until)
            if (inverse := inverse_of(relation.kind))
            else sentence(relation.from_element.name, relation.kind, element.name)
            for relation in rows.order_by("pk")
        ]
        return "\n".join(lines) or "–"


def save_relations(request: HttpRequest, element: Element, formset: Any) -> None:
    """Save the rows of the inline through the service."""
    formset.save(commit=False)
    for relation in formset.deleted_objects:
        service.remove_relation(element.universe, relation.pk, by=staff(request))
    for relation, changed in formset.changed_objects:
        values = {name: getattr(relation, name) for name in FIELDS}
        if "to_element" in changed:
            service.remove_relation(element.universe, relation.pk, by=staff(request))
            _add(request, element, relation, values)
        else:
            service.change_relation(element.universe, relation.pk, **values, by=staff(request))
    for relation in formset.new_objects:
        _add(request, element, relation, {name: getattr(relation, name) for name in FIELDS})


def _add(request: HttpRequest, element: Element, relation: Relation, values: dict[str, str]) -> None:
    service.add_relation(
        element.universe,
        from_element=element.pk,
        to_element=relation.to_element_id,
        **values,
        by=staff(request),
    )


def _is_open(obj: models.Model | None) -> bool:
    return not (
        isinstance(obj, Element) and (obj.canon_status == CanonStatus.RETIRED or obj.universe.archived)
    )
