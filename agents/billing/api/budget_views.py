"""API views for budgets."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.billing import budget_settings
from agents.billing.api import serializers as s
from agents.errors import NotFound
from agents.models import Budget
from universes.api.base import validated
from universes.api.paths import signed_in
from universes.api.preconditions import IF_MATCH, if_unchanged, tagged

_MAX_DIGITS = 18
BUDGET_ID = OpenApiParameter("budget_id", OpenApiTypes.INT, OpenApiParameter.PATH)


class BudgetsView(ListAPIView[Budget]):
    """The budgets that limit you, with their usage in the current period; all budgets for people who may view them."""

    serializer_class = s.BudgetOut
    queryset = Budget.objects.none()

    def get_queryset(self) -> QuerySet[Budget]:
        visible = budget_settings.visible_to(signed_in(self.request))
        return budget_settings.with_current_period(visible).order_by("id")

    @extend_schema(
        request=s.BudgetIn,
        responses={201: s.BudgetOut, 409: OpenApiResponse(description="There is already such a budget.")},
    )
    def post(self, request: Request) -> Response:
        """Create a budget; only with the permission to add budgets."""
        user = signed_in(request)
        budget = budget_settings.create_budget(by=user, **validated(s.BudgetIn, request))
        return tagged(
            s.BudgetOut(budget_settings.find_budget(budget.pk, user)).data,
            status.HTTP_201_CREATED,
            headers={"Location": reverse("budget-detail", args=[budget.pk])},
        )


@extend_schema(parameters=[BUDGET_ID])
class BudgetView(APIView):
    @extend_schema(responses=s.BudgetOut)
    def get(self, request: Request, budget_id: str) -> Response:
        """Return a budget with its usage in the current period."""
        return tagged(s.BudgetOut(budget_settings.find_budget(_id(budget_id), signed_in(request))).data)

    @extend_schema(request=s.BudgetPatch, responses=s.BudgetOut, parameters=[IF_MATCH])
    def patch(self, request: Request, budget_id: str) -> Response:
        """Change the limit at once; only with the permission to change budgets."""
        limit = validated(s.BudgetPatch, request)["limit_usd"]
        with if_unchanged(request, lambda: _lock(request, budget_id)):
            budget = budget_settings.change_limit(_id(budget_id), limit, by=signed_in(request))
        return tagged(s.BudgetOut(budget).data)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, budget_id: str) -> Response:
        """Delete a budget; only with the permission to delete budgets."""
        with if_unchanged(request, lambda: _lock(request, budget_id)):
            budget_settings.delete_budget(_id(budget_id), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _lock(request: Request, budget_id: str) -> dict[str, object]:
    budget_settings.lock_budgets()
    return dict(s.BudgetOut(budget_settings.find_budget(_id(budget_id), signed_in(request))).data)


def _id(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) <= _MAX_DIGITS):
        raise NotFound(f"There is no budget {raw[:50]!r}.", code="budget_not_found")
    return int(raw)
