"""Life cycle of the site's language models: use, succession of retired models, and notices to operators.

``lifecycle_checks`` reads the life cycle from the provider.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agents.choices import Lifecycle, VersionedData
from agents.common import dispatch
from agents.common.database.versions import Versioned
from agents.errors import FieldError, Forbidden, Invalid, NotFound
from agents.models import AgentJob, LanguageModel, ReviewDecision

if TYPE_CHECKING:
    from django.contrib.auth.models import User

log = structlog.get_logger(__name__)

# Permission to name successors and to start a check.
CHANGE = "agents.change_languagemodel"


@dataclass(frozen=True, slots=True)
class Replacement:
    """``model`` answers in place of ``retired`` since ``since``, possibly over several successions."""

    model: str
    retired: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """Operator notice about a model; ``is_urgent`` means that its jobs are blocked until someone acts."""

    model: str
    message: str
    hint: str
    is_urgent: bool


def in_use() -> list[str]:
    """Return all models that may be called: the agents' models, those people may choose, and successors."""
    offered = {*settings.AGENT_MODELS.values(), *settings.ALLOWED_MODELS}
    return sorted({*offered, *settings.MODEL_SUCCESSORS, *_successors().values()})


def list_models() -> None:
    """Add a row for each model in use that has none, so that its successor can be named before the first check."""
    known = set(LanguageModel.objects.values_list("name", flat=True))
    missing = [LanguageModel(name=name) for name in in_use() if name not in known]
    if missing:
        LanguageModel.objects.bulk_create(missing, ignore_conflicts=True)


def _successors() -> Mapping[str, str]:
    """Map models to their successors; rows take precedence over the settings."""
    named = LanguageModel.objects.exclude(successor="").values_list("name", "successor")
    return {**settings.MODEL_SUCCESSORS, **dict(named)}


def successor_of(model: LanguageModel) -> str:
    """Return the model that takes over when ``model`` is retired, or ""."""
    return model.successor or settings.MODEL_SUCCESSORS.get(model.name, "")


# --- Succession


def replacement_for(model: str) -> Replacement | None:
    """Return the replacement of a retired model; None if it is not retired or has no successor."""
    gone = _replaced_models.get()
    last, at = None, model
    # Bounded, because rows and settings together could form a cycle.
    for _ in range(len(gone)):
        row = gone.get(at)
        if row is None:
            break
        last, at = row, successor_of(row)
    if last is None or last.replaced_at is None or not at or at in gone:
        return None
    return Replacement(model=at, retired=model, since=last.replaced_at)


def _read_replaced() -> Mapping[str, LanguageModel]:
    """Return the retired models that were replaced, by name."""
    rows = LanguageModel.objects.filter(lifecycle=Lifecycle.RETIRED, replaced_at__isnull=False)
    return {row.name: row for row in rows}


_replaced_models: Final = Versioned(VersionedData.MODELS, _read_replaced)


def verdicts_of(replacement: Replacement, agent_type: str) -> int:
    """Count decisions in force on the replacement's outputs for an agent, up to the required number."""
    # The provider answers an undated model name with the dated one.
    written_by = Q(item__job__model=replacement.model) | Q(
        item__job__model__regex=rf"^{re.escape(replacement.model)}-[0-9]{{8}}$"
    )
    decisions = ReviewDecision.objects.effective().filter(
        written_by, at__gte=replacement.since, item__agent_type=agent_type
    )
    return decisions[: settings.MODEL_TRIAL_VERDICTS].count()


def trial_reason(replacement: Replacement, agent_type: str) -> str:
    """Explain why a successor on trial is reviewed; return "" once it has enough verdicts."""
    needed = settings.MODEL_TRIAL_VERDICTS
    had = verdicts_of(replacement, agent_type)
    if had >= needed:
        return ""
    return (
        f"Written by {replacement.model} in place of the retired {replacement.retired}; "
        f"it has {had} of the {needed} verdicts that it needs."
    )


def activate_successors() -> int:
    """Activate the successors of retired models and wake waiting jobs; return the number activated."""
    now = timezone.now()
    with transaction.atomic():
        waiting = LanguageModel.objects.filter(lifecycle=Lifecycle.RETIRED, replaced_at__isnull=True)
        ready = [row.pk for row in waiting if successor_of(row)]
        activated = waiting.filter(pk__in=ready).update(replaced_at=now)
        # A job's row does not say which model it waits for; jobs waiting for another model are postponed again.
        jobs = AgentJob.objects.bring_forward(now, error_code="line_paused") if activated else []
        if jobs:
            transaction.on_commit(lambda: dispatch.enqueue(jobs))
    return activated


# --- Naming successors


def require_change(user: User) -> None:
    if not user.has_perm(CHANGE):
        raise Forbidden("You may not change the language models.")


