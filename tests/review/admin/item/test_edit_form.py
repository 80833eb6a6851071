"""Forms made from an output's type."""

from __future__ import annotations

from typing import Any

from agents.common.output_form import Group, edit_form, read_form
from agents.errors import FieldError
from tests.support import rows


def sent_back(agent_type: str, output: dict[str, Any]) -> dict[str, str]:
    """Return the data that a browser sends for the form as displayed."""
    data: dict[str, str] = {}
    for control in edit_form(agent_type, output).controls:
        inputs = (
            [entry for row in control.rows for entry in row.controls]
            if isinstance(control, Group)
            else [control]
        )
        if isinstance(control, Group):
            data[control.count_name] = str(len(control.rows))
        for entry in inputs:
            if entry.kind == "flag":
                data |= {entry.name: "on"} if entry.value else {}
            elif entry.kind == "choice":
                data[entry.name] = entry.value or entry.choices[0]
            else:
                data[entry.name] = str(entry.value).replace("\n", "\r\n")
    return data


def test_untouched_form_changes_nothing():
    for agent_type, output in (
        ("narrative", rows.NARRATIVE),
        ("narrative", rows.VIDEO_PROMPT),
        ("spatial", rows.SPATIAL),
        ("consistency", rows.CONSISTENCY),
        ("consistency", {**rows.CONSISTENCY, "suggestions": ["Two\nlines.", "  spaces  "]}),
    ):
        assert read_form(agent_type, output, sent_back(agent_type, output)) == output


def test_system_fields_have_no_control():
    names = {control.name for control in edit_form("narrative", rows.NARRATIVE).controls}

    assert names == {"output-title", "output-content"}


def test_rows_are_added_changed_and_removed():
    data = sent_back("spatial", rows.SPATIAL)
    data["output-landmarks-0-name"] = data["output-landmarks-0-description"] = " "
    data["output-landmarks-1-description"] = "Where the salt is weighed."
    data["output-landmarks-2-name"] = "The Well"
    data["output-landmarks-2-description"] = "Dry since spring."

    assert read_form("spatial", rows.SPATIAL, data)["landmarks"] == [
        {"name": "Weighhouse", "description": "Where the salt is weighed."},
        {"name": "The Well", "description": "Dry since spring."},
    ]


def test_lines_numbers_and_flags_are_parsed():
    data = sent_back("consistency", rows.CONSISTENCY) | {
        "output-is_consistent": "on",
        "output-suggestions": "One.\r\n\r\n Two. \r\n",
    }
    shots = sent_back("narrative", rows.VIDEO_PROMPT) | {
        "output-shots-0-duration_s": "12",
        "output-shots-1-duration_s": "soon",
    }

    report = read_form("consistency", rows.CONSISTENCY, data)
    film = read_form("narrative", rows.VIDEO_PROMPT, shots)

    assert (report["is_consistent"], report["suggestions"]) == (True, ["One.", "Two."])
    assert [shot["duration_s"] for shot in film["shots"]] == [12, "soon"]


def test_invalid_row_count_yields_no_rows():
    data = sent_back("spatial", rows.SPATIAL) | {"output-landmarks-count": "-1"}

    assert read_form("spatial", rows.SPATIAL, data)["landmarks"] == []


def test_very_long_list_is_kept_whole():
    landmarks = [{"name": f"Stone {number}", "description": "Old."} for number in range(130)]
    output = {**rows.SPATIAL, "landmarks": landmarks}

    assert read_form("spatial", output, sent_back("spatial", output)) == output


def test_errors_are_beside_their_field_or_above_the_form():
    form = edit_form("narrative", rows.VIDEO_PROMPT)

    form.add_errors(
        [
            FieldError("/output/shots/1/duration_s", "Not a number."),
            FieldError("/output/title", "Blank."),
            FieldError("/output/surprise", "There is no field surprise here."),
        ]
    )

    shots = next(control for control in form.controls if isinstance(control, Group))
    assert [row.errors for row in shots.rows[1].controls] == [[], [], ["Not a number."]]
    assert form.controls[0].errors == ["Blank."]
    assert form.general_errors == ["/surprise There is no field surprise here."]
