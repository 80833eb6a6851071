"""Kinds of relations between elements: their spelling, their other side, and the words for both."""

from __future__ import annotations

from typing import Final

from universes.fields import fold

# Each of them holds for both elements alike, so that its direction has no meaning.
SYMMETRIC: Final = frozenset(
    {
        "acquaintance",
        "adjacent to",
        "allied with",
        "ally",
        "at war with",
        "colleague",
        "cousin",
        "enemy",
        "friend",
        "linked to",
        "lover",
        "married to",
        "neighbour",
        "partner",
        "related to",
        "relative",
        "rival",
        "same as",
        "sibling",
        "spouse",
        "trades with",
        "twin",
    }
)
# What the second element is to the first: a parent's other side is a child.
_INVERSE: Final = {
    "aunt": "niece or nephew",
    "brother": "sibling",
    "child": "parent",
    "creator": "creation",
    "daughter": "parent",
    "father": "child",
    "grandchild": "grandparent",
    "grandparent": "grandchild",
    "husband": "spouse",
    "leader": "led by",
    "located in": "location of",
    "member": "has the member",
    "mentor": "student",
    "mother": "child",
    "owner": "owned by",
    "parent": "child",
    "part of": "has the part",
    "sister": "sibling",
    "son": "parent",
    "student": "mentor",
    "uncle": "niece or nephew",
    "wife": "spouse",
}
# A kind that ends in one of these is followed by the name alone: "located in Brackwater".
_LINKING: Final = frozenset({"about", "as", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"})
# "has the member Mira": a kind that ends so needs no "of" either.
_COMPLETE: Final = frozenset({"has the member", "has the part"})


# "Mira lives in Saltmere": these need no "is" before them.
_VERBS: Final = frozenset(
    {
        *(
            "belongs",
            "fears",
            "governs",
            "guards",
            "has",
            "hates",
            "inhabits",
            "knows",
            "leads",
            "lives",
            "loves",
        ),
        *("owns", "protects", "resides", "rules", "serves", "teaches", "trades", "uses", "works", "worships"),
    }
)


def clean_kind(kind: str) -> str:
    """Return the one spelling of a kind: lower case, single spaces, without "of" at the end."""
    words = fold(kind.replace("_", " ")).split()
    if len(words) > 1 and words[-1] == "of" and " ".join(words) not in {"part of", "location of"}:
        words.pop()
    return " ".join(words)


def is_symmetric(kind: str) -> bool:
    return kind in SYMMETRIC


def inverse_of(kind: str) -> str | None:
    """Return the kind as the second element has it, or ``None`` if there is no word for it."""
    return kind if kind in SYMMETRIC else _INVERSE.get(kind)


def phrase(kind: str, name: str, since: str = "", until: str = "") -> str:
    """Write a relation as a statement about one element, "sister of Tom Voss (since 903)"."""
    is_linked = kind in _COMPLETE or kind.rsplit(" ", 1)[-1] in _LINKING
    said = f"{kind} {name}" if is_linked else f"{kind} of {name}"
    when = ", ".join(f"{word} {text}" for word, text in (("since", since), ("until", until)) if text)
    return f"{said} ({when})" if when else said


def sentence(name: str, kind: str, other: str, since: str = "", until: str = "") -> str:
    """Write a relation in full, "Mira is sister of Tom Voss (since 903)"."""
    verb = "" if kind.split(" ", 1)[0] in _VERBS else "is "
    return f"{name} {verb}{phrase(kind, other, since, until)}"
