"""Proposed rules: found in verdicts, decided by a person."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog
from django.db import transaction
from django.utils import timezone

from agents.choices import VARIANT_REASONS, GuideCause, ProposalState
from agents.common.database import connections
from agents.errors import Conflict, NotFound
from agents.learning import access, guides, model_wording, verdicts
from agents.learning.patterns import evidence, wording
from agents.learning.patterns.evidence import Found
from agents.models import RejectReason, RuleProposal, StyleGuide

if TYPE_CHECKING:
    from django.contrib.auth.models import User

log = structlog.get_logger(__name__)

# Longer than between two runs, in case that one is missed.
LOOK_BACK: Final = timedelta(hours=1)
# Verdicts that a proposal links to.
MAX_EVIDENCE: Final = 20


def propose_all(now: datetime | None = None) -> int:
    """Look for patterns wherever there are new verdicts; return the number of new proposals."""
    at = now or timezone.now()
    proposed = 0
    for universe_id, agent_type in sorted(verdicts.scopes_since(at - LOOK_BACK)):
        proposed += propose(universe_id, agent_type, now=at)
    return proposed


def propose(universe_id: uuid.UUID, agent_type: str, *, now: datetime | None = None) -> int:
    """Propose a rule for each pattern in the verdicts; return the number of new ones.

    Open proposals get the evidence of today. A pattern that was decided before stays quiet, whatever comes.
    """
    sources = verdicts.sources_of(universe_id, agent_type, now or timezone.now())
    if len(sources) < evidence.MIN_VERDICTS:
        return 0
    reasons = list(RejectReason.objects.all())
    offered = sum(
        reason.is_active and reason.code not in VARIANT_REASONS and reason.suits(agent_type)
        for reason in reasons
    )
    names = {reason.code: reason.name for reason in reasons}
    found = evidence.find([source.seen for source in sources], reasons=offered)
    of_scope = RuleProposal.objects.filter(universe=universe_id, agent_type=agent_type)
    known = dict(of_scope.values_list("pattern", "state"))
    by_id = {source.seen.id: source for source in sources}
    proposed = 0
    for one in found:
        name = ":".join(one.pattern)[:200]
        links = [by_id[seen.id].as_evidence() for seen in one.shown_by][-MAX_EVIDENCE:]
        if name not in known:
            proposed += _store(universe_id, agent_type, name, one, links, names)
        elif known[name] == ProposalState.OPEN:
            of_scope.filter(pattern=name, state=ProposalState.OPEN).update(
                evidence=links, chances=one.chances
            )
    return proposed


def _store(
    universe_id: uuid.UUID,
    agent_type: str,
    name: str,
    found: Found,
    links: list[dict[str, object]],
    reason_names: dict[str, str],
) -> int:
    plain = wording.word(found, reason_name=reason_names.get(found.pattern[1], ""))
    # The model may take a while.
    connections.release()
    worded = model_wording.word(universe_id, agent_type, plain, [seen.note for seen in found.shown_by])
    _, is_new = RuleProposal.objects.get_or_create(
        universe_id=universe_id,
        agent_type=agent_type,
        pattern=name,
        defaults={
            "text": (worded or plain)[: guides.MAX_RULE_CHARS],
            "is_worded_by_model": worded is not None,
            "evidence": links,
            "chances": found.chances,
        },
    )
    if is_new:
        log.info("rule_proposed", universe_id=str(universe_id), agent_type=agent_type, pattern=name)
    return int(is_new)


def accept(
    proposal_id: uuid.UUID, *, by: User, universe_id: uuid.UUID, text: str | None = None
) -> StyleGuide:
    """Add a proposed rule to the style guide, as ``text`` if it is given; return the new version.

    Raises ``Conflict`` with code ``proposal_decided``, ``Invalid`` for a text that the guide cannot have, and
    ``NotFound`` or ``Forbidden`` unless the person owns the universe or is a lead.
    """
    proposal = _find(proposal_id, universe_id, by)
    with transaction.atomic():
        wanted = proposal.text if text is None else text
        guide = guides.add_rule(
            proposal.universe_id,
            proposal.agent_type,
            wanted,
            by=by,
            note=f"{len(proposal.evidence)} verdicts",
            cause=GuideCause.PROPOSED,
        )
        _decide(
            proposal, ProposalState.ACCEPTED, by, text=" ".join(wanted.split()), guide_version=guide.version
        )
    return guide


def refuse(proposal_id: uuid.UUID, *, by: User, universe_id: uuid.UUID) -> None:
    """Refuse a proposed rule, which is not proposed again. Raises as ``accept`` does."""
    _decide(_find(proposal_id, universe_id, by), ProposalState.REFUSED, by)


def _find(proposal_id: uuid.UUID, universe_id: uuid.UUID, by: User) -> RuleProposal:
    access.teachable_universe(by, universe_id)
    proposal = RuleProposal.objects.filter(pk=proposal_id, universe=universe_id).first()
    if proposal is None:
        raise NotFound(f"There is no proposal {proposal_id}.", code="proposal_not_found")
    return proposal


def _decide(proposal: RuleProposal, state: ProposalState, by: User, **values: object) -> None:
    is_open = RuleProposal.objects.filter(pk=proposal.pk, state=ProposalState.OPEN)
    if not is_open.update(state=state, decided_by=by, decided_at=timezone.now(), **values):
        raise Conflict("The proposal has been decided already.", code="proposal_decided")
