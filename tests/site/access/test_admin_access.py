"""Access by role to each page of the admin.

A page without a row here fails, so that a new one is decided on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.site.access.roles import EVERYBODY, JUDGES, REFUSED, ROLES, in_order, patterns_of

pytestmark = pytest.mark.django_db

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
    "universes.storyevent": JUDGES,
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
    "agents.reviewlink": JUDGES,
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
    return {pattern.name for space, pattern in patterns_of() if space == "admin" and pattern.name} - standard


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
    } == {label: in_order(roles) for label, roles in LISTS.items()}


def test_admin_pages_are_open_to_exactly_these_roles(people, ids, visit):
    patterns = {found.name: found for space, found in patterns_of() if space == "admin"}
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

    assert open_to == {name: in_order(roles) for name, (_, roles) in PAGES.items()}
