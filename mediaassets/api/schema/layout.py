"""Order, subjects and examples of the API documentation."""

from __future__ import annotations

from typing import Any

# Subjects in the order of the page, each with the beginnings of its paths; the longest that fits decides.
SUBJECTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "jobs",
        "Submit jobs, read outputs, retry and cancel.",
        ("/agents/jobs", "/agents/stats", "/agents/rechecks"),
    ),
    (
        "sign-in",
        "Tokens, API keys, and your own account.",
        ("/auth", "/users/me/preferences"),
    ),
    ("universes", "Worlds, their rules and their members.", ("/universes", "/users/me/invitations")),
    (
        "canon",
        "Elements, scenes and relations of a universe, and their history.",
        (
            "/universes/{universe_id}/elements",
            "/universes/{universe_id}/scenes",
            "/universes/{universe_id}/relations",
            "/universes/{universe_id}/drafts",
            "/universes/{universe_id}/changes",
            "/universes/{universe_id}/events",
            "/universes/{universe_id}/findings",
            "/universes/{universe_id}/moment",
            "/universes/{universe_id}/preview",
            "/universes/{universe_id}/recheck",
            "/.well-known/passport-keys.json",
        ),
    ),
    (
        "learning",
        "Style guides, proposed rules, exemplars.",
        (
            "/universes/{universe_id}/guides",
            "/universes/{universe_id}/exemplars",
            "/universes/{universe_id}/rule-proposals",
        ),
    ),
    ("schedules", "Jobs by timetable.", ("/agents/schedules",)),
    (
        "reviews",
        "Claim, decide, comment, undo; choose among variants; show outputs to guests.",
        (
            "/agents/reviews",
            "/agents/variants",
            "/agents/review-links",
            "/agents/guests-decide",
            "/review-links",
        ),
    ),
    (
        "review quality",
        "Metrics, error promises, gold items, self-review.",
        (
            "/agents/reviews/figures",
            "/agents/reviews/promises",
            "/agents/reviews/reviewers",
            "/agents/gold",
            "/agents/self-reviews",
        ),
    ),
    ("costs", "Usage and budgets.", ("/agents/usage", "/agents/budgets")),
    ("notifications", "Notifications and webhooks.", ("/agents/notifications", "/agents/webhooks")),
    ("health", "Liveness and readiness.", ("/healthz", "/readyz")),
)
OTHERS = "others"

