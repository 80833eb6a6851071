"""The audit of dependencies, without its tools."""

from __future__ import annotations

from typing import Any

from dev import audit


def test_pinned_names_are_normalised():
    lock = "Django==5.2.9 \\\n    --hash=sha256:0\nprometheus_client==0.23.1 ; python_version > '3'\n# valkey==1\n"

    assert audit.pinned(lock) == {"django", "prometheus-client"}


def test_product_has_more_than_fifty_pinned_packages():
    assert len(audit.pinned(audit.REQUIREMENTS.read_text())) > 50


def test_each_known_vulnerability_is_a_line():
    report = {
        "dependencies": [
            {"name": "safe", "version": "1", "vulns": []},
            {"name": "unknown", "skip_reason": "not found"},
            {
                "name": "holey",
                "version": "2",
                "vulns": [
                    {"id": "PYSEC-1", "fix_versions": ["2.1", "3.0"]},
                    {"id": "PYSEC-2", "fix_versions": []},
                ],
            },
        ]
    }

    assert audit.vulnerabilities(report) == [
        "holey 2: PYSEC-1, mended in 2.1, 3.0",
        "holey 2: PYSEC-2, mended in no release",
    ]


def test_only_licences_of_the_product_are_refused():
    def component(name: str, *licences: dict[str, str], expression: str = "") -> dict[str, Any]:
        entries: list[dict[str, Any]] = [{"license": licence} for licence in licences]
        entries = entries or [{"expression": expression}]
        return {"name": name, "licenses": entries}

    components = [
        component("mine", {"id": "MIT"}),
        component("one_of_two", {"id": "AGPL-3.0-only"}, {"name": "License :: OSI Approved :: BSD License"}),
        component("Strong.Copyleft", {"id": "AGPL-3.0-only"}),
        component("expressed", expression="GPL-2.0-or-later"),
        component("tool", {"id": "GPL-3.0-only"}),
        {"name": "silent"},
    ]
    names = frozenset(("mine", "one-of-two", "strong-copyleft", "expressed", "silent"))

    assert audit.refused_licences(components, names) == [
        "Strong.Copyleft: licence AGPL-3.0-only",
        "expressed: licence GPL-2.0-or-later",
    ]
