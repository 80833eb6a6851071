"""Objects for the ids in requests: a random id is almost always a 404 and reaches no code."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.models import Group, User
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from agents.choices import AgentType, NotificationKind, Verdict
from agents.models import Budget, WebhookEndpoint
from agents.notify import notifications
from agents.review import comments
from agents.review.guests import links
from agents.review.verdicts import bulk
from mediaassets.accounts import epochs
from mediaassets.accounts.keys import api_keys
from tests.support import sample_findings
from tests.support.rows import finished_job, item_of, make_job, make_schedule, make_universe
from universes.choices import Role
from universes.models import CanonChange, WorldImport
from universes.services import canon, relations, universes
from universes.services.sharing import invitations

ACCOUNTS: Final = ("creator", "reviewer", "admin")
# Other names for the ids of the same objects, in bodies and queries.
_ALSO: Final = {
    "from_element": "element_id",
    "to_element": "element_id",
    "merge_into": "element_id",
    "item_ids": "item_id",
    "handed_to": "username",
    "to": "username",
}
# The other ids are left as they are, so that unknown ones are tried as well.
_REAL: Final = 0.8

Ids = dict[str, list[str]]


def make_accounts() -> dict[str, User]:
    """Create one account of each kind, or return those that are there."""
    made = {}
    for name in ACCOUNTS:
        account, is_new = User.objects.get_or_create(username=name, defaults={"email": f"{name}@example.org"})
        if is_new and name == "admin":
            account.is_staff = account.is_superuser = True
            account.save()
        if is_new and name == "reviewer":
            account.groups.add(Group.objects.get(name="Lead reviewers"))
        made[name] = account
    return made


def token_of(account: User) -> str:
    """Return an access token as a sign-in gives it, also after a logout."""
    token = AccessToken.for_user(account)
    found = epochs.of_account(account.pk)
    token[epochs.CLAIM] = found[0] if found else 0
    return str(token)


def make_things(people: Mapping[str, User]) -> Ids:
    """Create one object of each kind, some of them in several states, and return their ids by parameter."""
    creator, reviewer = people["creator"], people["reviewer"]
    ids: Ids = defaultdict(list)

    def add(name: str, *objects: Any) -> None:
        ids[name] += [str(thing.pk) for thing in objects]

    universe = make_universe(creator, slug=uuid.uuid4().hex)
    universes.add_member(universe, reviewer, Role.EDITOR)
    add("universe_id", universe)
    add("rule_id", *universe.world_rules.all())
    mira = universe.elements.get()
    lamp = canon.add_element(universe, kind="item", name="Lamp", by=creator)
    add("element_id", mira, lamp)
    add(
        "relation_id",
        relations.add_relation(universe, kind="owns", from_element=mira.pk, to_element=lamp.pk, by=creator),
    )
    add("scene_id", canon.add_scene(universe, title="Tide", text="It came in at night.", by=creator))
    add("change_id", *CanonChange.objects.filter(universe=universe))
    add("invitation_id", invitations.invite(universe, "reviewer2", Role.VIEWER, by=creator))
    add("user_id", creator, reviewer)
    for agent in AgentType.values:
        add("job_id", finished_job(creator, universe, agent), make_job(creator, agent_type=agent))
    add("job_id", make_job(creator, status="failed", universe=universe), make_job(reviewer))
    marked = sample_findings.finding()
    items = [item_of(finished_job(creator, universe)) for _ in range(4)]
    items[0].job.signals = sample_findings.signals(marked)
    items[0].job.save()
    ids["finding_id"] = [marked.id]
    decided = bulk.decide_all([items[1].pk], Verdict.APPROVED, by=reviewer)
    ids["bulk_id"] = [str(decided.bulk_id)]
    add("item_id", *items)
    add("comment_id", comments.add_comment(items[0].pk, "Too thin?", by=reviewer))
    variants = uuid.uuid4()
    for _ in range(2):
        item_of(finished_job(creator, universe, variants_id=variants))
    ids["variants_id"] = [str(variants)]
    link = links.make_link([items[0].pk], label="Studio", expires_in_h=1, by=reviewer)
    add("link_id", link)
    ids["token"] = [links.token_of(link)]
    add("schedule_id", make_schedule(creator, universe), make_schedule(reviewer, universe))
    webhook = WebhookEndpoint.objects.create(
        owner=creator, url="https://hooks.invalid/", events="job.failed", secret=f"whsec_{'A' * 44}"
    )
    add("webhook_id", webhook)
    message = webhook.deliveries.create(event="job.failed", source="x", data={}, due_at=timezone.now())
    ids["delivery_id"] = [f"msg_{message.pk}"]
    add("budget_id", *Budget.objects.all()[:1])
    add("import_id", WorldImport.objects.create(owner=creator, file_name="world.json", format="native"))
    if not creator.api_keys.exists():
        api_keys.make_key(creator, name="Nightly", scopes=["read"])
    add("key_id", *creator.api_keys.all()[:1])
    notifications.notify([creator], NotificationKind.MENTION, items[0], by=None, text="Look.")
    ids["username"] = list(ACCOUNTS)
    return dict(ids)


def with_real_ids(value: Any, ids: Ids, chance: random.Random, name: str = "") -> Any:
    """Return a copy of a body or of parameters in which most ids are those of objects."""
    if isinstance(value, Mapping):
        return {key: with_real_ids(item, ids, chance, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [with_real_ids(item, ids, chance, name) for item in value]
    known = ids.get(_ALSO.get(name, name))
    if name == "ids":
        known = [*ids["item_id"], *ids["element_id"], *ids["scene_id"]]
    return chance.choice(known) if known and isinstance(value, str) and chance.random() < _REAL else value
