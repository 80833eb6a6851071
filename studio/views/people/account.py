"""One's own things: preferences, usage, keys and webhooks, data, password, and closing the account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils import timezone

from agents.billing import budget_settings, usage
from agents.choices import AgentType
from agents.common.asking.works import agents_offered
from agents.jobs import acceptance
from agents.notify import preferences
from agents.notify.webhooks import endpoints
from mediaassets.accounts.keys import api_keys
from mediaassets.accounts.keys.scopes import Scope
from mediaassets.accounts.models import ApiKey
from mediaassets.accounts.own import closing, personal_data
from studio.jobs.asking import parsed_id
from studio.plot import days_plot
from studio.web import errors_of, page, show
from universes.errors import FieldError, Invalid

DAYS: Final = 30
KEYS: Final = 100
MAILS: Final = (
    ("email_on_verdict", "A reviewer has decided on a text of mine"),
    ("email_on_mention", "Somebody mentions me in a comment"),
    ("email_on_hand_over", "A reviewer hands me an item"),
    ("email_on_dispute", "Reviewers disagree, and I may settle it"),
    ("email_on_guest_opinion", "A guest gives an opinion by a link of mine, or on an item I have claimed"),
    ("email_overdue_digest", "Reviews are overdue (once a day)"),
)


# The agents, models and style guides of most use to a person.
MAX_ACCEPTANCE = 12


@page("GET", "POST")
def own_preferences(request: HttpRequest, user: User) -> HttpResponse:
    own = preferences.preferences_of(user.pk)
    values: dict[str, Any] = own.model_dump()
    low, high = own.word_range or ("", "")
    values |= {
        "low": low,
        "high": high,
        "percent": "" if own.review_threshold is None else round(own.review_threshold * 100),
    }
    errors: dict[str, str] = {}
    if request.method == "POST":
        values |= {
            name: request.POST.get(name, "").strip()
            for name in ("tone", "language", "low", "high", "percent")
        }
        try:
            preferences.save_preferences(user, _preferences_in(request.POST), replace=False)
        except Invalid as refusal:
            errors = errors_of(refusal)
        else:
            messages.success(request, "Saved. It applies to your next requests.")
            return HttpResponseRedirect(reverse("studio:preferences"))
    chosen = values["default_models"]
    context = {
        "section": "me",
        "tab": "preferences",
        "values": values,
        "errors": errors,
        "acceptance": acceptance.acceptance(user, own=True)[:MAX_ACCEPTANCE],
        "models": settings.ALLOWED_MODELS,
        "agents": [
            (value, label, chosen.get(value, ""), settings.AGENT_MODELS[value])
            for value, label in agents_offered()
        ],
        "mails": [(key, label, values[key]) for key, label in MAILS],
        "floor": round(preferences.lowest_review_threshold() * 100),
    }
    return show(request, "people/preferences.html", context, status=400 if errors else 200)


def _preferences_in(data: Mapping[str, str]) -> dict[str, Any]:
    """Return the changes that a form asks for; null where a field is empty, for the site's own setting."""
    low, high, percent = (_number(data.get(name, "").strip()) for name in ("low", "high", "percent"))
    models = {agent: data.get(f"model-{agent}", "") for agent in AgentType.values}
    return {
        "tone": data.get("tone", "").strip() or None,
        "language": data.get("language", "").strip() or None,
        "word_range": None if low is None and high is None else [low, high],
        "review_threshold": percent / 100 if isinstance(percent, int) else percent,
        "default_models": {agent: model for agent, model in models.items() if model},
        **{key: key in data for key, _ in MAILS},
    }


def _number(raw: str) -> int | str | None:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else raw or None


@page("GET")
def own_usage(request: HttpRequest, user: User) -> HttpResponse:
    today = timezone.now().date()
    first = today - timedelta(days=DAYS - 1)
    own = usage.parse_query(user, first=first.isoformat(), last=today.isoformat(), group_by="day,agent")
    own.only["requested_by"] = user.pk
    rows, total = usage.run_query(own)
    by_agent: dict[str, Any] = {}
    for row in rows:
        agent = by_agent.setdefault(row.key["agent_type"], {"calls": 0, "cost": 0, "jobs": 0})
        agent["calls"] += row.calls
        agent["cost"] += row.cost
        agent["jobs"] += row.jobs_completed
    visible = budget_settings.with_current_period(budget_settings.visible_to(user)).order_by("id")
    context = {
        "section": "me",
        "tab": "usage",
        "plot": days_plot(rows, first, today),
        "total": total,
        "agents": [(label, by_agent[name]) for name, label in agents_offered() if name in by_agent],
        "budgets": [budget_settings.usage_of_budget(budget) for budget in visible],
        "days": DAYS,
    }
    return show(request, "people/usage.html", context)


