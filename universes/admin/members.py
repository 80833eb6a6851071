"""Members of a universe, on its page in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from universes.admin.typed import AnyModelForm, AnyTabularInline
from universes.choices import Role
from universes.models import Membership, Universe


class MemberForm(AnyModelForm):
    role = forms.ChoiceField(choices=[(role.value, role.label) for role in (Role.EDITOR, Role.VIEWER)])

    class Meta:
        model = Membership
        fields = ["user", "role"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        user = self.cleaned_data.get("user")
        others = Membership.objects.filter(universe=self.instance.universe).exclude(pk=self.instance.pk)
        if user is not None and others.filter(user=user).exists():
            self.add_error("user", f"{user} is a member already.")
        return cleaned


class MemberInline(AnyTabularInline):
    """Members except the owner, whose membership is fixed."""

    model = Membership
    form = MemberForm
    autocomplete_fields = ["user"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).exclude(role=Role.OWNER).select_related("user").order_by("pk")

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return is_open(obj) and super().has_delete_permission(request, obj)


def is_open(obj: models.Model | None) -> bool:
    return not (isinstance(obj, Universe) and obj.archived)
