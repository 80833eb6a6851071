"""Relations between elements: service, API, page, and their place in what agents read."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from agents.common.world_context import world_view
from agents.engine.checks import check, is_proven
from agents.engine.sources import element_text
from tests.support.problems import problem_of
from tests.universes.admin_pages import messages_of, page_of, relation_rows
from universes.errors import DomainError
from universes.models import CanonChange, Relation
from universes.relations import clean_kind, inverse_of, phrase, sentence
from universes.services import canon, relations
from universes.services.world import world_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(universe):
    return [
        canon.add_element(universe, kind="character", name=name, status="canon")
        for name in ("Mira Voss", "Tom Voss", "Ada Reed")
    ]


def relate(universe, kind, one, other, **fields):
    return relations.add_relation(universe, kind=kind, from_element=one.pk, to_element=other.pk, **fields)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("sister", "sister of Tom (since 903)"),
        ("located in", "located in Tom (since 903)"),
        ("part of", "part of Tom (since 903)"),
        ("has the member", "has the member Tom (since 903)"),
    ],
)
def test_phrase_reads_as_a_statement(kind, said):
    assert phrase(kind, "Tom", since="903") == said


def test_verb_needs_no_other():
    assert sentence("Mira", "lives in", "Saltmere") == "Mira lives in Saltmere"
    assert sentence("Mira", "sister", "Tom", until="9") == "Mira is sister of Tom (until 9)"


def test_kinds_have_one_spelling_and_another_side():
    assert [clean_kind(kind) for kind in ("  Sister  Of", "PART_of", "Friend")] == [
        "sister",
        "part of",
        "friend",
    ]
    assert (inverse_of("friend"), inverse_of("mother"), inverse_of("keeper")) == ("friend", "child", None)


def test_symmetric_relation_is_one_whichever_element_comes_first(universe, people):
    mira, tom, _ = people
    made = relate(universe, "friend", tom, mira)

    with pytest.raises(DomainError, match="is there already") as refused:
        relate(universe, "Friend", mira, tom)

    assert refused.value.code == "relation_exists"
    assert (made.from_element, made.to_element) == (mira, tom)
    assert Relation.objects.count() == 1


def test_snapshot_states_relations_of_canon_in_both_directions(universe, people):
    mira, tom, ada = people
    draft = canon.add_element(universe, kind="character", name="Zed")
    relate(universe, "mother", mira, tom)
    relate(universe, "friend", ada, mira, since="the flood")
    relate(universe, "friend", mira, draft)

    traits = {element.name: element.traits for element in world_snapshot(universe).elements}

    assert traits["Mira Voss"] == {
        "relations": ["friend of Ada Reed (since the flood)", "mother of Tom Voss"]
    }
    assert traits["Tom Voss"] == {"relations": ["child of Mira Voss"]}


def test_agents_read_relations_beside_an_own_trait_of_the_name(universe, people):
    mira, tom, _ = people
    canon.revise_element(mira, traits={"relations": "few"})
    relate(universe, "aunt", mira, tom)

    world = world_view(universe)

    assert world is not None
    element = world.find("character", "Mira Voss")
    assert element is not None
    assert element_text(element) == "Mira Voss. relations: few, aunt of Tom Voss"


@pytest.mark.parametrize(("until", "is_found"), [("", True), ("the war", False)])
def test_kinship_check_reads_relations_that_last(universe, people, until, is_found):
    mira, tom, _ = people
    relate(universe, "sister", mira, tom, until=until)

    world, text = world_view(universe), "Mira Voss was Tom Voss's mother."
    assert world is not None
    findings = check(text, world)

    assert [one.quote for one in findings] == (["Mira Voss was Tom Voss's mother"] if is_found else [])
    assert all(is_proven(one, text, world) for one in findings)


def test_api_states_changes_and_removes(api, universe, people):
    mira, tom, ada = people
    path = f"/universes/{universe.pk}/relations"
    made = api.post(path, {"kind": "Sister of", "from_element": str(mira.pk), "to_element": str(tom.pk)})

    assert made.status_code == 201
    assert {key: made.data[key] for key in ("kind", "is_symmetric", "from_element")} == {
        "kind": "sister",
        "is_symmetric": False,
        "from_element": {"id": str(mira.pk), "kind": "character", "name": "Mira Voss"},
    }
    changed = api.patch(
        made["Location"], {"kind": "twin", "until": "903"}, headers={"If-Match": made["ETag"]}
    )
    assert (changed.status_code, changed.data["kind"], changed.data["is_symmetric"]) == (200, "twin", True)
    assert api.get(f"{path}?element_id={tom.pk}").data["count"] == 1
    assert api.get(f"{path}?element_id={ada.pk}").data["count"] == 0
    assert api.get(f"{path}?kind=TWIN").data["count"] == 1
    assert api.delete(made["Location"]).status_code == 204
    problem_of(api.get(made["Location"]), 404, "relation_not_found")
    actions = CanonChange.objects.filter(target_kind="relation").order_by("at", "id")
    assert [change.action for change in actions] == ["added", "revised", "retired"]


def test_api_refuses_relations_that_say_nothing(api, universe, people, make_stranger_element):
    mira, tom, _ = people
    path = f"/universes/{universe.pk}/relations"

    def post(kind, one, other):
        return api.post(path, {"kind": kind, "from_element": str(one.pk), "to_element": str(other.pk)})

    problem_of(post("friend", mira, mira), 400, "invalid")
    problem_of(post("of", mira, make_stranger_element), 404, "element_not_found")
    canon.retire(tom)
    problem_of(post("friend", mira, tom), 409, "entry_retired")
    assert Relation.objects.count() == 0


@pytest.fixture
def make_stranger_element(stranger):
    from tests.support.rows import make_universe

    return canon.add_element(make_universe(stranger, slug="far"), kind="item", name="Far")


def test_retired_element_takes_its_relations_out_of_the_list(api, universe, people):
    mira, tom, _ = people
    relate(universe, "friend", mira, tom)
    canon.retire(tom)

    assert api.get(f"/universes/{universe.pk}/relations").data["count"] == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda row: setattr(row, "kind", ""),
        lambda row: setattr(row, "to_element", row.from_element),
        lambda row: _swap(row, kind="friend"),
    ],
)
def test_database_refuses_inconsistent_relations(universe, people, change):
    relation = relate(universe, "sister", *sorted(people[:2], key=lambda person: person.pk))
    change(relation)

    with pytest.raises(IntegrityError), transaction.atomic():
        relation.save()


def _swap(row, *, kind):
    row.kind = kind
    row.from_element, row.to_element = row.to_element, row.from_element


@pytest.mark.page
def test_element_page_edits_relations(admin, universe, people):
    mira, tom, ada = people
    relate(universe, "mother", ada, mira)
    shown = admin.get(page_of(mira))
    form = shown.context["adminform"].form
    data = {name: form[name].value() or "" for name in ("name", "summary")} | {
        "traits": "{}",
        "mentions": "[]",
    }
    data |= relation_rows({"kind": "Sister", "to_element": str(tom.pk)})

    saved = admin.post(page_of(mira), data, follow=True)

    assert "child of Ada Reed" in shown.content.decode()
    assert "changed successfully" in messages_of(saved)[0]
    made = Relation.objects.get(kind="sister")
    assert made.created_by is not None
    assert (made.from_element, made.to_element, made.created_by.username) == (mira, tom, "root")
