"""A place whose name is taken: said before the approval, merged or renamed, never numbered in canon by itself."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from agents.canon import placement
from agents.choices import Verdict
from agents.errors import Conflict, Invalid
from agents.review.verdicts import bulk, decisions
from tests.support.rows import make_job, make_review
from universes.models import CanonChange, Element
from universes.services import canon

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(creator, universe):
    return make_review(creator, universe=universe, agent_type="spatial")


@pytest.fixture
def taken(item, universe):
    """An element with the name of the item's place, in other letters."""
    output = item.job.output_data
    return canon.add_element(
        universe,
        kind="location",
        name=output["location_name"].upper(),
        summary="A dry place.",
        traits={"atmosphere": "Grim", "landmarks": ["A well"]},
        status="canon",
    )


def test_taken_name_is_told_before_the_approval_and_refused(item, taken, reviewer, client_of):
    shown = client_of(reviewer).get(f"/agents/reviews/{item.pk}").json()
    assert shown["name_taken"] == {"id": str(taken.pk), "name": taken.name}

    with pytest.raises(Conflict) as refused:
        decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)
    result = bulk.decide_all([item.pk], Verdict.APPROVED, by=reviewer)

    assert refused.value.code == "element_name_taken"
    assert refused.value.details == {"existing": {"id": str(taken.pk), "name": taken.name}}
    assert (result.decided, len(result.left_out)) == ([], 1)
    item.refresh_from_db()
    assert (item.state, Element.objects.count()) == ("open", 1)


def test_merge_adds_to_the_entry_and_loses_nothing(item, taken, reviewer, client_of):
    output = item.job.output_data
    body = {"verdict": "approved", "merge_into": str(taken.pk)}

    answer = client_of(reviewer).post(f"/agents/reviews/{item.pk}/decision", body)

    assert answer.status_code == 201
    (merged,) = Element.objects.all()
    assert (merged.name, merged.canon_status) == (taken.name, "canon")
    assert merged.summary == f"A dry place.\n\n{output['description']}"
    assert merged.traits["atmosphere"] == "Grim"
    assert merged.traits["map_layout"] == output["map_layout"]
    assert merged.traits["landmarks"][0] == "A well"
    assert len(merged.traits["landmarks"]) == 1 + len(output["landmarks"])

    decisions.undo(item.pk, by=reviewer)

    merged.refresh_from_db()
    assert (merged.summary, merged.traits) == (taken.summary, taken.traits)


def test_edited_name_enters_canon_beside_it(item, taken, reviewer):
    edited = {**item.job.output_data, "location_name": "New Rock"}

    decisions.decide(item.pk, Verdict.EDITED, by=reviewer, edited=edited)

    assert set(Element.objects.values_list("name", flat=True)) == {taken.name, "New Rock"}


@pytest.mark.parametrize("is_free", [True, False])
def test_only_the_namesake_can_be_merged_into(item, reviewer, universe, is_free):
    other = canon.add_element(universe, kind="location", name="Elsewhere")
    wrong = uuid.uuid4() if is_free else other.pk

    with pytest.raises(Invalid) as refused:
        decisions.decide(item.pk, Verdict.APPROVED, by=reviewer, merge_into=wrong)

    assert [error.pointer for error in refused.value.errors] == ["/merge_into"]
    assert Element.objects.count() == 1


def test_trusted_place_of_a_taken_name_is_a_draft(creator, universe, taken, item):
    job = make_job(creator, universe=universe, agent_type="spatial", status="completed")

    output = job.output_data
    assert output is not None

    entry = placement.place(job, output, status="canon", by=None)

    assert entry is not None
    assert (entry.name, entry.status) == (f"{output['location_name']} (2)", "draft")


def test_page_offers_to_merge(item, taken, reviewer_client):
    page = reverse("admin:agents_reviewitem_change", args=[item.pk])
    assert f'name="merge_into" value="{taken.pk}"' in reviewer_client.get(page).content.decode()

    reviewer_client.post(
        reverse("admin:agents_reviewitem_decide", args=[item.pk]),
        {"verdict": "approved", "merge_into": str(taken.pk)},
    )

    assert Element.objects.get().summary.startswith("A dry place.")
    assert CanonChange.objects.filter(action="revised").count() == 1
