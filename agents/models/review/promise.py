"""Error promises: cut-offs of the confidence that rest on verdicts, and their terms."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agents.choices import AgentType, PromiseCause, PromiseState
from universes.ids import new_id

_LEAST, _MOST = 0.001, 0.5


class PromiseTerms(models.Model):
    """Terms of the promise for one agent: at most ``alpha`` errors among what passes, with certainty 1 - ``delta``."""

    agent_type = models.CharField("agent", max_length=32, choices=AgentType, primary_key=True)
    alpha = models.FloatField(
        "largest share of errors",
        default=0.05,
        validators=[MinValueValidator(_LEAST), MaxValueValidator(_MOST)],
        help_text="Share of the outputs passed without review that may be rejected or changed: 0.05 is 5%.",
    )
    delta = models.FloatField(
        "risk of a broken promise",
        default=0.05,
        validators=[MinValueValidator(_LEAST), MaxValueValidator(_MOST)],
        help_text="Probability that the promise is wrong: 0.05 gives 95% certainty.",
    )
    max_audit_share = models.FloatField(
        "largest audit share",
        default=0.2,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text="Share of the passed outputs that are audited until the promise can be kept; afterwards the"
        " AUDIT_SHARE of the settings applies. 0 never raises it.",
    )
    is_active = models.BooleanField(
        "active",
        default=True,
        help_text="If it is off, or the agent's REVIEW_THRESHOLD is set, the fixed threshold applies.",
    )

    class Meta:
        db_table = "agent_promise_terms"
        ordering = ["agent_type"]
        verbose_name = "error promise: terms"
        verbose_name_plural = "error promises: terms"
        constraints = [
            models.CheckConstraint(
                condition=Q(alpha__gte=_LEAST, alpha__lte=_MOST, delta__gte=_LEAST, delta__lte=_MOST),
                name="agent_promise_terms_risks_range",
            ),
            models.CheckConstraint(
                condition=Q(max_audit_share__gte=0, max_audit_share__lte=1),
                name="agent_promise_terms_share_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_agent_type_display()}: {self.alpha:.1%} errors, {1 - self.delta:.0%} certainty"


class ErrorPromise(models.Model):
    """A change of what is promised for an agent, or for an agent in one universe, with its evidence.

    The newest row applies. Rows are added when the state, the cut-off or the population changes; in between, the
    newest row's evidence is brought up to date. The population are the outputs since ``began_at`` of one ``model``,
    ``prompt_version`` and, in one universe, ``guide_version``; verdicts since ``counts_from`` count, which is earlier
    if they do not differ.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent_type = models.CharField("agent", max_length=32, choices=AgentType)
    universe = models.ForeignKey(
        "universes.Universe", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField("applies since", default=timezone.now, help_text="Since when it applies.")
    until = models.DateTimeField(null=True, blank=True, help_text="Until when it applied; empty: now.")
    checked_at = models.DateTimeField("checked", default=timezone.now, help_text="Time of the evidence.")
    cause = models.CharField(max_length=16, choices=PromiseCause)
    state = models.CharField(max_length=16, choices=PromiseState)
    cut_off = models.FloatField(
        null=True, blank=True, help_text="Lowest confidence that passes without review."
    )
    alpha = models.FloatField("largest share of errors")
    delta = models.FloatField("risk of a broken promise")
    audit_share = models.FloatField(
        null=True, blank=True, help_text="Share of the passed outputs to audit; empty: that of the settings."
    )
    model = models.CharField(max_length=100, blank=True)
    prompt_version = models.CharField(max_length=64, blank=True)
    guide_version = models.PositiveIntegerField(
        null=True, blank=True, help_text="Version of the universe's style guide; empty: of all universes."
    )
    began_at = models.DateTimeField("began", help_text="Begin of the population.")
    counts_from = models.DateTimeField(help_text="Begin of the verdicts that count.")
    verdicts = models.PositiveIntegerField(default=0, help_text="Verdicts that count.")
    evidence = models.JSONField(default=dict, help_text="The bounds of all cut-offs, and what was left out.")

    class Meta:
        db_table = "agent_error_promises"
        ordering = ["-at", "-id"]
        verbose_name = "error promise"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PromiseState.values), name="agent_error_promises_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=PromiseState.KEPT, cut_off__isnull=False)
                | ~Q(state=PromiseState.KEPT) & Q(cut_off__isnull=True),
                name="agent_error_promises_cut_off_if_kept",
            ),
            models.CheckConstraint(
                condition=Q(counts_from__lte=F("began_at")), name="agent_error_promises_counts_from_before"
            ),
            models.UniqueConstraint(
                fields=["agent_type"],
                condition=Q(until__isnull=True, universe__isnull=True),
                name="agent_error_promises_one_now",
            ),
            models.UniqueConstraint(
                fields=["agent_type", "universe"],
                condition=Q(until__isnull=True, universe__isnull=False),
                name="agent_error_promises_one_now_of_universe",
            ),
        ]
        indexes = [
            models.Index(fields=["agent_type", "universe", "-at"], name="agent_error_promises_history")
        ]

    def __str__(self) -> str:
        return f"{self.get_agent_type_display()}: {self.get_state_display()}"