WORLD = {"genre": "fantasy", "tone": "wry", "tech_level": "medieval"}
OUTPUT = {"title": "The Last Crossing", "content": "The tide bell rang twice.", "word_count": 5}
# Examples of fields by name, where neither type nor format says what a value looks like.
EXAMPLES: dict[str, Any] = {
    "action": "created",
    "agent_type": "narrative",
    "assigned_to": "rosa",
    "by": "rosa",
    "comment": "The bell comes too early for us.",
    "code": "not_what_was_asked",
    "content": "The tide bell rang twice before Mira set foot on the causeway.",
    "cost_usd": "0.004210",
    "created_by": "carla",
    "crontab": "0 7 * * 1",
    "description": "A drowned coast, a weekly tide, and salt that remembers.",
    "detail": "Not valid: input_data.",
    "error_code": "",
    "error_message": "",
    "explanation": "The world is medieval and has no telephones.",
    "genre": "fantasy",
    "in_words": "At 07:00, only on Monday (Europe/London).",
    "invited_by": "carla",
    "kind": "tech",
    "label": "The animation studio",
    "landmarks": "the salt gate",
    "language": "English",
    "left_usd": "7.50",
    "limit_usd": "10.00",
    "location_name": "Tidewatch",
    "magic_system": "Salt remembers, and answers one question.",
    "model": "claude-haiku-5-5",
    "mood": "uneasy",
    "name": "The Salt Roads",
    "note": "Let Odran ring the bell himself.",
    "origin_ref": "01992f0e-6a1b-7c3d-8e4f-5a6b7c8d9e0f",
    "owner": "carla",
    "password": "salt remembers everything",
    "new_password": "the tide comes once a week",
    "per_accepted_usd": "0.005800",
    "physics": "As in our world, but the tide comes once a week.",
    "prompt": "Mira crosses the causeway before the tide.",
    "quote": "his smartphone",
    "reason": "not_what_was_asked",
    "reasons": "Confidence 0.45 is below the threshold 0.75.",
    "requested_by": "carla",
    "reserved_usd": "0.50",
    "revision_note": "",
    "rule": "Technology is medieval.",
    "rules": "No one can teleport.",
    "sentence": "The text is complete and does not repeat itself.",
    "source_id": "tech_level",
    "spent_usd": "2.00",
    "statement": "medieval",
    "stop_reason": "end_turn",
    "suggestions": "Let him ring the tide bell instead.",
    "summary": "A saltwright who keeps a ledger of what is gone.",
    "tech_level": "medieval",
    "text": "The tide bell rang twice.",
    "time_zone": "Europe/London",
    "title": "The Last Crossing",
    "to": "rudi",
    "token": "eyJhbGciOiJIUzI1NiJ9…",
    "access": "eyJhbGciOiJIUzI1NiJ9…",
    "refresh": "eyJhbGciOiJIUzI1NiJ9…",
    "tone": "wry",
    "universe": "The Salt Roads",
    "since": "the spring of the long tide",
    "universe_name": "The Salt Roads",
    "until": "the day the bell fell",
    "url": "https://example.org/hooks",
    "username": "carla",
    "verdict": "approved",
    "why": "There are no telephones.",
}
EXAMPLES_OF_OBJECTS: dict[str, dict[str, Any]] = {
    "after": OUTPUT,
    "agent_type_counts": {"narrative": 12, "spatial": 3, "consistency": 5},
    "avg_confidence_by_type": {"narrative": 0.91, "spatial": 0.87, "consistency": None},
    "before": OUTPUT,
    "default_models": {"narrative": "claude-haiku-5-5"},
    "input_data": {"prompt": "Mira crosses the causeway before the tide.", "world_config": WORLD},
    "output": OUTPUT,
    "output_data": OUTPUT,
    "review": {"approved": 9, "edited": 2, "rejected": 1},
    "status_counts": {"pending": 0, "processing": 1, "completed": 18, "failed": 1, "cancelled": 0},
    "traits": {"age": 41, "role": "saltwright"},
}


def arrange(result: dict[str, Any]) -> None:
    """Put the paths under their subjects, in order, and give the fields examples."""
    paths = sorted(result["paths"].items(), key=lambda entry: (_rank(_subject(entry[0])), entry[0]))
    for path, operations in paths:
        for operation in operations.values():
            operation["tags"] = [_subject(path)]
    result["paths"] = dict(paths)
    result["tags"] = [{"name": name, "description": text} for name, text, _ in SUBJECTS]
    for schema in result["components"]["schemas"].values():
        _exemplify(schema)


def _subject(path: str) -> str:
    found = [
        (len(beginning), name)
        for name, _, beginnings in SUBJECTS
        for beginning in beginnings
        if path == beginning or path.startswith((f"{beginning}/", f"{beginning}?"))
    ]
    return max(found)[1] if found else OTHERS


def _rank(subject: str) -> int:
    names = [name for name, _, _ in SUBJECTS]
    return names.index(subject) if subject in names else len(names)


def _exemplify(schema: Any) -> None:
    """Add an example to each field of an object that has none of its own."""
    if not isinstance(schema, dict):
        return
    for name, field in (schema.get("properties") or {}).items():
        if not isinstance(field, dict):
            continue
        if name in EXAMPLES_OF_OBJECTS and _is_open_object(field):
            field.setdefault("example", EXAMPLES_OF_OBJECTS[name])
        elif name in EXAMPLES and _is_plain_text(field):
            field.setdefault("example", EXAMPLES[name])
        elif name in EXAMPLES and field.get("type") == "array" and _is_plain_text(field.get("items", {})):
            field.setdefault("example", [EXAMPLES[name]])
        _exemplify(field)
        _exemplify(field.get("items"))


def _is_plain_text(field: dict[str, Any]) -> bool:
    is_text = field.get("type") in ("string", ["string", "null"])
    return is_text and not {"enum", "format", "const", "example"} & field.keys()


def _is_open_object(field: dict[str, Any]) -> bool:
    return "additionalProperties" in field or "properties" not in field
