"""Admin page of a universe with its world config and members."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from tests.universes.admin_pages import errors_in, page_of
from universes.models import CanonChange, Universe, WorldConfig
from universes.services import universes as service
from universes.services.rules import RuleInput


def world_and_members(universe, *, rules="", members=(), **world):
    """Form data of the two inlines, with their management fields."""
    config = universe.world_config
    data = {
        "world_config-TOTAL_FORMS": "1",
        "world_config-INITIAL_FORMS": "1",
        "world_config-0-universe": str(universe.pk),
        "world_config-0-rules": rules,
        "memberships-TOTAL_FORMS": str(len(members)),
        "memberships-INITIAL_FORMS": str(sum(1 for member in members if "id" in member)),
    }
    for field in ("genre", "tone", "tech_level", "magic_system", "physics"):
        data[f"world_config-0-{field}"] = world.get(field, getattr(config, field))
    for number, member in enumerate(members):
        data[f"memberships-{number}-universe"] = str(universe.pk)
        for field, value in member.items():
            data[f"memberships-{number}-{field}"] = str(value)
    return data


def universe_fields(universe, **changes):
    fields = {
        "name": universe.name,
        "description": "",
        "trusted_output": "draft",
        "review_within_h": "",
        "opinions_wanted": "1",
        "audit_share": "",
        **changes,
    }
    return {key: value for key, value in fields.items() if value is not None}


def test_add_form_creates_member_and_world_config(admin, owner):
    response = admin.post(
        reverse("admin:universes_universe_add"),
        {
            "name": "Low Marsh",
            "owner": owner.pk,
            "description": "Wet.",
            "trusted_output": "canon",
            "review_within_h": "48",
            "opinions_wanted": "2",
            "audit_share": "0",
        },
    )

    universe = Universe.objects.get()
    assert response["Location"] == page_of(universe)
    assert (universe.slug, universe.owner, universe.trusted_output) == ("low-marsh", owner, "canon")
    assert (universe.review_within_h, universe.opinions_wanted, universe.audit_share) == (48, 2, 0)
    assert list(universe.memberships.values_list("user_id", "role")) == [(owner.pk, "owner")]
    assert WorldConfig.objects.filter(universe=universe).exists()
    assert LogEntry.objects.get().object_id == str(universe.pk)


def test_change_form_saves_world_rules_and_members(admin, universe, viewer, editor, stranger):
    service.update_world_config(universe, rules=[RuleInput("No one can teleport."), RuleInput("Old rule.")])
    kept = universe.world_rules.get(text="No one can teleport.").pk
    rows = {member.user_id: member for member in universe.memberships.exclude(role="owner").order_by("pk")}

    response = admin.post(
        page_of(universe),
        {
            **universe_fields(universe, name="High Moor"),
            **world_and_members(
                universe,
                genre="gothic",
                rules="Beds are sacred.\r\n\r\n  No one  can teleport. \r\n",
                members=[
                    {"id": rows[editor.pk].pk, "user": editor.pk, "role": "viewer"},
                    {"id": rows[viewer.pk].pk, "user": viewer.pk, "role": "viewer", "DELETE": "on"},
                    {"user": stranger.pk, "role": "editor"},
                ],
            ),
        },
    )

    assert response.status_code == 302, errors_in(response)
    universe.refresh_from_db()
    assert (universe.name, universe.slug) == ("High Moor", "low-marsh")
    assert WorldConfig.objects.get(universe=universe).genre == "gothic"
    rules = universe.world_rules.order_by("position")
    assert [rule.text for rule in rules] == ["Beds are sacred.", "No one can teleport."]
    assert rules[1].pk == kept
    roles = dict(universe.memberships.values_list("user__username", "role"))
    assert roles == {"carla": "owner", "edgar": "viewer", "stefan": "editor"}


def test_review_settings_can_be_set_and_reset(admin, universe):
    def save(**changes):
        data = {**universe_fields(universe, **changes), **world_and_members(universe)}
        response = admin.post(page_of(universe), data)
        assert response.status_code == 302, errors_in(response)
        universe.refresh_from_db()
        return universe.review_within_h, universe.opinions_wanted, universe.audit_share

    assert save(review_within_h="8760", opinions_wanted="3", audit_share="0.25") == (8760, 3, 0.25)
    assert save() == (None, 1, None)
    save(second_opinion="on")
    assert universe.second_opinion


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("review_within_h", "0", "review_within_h: Must be a number from 1 to 8760."),
        ("review_within_h", "8761", "review_within_h: Must be a number from 1 to 8760."),
        ("opinions_wanted", "4", "opinions_wanted: Must be a number from 1 to 3."),
        ("opinions_wanted", "", "This field is required."),
        ("audit_share", "1.01", "audit_share: Must be a number from 0 to 1."),
        ("audit_share", "nan", "Enter a number."),
    ],
)
def test_review_setting_out_of_range_is_a_field_error(admin, universe, field, value, error):
    response = admin.post(
        page_of(universe), {**universe_fields(universe, **{field: value}), **world_and_members(universe)}
    )

    assert errors_in(response) == [error]
    universe.refresh_from_db()
    assert (universe.review_within_h, universe.opinions_wanted, universe.audit_share) == (None, 1, None)


def test_member_row_can_change_its_user(admin, universe, viewer, stranger):
    row = universe.memberships.get(user=viewer)

    admin.post(
        page_of(universe),
        {
            **universe_fields(universe),
            **world_and_members(universe, members=[{"id": row.pk, "user": stranger.pk, "role": "editor"}]),
        },
    )

    roles = dict(universe.memberships.values_list("user__username", "role"))
    assert roles == {"carla": "owner", "stefan": "editor"}


def test_duplicate_member_is_refused(admin, universe, owner):
    response = admin.post(
        page_of(universe),
        {
            **universe_fields(universe, name="High Moor"),
            **world_and_members(universe, members=[{"user": owner.pk, "role": "editor"}]),
        },
    )

    assert "carla is a member already." in errors_in(response)
    universe.refresh_from_db()
    assert (universe.name, universe.memberships.count()) == ("Low Marsh", 1)


def test_too_long_rule_is_refused(admin, universe):
    response = admin.post(
        page_of(universe),
        {**universe_fields(universe), **world_and_members(universe, rules="Fine.\n" + "x" * 1001)},
    )

    assert "Rule 2 is over 1000 characters." in errors_in(response)
    assert universe.world_rules.count() == 0


def test_archived_universe_is_read_only_until_reopened(admin, universe):
    universe = service.archive(universe)
    page = admin.get(page_of(universe)).content.decode()
    assert 'name="world_config-0-genre"' not in page
    # A read-only page submits only the management fields of its inlines.
    counts = dict(re.findall(r'name="(\w+-(?:TOTAL|INITIAL)_FORMS)" value="(\d+)"', page))
    assert len(counts) == 4

    refused = admin.post(
        page_of(universe), {**universe_fields(universe, name="High Moor", archived="on"), **counts}
    )
    assert errors_in(refused) == ["This universe is archived: reopen it to change it."]

    reopened = admin.post(page_of(universe), {**universe_fields(universe, name="High Moor"), **counts})
    assert reopened.status_code == 302, errors_in(reopened)
    universe.refresh_from_db()
    assert (universe.name, universe.archived) == ("High Moor", False)


def test_delete_removes_all_content(admin, universe, bell, dawn):
    response = admin.post(reverse("admin:universes_universe_delete", args=[universe.pk]), {"post": "yes"})

    assert response.status_code == 302
    assert not Universe.objects.exists()
    assert not CanonChange.objects.exists()
