"""Access by role to every address of the studio; one without a row here fails, so that it is decided on purpose."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agents.choices import JobStatus
from agents.models import WorldFinding
from studio.urls import urlpatterns
from tests.support import rows
from universes.choices import Role
from universes.models import Element, Scene, WorldImport
from universes.services import timeline
from universes.services.sharing import invitations

pytestmark = pytest.mark.django_db

# Everything asked for is the owner's: the others ask for something foreign.
ROLES = ("nobody", "stranger", "staff", "owner", "editor", "viewer", "watcher", "reviewer", "lead", "root")
EVERYBODY = " ".join(ROLES)
SIGNED_IN = EVERYBODY.removeprefix("nobody ")
MEMBERS = "owner editor viewer"
# With those who may view every universe.
READERS_OF_WORLDS = f"{MEMBERS} reviewer lead root"
WRITERS = "owner editor"
# The requester of a job, and those who may view the jobs of others.
READERS = "owner watcher reviewer lead root"

ADDRESSES: dict[tuple[str, str], tuple[str, dict[str, str]]] = {
    ("home", "get"): (SIGNED_IN, {}),
    ("sign-in", "get"): (EVERYBODY, {}),
    ("sign-out", "post"): (EVERYBODY, {}),
    # Whoever has the link; without one, nobody.
    ("join", "get"): ("", {}),
    ("join", "post"): ("", {"username": "nora", "password": "lamp-oil-and-fog-7"}),
    ("help", "get"): (SIGNED_IN, {}),
    ("news", "get"): (SIGNED_IN, {}),
    ("news-count", "get"): (SIGNED_IN, {}),
    ("answer-invitation", "post"): ("watcher", {"answer": "accept"}),
    ("ask", "get"): (SIGNED_IN, {}),
    ("ask", "post"): (SIGNED_IN, {"agent": "narrative", "input-prompt": "Dawn."}),
    ("price", "post"): (SIGNED_IN, {"agent": "narrative"}),
    ("names", "get"): (SIGNED_IN, {}),
    ("jobs", "get"): (SIGNED_IN, {}),
    ("bulk", "post"): (SIGNED_IN, {"cancel": "1"}),
    ("variants", "get"): (READERS, {}),
    ("choose", "post"): ("owner", {"chosen": "{job_id}"}),
    ("job", "get"): (READERS, {}),
    ("job-part", "get"): (READERS, {}),
    ("job-events", "get"): (READERS, {}),
    ("receipt", "get"): (READERS, {}),
    ("accept", "post"): ("owner", {}),
    ("edit", "get"): ("owner", {}),
    ("edit", "post"): ("owner", {}),
    ("again", "post"): ("owner", {"note": "Shorter."}),
    ("flag", "post"): ("owner editor viewer watcher reviewer lead root", {"reason": "Odd."}),
    ("rate", "post"): ("owner", {"accept": "1"}),
    ("discard", "post"): ("owner", {"reason": "Dull."}),
    ("cancel", "post"): ("owner root", {}),
    ("retry", "post"): ("owner root", {}),
    ("imports", "get"): (SIGNED_IN, {}),
    ("imports", "post"): (SIGNED_IN, {}),
    ("import", "get"): ("owner", {}),
    ("undo-import", "post"): ("owner", {}),
    ("new-universe", "get"): (SIGNED_IN, {}),
    ("new-universe", "post"): (SIGNED_IN, {"name": "Mine"}),
    ("universe", "get"): (READERS_OF_WORLDS, {}),
    ("universe-work", "get"): (READERS_OF_WORLDS, {}),
    ("export", "get"): (READERS_OF_WORLDS, {}),
    ("members", "get"): (READERS_OF_WORLDS, {}),
    ("members", "post"): ("owner", {"act": "invite", "username": "stefan"}),
    ("any-new-schedule", "get"): (SIGNED_IN, {}),
    ("new-schedule", "get"): (WRITERS, {}),
    ("new-schedule", "post"): (WRITERS, {"agent": "narrative", "input-prompt": "Dawn."}),
    ("schedule", "post"): ("owner root", {"act": "pause"}),
    ("style-guide", "get"): (READERS_OF_WORLDS, {}),
    ("style-guide", "post"): (
        "owner lead root",
        {"act": "save", "rules": "Use the past tense.", "seen": "0"},
    ),
    ("world", "get"): (READERS_OF_WORLDS, {}),
    ("world", "post"): (WRITERS, {"step": "add"}),
    ("timeline", "get"): (READERS_OF_WORLDS, {}),
    ("new-event", "get"): (WRITERS, {}),
    ("new-event", "post"): (WRITERS, {"title": "Flood", "key": "3", "label": "Third tide"}),
    ("place-scene", "post"): (WRITERS, {"scene": "{scene_id}", "key": "3", "label": "Third tide"}),
    ("event", "get"): (WRITERS, {}),
    ("event", "post"): (WRITERS, {"act": "delete"}),
    ("findings", "get"): (READERS_OF_WORLDS, {}),
    ("findings", "post"): (WRITERS, {}),
    ("finding", "post"): (WRITERS, {"act": "intentional"}),
    ("scenes", "get"): (READERS_OF_WORLDS, {}),
    ("new-scene", "get"): (WRITERS, {}),
    ("new-scene", "post"): (WRITERS, {"title": "Two", "text": "Twice."}),
    ("scene", "get"): (READERS_OF_WORLDS, {}),
    ("scene", "post"): (WRITERS, {"title": "Two", "text": "Twice."}),
    ("move-scene", "post"): (WRITERS, {"to": "later"}),
    ("scene-status", "post"): (WRITERS, {"to": "canon"}),
    ("elements", "get"): (READERS_OF_WORLDS, {}),
    ("new-element", "get"): (WRITERS, {}),
    ("new-element", "post"): (WRITERS, {"kind": "item", "name": "A key"}),
    ("element", "get"): (READERS_OF_WORLDS, {}),
    ("element", "post"): (WRITERS, {"name": "Mira", "summary": "New."}),
    ("element-card", "get"): (READERS_OF_WORLDS, {}),
    ("element-status", "post"): (WRITERS, {"to": "canon"}),
    ("preferences", "get"): (SIGNED_IN, {}),
    ("preferences", "post"): (SIGNED_IN, {}),
    ("usage", "get"): (SIGNED_IN, {}),
    ("access", "get"): (SIGNED_IN, {}),
    ("access", "post"): (SIGNED_IN, {"act": "new-key", "name": "CI", "scope": "read"}),
    ("account", "get"): (SIGNED_IN, {}),
    ("account", "post"): (SIGNED_IN, {"act": "close", "password": "x"}),
    ("data", "get"): (SIGNED_IN, {}),
}
REFUSED = {403, 404}


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
def ids(creator: User, watcher: User, universe: Any) -> dict[str, Any]:
    """The owner's things, by the part of the address that names one."""
    scene = Scene.objects.create(universe=universe, title="One", text="Once.")
    element = Element.objects.create(universe=universe, kind="character", name="Mira", name_key="mira")
    job = rows.make_job(creator, universe=universe, status=JobStatus.COMPLETED, variants_id=uuid.uuid4())
    return {
        "agent_type": "narrative",
        "universe_id": universe.pk,
        "scene_id": scene.pk,
        "element_id": element.pk,
        "schedule_id": rows.make_schedule(creator, universe).pk,
        "import_id": WorldImport.objects.create(
            owner=creator, universe=universe, file_name="world.json", format="native", status="completed"
        ).pk,
        "job_id": job.pk,
        "variants_id": job.variants_id,
        "event_id": timeline.add_event(universe, {"title": "Fair", "key": 1, "label": "One"}).pk,
        "world_finding_id": WorldFinding.objects.create(
            universe=universe,
            scene=scene,
            finding_id="1",
            kind="rule",
            strength="proven",
            statement="Never.",
            quote="Once",
            start=0,
            end=4,
        ).pk,
        "invitation_id": invitations.invite(universe, watcher.username, Role.VIEWER, by=creator).pk,
    }


def test_every_address_has_a_row():
    assert {pattern.name for pattern in urlpatterns} == {name for name, _ in ADDRESSES}


@pytest.mark.parametrize(("name", "method"), ADDRESSES, ids=lambda part: part)
def test_address_is_open_to_exactly_these_roles(people, ids, name, method):
    may, body = ADDRESSES[name, method]
    pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
    path = reverse(f"studio:{name}", kwargs={key: ids[key] for key in pattern.pattern.converters})
    sent = {key: value.format(**ids) for key, value in body.items()}
    open_to = []

    for role, person in people.items():
        client = Client(raise_request_exception=False)
        if person is not None:
            client.force_login(person)
        # Each role finds everything as it was.
        with transaction.atomic():
            response = getattr(client, method)(path, sent)
            transaction.set_rollback(True)
        assert response.status_code < 500, (role, response.content)
        is_sent_away = name != "sign-out" and response.get("Location", "").startswith("/studio/sign-in")
        if response.status_code not in REFUSED and not is_sent_away:
            open_to.append(role)

    assert open_to == [role for role in ROLES if role in may.split()]
