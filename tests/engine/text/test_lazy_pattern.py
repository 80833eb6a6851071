"""Patterns of modules that are compiled when they are first used."""

from __future__ import annotations

import re
import subprocess
import sys
import threading

import pytest

from agents.engine.text import lazy_pattern as lazy
from agents.engine.text.pattern_set import PatternSet
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


@pytest.fixture
def compiled(monkeypatch) -> list[str]:
    """Patterns that were compiled, in that order; those of modules are left alone."""
    monkeypatch.setattr(lazy, "_unused", [])
    monkeypatch.setattr(lazy, "_unprepared", [])
    patterns: list[str] = []

    def compile_and_note(found, flags: int = 0):
        patterns.append(found if isinstance(found, str) else "parsed")
        return real(found, flags)

    real = re._compiler.compile  # type: ignore[attr-defined]
    monkeypatch.setattr("re._compiler.compile", compile_and_note)
    return patterns


def test_pattern_compiles_once(compiled):
    pattern = lazy.lazy_pattern(r"mira\b")

    pattern.search("mira")
    lazy.compile_all()
    lazy.compile_all()

    assert pattern.groups == 0
    assert compiled == [r"mira\b"]


def test_pattern_of_a_set_is_parsed_once_and_compiled_when_its_words_occur(compiled, monkeypatch):
    parsed: list[str] = []

    def parse_and_note(text: str, flags: int = 0):
        parsed.append(text)
        return real(text, flags)

    real = re._parser.parse
    monkeypatch.setattr("re._parser.parse", parse_and_note)
    found = PatternSet([(lazy.lazy_pattern("ferry sank"), 1), (lazy.lazy_pattern("mill burnt"), 2)])

    assert [item for _, item in found.find("The mill burnt.")] == [2]
    assert compiled == ["parsed"]
    lazy.compile_all()
    assert [item for _, item in found.find("The ferry sank.")] == [1]

    assert compiled == ["parsed"] * 2
    assert parsed == ["ferry sank", "mill burnt"]


def test_patterns_of_a_set_are_compiled_before_the_next_set_is_parsed(compiled, monkeypatch):
    def parse_and_note(text: str, flags: int = 0):
        compiled.append(f"parse {text}")
        return real(text, flags)

    real = re._parser.parse
    monkeypatch.setattr("re._parser.parse", parse_and_note)
    sets = [PatternSet([(lazy.lazy_pattern(text), 1)]) for text in ("ferry sank", "mill burnt")]

    lazy.compile_all()

    assert compiled == ["parse ferry sank", "parsed", "parse mill burnt", "parsed"]
    assert [item for found in sets for _, item in found.find("The ferry sank, the mill burnt.")] == [1, 1]


def test_threads_that_need_the_same_pattern_compile_it_once(compiled):
    pattern = lazy.lazy_pattern("mira")
    begin = threading.Barrier(8)
    threads = [threading.Thread(target=lambda: (begin.wait(), pattern.search("mira"))) for _ in range(8)]

    with lazy.compiling():
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()

    assert compiled == ["mira"]


def test_text_is_read_between_the_patterns_that_compile_beside_it(compiled, monkeypatch):
    needed, other = lazy.lazy_pattern("mira"), lazy.lazy_pattern("ilse")
    del other
    found: list[bool] = []

    def read_text(pause_s: float) -> None:
        thread = threading.Thread(target=lambda: found.append(needed.search("mira") is not None))
        thread.start()
        thread.join(10)

    monkeypatch.setattr("time.sleep", read_text)

    lazy.compile_all(pause_s=1)

    assert found == [True, True]
    assert compiled == ["ilse", "mira"]


def test_time_for_compiling_is_that_of_the_thread_and_counts_once(monkeypatch):
    now_s = [0.0]
    monkeypatch.setattr("time.thread_time", lambda: now_s[0])
    before_s = lazy.compiling_s()
    elsewhere: list[float] = []

    with lazy.compiling():
        now_s[0] += 1
        with lazy.compiling():
            now_s[0] += 2
    now_s[0] += 4
    thread = threading.Thread(target=lambda: elsewhere.append(lazy.compiling_s()))
    thread.start()
    thread.join()

    assert lazy.compiling_s() - before_s == pytest.approx(3)
    assert elsewhere == [0]


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
