"""Admin pages for model calls and prices."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.safestring import SafeString

from agents.billing.admin import costs
from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin, WordedForm, link
from agents.common.admin.number_format import exact_usd, percent
from agents.models import ModelCall, ModelPrice, UsageDay
from universes.admin.searching import search


class ModelFilter(admin.SimpleListFilter):
    """Filter by model. The choices are those of the totals: the calls themselves are too many to look through."""

    title = "model"
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        days = UsageDay.objects.filter(is_of_all=True, calls__gt=0)
        names = days.order_by("model").values_list("model", flat=True).distinct()
        return [(name, name) for name in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ModelCall]) -> QuerySet[ModelCall]:
        return queryset.filter(model=self.value()) if self.value() else queryset


@admin.register(ModelCall)
class ModelCallAdmin(ReadOnlyAdmin):
    empty_text = "No model calls yet. Each call is listed here with its tokens and cost."
    list_display = ["at", "agent_type", "job_link", "model", "cost", "tokens", "outcome", "latency_ms"]
    list_filter = ["agent_type", "is_mock", "is_batch", ModelFilter, "at"]
    search_fields = ["job__id", "request_id"]
    search_help_text = "By job id (or its end) or the beginning of the provider’s request id."
    ordering = ["-at", "-id"]
    # Any other order would sort all calls.
    sortable_by = ["at"]
    fields = [
        "job_link",
        "universe",
        "requested_by",
        "agent_type",
        "attempt",
        "at",
        "model",
        ("prompt_name", "prompt_version"),
        ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"),
        "latency_ms",
        "request_id",
        "stop_reason",
        "error_code",
        ("is_mock", "is_batch"),
        ("input_usd", "output_usd", "cache_read_usd", "cache_write_usd"),
        "cost_usd",
    ]
    readonly_fields = ["job_link"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ModelCall], search_term: str
    ) -> tuple[QuerySet[ModelCall], bool]:
        return search(queryset, search_term, ids=["job"], beginnings=["request_id"]), False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(costs.usage_view)
        return [path("usage/", view, name="agents_modelcall_usage"), *super().get_urls()]

    @admin.display(description="Cost")
    def cost(self, call: ModelCall) -> str:
        return exact_usd(call.cost_usd)

    @admin.display(description="Outcome")
    def outcome(self, call: ModelCall) -> str:
        return call.error_code or call.stop_reason or "–"

    @admin.display(description="Job")
    def job_link(self, call: ModelCall) -> SafeString | str:
        return (
            link("agents_agentjob_change", call.job_id, display.short_id(call.job_id)) if call.job_id else "–"
        )


@admin.register(ModelPrice)
class ModelPriceAdmin(WordedForm, ReadOnlyAdmin):
    """Prices are added, never changed, because each call keeps the rates that it was billed at."""

    # With the button to the history, which says by whom.
    change_form_template = "admin/change_form.html"
    list_note = (
        "USD per million tokens, valid from the given date, for prompts over the given size; batches cost the given "
        "share of it. Prices are never changed: add a new row instead."
    )
    list_display = ["model", "valid_from", "prompt_over", "input", "output", "read", "write", "batch"]
    labels: ClassVar = {
        "valid_from": "Valid from",
        "prompt_over": "Prompts over",
        "input_usd": "Input, USD",
        "output_usd": "Output, USD",
        "cache_read_usd": "Reading the cache, USD",
        "cache_write_usd": "Writing to the cache, USD",
        "batch_share": "Share in batches",
    }
    help_texts: ClassVar = {
        "prompt_over": "The price holds for prompts of more tokens than these; 0 for all.",
        **dict.fromkeys(["input_usd", "output_usd", "cache_read_usd"], "For a million tokens."),
        "cache_write_usd": "For a million tokens that are kept for 5 minutes.",
    }

    @property
    def media(self) -> Media:
        # The scripts of the date's field call those of this file.
        return Media(js=["admin/js/core.js"]) + super().media

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("agents.add_modelprice")

    @admin.display(description="Input", ordering="input_usd")
    def input(self, price: ModelPrice) -> str:
        return exact_usd(price.input_usd)

    @admin.display(description="Output", ordering="output_usd")
    def output(self, price: ModelPrice) -> str:
        return exact_usd(price.output_usd)

    @admin.display(description="Read", ordering="cache_read_usd")
    def read(self, price: ModelPrice) -> str:
        return exact_usd(price.cache_read_usd)

    @admin.display(description="Write", ordering="cache_write_usd")
    def write(self, price: ModelPrice) -> str:
        return exact_usd(price.cache_write_usd)

    @admin.display(description="Batch", ordering="batch_share")
    def batch(self, price: ModelPrice) -> str:
        return percent(float(price.batch_share))
