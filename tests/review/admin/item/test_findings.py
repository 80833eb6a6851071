"""Findings on the pages of items and jobs, and their marks."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from django.urls import reverse

from agents.choices import Verdict
from agents.common.admin import signals
from agents.engine.checks.finding import Strength
from agents.models import IntentionalFinding
from agents.review import claims, intentional
from agents.review.verdicts import decisions
from tests.support import rows, sample_findings
from tests.support.pages import messages_of, url_of, words
from universes.models import Element
from universes.services import universes

pytestmark = pytest.mark.django_db

PHONE = sample_findings.finding()
MARK, UNDO = "Mark as intentional", "Undo intentional"


@pytest.fixture
def make_item(creator, low_marches):
    def make(*findings, agent_type="consistency", universe=low_marches, **fields):
        stored = sample_findings.signals(*(findings or [PHONE]))
        return rows.item_of(rows.finished_job(creator, universe, agent_type, signals=stored), **fields)

    return make


@pytest.fixture
def item(make_item):
    return make_item()


@pytest.fixture
def see(reviewer_client, page_of):
    return lambda item: reviewer_client.get(page_of(item))


def test_every_strength_has_a_look():
    assert tuple(signals.STRENGTHS) == get_args(Strength)


@pytest.mark.parametrize("page", ["review", "job", "receipt"])
def test_pages_show_strength_proof_and_what_was_not_checked(superuser_client, item, page):
    url = {
        "review": url_of("change", item),
        "job": reverse("admin:agents_agentjob_change", args=[item.job_id]),
        "receipt": reverse("admin:agents_agentjob_receipt", args=[item.job_id]),
    }[page]

    response = superuser_client.get(url)

    assert (
        "Proven limits the confidence his smartphone against medieval ( tech level ) There are no telephones."
    ) in words(response)
    assert "not checked contradictions Not checked: Swedish." in words(response)
    assert response.content.decode().count('<span class="not-checked">not checked</span>') == 1


def test_strongest_come_first_and_intentional_ones_last(see, make_item, reviewer):
    strengths: list[Strength] = ["hint", "likely", "proven"]
    findings = [sample_findings.finding(f"a {name} thing", strength=name) for name in strengths]
    item = make_item(*findings, sample_findings.finding("a proven dream"))
    intentional.mark(item.pk, sample_findings.finding("a proven dream").id, by=reviewer)

    text = words(see(item))

    order = [text.index(f"a {name} against") for name in ("proven thing", "likely thing", "hint thing")]
    assert [*order, text.index("a proven dream against")] == sorted(
        [*order, text.index("a proven dream against")]
    )
    assert "Proven Intentional no longer counts a proven dream" in text


def test_repeated_finding_and_too_many_are_shown_within_bounds(see, make_item, monkeypatch):
    monkeypatch.setattr(signals, "MAX_FINDINGS", 2)
    others = [sample_findings.finding(f"thing {number}") for number in range(3)]

    page = see(make_item(others[0], others[0], *others[1:])).content.decode()

    assert page.count('<li class="finding ') == 2
    assert "(1 more finding is not listed.)" in page


def test_quote_links_to_its_place_in_the_text(see, make_item):
    report = see(make_item(PHONE, sample_findings.finding("her telescope"))).content.decode()
    scene = see(make_item(sample_findings.finding("the far bank"), agent_type="narrative")).content.decode()

    mark = re.search('<mark [^>]*id="quote-1"[^>]*>his  smartphone</mark>', report)
    assert mark is not None
    assert f'data-finding="{PHONE.id}"' in mark[0]
    assert f"Against “{PHONE.statement}”." in mark[0]
    assert '<a href="#quote-1">his  smartphone</a>' in report
    assert ">her telescope</q>" in report
    assert re.search('the rope creaked; <mark [^>]*id="quote-1"[^>]*>the far bank</mark>', scene.lower())
    assert '<a href="#quote-1">the far bank</a>' in scene


def test_statement_links_to_its_rule_and_element(see, superuser_client, make_item, low_marches):
    rule = low_marches.world_rules.get(position=1)
    mira = Element.objects.get(name="Mira")
    hidden = Element.objects.create(
        universe=low_marches, kind="item", name="The Bell", name_key="the bell", canon_status="retired"
    )
    ids = [str(rule.pk), str(mira.pk), str(hidden.pk), "tech_level", "r3", "0199" + "0" * 28]
    item = make_item(
        *(
            sample_findings.finding(f"thing {number}", source_id=source_id)
            for number, source_id in enumerate(ids)
        ),
        agent_type="narrative",
    )

    page = see(item).content.decode()

    assert f'id="source-{rule.pk}"' in page
    assert f'<a href="#source-{rule.pk}"><bdi>rule</bdi></a>' in page
    assert f'id="source-{mira.pk}"' in page
    assert f'<a href="#source-{mira.pk}"><bdi>Mira</bdi></a>' in page
    assert (
        f'<a href="{reverse("admin:universes_element_change", args=[hidden.pk])}"><bdi>The Bell</bdi></a>'
        in page
    )
    assert '<a href="#source-tech_level"><bdi>tech level</bdi></a>' in page
    assert "(<bdi>from the request</bdi>)" in page
    assert "(<bdi>no longer in this world</bdi>)" in page
    job_page = superuser_client.get(
        reverse("admin:agents_agentjob_change", args=[item.job_id])
    ).content.decode()
    assert (
        f'<a href="{reverse("admin:universes_universe_change", args=[low_marches.pk])}"><bdi>rule</bdi></a>'
        in job_page
    )


def test_world_is_not_linked_for_those_who_may_not_open_it(signed_in, make_user, make_item, low_marches):
    rule = low_marches.world_rules.get(position=1)
    item = make_item(sample_findings.finding(source_id=str(rule.pk)))
    client = signed_in(make_user("olaf", is_staff=True, permissions=["agents.view_agentjob"]))

    page = client.get(reverse("admin:agents_agentjob_change", args=[item.job_id])).content.decode()

    assert "(<bdi>rule</bdi>)" in page


def test_reviewer_marks_and_undoes(reviewer_client, item, page_of, reviewer):
    marked = reviewer_client.post(url_of("mark", item), {"finding": PHONE.id, "reason": "A <b>dream."})

    assert marked["Location"] == f"{page_of(item)}#finding-{PHONE.id}"
    mark = IntentionalFinding.objects.get()
    assert (mark.finding_id, mark.marked_by, mark.reason) == (PHONE.id, reviewer, "A <b>dream.")
    page = reviewer_client.get(page_of(item))
    assert messages_of(page) == ["Marked as intentional. Later checks will ignore it."]
    assert f"Marked by rosa , {mark.created_at:%Y-%m-%d %H:%M:%S} UTC: A <b>dream." in words(page)
    assert "A finding was marked as intentional" in words(page)
    assert "“his smartphone”: A <b>dream." in words(page)
    assert "A <b>dream." not in page.content.decode()
    assert (UNDO in words(page), MARK in words(page)) == (True, False)

    undone = reviewer_client.post(url_of("unmark", item), {"finding": PHONE.id}, follow=True)

    assert messages_of(undone) == ["No longer intentional. Later checks will count it again."]
    assert not IntentionalFinding.objects.exists()
    assert (UNDO in words(undone), MARK in words(undone)) == (False, True)
    assert "A finding is no longer intentional" in words(undone)


def test_closed_item_offers_it_still(see, item, reviewer):
    decisions.decide(item.pk, Verdict.APPROVED, by=reviewer)

    assert MARK in words(see(item))


@pytest.mark.parametrize("fields", [{"universe": None}, {"opinions_wanted": 2}])
def test_not_offered_without_a_universe_or_before_all_opinions(see, make_item, fields):
    page = words(see(make_item(**fields)))

    assert (MARK in page, "his smartphone against medieval" in page) == (False, True)


def test_not_offered_in_an_archived_universe(see, item, low_marches):
    universes.update_universe(low_marches, archived=True)

    assert MARK not in words(see(item))


def test_not_offered_while_another_reviewer_has_the_item(see, item, second_reviewer):
    claims.claim(item.pk, second_reviewer)

    assert MARK not in words(see(item))


def test_blind_item_shows_no_finding(see, make_item):
    response = see(make_item(found_in_scene(), agent_type="narrative", is_blind=True))

    assert "is only shown" not in words(response)
    assert "<mark" not in response.content.decode()


def found_in_scene():
    return sample_findings.finding("the far bank", strength="hint")


@pytest.mark.parametrize("verb", ["mark", "unmark"])
def test_only_reviewers_and_only_by_post(superuser_client, signed_in, staff, item, verb):
    assert superuser_client.get(url_of(verb, item)).status_code == 405
    assert signed_in(staff).post(url_of(verb, item), {"finding": PHONE.id}).status_code == 403
    assert not IntentionalFinding.objects.exists()


def test_refused_reason_stays_in_its_form(reviewer_client, item):
    page = reviewer_client.post(url_of("mark", item), {"finding": PHONE.id, "reason": "x" * 5001})

    form = page.content.decode().partition(f'id="reason-{PHONE.id}"')[2].partition(">")[0]
    assert f'value="{"x" * 5001}" aria-invalid="true" aria-describedby="bar-error"' in form
    assert "At most 5000 characters." in words(page)
    assert not IntentionalFinding.objects.exists()


def test_reason_is_kept_if_another_reviewer_took_the_item(reviewer_client, item, second_reviewer):
    claims.claim(item.pk, second_reviewer)

    page = words(reviewer_client.post(url_of("mark", item), {"finding": PHONE.id, "reason": "A dream."}))

    assert "rudi has claimed this item" in page
    assert "What you wrote A dream." in page
    assert not IntentionalFinding.objects.exists()


def test_unknown_finding_is_an_error_on_the_page(reviewer_client, item):
    for verb in ("mark", "unmark"):
        page = words(reviewer_client.post(url_of(verb, item), {"finding": "0" * 16}))
        assert f"This item has no finding {'0' * 16}." in page


# --- The list of marks

LIST = reverse("admin:agents_intentionalfinding_changelist")


def test_list_shows_marks_and_undoes_them(reviewer_client, item, reviewer):
    intentional.mark(item.pk, PHONE.id, by=reviewer, reason="A dream.")
    mark = IntentionalFinding.objects.get()

    assert "his smartphone" in words(reviewer_client.get(f"{LIST}?q=smartphone rosa"))
    shown = reviewer_client.get(reverse("admin:agents_intentionalfinding_change", args=[mark.pk]))
    assert "A dream." in words(shown)
    data = {"action": "undo", "_selected_action": [mark.pk]}
    done = reviewer_client.post(LIST, data, follow=True)

    assert messages_of(done) == ["1 mark undone."]
    assert not IntentionalFinding.objects.exists()
    assert item.job.events.last().kind == "finding_unmarked"


def test_mark_without_a_job_is_undone_from_the_list(reviewer_client, low_marches):
    mark = IntentionalFinding.objects.create(universe=low_marches, finding_id=PHONE.id)

    reviewer_client.post(LIST, {"action": "undo", "_selected_action": [mark.pk]})

    assert not IntentionalFinding.objects.exists()


def test_list_does_not_change_an_archived_universe(reviewer_client, low_marches):
    mark = IntentionalFinding.objects.create(universe=low_marches, finding_id=PHONE.id)
    universes.update_universe(low_marches, archived=True)

    page = reviewer_client.post(LIST, {"action": "undo", "_selected_action": [mark.pk]}, follow=True)

    assert ["is archived" in message for message in messages_of(page)] == [True]
    assert IntentionalFinding.objects.exists()