def name_successor(model_id: int, successor: str, *, by: User) -> LanguageModel:
    """Set the successor of a model, effective at once if it is retired; "" falls back to the settings.

    Raises ``Invalid`` for a successor that is not in use, is retired, or leads back to the model itself.
    """
    require_change(by)
    with transaction.atomic():
        # Lock all rows, so that concurrent changes cannot form a cycle.
        rows = {row.pk: row for row in LanguageModel.objects.select_for_update().order_by("pk")}
        row = rows.get(model_id)
        if row is None:
            raise NotFound("There is no such language model.", code="language_model_not_found")
        check_successor(row.name, successor)
        row.successor = successor
        row.save(update_fields=["successor"])
        activate_successors()
    log.info("successor_named", model=row.name, successor=successor, by=by.pk)
    row.refresh_from_db()
    return row


def possible_successors(name: str) -> list[str]:
    """Return candidates for the successor of a model, without checking for cycles."""
    return sorted(set(in_use()) - {name} - _retired_names())


def _retired_names() -> set[str]:
    return set(LanguageModel.objects.filter(lifecycle=Lifecycle.RETIRED).values_list("name", flat=True))


def check_successor(name: str, successor: str) -> None:
    """Raise ``Invalid`` for a successor that ``name_successor`` refuses."""
    if not successor:
        return
    follows = {**_successors(), name: successor}
    if successor not in in_use():
        detail = f"{successor} is not configured here: add it to ALLOWED_MODELS first."
    elif successor in _retired_names():
        detail = f"{successor} is retired itself."
    elif _leads_back(name, follows):
        detail = f"{successor} is followed by {name} in the end: one of them would have to stay."
    else:
        return
    raise Invalid("The successor cannot be taken.", [FieldError("/successor", detail, "bad_successor")])


def _leads_back(name: str, follows: Mapping[str, str]) -> bool:
    at = follows.get(name, "")
    for _ in follows:
        if at == name:
            return True
        at = follows.get(at, "")
    return False


# --- Notices


def uses_of(name: str) -> list[str]:
    """Describe the uses of a model on this site; empty if it is not in use."""
    uses = [f"the {agent} agent" for agent, model in settings.AGENT_MODELS.items() if model == name]
    if name in settings.ALLOWED_MODELS:
        uses.append("people’s preferences")
    uses += [f"successor of {old}" for old, new in sorted(_successors().items()) if new == name]
    return uses


def trials_in_place_of(name: str) -> list[tuple[str, int]]:
    """Return the number of verdicts on the replacement of ``name``, per agent."""
    replacement = replacement_for(name)
    if replacement is None:
        return []
    return [(agent, verdicts_of(replacement, agent)) for agent in settings.AGENT_MODELS]


def notices() -> list[Notice]:
    """Return the notices on deprecated and retired models in use, by name."""
    rows = LanguageModel.objects.filter(
        name__in=in_use(), lifecycle__in=[Lifecycle.DEPRECATED, Lifecycle.RETIRED]
    )
    now = timezone.now()
    return [
        _retired(row) if row.lifecycle == Lifecycle.RETIRED else _deprecated(row, now)
        for row in rows.order_by("name")
    ]


def _deprecated(row: LanguageModel, now: datetime) -> Notice:
    if row.retires_at is None:
        when = "no day is set yet for its retirement"
    elif row.retires_at < now:
        when = f"its retirement has been due since {row.retires_at:%Y-%m-%d}"
    else:
        when = f"it will be retired on {row.retires_at:%Y-%m-%d}"
    successor = successor_of(row)
    if successor:
        then, hint = (
            f"{successor} then takes its place.",
            "Configure another model before that day, or let it.",
        )
    else:
        then = "No successor is named: its jobs would wait."
        hint = "Configure another model, or name a successor on the page of the language models."
    return Notice(row.name, f"{row.name} is deprecated; {when}. {then}", hint, is_urgent=False)


def _retired(row: LanguageModel) -> Notice:
    successor = successor_of(row)
    if successor and row.replaced_at is not None:
        return Notice(
            row.name,
            f"{row.name} is retired; {successor} has written in its place since {row.replaced_at:%Y-%m-%d}.",
            f"Configure {successor}, or another model, instead of {row.name}.",
            is_urgent=False,
        )
    if successor:
        message = f"{row.name} is retired; {successor} takes its place with the next check."
        return Notice(row.name, message, "Check with the provider now.", is_urgent=True)
    return Notice(
        row.name,
        f"{row.name} is retired and has no successor: its jobs wait.",
        "Name a successor on the page of the language models, or configure another model: the jobs then go on by "
        "themselves.",
        is_urgent=True,
    )
