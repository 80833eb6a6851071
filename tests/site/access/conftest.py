"""A person of each role, and things of one of them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from agents.models import Budget, Exemplar, GoldStandard, GuestsDecide, RuleProposal, SelfReview, WorldFinding
from agents.notify.webhooks import endpoints
from agents.review import comments
from agents.review.guests import links
from mediaassets.accounts.keys import api_keys
from tests.site.access.roles import ROLES
from tests.support import review_rows, rows, sample_findings
from universes.choices import Role
from universes.models import Element, Scene, WorldImport
from universes.services import canon, relations, rules, timeline
from universes.services.sharing import invitation_links, invitations


@pytest.fixture
def people(
    creator: User,
    stranger: User,
    staff: User,
    editor: User,
    viewer: User,
    watcher: User,
    reviewer: User,
    lead: User,
    superuser: User,
) -> dict[str, User | None]:
    found = (None, stranger, staff, creator, editor, viewer, watcher, reviewer, lead, superuser)
    return dict(zip(ROLES, found, strict=True))


@pytest.fixture
def ids(creator: User, viewer: User, watcher: User, universe: Any, reviewer: User) -> dict[str, Any]:
    """The owner's things, by the parameter of the URL that names one."""
    phone = sample_findings.finding()
    job = rows.finished_job(
        creator, universe, signals=sample_findings.signals(phone), variants_id=uuid.uuid4()
    )
    item = rows.item_of(job)
    link = links.make_link([item.pk], label="A studio", expires_in_h=1, by=reviewer)
    decided = rows.item_of(rows.finished_job(creator, universe))
    element = Element.objects.create(universe=universe, kind="character", name="Mira", name_key="mira")
    other = Element.objects.create(universe=universe, kind="character", name="Tom", name_key="tom")
    scene = Scene.objects.create(universe=universe, title="One", text="Once.")
    schedule = rows.make_schedule(creator, universe)
    budget = Budget.objects.create(scope="user", user=creator, period="day", limit_usd=5)
    SelfReview.objects.create(universe=universe, allowed_by=reviewer)
    GuestsDecide.objects.create(universe=universe, allowed_by=reviewer)
    webhook = endpoints.create_endpoint(creator, url="https://example.org/hooks", events=["job.failed"])
    GoldStandard.objects.create(job=job, answer="accept", why="Flawless.", added_by=reviewer)
    return {
        "universe_id": universe.pk,
        "change_id": canon.retire(
            canon.add_scene(universe, title="Two", text="Twice.", by=creator), by=creator
        )
        .universe.canon_changes.order_by("-at", "-id")[0]
        .pk,
        "import_id": WorldImport.objects.create(owner=creator, file_name="a.json", format="native").pk,
        "element_id": element.pk,
        "other_id": other.pk,
        "relation_id": relations.add_relation(
            universe, kind="sister", from_element=element.pk, to_element=other.pk
        ).pk,
        "scene_id": scene.pk,
        "event_id": timeline.add_event(universe, {"title": "Flood", "key": 1, "label": "First tide"}).pk,
        "agent_type": "narrative",
        "exemplar_id": Exemplar.objects.create(
            universe=universe, agent_type="narrative", request="Rain.", output={}, marked_by=reviewer
        ).pk,
        "proposal_id": RuleProposal.objects.create(
            universe=universe, agent_type="narrative", pattern="mark:!", text="Use no exclamation marks."
        ).pk,
        "rule_id": rules.add_rule(universe, text="Iron burns elves.").pk,
        "job_id": job.pk,
        "item_id": item.pk,
        "variants_id": job.variants_id,
        "link_id": link.pk,
        "token": links.token_of(link),
        "finding_id": phone.id,
        "world_finding_id": WorldFinding.objects.create(
            universe=universe,
            scene=scene,
            finding_id="0" * 16,
            quote="Rain",
            statement="Dry.",
            start=0,
            end=4,
        ).pk,
        "schedule_id": schedule.pk,
        "budget_id": budget.pk,
        "webhook_id": webhook.pk,
        "delivery_id": webhook.deliveries.create(event="job.failed", source="x", data={}).pk,
        "user_id": viewer.pk,
        "invitation_id": invitations.invite(universe, watcher.username, Role.VIEWER, by=creator).pk,
        "invitation_link_id": invitation_links.make_link(universe, Role.VIEWER, by=creator)[0].pk,
        "bulk_id": review_rows.decide(decided, reviewer, bulk_id=uuid.uuid4()).bulk_id,
        "comment_id": comments.add_comment(item.pk, "Look.", by=reviewer).pk,
        "key_id": api_keys.make_key(creator, name="CI", scopes=["read"])[0].pk,
    }
