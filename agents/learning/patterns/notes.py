"""Notes of reviewers: what they ask for in so many words."""

from __future__ import annotations

import re
from typing import Final

from agents.learning.patterns.word_lists import NOTE_WORDS

# What notes say of the patterns that edits show as well. The first that fits a note hides those after it of its kind.
_SAYINGS: Final[tuple[tuple[tuple[str, str], re.Pattern[str]], ...]] = tuple(
    (pattern, re.compile(words, re.IGNORECASE))
    for pattern, words in (
        (("mark", "—"), r"\b(?:em|long)[ -]?dash|—[”\"']|\bdashes\b"),
        (("mark", "!"), r"\bexclamation"),
        (("mark", ";"), r"\bsemi-?colon"),
        (("mark", "…"), r"\bellips[ie]s"),
        (("mark", "("), r"\b(?:parenthes[ie]s|brackets)\b"),
        (("person", "second"), r"\bsecond[ -]person|\baddress (?:the reader|them)|\bas [“\"']?you\b"),
        (("person", "first"), r"\bfirst[ -]person"),
        (("person", "third"), r"\bthird[ -]person"),
        (("spelling", "british"), r"\b(?:british|uk|english) (?:spelling|english)|\bamericanisms?\b"),
        (("spelling", "american"), r"\b(?:american|us) (?:spelling|english)"),
        (
            ("paragraphs", "shorter"),
            r"\b(?:short(?:er)?|smaller|split|break up|long)\b.{0,25}\bparagraph"
            r"|\bparagraphs?\b.{0,25}\b(?:long|shorter)\b|\bwall of text",
        ),
        (("paragraphs", "longer"), r"\blonger paragraph|\bparagraphs?\b.{0,25}\b(?:longer|short|choppy)\b"),
        (
            ("sentences", "shorter"),
            r"\b(?:short(?:er)?|long)\b.{0,15}\bsentence|\bsentences?\b.{0,25}\b(?:long|shorter)\b",
        ),
        (("length", "shorter"), r"\btoo (?:long|wordy)\b|\bcut it\b|\bshorter\b|\btrim\b"),
        (("length", "longer"), r"\btoo short\b|\blonger\b"),
        (("style", "adverbs"), r"\badverbs?\b"),
        (("style", "clichés"), r"\bclich[eé]"),
        (("style", "dialogue"), r"\bmore (?:dialogue|dialog|speech)\b"),
        (("tense", "past"), r"\bpast tense"),
        (("tense", "present"), r"\bpresent tense"),
    )
)
_ABOUT_SIZE: Final = ("paragraphs", "sentences", "length")
_NAMED: Final = re.compile(r"[“\"‘']([^\W\d_]{3,})[”\"’']")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def points_of(note: str, text: str) -> dict[tuple[str, str], bool]:
    """Return the patterns that a note could show, each with whether it does.

    A word in quotation marks that is in the text is one not to use. Other words of the text are about its story.
    """
    if not note.strip():
        return {}
    said: set[tuple[str, str]] = set()
    for pattern, words in _SAYINGS:
        is_about_size = pattern[0] in _ABOUT_SIZE
        if is_about_size and any(other[0] in _ABOUT_SIZE for other in said):
            continue
        if words.search(note):
            said.add(pattern)
    in_text = {word.casefold() for word in _WORD.findall(text)}
    said |= {("word", word.casefold()) for word in _NAMED.findall(note) if word.casefold() in in_text}
    if not said:
        words_said = {word.casefold() for word in _WORD.findall(note) if len(word) > 2}
        said |= {("note", word) for word in words_said - NOTE_WORDS - in_text}
    return dict.fromkeys(said, True)


def is_of_notes(pattern: tuple[str, str]) -> bool:
    """Return whether any note could show the pattern, whatever the text."""
    return pattern[0] == "note" or pattern in {pattern for pattern, _ in _SAYINGS}
