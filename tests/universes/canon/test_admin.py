"""Admin pages of elements, scenes and the canon record, tested by real requests."""

from __future__ import annotations

import re
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.universes.admin_pages import NO_MOMENT, errors_in, list_of, messages_of, page_of, relation_rows
from universes.errors import Conflict
from universes.models import CanonChange, Element, Membership, Scene, Universe, WorldConfig
from universes.services import canon
from universes.services import universes as service
from universes.services.rules import RuleInput


def test_every_page_opens_without_inline_script(admin, universe, bell, dawn):
    change = CanonChange.objects.order_by("id")[0]
    pages = [
        *(list_of(model) for model in (Universe, Element, Scene, CanonChange)),
        *(page_of(row) for row in (universe, bell, dawn, change)),
        *(reverse(f"admin:universes_{name}_add") for name in ("universe", "element", "scene")),
        reverse("admin:universes_universe_delete", args=[universe.pk]),
    ]

    for page in pages:
        response = admin.get(page)
        assert response.status_code == 200, page
        text = response.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text), page
        assert not re.search(r"\son[a-z]+=\"|\sstyle=\"", text), page


@pytest.mark.parametrize("count", [1, 30])
def test_list_query_count_does_not_grow_with_rows(admin, owner, count, django_assert_max_num_queries):
    for number in range(count):
        universe = service.create_universe(owner, name=f"World {number}")
        canon.add_element(universe, kind="item", name="Bell", by=owner)
        canon.add_scene(universe, title="Dawn", text="Fog.", by=owner)

    for model in (Universe, Element, Scene, CanonChange):
        with django_assert_max_num_queries(9):
            assert admin.get(list_of(model)).status_code == 200


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (Universe, "?q=marsh&archived__exact=0"),
        (Element, "?q=bell&kind__exact=item&canon_status__exact=draft"),
        (Scene, "?q=job-1&canon_status__exact=draft"),
        (CanonChange, "?q=job-1&action__exact=added"),
    ],
)
def test_lists_search_and_filter(admin, universe, bell, dawn, model, query):
    response = admin.get(list_of(model) + query)

    assert response.context["cl"].result_count == 1