@page("GET", "POST")
def access(request: HttpRequest, user: User) -> HttpResponse:
    """Show keys and webhooks; a new secret is in the answer to its form, and nowhere else."""
    secret: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            secret = _change_access(request, user)
        except Invalid as refusal:
            errors = {request.POST.get("act", ""): " ".join(errors_of(refusal).values()) or refusal.message}
        else:
            if not secret:
                return HttpResponseRedirect(reverse("studio:access"))
    context = {
        "section": "me",
        "tab": "access",
        "keys": list(ApiKey.objects.usable(timezone.now()).filter(user=user)[:KEYS]),
        "scopes": Scope.choices,
        "webhooks": [(hook, hook.events.split()) for hook in endpoints.endpoints_of(user)],
        "events": endpoints.EVENTS,
        "secret": secret,
        "errors": errors,
    }
    response = show(request, "people/access.html", context, status=400 if errors else 200)
    if secret:
        response["Cache-Control"] = "no-store"
    return response


def _change_access(request: HttpRequest, user: User) -> dict[str, str]:
    """Carry out a form; return what must be copied now, if there is something."""
    data, act = request.POST, request.POST.get("act", "")
    if act == "new-key":
        scopes = [scope for scope in data.getlist("scope") if scope in Scope.values]
        if not scopes:
            raise Invalid("Choose at least one permission.", [])
        _, text = api_keys.make_key(
            user, name=data.get("name", ""), scopes=scopes, expires_at=_expiry(data.get("days", ""))
        )
        return {"label": "Your new key", "text": text}
    if act == "revoke":
        api_keys.revoke(user, data.get("key", ""))
        messages.success(request, "The key is revoked; programs that use it are refused from now on.")
        return {}
    if act == "new-webhook":
        made = endpoints.create_endpoint(
            user,
            url=data.get("url", "").strip(),
            events=[name for name in data.getlist("event") if name in endpoints.EVENTS],
        )
        return {"label": "The secret that signs its messages", "text": made.secret}
    hook_id = parsed_id(data.get("webhook", ""))
    if hook_id is None:
        raise Invalid("Choose a webhook.", [])
    hook = endpoints.get_endpoint(user, hook_id)
    if act == "switch":
        endpoints.change_endpoint(hook, {"is_active": not hook.is_active})
        messages.success(request, "Switched on." if hook.is_active else "Switched off.")
    elif act == "new-secret":
        return {
            "label": "The new secret; the old one signs as well for a day",
            "text": endpoints.rotate_secret(hook).secret,
        }
    elif act == "delete":
        hook.delete()
        messages.success(request, "The webhook is deleted.")
    return {}


def _expiry(raw: str) -> datetime | None:
    days = _number(raw.strip())
    if days is None:
        return None
    if not isinstance(days, int) or not 0 < days <= 3650:
        raise Invalid(
            "Not valid: days.",
            [FieldError("/days", "Use a number of days from 1 to 3650, or leave it empty.")],
        )
    return timezone.now() + timedelta(days=days)


@page("GET", "POST")
def account(request: HttpRequest, user: User) -> HttpResponse:
    """Show the account; a new password, or the end of it, takes the present password."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        act = request.POST.get("act", "")
        if authenticate(request, username=user.username, password=request.POST.get("password", "")) is None:
            errors = {act: "That is not your current password."}
        elif act == "password":
            errors = _new_password(request, user)
        elif act == "close":
            closing.close_account(user)
            request.session.flush()
            messages.success(request, "Your account has been closed.")
            return HttpResponseRedirect(reverse("studio:sign-in"))
        if not errors:
            return HttpResponseRedirect(reverse("studio:account"))
    return show(
        request,
        "people/account.html",
        {"section": "me", "tab": "account", "errors": errors},
        status=400 if errors else 200,
    )


def _new_password(request: HttpRequest, user: User) -> dict[str, str]:
    new = request.POST.get("new_password", "")
    try:
        validate_password(new, user)
    except ValidationError as error:
        return {"password": " ".join(error.messages)}
    user.set_password(new)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    messages.success(request, "Your password has been changed. All other sessions have been signed out.")
    return {}


@page("GET")
def own_data(request: HttpRequest, user: User) -> HttpResponseBase:
    """Download everything of one's own as one JSON document."""
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return StreamingHttpResponse(personal_data.stream(user), content_type="application/json", headers=headers)
