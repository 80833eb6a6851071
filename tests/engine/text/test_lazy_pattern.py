"""Patterns of modules that are compiled when they are first used."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from agents.engine.text import lazy_pattern as lazy
from tests.support.site.servers import ROOT


def test_pattern_has_the_methods_of_a_compiled_one():
    pattern = lazy.lazy_pattern(r"(?P<who>mira)\b", re.IGNORECASE)

    assert [match["who"] for match in pattern.finditer("Mira and MIRA")] == ["Mira", "MIRA"]
    assert pattern.sub("Ilse", "Mira sat.") == "Ilse sat."
    assert pattern.pattern == r"(?P<who>mira)\b"
    assert pattern.search("Miranda") is None


def test_wrong_pattern_is_refused_at_its_first_use():
    pattern = lazy.lazy_pattern("(")
    lazy._unused.pop()

    with pytest.raises(re.error):
        pattern.search("a")


def test_all_patterns_compile_and_hardly_any_does_at_the_import():
    program = (
        "import agents.engine.checks, agents.engine.confidence.observations\n"
        "from agents.engine.text import lazy_pattern as lazy\n"
        "compiled = [lazily for lazily in lazy._unused if 'search' in vars(lazily)]\n"
        "print(len(lazy._unused) > 200, len(compiled) < 5)\n"
        "lazy.compile_all()\n"
        "print(len(lazy._unused))\n"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert result.stdout == "True True\n0\n"