def test_element_form_adds_and_revises_through_services(admin, superuser, universe):
    response = admin.post(
        reverse("admin:universes_element_add"),
        {
            "universe": universe.pk,
            "kind": "character",
            "name": "Mira",
            "summary": "",
            "traits": '{"age": 31}',
            "_continue": "1",
        },
    )

    mira = Element.objects.get()
    assert response["Location"] == page_of(mira)
    assert (mira.name, mira.canon_status, mira.created_by, mira.traits) == (
        "Mira",
        "draft",
        superuser,
        {"age": 31},
    )

    admin.post(page_of(mira), {"name": "Mira Oakes", "summary": "Tired.", "traits": "{}", **relation_rows()})

    mira.refresh_from_db()
    assert (mira.name, mira.summary, mira.traits) == ("Mira Oakes", "Tired.", {})
    actions = list(CanonChange.objects.order_by("at", "id").values_list("action", "user__username"))
    assert actions == [("added", "root"), ("revised", "root")]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": "BELL"}, "There is another item of this name."),
        ({"traits": '{"owner": 5}'}, "traits/owner: Must be text."),
        ({"traits": "[1]"}, "Traits are a JSON object: {&quot;age&quot;: 31}."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_element_form_shows_validation_errors(admin, universe, bell, changes, error):
    fields = {
        "universe": universe.pk,
        "kind": "item",
        "name": "Rope",
        "summary": "",
        "traits": "{}",
        **changes,
    }

    response = admin.post(reverse("admin:universes_element_add"), fields)

    assert errors_in(response) == [error]
    assert Element.objects.count() == 1


def test_scene_form_updates_word_count(admin, universe):
    admin.post(
        reverse("admin:universes_scene_add"),
        {"universe": universe.pk, "title": "Dawn", "text": "Fog. Much fog."},
    )
    scene = Scene.objects.get()
    assert scene.word_count == 3

    admin.post(page_of(scene), {"title": "Dawn", "text": "Fog.", **NO_MOMENT})

    scene.refresh_from_db()
    assert (scene.text, scene.word_count) == ("Fog.", 1)


def test_form_refuses_archived_universe(admin, universe):
    service.archive(universe)

    response = admin.post(
        reverse("admin:universes_scene_add"), {"universe": universe.pk, "title": "Dawn", "text": "Fog."}
    )

    assert errors_in(response) == ["“Low Marsh” is archived and can only be read."]
    assert not Scene.objects.exists()


def test_retired_entry_is_read_only(admin, dawn):
    canon.retire(dawn)

    assert 'name="title"' not in admin.get(page_of(dawn)).content.decode()
    assert admin.post(page_of(dawn), {"title": "Dusk", "text": "Rain."}).status_code == 403

    dawn.refresh_from_db()
    assert dawn.title == "Dawn"


def test_service_conflict_becomes_a_page_message(admin, bell, monkeypatch):
    def archived_meanwhile(*args, **kwargs):
        raise Conflict("“Low Marsh” is archived and can only be read.", code="universe_archived")

    monkeypatch.setattr(canon, "revise_element", archived_meanwhile)

    fields = {"name": "Gong", "summary": "", "traits": "{}", **relation_rows()}
    response = admin.post(page_of(bell), fields, follow=True)

    assert response.redirect_chain == [(page_of(bell), 302)]
    assert messages_of(response) == ["“Low Marsh” is archived and can only be read."]
    bell.refresh_from_db()
    assert bell.name == "Bell"


@pytest.mark.parametrize(
    ("action", "status", "message"),
    [("add_to_canon", "canon", "2 promoted to canon."), ("retire", "retired", "2 retired.")],
)
def test_actions_change_status_and_record_it(
    admin, superuser, universe, owner, bell, action, status, message
):
    rope = canon.add_element(universe, kind="item", name="Rope", by=owner)
    settled = canon.add_element(universe, kind="item", name="Settled", by=owner)
    canon.set_status(settled, status, by=owner)

    response = admin.post(
        list_of(Element),
        {"action": action, "_selected_action": [str(entry.pk) for entry in (bell, rope, settled)]},
        follow=True,
    )

    assert messages_of(response) == [message]
    assert set(Element.objects.values_list("canon_status", flat=True)) == {status}
    assert CanonChange.objects.filter(user=superuser).count() == 2


def test_action_reports_refused_entries(admin, universe, dawn):
    canon.retire(dawn)

    response = admin.post(
        list_of(Scene), {"action": "add_to_canon", "_selected_action": [str(dawn.pk)]}, follow=True
    )

    assert messages_of(response) == ["“Dawn” is retired and cannot become canon.", "0 promoted to canon."]
    dawn.refresh_from_db()
    assert dawn.canon_status == "retired"


def test_actions_and_forms_require_permission(client, make_user, bell, universe):
    reader = make_user("reader")
    reader.is_staff = True
    reader.save()
    names = ["view_element", "view_universe", "view_canonchange"]
    reader.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(reader)

    assert client.get(page_of(bell)).status_code == 200
    assert client.post(page_of(bell), {"name": "Gong"}).status_code == 403
    client.post(list_of(Element), {"action": "retire", "_selected_action": [str(bell.pk)]})
    assert client.post(page_of(universe), {"name": "High Moor"}).status_code == 403
    deletion = reverse("admin:universes_universe_delete", args=[universe.pk])
    assert client.post(deletion, {"post": "yes"}).status_code == 403

    bell.refresh_from_db()
    universe.refresh_from_db()
    assert (bell.name, bell.canon_status, universe.name) == ("Bell", "draft", "Low Marsh")


def test_history_leads_to_the_steps_with_what_changed(admin, bell, universe, owner):
    canon.revise_element(bell, summary="It rings twice.", by=owner)
    service.update_world_config(universe, genre="noir", by=owner)
    world, revised, _ = CanonChange.objects.order_by("-at", "-id")

    shown = admin.get(
        reverse("admin:universes_element_history", args=[bell.pk]), follow=True
    ).content.decode()
    of_universe = admin.get(reverse("admin:universes_universe_history", args=[universe.pk]), follow=True)

    assert page_of(revised) in shown
    assert page_of(world) not in shown
    assert page_of(world) in of_universe.content.decode()
    assert "<ins>It rings twice.</ins>" in admin.get(page_of(revised)).content.decode()


def test_steps_are_reverted_from_the_list(admin, bell, universe, owner):
    canon.revise_element(bell, summary="It rings.", by=owner)
    service.update_world_config(universe, genre="noir", by=owner)
    world, revised, added = CanonChange.objects.order_by("-at", "-id")
    address = reverse("admin:universes_canonchange_changelist")

    def revert(*changes):
        chosen = [str(change.pk) for change in changes]
        return messages_of(admin.post(address, {"action": "revert", "_selected_action": chosen}, follow=True))

    assert revert(world, revised) == ["2 reverted."]
    bell.refresh_from_db()
    assert (bell.summary, WorldConfig.objects.get(universe=universe).genre) == ("", "")
    assert revert(added) == ["Bell: root has changed “Bell” in the universe since.", "0 reverted."]


def test_list_of_steps_says_what_each_changed(admin, universe, owner):
    job_id = uuid.uuid4()
    scene = canon.add_scene(universe, title="Dawn", text="Fog.", origin_ref=str(job_id))
    service.update_world_config(universe, genre="noir", rules=[RuleInput("No one can fly.")], by=owner)
    added = universe.world_rules.get()
    service.update_world_config(
        universe, rules=[RuleInput("No one can swim.", added.pk), RuleInput("Iron burns.")], by=owner
    )
    service.update_world_config(universe, rules=[], tone="wry", by=owner)

    page = admin.get(list_of(CanonChange)).content.decode()

    for said in (
        "World: genre changed; rule “No one can fly.” added",
        "World: rule “No one can swim.” changed; rule “Iron burns.” added",
        "World: tone changed; rule “No one can swim.” removed; rule “Iron burns.” removed",
    ):
        assert f'<a href="{page_of(universe)}"><bdi>{said}</bdi></a>' in page
    assert f'<a href="{page_of(universe)}"><bdi>Low Marsh</bdi></a>' in page
    assert f'<a href="{page_of(scene)}"><bdi>Dawn</bdi></a>' in page
    assert "the review policy" in page
    assert f">job …{job_id.hex[-8:]}</a>" in page
    # Ids stand in addresses only.
    assert not re.search(rf">[^<]*({job_id}|{universe.pk})", page)
    of_scene = admin.get(page_of(scene)).content.decode()
    assert f">job …{job_id.hex[-8:]}</a>" in of_scene


def test_canon_record_is_read_only(admin, bell):
    change = CanonChange.objects.get()

    assert admin.post(page_of(change), {"action": "retired"}).status_code == 403
    assert admin.get(reverse("admin:universes_canonchange_add")).status_code == 403
    deletion = reverse("admin:universes_canonchange_delete", args=[change.pk])
    assert admin.post(deletion, {"post": "yes"}).status_code == 403
    assert (
        admin.post(reverse("admin:universes_element_delete", args=[bell.pk]), {"post": "yes"}).status_code
        == 403
    )

    assert CanonChange.objects.get().action == "added"
    assert Membership.objects.count() == 1
    assert page_of(bell) in admin.get(page_of(change)).content.decode()


def test_readers_are_told_who_accepts_drafts(admin, bell, dawn, signed_in, make_user, universe, owner):
    lead = signed_in(make_user("lena", is_staff=True, groups=["Lead reviewers"]))
    canon.set_status(dawn, "canon", by=owner)
    in_list = "The owner and the editors of a universe accept or retire its drafts in the studio"
    on_page = f"It is a draft: <bdi>{owner.username}</bdi>, the owner of <bdi>{universe.name}</bdi>"

    for model in (Element, Scene):
        page = lead.get(list_of(model)).content.decode()
        assert in_list in page
        assert "Promote to canon" not in page
        assert in_list not in admin.get(list_of(model)).content.decode()
    draft = lead.get(page_of(bell)).content.decode()
    assert on_page in draft
    assert reverse("studio:element", args=[universe.pk, bell.pk]) in draft
    for client, entry in ((admin, bell), (lead, dawn)):
        assert "It is a draft" not in client.get(page_of(entry)).content.decode()
    service.update_universe(universe, archived=True)
    assert "It is a draft" not in lead.get(page_of(bell)).content.decode()


def test_only_those_who_may_change_a_scene_have_a_field_for_its_moment(
    admin, dawn, signed_in, make_user, owner
):
    lead = signed_in(make_user("lena", is_staff=True, groups=["Lead reviewers"]))
    field = 'name="moment-0-label"'

    assert field in admin.get(page_of(dawn)).content.decode()
    assert field not in lead.get(page_of(dawn)).content.decode()
    canon.set_status(dawn, "retired", by=owner)
    assert field not in admin.get(page_of(dawn)).content.decode()
