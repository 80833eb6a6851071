"""Style guides: a few short rules for each universe and agent, in versions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import QuerySet

from agents.choices import AgentType, GuideCause
from agents.common import world_context
from agents.common.guidance import newest_guides
from agents.engine.fields import InvalidInput, refuse_unstorable
from agents.errors import FieldError, Invalid, NotFound
from agents.learning import access
from agents.models import StyleGuide
from agents.models.learning.guide import StoredRule
from universes.ids import new_id
from universes.invisible import is_blank

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_RULES: Final = 40
MAX_RULE_CHARS: Final = 300
MAX_NOTE_CHARS: Final = 500


def versions_of(universe_id: uuid.UUID, agent_type: str) -> QuerySet[StyleGuide]:
    """Return the versions of a guide, newest first."""
    of_scope = StyleGuide.objects.filter(universe=universe_id, agent_type=agent_type)
    return of_scope.select_related("by").order_by("-version")


def current(universe_id: uuid.UUID, agent_type: str) -> StyleGuide:
    """Return the version in force; one without rules, which is not stored, before the first."""
    guide = versions_of(universe_id, agent_type).first()
    return guide or StyleGuide(universe_id=universe_id, agent_type=agent_type, version=0, rules=[])


def current_of(universe_id: uuid.UUID) -> list[StyleGuide]:
    """Return the version in force for each agent."""
    newest = newest_guides().filter(universe=universe_id).select_related("by")
    found = {guide.agent_type: guide for guide in newest}
    return [
        found.get(agent_type) or StyleGuide(universe_id=universe_id, agent_type=agent_type, version=0)
        for agent_type in AgentType.values
    ]


def check_agent_type(agent_type: str) -> str:
    if agent_type not in AgentType.values:
        raise NotFound(f"There is no agent {agent_type[:100]!r}.", code="unknown_agent_type")
    return agent_type


def save(
    universe_id: uuid.UUID,
    agent_type: str,
    texts: Sequence[str],
    *,
    by: User,
    note: str = "",
    cause: GuideCause = GuideCause.EDITED,
) -> StyleGuide:
    """Store a new version with these rules, in this order; return the present one if nothing differs.

    Rules that it adds go on trial; what the present version tries goes on if it adds none. Raises ``Invalid`` for too
    many rules, or for one that is blank, too long or there twice, ``Forbidden`` or ``NotFound`` unless the person owns
    the universe or is a lead, ``Conflict`` for an archived universe.
    """
    access.teachable_universe(by, universe_id)
    check_agent_type(agent_type)
    wanted = checked_rules(texts)
    with transaction.atomic():
        # Versions are numbered one after another.
        world_context.lock_universe(universe_id)
        before = current(universe_id, agent_type)
        if list(before.texts) == wanted:
            return before
        known = {rule["text"]: rule["id"] for rule in before.rules}
        rules = [StoredRule(id=known.get(text) or str(new_id()), text=text) for text in wanted]
        return StyleGuide.objects.create(
            universe_id=universe_id,
            agent_type=agent_type,
            version=before.version + 1,
            rules=rules,
            cause=cause,
            note=_checked_note(note),
            by=by,
            on_trial=[] if cause == GuideCause.RESTORED else _on_trial(rules, before),
        )


def add_rule(
    universe_id: uuid.UUID, agent_type: str, text: str, *, by: User, note: str = "", cause: GuideCause
) -> StyleGuide:
    """Store a new version with one more rule at the end."""
    with transaction.atomic():
        world_context.lock_universe(universe_id)
        texts = [*current(universe_id, agent_type).texts, text]
        return save(universe_id, agent_type, texts, by=by, note=note, cause=cause)


def restore(universe_id: uuid.UUID, agent_type: str, *, by: User, version: int | None = None) -> StyleGuide:
    """Store the rules of an earlier version anew, by default of the one before the newest; without a trial.

    Raises ``NotFound`` for a version that there never was, and what ``save`` raises.
    """
    access.teachable_universe(by, universe_id)
    check_agent_type(agent_type)
    with transaction.atomic():
        world_context.lock_universe(universe_id)
        newest = current(universe_id, agent_type).version
        wanted = newest - 1 if version is None else version
        if not 0 <= wanted < max(1, newest):
            raise NotFound(f"There is no version {wanted} to restore.", code="guide_version_not_found")
        earlier = versions_of(universe_id, agent_type).filter(version=wanted).first()
        texts = earlier.texts if earlier else ()
        note = f"Version {wanted}"
        return save(universe_id, agent_type, texts, by=by, note=note, cause=GuideCause.RESTORED)


def checked_rules(texts: Sequence[str]) -> list[str]:
    """Return the rules, each on one line; raise ``Invalid`` with a pointer for each wrong one."""
    rules = [" ".join(text.split()) for text in texts]
    faults = [(index, _fault(text, rules[:index])) for index, text in enumerate(rules)]
    errors = [FieldError(f"/rules/{index}", *fault) for index, fault in faults if fault is not None]
    if len(rules) > MAX_RULES:
        errors.append(FieldError("/rules", f"A guide has at most {MAX_RULES} rules.", "max_length"))
    if errors:
        raise Invalid("The style guide is not valid.", errors)
    return rules


def _fault(text: str, earlier: Sequence[str]) -> tuple[str, str] | None:
    if is_blank(text):
        return "A rule may not be blank.", "blank"
    if len(text) > MAX_RULE_CHARS:
        return f"A rule has at most {MAX_RULE_CHARS} characters.", "max_length"
    if text in earlier:
        return "The guide has this rule already.", "duplicate"
    try:
        refuse_unstorable(text)
    except InvalidInput as error:
        return error.errors[0].message, "invalid"
    return None


def _checked_note(note: str) -> str:
    note = note.strip()
    if len(note) > MAX_NOTE_CHARS:
        raise Invalid(
            "The note is too long.",
            [FieldError("/note", f"At most {MAX_NOTE_CHARS} characters.", "max_length")],
        )
    return note


def _on_trial(rules: Sequence[StoredRule], before: StyleGuide) -> list[str]:
    known = {rule["id"] for rule in before.rules}
    ids = [rule["id"] for rule in rules]
    if added := [rule_id for rule_id in ids if rule_id not in known]:
        return added
    return [rule_id for rule_id in ids if before.has_trial and rule_id in before.on_trial]
