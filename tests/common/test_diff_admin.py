"""Word-by-word diff of two outputs."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.common.admin import diff
from tests.support.effort import effort

GATE = {"name": "The Cinder Gate", "description": "Blackened oak, never repainted."}
SCALES = {"name": "Weighhouse", "description": "Where the salt is counted."}


def compared(before: object, after: object) -> diff.Change:
    (change,) = diff.changes({"field": before}, {"field": after})
    return change


def plain(html: str) -> str:
    return unescape(re.sub(r"</?(?:ins|del)>", "", html))


def test_changed_words_are_marked_on_their_side():
    (change,) = diff.changes({"title": "A low <i>", "n": 1}, {"title": "A high <i>", "n": 1})

    assert (change.label, change.before, change.after, change.remark) == (
        "Title",
        "A <del>low</del> &lt;i&gt;",
        "A <ins>high</ins> &lt;i&gt;",
        "",
    )


def test_fields_of_one_side_only_are_shown():
    gone, come = diff.changes({"camera": "low"}, {"map_layout": "One street"})

    assert (gone.label, gone.before, gone.after) == ("Camera", "<del>low</del>", "")
    assert (come.label, come.before, come.after) == ("Map layout", "", "<ins>One street</ins>")


def test_system_fields_are_not_compared():
    assert diff.changes({"model": "a", "tokens_used": 1}, {"model": "b", "tokens_used": 2}) == []


def test_two_small_changes_stay_separate():
    change = compared("red fox and old dog", "blue fox and new dog")

    assert change.before == "<del>red</del> fox and <del>old</del> dog"
    assert change.after == "<ins>blue</ins> fox and <ins>new</ins> dog"


def test_short_equal_runs_within_a_rewrite_are_merged():
    change = compared(
        "He came and saw the old house by the hill", "She went and burned a new barn on the hill"
    )

    assert change.before == "<del>He came and saw the old house by</del> the hill"
    assert change.after == "<ins>She went and burned a new barn on</ins> the hill"


def test_added_paragraph_keeps_its_neighbours_unmarked():
    change = compared("One.\n\nThree.", "One.\n\nTwo.\n\nThree.")

    assert change.before == "One.\n\nThree."
    assert plain(change.after) == "One.\n\nTwo.\n\nThree."
    assert change.after.count("<ins>") == 1
    assert "<ins>" not in change.after[: change.after.index("Two.") - len("<ins>\n\n")]


def test_joined_paragraphs_are_marked():
    change = compared("One.\n\nTwo.", "One. Two.")

    assert change.before == "One.<del>¶</del>\n\nTwo."
    assert change.remark == ""


def test_scripts_without_spaces_are_compared_by_character():
    assert compared("彼は行った。", "彼女は行った。").after == "彼<ins>女</ins>は行った。"


@pytest.mark.parametrize(("before", "after"), [("one two", "one  two"), ("one", "one "), ("a\r\nb", "a\nb")])
def test_whitespace_only_change_is_pointed_out(before, after):
    change = compared(before, after)

    assert (plain(change.before), change.remark) == (before.replace("\r\n", "\n"), "Only spaces differ.")


def test_rows_are_matched_and_compared_by_word():
    tower = {"name": "Tower", "description": "New & tall."}
    change = compared(
        [GATE, SCALES], [tower, GATE, {**SCALES, "description": "Where the pepper is counted."}]
    )

    assert change.before == (
        "Name: The Cinder Gate\nDescription: Blackened oak, never repainted.\n\n"
        "Name: Weighhouse\nDescription: Where the <del>salt</del> is counted."
    )
    assert change.after == (
        "Name: <ins>Tower</ins>\nDescription: <ins>New &amp; tall.</ins>\n\n"
        "Name: The Cinder Gate\nDescription: Blackened oak, never repainted.\n\n"
        "Name: Weighhouse\nDescription: Where the <ins>pepper</ins> is counted."
    )


def test_removed_rows_are_marked_whole():
    change = compared([GATE, SCALES], [SCALES])

    assert change.before.startswith("Name: <del>The Cinder Gate</del>\nDescription: <del>Blackened oak,")
    assert change.after == "Name: Weighhouse\nDescription: Where the salt is counted."


def test_dissimilar_rows_are_not_matched():
    change = compared(
        [{"name": "A gate", "description": "Black oak."}],
        [{"name": "A tower", "description": "New and tall."}],
    )

    assert change.before == "Name: <del>A gate</del>\nDescription: <del>Black oak.</del>"
    assert change.after == "Name: <ins>A tower</ins>\nDescription: <ins>New and tall.</ins>"


def test_booleans_and_text_lists_are_shown_in_words():
    assert compared(True, False).after == "<ins>no</ins>"
    assert compared(["a b", "c"], ["a d", "c"]).after == "a <ins>d</ins>\nc"


def test_names_and_hidden_characters_are_escaped():
    change = compared([], [{"<b>": "a\u202eb"}])

    assert "<b>" not in change.after
    assert "U+202E" in change.after


def shuffled(letter: str, count: int) -> str:
    return " ".join(f"x {letter}{index}" for index in range(count))


def test_texts_too_long_to_compare_are_shown_unmarked():
    before, after = shuffled("y", 25_000), shuffled("z", 25_000)

    change = compared(before, after)

    assert change.remark == "Too long to compare word by word."
    assert (change.before, change.after) == (before, after)


@pytest.mark.parametrize("count", [900, 5_000])
def test_all_fields_share_one_time_limit(count):
    old = {f"f{n}": shuffled("y", count) for n in range(20)} | {"rows": [{"a": shuffled("y", count)}] * 20}
    new = {f"f{n}": shuffled("z", count) for n in range(20)} | {"rows": [{"a": shuffled("z", count)}] * 20}

    assert effort(lambda: diff.changes(old, new)) < 160


def test_small_change_in_a_long_text_is_compared():
    text = "the tide " * 20_000

    change = compared(text + "fell.", text + "rose.")

    assert change.after.endswith("the tide <ins>rose.</ins>")


WORDS = st.text(alphabet="ab \n<&", max_size=60)


@settings(max_examples=300, deadline=None)
@given(before=WORDS, after=WORDS)
def test_both_sides_are_shown_in_full(before, after):
    for change in diff.changes({"field": before}, {"field": after}):
        assert plain(change.before).replace("¶", "") == before
        assert plain(change.after).replace("¶", "") == after
        unmarked = [
            re.sub(r"<(ins|del)>.*?</\1>", "", side, flags=re.S) for side in (change.before, change.after)
        ]
        assert unmarked[0].split() == unmarked[1].split()
