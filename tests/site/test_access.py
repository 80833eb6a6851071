"""Access by role to each route of the site and each page of the admin.

A route or page without a row here fails, so that a new one is decided on purpose.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.test import APIClient

from agents.models import (
    Budget,
    Exemplar,
    GoldStandard,
    GuestsDecide,
    RuleProposal,
    SelfReview,
    WorldFinding,
)
from agents.notify.webhooks import endpoints
from agents.review import comments
from agents.review.guests import links
from mediaassets.accounts import api_keys
from tests.support import review_rows, rows, sample_findings
from universes.choices import Role
from universes.models import Element, Scene, WorldImport
from universes.services import canon, invitation_links, invitations, relations, rules, timeline

pytestmark = pytest.mark.django_db

# Everything asked for is the owner's: the others ask for something foreign.
ROLES = ("nobody", "stranger", "staff", "owner", "editor", "viewer", "watcher", "reviewer", "lead", "root")
EVERYBODY = " ".join(ROLES)
SIGNED_IN = EVERYBODY.removeprefix("nobody ")
MEMBERS = "owner editor viewer"
# With those who may view every universe.
READERS_OF_WORLDS = f"{MEMBERS} reviewer lead root"
READERS = "owner watcher reviewer lead root"
JUDGES = "reviewer lead root"
TEACHERS = "owner lead root"
REFUSED = {401, 403, 404}


@dataclass
class Row:
    """The roles that may call a method of a route, and what they send.

    With ``sees``, everybody signed in may ask, and those roles find the owner's row in the list.
    """

    may: str
    body: dict[str, Any] = field(default_factory=dict)
    sees: str | None = None


API: dict[tuple[str, str], Row] = {
    ("token", "post"): Row(EVERYBODY, {"username": "x"}),
    ("token-refresh", "post"): Row(EVERYBODY),
    ("token-verify", "post"): Row(EVERYBODY),
    ("auth-logout", "post"): Row(SIGNED_IN),
    # Without the password, everybody is told that it is missing.
    ("close-account", "post"): Row(SIGNED_IN),
    ("new-password", "post"): Row(SIGNED_IN),
    ("own-data", "get"): Row(SIGNED_IN),
    ("api-keys", "get"): Row(SIGNED_IN, sees="owner"),
    ("api-keys", "post"): Row(SIGNED_IN, {"name": "CI", "scopes": ["read"]}),
    ("api-key-detail", "delete"): Row("owner"),
    ("healthz", "get"): Row(EVERYBODY),
    ("readyz", "get"): Row(EVERYBODY),
    # No account: only the token of the setting opens it.
    ("metrics", "get"): Row(""),
    ("passport-keys", "get"): Row(EVERYBODY),
    ("schema", "get"): Row(EVERYBODY),
    ("docs", "get"): Row(EVERYBODY),
    ("index", "get"): Row(EVERYBODY),
    ("admin_password_reset", "get"): Row(EVERYBODY),
    ("admin_password_reset", "post"): Row(EVERYBODY),
    ("admin_password_reset", "put"): Row(EVERYBODY),
    ("password_reset_done", "get"): Row(EVERYBODY),
    ("password_reset_confirm", "get"): Row(EVERYBODY),
    ("password_reset_confirm", "post"): Row(EVERYBODY),
    ("password_reset_confirm", "put"): Row(EVERYBODY),
    ("password_reset_complete", "get"): Row(EVERYBODY),
    ("universe-list", "get"): Row(SIGNED_IN, sees=READERS_OF_WORLDS),
    ("universe-list", "post"): Row(SIGNED_IN, {"name": "Mine"}),
    ("import-list", "get"): Row(SIGNED_IN, sees="owner"),
    # Without a file, everybody is told that it is missing.
    ("import-list", "post"): Row(SIGNED_IN),
    ("import-detail", "get"): Row("owner"),
    ("import-undo", "post"): Row("owner"),
    ("universe-detail", "get"): Row(READERS_OF_WORLDS),
    ("universe-detail", "patch"): Row("owner editor", {"description": "New."}),
    ("universe-detail", "delete"): Row("owner"),
    ("change-list", "get"): Row(READERS_OF_WORLDS),
    ("change-revert", "post"): Row("owner editor"),
    ("universe-export", "get"): Row(READERS_OF_WORLDS),
    ("universe-preview", "post"): Row(READERS_OF_WORLDS, {"rules": ["No one can teleport."]}),
    ("universe-recheck", "get"): Row(READERS_OF_WORLDS),
    ("universe-recheck", "post"): Row("owner editor"),
    ("world-findings", "get"): Row(READERS_OF_WORLDS),
    ("world-finding-fix", "post"): Row("owner editor"),
    ("world-finding-intentional", "put"): Row("owner editor", {}),
    ("world-finding-intentional", "delete"): Row("owner editor"),
    ("universe-owner", "post"): Row("owner", {"user_id": "{user_id}"}),
    ("exemplars", "get"): Row(READERS_OF_WORLDS),
    ("exemplars", "post"): Row("owner reviewer lead root", {"job_id": "{job_id}"}),
    ("exemplar-detail", "delete"): Row("owner reviewer lead root"),
    ("rule-proposals", "get"): Row(TEACHERS),
    ("rule-accept", "post"): Row(TEACHERS, {"text": "Use no em-dashes."}),
    ("rule-refuse", "post"): Row(TEACHERS),
    ("guide-effect", "get"): Row(READERS_OF_WORLDS),
    ("guides", "get"): Row(READERS_OF_WORLDS),
    ("guide-detail", "get"): Row(READERS_OF_WORLDS),
    ("guide-detail", "put"): Row(TEACHERS, {"rules": ["Use no em-dashes."]}),
    ("guide-end-trial", "post"): Row(TEACHERS),
    ("guide-restore", "post"): Row(TEACHERS, {"version": 0}),
    ("guide-versions", "get"): Row(READERS_OF_WORLDS),
    ("draft-count", "get"): Row(READERS_OF_WORLDS),
    ("drafts-promote", "post"): Row("owner editor", {"ids": ["{scene_id}"]}),
    ("drafts-discard", "post"): Row("owner editor", {"ids": ["{scene_id}"]}),
    ("member-list", "get"): Row(READERS_OF_WORLDS),
    ("member-list", "post"): Row("owner", {"username": "stefan", "role": "viewer"}),
    ("invitation-list", "get"): Row("owner"),
    ("invitation-detail", "delete"): Row("owner"),
    ("invitation-link-list", "get"): Row("owner"),
    ("invitation-link-list", "post"): Row("owner", {"role": "viewer"}),
    ("invitation-link-detail", "delete"): Row("owner"),
    ("own-invitations", "get"): Row(SIGNED_IN, sees="watcher"),
    ("own-invitation-accept", "post"): Row("watcher"),
    ("own-invitation-decline", "post"): Row("watcher"),
    ("member-detail", "get"): Row(READERS_OF_WORLDS),
    ("member-detail", "patch"): Row("owner", {"role": "editor"}),
    ("member-detail", "delete"): Row("owner viewer"),
    ("world-config", "get"): Row(READERS_OF_WORLDS),
    ("world-config", "put"): Row("owner editor", {"genre": "noir"}),
    ("world-config", "patch"): Row("owner editor", {"genre": "noir"}),
    ("world-rules", "post"): Row("owner editor", {"text": "No one can teleport."}),
    ("world-rule", "get"): Row(READERS_OF_WORLDS),
    ("world-rule", "patch"): Row("owner editor", {"text": "Few can teleport."}),
    ("world-rule", "delete"): Row("owner editor"),
    ("element-list", "get"): Row(READERS_OF_WORLDS),
    ("element-list", "post"): Row("owner editor", {"kind": "item", "name": "A key"}),
    ("element-detail", "get"): Row(READERS_OF_WORLDS),
    ("element-passport", "get"): Row(READERS_OF_WORLDS),
    ("element-detail", "patch"): Row("owner editor", {"summary": "New."}),
    ("element-detail", "delete"): Row("owner editor"),
    ("element-texts", "get"): Row(READERS_OF_WORLDS),
    ("relation-list", "get"): Row(READERS_OF_WORLDS),
    ("story-events", "get"): Row(READERS_OF_WORLDS),
    ("story-events", "post"): Row("owner editor", {"title": "Flood", "key": 3, "label": "Third tide"}),
    ("story-event-detail", "get"): Row(READERS_OF_WORLDS),
    ("story-event-detail", "patch"): Row("owner editor", {"note": "At night."}),
    ("story-event-detail", "delete"): Row("owner editor"),
    ("universe-moment", "get"): Row(READERS_OF_WORLDS),
    ("scene-moment", "get"): Row(READERS_OF_WORLDS),
    ("scene-moment", "put"): Row("owner editor", {"key": 3, "label": "Third tide"}),
    ("scene-moment", "delete"): Row("owner editor"),
    ("relation-list", "post"): Row(
        "owner editor", {"kind": "friend", "from_element": "{element_id}", "to_element": "{other_id}"}
    ),
    ("relation-detail", "get"): Row(READERS_OF_WORLDS),
    ("relation-detail", "patch"): Row("owner editor", {"note": "Since school."}),
    ("relation-detail", "delete"): Row("owner editor"),
    ("scene-list", "get"): Row(READERS_OF_WORLDS),
    ("scene-elements", "get"): Row(READERS_OF_WORLDS),
    ("scene-list", "post"): Row("owner editor", {"title": "One", "text": "Once."}),
    ("scene-detail", "get"): Row(READERS_OF_WORLDS),
    ("scene-passport", "get"): Row(READERS_OF_WORLDS),
    ("scene-detail", "patch"): Row("owner editor", {"title": "Two"}),
    ("scene-detail", "delete"): Row("owner editor"),
    ("jobs", "get"): Row(SIGNED_IN, sees=READERS),
    ("jobs", "post"): Row(SIGNED_IN, {"agent_type": "narrative", "input_data": {"prompt": "A storm."}}),
    ("job-batch", "post"): Row(SIGNED_IN, {"jobs": [{}]}),
    ("job-detail", "get"): Row(READERS),
    ("job-events", "get"): Row(READERS),
    ("job-passport", "get"): Row(READERS),
    ("job-elements", "get"): Row(READERS),
    ("job-receipt", "get"): Row(READERS),
    ("job-retry", "post"): Row("owner root"),
    ("job-cancel", "post"): Row("owner root"),
    ("job-accept", "post"): Row("owner"),
    ("job-again", "post"): Row("owner", {"note": "Shorter."}),
    ("job-discard", "post"): Row("owner", {"reason": "Dull."}),
    ("job-feedback", "post"): Row("owner", {"rating": "accepted"}),
    ("job-flag", "post"): Row(f"{READERS} editor viewer", {"reason": "A phone."}),
    ("stats", "get"): Row(SIGNED_IN),
    ("reviews", "get"): Row(JUDGES),
    ("review-next", "post"): Row(JUDGES),
    ("review-bulk", "post"): Row(JUDGES, {"ids": [], "verdict": "approved"}),
    ("review-decisions", "get"): Row(JUDGES),
    ("reject-reasons", "get"): Row(JUDGES),
    ("review-figures", "get"): Row(JUDGES),
    ("review-figures", "post"): Row(JUDGES),
    ("promises", "get"): Row(JUDGES),
    ("reviewers", "get"): Row(JUDGES),
    ("reviewer-detail", "get"): Row(JUDGES),
    ("review-detail", "get"): Row(JUDGES),
    ("review-claim", "post"): Row(JUDGES),
    ("review-claim", "patch"): Row(JUDGES),
    ("review-claim", "delete"): Row(JUDGES),
    ("review-claim-break", "post"): Row("root"),
    ("review-skip", "post"): Row(JUDGES),
    ("review-hand", "post"): Row(JUDGES, {"to": "rosa"}),
    ("review-decision", "post"): Row(JUDGES, {"verdict": "approved"}),
    ("review-undo", "post"): Row(JUDGES),
    ("review-links", "get"): Row(JUDGES, sees=JUDGES),
    ("review-links", "post"): Row(JUDGES, {"item_ids": ["{item_id}"], "label": "A studio"}),
    ("review-link-detail", "delete"): Row(JUDGES),
    # Whoever has the token.
    ("guest-items", "get"): Row(EVERYBODY),
    ("guest-opinions", "post"): Row(
        EVERYBODY, {"item_id": "{item_id}", "verdict": "approved", "name": "Ann"}
    ),
    ("guest-page", "get"): Row(EVERYBODY),
    ("variant-stats", "get"): Row(JUDGES),
    ("variants-detail", "get"): Row(JUDGES),
    ("variants-choice", "post"): Row(JUDGES, {"job_id": "{job_id}"}),
    ("review-reopen", "post"): Row("lead root", {"reason": "A phone."}),
    ("review-bulk-undo", "post"): Row("reviewer"),
    ("review-comments", "get"): Row(JUDGES),
    ("review-comments", "post"): Row(JUDGES, {"text": "Look."}),
    ("review-comment", "patch"): Row("reviewer", {"text": "Look again."}),
    ("review-comment", "delete"): Row("reviewer"),
    ("review-finding-intentional", "put"): Row(JUDGES),
    ("review-finding-intentional", "delete"): Row(JUDGES),
    ("gold", "get"): Row("lead root"),
    ("gold", "post"): Row("lead root"),
    ("gold-detail", "delete"): Row("lead root"),
    ("guests-decide", "get"): Row("lead root"),
    ("guests-decide", "post"): Row("lead root", {"universe_id": "{universe_id}"}),
    ("guests-decide-detail", "delete"): Row("lead root"),
    ("self-reviews", "get"): Row("lead root"),
    ("self-reviews", "post"): Row("lead root", {"universe_id": "{universe_id}"}),
    ("self-review-detail", "delete"): Row("lead root"),
    ("rechecks", "post"): Row("owner editor root", {"universe_id": "{universe_id}"}),
    ("schedules", "get"): Row(SIGNED_IN, sees="owner watcher root"),
    ("schedules", "post"): Row(
        "owner editor root",
        {
            "name": "Weekly",
            "universe_id": "{universe_id}",
            "agent_type": "narrative",
            "input_data": {"prompt": "A storm."},
            "crontab": "0 0 * * 1",
        },
    ),
    ("schedule-detail", "get"): Row("owner watcher root"),
    ("schedule-detail", "patch"): Row("owner root", {"name": "New"}),
    ("schedule-detail", "delete"): Row("owner root"),
    ("schedule-run", "post"): Row("owner root"),
    ("schedule-pause", "post"): Row("owner root"),
    ("schedule-resume", "post"): Row("owner root"),
    ("usage", "get"): Row(SIGNED_IN, sees=READERS),
    ("budgets", "get"): Row(SIGNED_IN, sees="owner watcher root"),
    ("budgets", "post"): Row("root", {"scope": "site", "period": "day", "limit_usd": "1"}),
    ("budget-detail", "get"): Row("owner watcher root"),
    ("budget-detail", "patch"): Row("root", {"limit_usd": "2"}),
    ("budget-detail", "delete"): Row("root"),
    ("notifications", "get"): Row(SIGNED_IN),
    ("notifications-read", "post"): Row(SIGNED_IN, {"ids": []}),
    ("webhooks", "get"): Row(SIGNED_IN, sees="owner"),
    ("webhooks", "post"): Row(SIGNED_IN, {"url": "https://example.org/", "events": ["job.failed"]}),
    ("webhook-detail", "get"): Row("owner"),
    ("webhook-detail", "patch"): Row("owner", {"description": "New."}),
    ("webhook-detail", "delete"): Row("owner"),
    ("webhook-secret", "post"): Row("owner"),
    ("webhook-deliveries", "get"): Row("owner"),
    ("webhook-replay", "post"): Row("owner"),
    ("preferences", "get"): Row(SIGNED_IN),
    ("preferences", "put"): Row(SIGNED_IN),
    ("preferences", "patch"): Row(SIGNED_IN),
}
# Answered by functions, whose methods cannot be read from a class.
FUNCTIONS = dict.fromkeys(("healthz", "readyz", "metrics", "index", "guest-page"), ("get",))
UNNAMED = {"admin", "favicon.ico", "studio"}


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


def _patterns(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, space or pattern.namespace or "")
        else:
            yield space, pattern


def _methods(pattern: URLPattern) -> tuple[str, ...]:
    name = pattern.name or ""
    view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
    return FUNCTIONS.get(name) or tuple(
        method for method in ("get", "post", "put", "patch", "delete") if hasattr(view, method)
    )


def test_every_route_has_a_row():
    routes = {
        (pattern.name, method)
        for space, pattern in _patterns()
        if not space and (pattern.name or str(pattern.pattern) not in UNNAMED)
        for method in _methods(pattern)
    }

    assert routes == set(API)


def _api(person: User | None) -> APIClient:
    client = APIClient(raise_request_exception=False)
    if person is not None:
        client.force_authenticate(person)
    return client


def _named(value: Any, ids: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _named(part, ids) for key, part in value.items()}
    return value.format(**ids) if isinstance(value, str) else value


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_routes_are_open_to_exactly_these_roles(people, ids, method):
    table = {name: row for (name, of), row in API.items() if of == method}
    patterns = {found.name: found for space, found in _patterns() if not space}
    clients = {role: _api(person) for role, person in people.items()}
    open_to: dict[str, list[str]] = {name: [] for name in table}
    finding: dict[str, list[str]] = {name: [] for name, row in table.items() if row.sees is not None}

    for name, row in table.items():
        pattern = patterns[name].pattern
        given = {**ids, "uidb64": "MQ"} | ({"token": "expired"} if name.startswith("password") else {})
        keys = [*pattern.regex.groupindex, *getattr(pattern, "converters", {})]
        wanted = {key: given[key] for key in keys}
        if name == "reviewer-detail":
            wanted["user_id"] = people["reviewer"].pk
        path = reverse(name, kwargs=wanted)
        for role, client in clients.items():
            # Each role finds everything as it was.
            with transaction.atomic():
                response = getattr(client, method)(path, _named(row.body, ids) or None)
                transaction.set_rollback(True)
            assert response.status_code < 500 or name == "readyz", (name, role, response.content)
            if response.status_code not in REFUSED:
                open_to[name].append(role)
            if name in finding and response.status_code == 200 and response.json()["results"]:
                finding[name].append(role)

    assert open_to == {name: _in_order(row.may) for name, row in table.items()}
    assert finding == {name: _in_order(table[name].sees or "") for name in finding}


def _in_order(roles: str) -> list[str]:
    return [role for role in ROLES if role in roles.split()]


# --- Admin ---------------------------------------------------------------------------------------------------

# The roles that may open the list and a row of each model.
LISTS: dict[str, str] = {
    "accounts.apikey": "root",
    "auth.group": "root",
    "auth.user": "root",
    "django_celery_beat.periodictask": "root",
    "django_celery_beat.crontabschedule": "root",
    "django_celery_beat.intervalschedule": "root",
    "django_celery_results.taskresult": "root",
    "universes.element": JUDGES,
    "universes.scene": JUDGES,
    "universes.canonchange": "root",
    "universes.universe": JUDGES,
    "universes.worldimport": "root",
    "agents.messagebatch": "root",
    "agents.budget": "root",
    "agents.modelcall": JUDGES,
    "agents.modelprice": "root",
    "agents.errorpromise": "lead root",
    "agents.learnedconfidence": "lead root",
    "agents.promiseterms": "root",
    "agents.ruleproposal": "lead root",
    "agents.styleguide": "lead root",
    "agents.agentjobevent": JUDGES,
    "agents.notification": "staff reviewer lead root",
    "agents.userpreference": "root",
    "agents.languagemodel": "root",
    "agents.goldstandard": "lead root",
    "agents.guestsdecide": "lead root",
    "agents.agentjob": JUDGES,
    "agents.reviewdecision": JUDGES,
    "agents.intentionalfinding": JUDGES,
    "agents.rejectreason": JUDGES,
    "agents.selfreview": "lead root",
    "agents.reviewskip": "root",
    "agents.generationschedule": "root",
    "agents.reviewitem": JUDGES,
    "agents.worldfinding": "root",
    "agents.webhookdelivery": "root",
    "agents.webhookendpoint": "root",
}
# Pages besides list, add, change, delete and history, with the roles that may call them, and the method.
PAGES: dict[str, tuple[str, str]] = {
    "index": ("get", "staff reviewer lead root"),
    "login": ("get", EVERYBODY),
    "logout": ("post", EVERYBODY),
    "password_change": ("get", "staff reviewer lead root"),
    "password_change_done": ("get", "staff reviewer lead root"),
    "autocomplete": ("get", ""),
    "jsi18n": ("get", "staff reviewer lead root"),
    "view_on_site": ("get", ""),
    "app_list": ("get", JUDGES),
    "auth_user_password_change": ("get", "root"),
    "auth_user_close": ("get", "root"),
    "auth_user_invite": ("post", "root"),
    "auth_user_link": ("get", "root"),
    "agents_modelcall_usage": ("get", JUDGES),
    "agents_notification_read": ("post", "staff reviewer lead root"),
    "agents_notification_answer": ("post", "staff reviewer lead root"),
    "agents_notification_mail": ("post", "staff reviewer lead root"),
    "agents_languagemodel_ask": ("post", "root"),
    "agents_goldstandard_mark": ("post", "lead root"),
    "agents_styleguide_guide": ("get", "lead root"),
    "agents_styleguide_act": ("post", "lead root"),
    "agents_styleguide_exemplify": ("post", JUDGES),
    "agents_agentjob_receipt": ("get", JUDGES),
    "agents_agentjob_failures": ("get", JUDGES),
    "agents_agentjob_act_on_cause": ("post", "root"),
    "agents_agentjob_retry": ("post", "root"),
    "agents_agentjob_cancel": ("post", "root"),
    "agents_reviewdecision_export": ("get", JUDGES),
    "agents_reviewitem_refresh_figures": ("post", JUDGES),
    # Leads everybody but leads to their own page, which refuses those who do not review.
    "agents_reviewitem_reviewers": ("get", "staff reviewer lead root"),
    "agents_reviewitem_reviewer": ("get", JUDGES),
    "agents_reviewitem_start": ("post", JUDGES),
    "agents_reviewitem_bulk": ("post", JUDGES),
    "agents_reviewitem_undo_bulk": ("post", JUDGES),
    "agents_reviewitem_share": ("post", JUDGES),
    "agents_reviewitem_unshare": ("post", JUDGES),
    "agents_reviewitem_variants": ("get", JUDGES),
    "agents_reviewitem_next_variants": ("post", JUDGES),
    "agents_reviewitem_variant_stats": ("get", JUDGES),
    "agents_reviewitem_flag": ("post", JUDGES),
    "agents_reviewitem_reopen": ("post", "lead root"),
    "agents_reviewitem_next": ("post", JUDGES),
    "agents_reviewitem_decide": ("post", JUDGES),
    "agents_reviewitem_undo": ("post", JUDGES),
    "agents_reviewitem_comment": ("post", JUDGES),
    "agents_reviewitem_edit_comment": ("post", JUDGES),
    "agents_reviewitem_mark": ("post", JUDGES),
    "agents_reviewitem_unmark": ("post", JUDGES),
    "agents_reviewitem_skip": ("post", JUDGES),
    "agents_reviewitem_hand": ("post", JUDGES),
    "agents_reviewitem_claim": ("post", JUDGES),
    "agents_reviewitem_release": ("post", JUDGES),
    "agents_reviewitem_break": ("post", "root"),
    "universes_universe_export": ("get", JUDGES),
}


def _admin_names() -> set[str]:
    standard = {
        f"{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in admin.site._registry
        for page in ("changelist", "add", "change", "delete", "history")
    }
    return {pattern.name for space, pattern in _patterns() if space == "admin" and pattern.name} - standard


@pytest.fixture
def visit(people: dict[str, User | None]) -> Callable[[str, str, str], HttpResponse]:
    """Return a visit of a page by a role, which changes nothing; each person signs in once."""
    clients = {role: Client(raise_request_exception=False) for role in ROLES}
    for role, person in people.items():
        if person is not None:
            clients[role].force_login(person)
    cookies = {role: client.cookies.output(header="", sep=";") for role, client in clients.items()}

    def visit_page(role: str, method: str, path: str) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = getattr(clients[role], method)(path)
            transaction.set_rollback(True)
        # Some pages sign their visitor out.
        clients[role].cookies = SimpleCookie(cookies[role])
        return response

    return visit_page


def _is_open(response: HttpResponse) -> bool:
    assert response.status_code < 500
    is_sent_to_login = response.status_code == 302 and response["Location"].startswith("/admin/login/")
    return response.status_code not in REFUSED and not is_sent_to_login


def test_every_admin_list_and_page_has_a_row():
    assert set(LISTS) == {model._meta.label_lower for model in admin.site._registry}
    assert _admin_names() == set(PAGES)


def test_admin_lists_are_open_to_exactly_these_roles(visit):
    urls = {label: reverse(f"admin:{label.replace('.', '_')}_changelist") for label in LISTS}

    assert {
        label: [role for role in ROLES if _is_open(visit(role, "get", url))] for label, url in urls.items()
    } == {label: _in_order(roles) for label, roles in LISTS.items()}


def test_admin_pages_are_open_to_exactly_these_roles(people, ids, visit):
    patterns = {found.name: found for space, found in _patterns() if space == "admin"}
    given = {
        **ids,
        "format_name": "native",
        "content_type_id": 1,
        "object_id": 1,
        "app_label": "agents",
        "id": people["owner"].pk,
    }
    open_to = {}

    for name, (method, _) in PAGES.items():
        if name == "agents_reviewitem_reviewer":
            given["user_id"] = people["reviewer"].pk
        pattern = patterns[name].pattern
        parameters = list(pattern.regex.groupindex) or list(getattr(pattern, "converters", {}))
        url = reverse(f"admin:{name}", kwargs={key: given[key] for key in parameters})
        open_to[name] = [role for role in ROLES if _is_open(visit(role, method, url))]

    assert open_to == {name: _in_order(roles) for name, (_, roles) in PAGES.items()}
