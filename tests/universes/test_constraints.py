"""Database constraints, tested by direct writes that bypass the services."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from universes.models import (
    CanonChange,
    Element,
    Membership,
    Scene,
    Universe,
    WorldConfig,
    WorldRule,
)


def refused(constraint, write):
    """Assert that ``constraint`` refuses the write; SQLite does not report names of unique constraints."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    words = [constraint.name] if connection.vendor == "postgresql" else [constraint.name, "UNIQUE constraint"]
    assert any(word in str(caught.value) for word in words), str(caught.value)


def constraint(model: type[Model], name: str):
    return next(item for item in model._meta.constraints if item.name == name)


def test_slug_is_unique_per_owner(universe, owner, stranger):
    def again(by):
        return Universe.objects.create(owner=by, name="Other", slug=universe.slug)

    refused(constraint(Universe, "universe_slug_once_per_owner"), lambda: again(owner))
    assert again(stranger).slug == "low-marsh"


@pytest.mark.parametrize("field", ["name", "slug"])
def test_universe_needs_name_and_slug(universe, field):
    refused(
        constraint(Universe, "universe_is_named"),
        lambda: Universe.objects.filter(pk=universe.pk).update(**{field: ""}),
    )


def test_trusted_output_is_a_known_value(universe):
    refused(
        constraint(Universe, "universe_trusted_output_known"),
        lambda: Universe.objects.filter(pk=universe.pk).update(trusted_output="press"),
    )


def test_membership_is_unique(universe, viewer):
    refused(
        constraint(Membership, "member_once_per_universe"),
        lambda: Membership.objects.create(universe=universe, user=viewer, role="editor"),
    )


def test_universe_has_one_owner(universe, stranger):
    refused(
        constraint(Membership, "member_one_owner"),
        lambda: Membership.objects.create(universe=universe, user=stranger, role="owner"),
    )


def test_role_is_a_known_value(universe, stranger):
    refused(
        constraint(Membership, "member_role_known"),
        lambda: Membership.objects.create(universe=universe, user=stranger, role="king"),
    )


@pytest.mark.parametrize("field", ["magic_system", "physics"])
def test_world_texts_have_a_maximum_length(universe, field):
    config = WorldConfig.objects.filter(universe=universe)
    config.update(**{field: "x" * 4000})

    refused(
        constraint(WorldConfig, "world_config_texts_bounded"), lambda: config.update(**{field: "x" * 4001})
    )


def test_rule_position_is_unique(universe):
    WorldRule.objects.create(universe=universe, position=1, text="No one can teleport.")

    refused(
        constraint(WorldRule, "world_rule_one_per_position"),
        lambda: WorldRule.objects.create(universe=universe, position=1, text="The dead stay dead."),
    )


def test_rule_position_starts_at_one(universe):
    refused(
        constraint(WorldRule, "world_rule_position_from_one"),
        lambda: WorldRule.objects.create(universe=universe, position=0, text="No one can teleport."),
    )


def test_rule_text_is_not_empty(universe):
    refused(
        constraint(WorldRule, "world_rule_has_text"),
        lambda: WorldRule.objects.create(universe=universe, position=1, text=""),
    )


def test_origin_is_unique_among_scenes_of_a_universe(universe, owner):
    other = Universe.objects.create(owner=owner, name="Other", slug="other")
    Scene.objects.create(universe=universe, title="Dawn", text="Fog.", origin_ref="job-1")

    def again(where):
        return Scene.objects.create(universe=where, title="Dusk", text="Rain.", origin_ref="job-1")

    refused(constraint(Scene, "scene_one_per_origin"), lambda: again(universe))
    assert again(other).universe_id == other.pk


def test_origin_is_unique_among_elements(universe):
    Element.objects.create(universe=universe, kind="item", name="Bell", origin_ref="job-1")

    refused(
        constraint(Element, "element_one_per_origin"),
        lambda: Element.objects.create(universe=universe, kind="item", name="Rope", origin_ref="job-1"),
    )


def test_empty_origin_is_not_unique(universe):
    for title in ("Dawn", "Dusk"):
        Scene.objects.create(universe=universe, title=title, text="Fog.")

    assert Scene.objects.filter(universe=universe, origin_ref="").count() == 2


@pytest.mark.parametrize("name", ["MIRA  Oakes", "mira oakes"])
def test_element_name_is_unique_per_kind_ignoring_case(universe, name):
    Element.objects.create(universe=universe, kind="character", name="Mira Oakes")

    refused(
        constraint(Element, "element_name_once_per_kind"),
        lambda: Element.objects.create(universe=universe, kind="character", name=name),
    )
    assert Element.objects.create(universe=universe, kind="faction", name=name).kind == "faction"


def test_non_ascii_names_fold_alike_on_every_database(universe):
    Element.objects.create(universe=universe, kind="location", name="Ärgernis Straße")

    refused(
        constraint(Element, "element_name_once_per_kind"),
        lambda: Element.objects.create(universe=universe, kind="location", name="ÄRGERNIS STRASSE"),
    )


def test_name_of_retired_element_is_free(universe):
    Element.objects.create(universe=universe, kind="item", name="Bell", canon_status="retired")

    assert Element.objects.create(universe=universe, kind="item", name="Bell").canon_status == "draft"


@pytest.mark.parametrize(
    ("model", "name", "content"),
    [
        (Element, "element_canon_status_known", {"kind": "item", "name": "Bell", "canon_status": "live"}),
        (Element, "element_kind_known", {"kind": "spell", "name": "Bell"}),
        (Element, "element_is_named", {"kind": "item", "name": ""}),
        (Element, "element_summary_bounded", {"kind": "item", "name": "Bell", "summary": "x" * 10_001}),
        (Scene, "scene_canon_status_known", {"title": "Dawn", "text": "Fog.", "canon_status": "live"}),
        (Scene, "scene_has_title_and_text", {"title": "", "text": "Fog."}),
        (Scene, "scene_has_title_and_text", {"title": "Dawn", "text": ""}),
        (Scene, "scene_text_bounded", {"title": "Dawn", "text": "x" * 100_001}),
    ],
)
def test_entry_needs_name_and_bounded_texts(universe, model, name, content):
    refused(constraint(model, name), lambda: model.objects.create(universe=universe, **content))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("canon_change_target_known", {"target_kind": "rumour"}),
        ("canon_change_action_known", {"action": "burnt"}),
    ],
)
def test_canon_change_has_known_kind_and_action(universe, name, changes):
    valid = {"target_kind": "scene", "target_id": universe.pk, "action": "added", "after": {}}

    refused(
        constraint(CanonChange, name),
        lambda: CanonChange.objects.create(**{"universe": universe, **valid, **changes}),
    )


def test_canon_changes_are_append_only(universe):
    CanonChange.objects.create(
        universe=universe, target_kind="scene", target_id=universe.pk, action="added", after={}
    )

    with pytest.raises(TypeError, match="never changed"):
        CanonChange.objects.update(action="retired")
    with pytest.raises(TypeError, match="only when their universe goes"):
        CanonChange.objects.all().delete()

    assert CanonChange.objects.get().action == "added"
