"""Requests and answer fields of the original project's documentation."""

from __future__ import annotations

from typing import Any

WORLD_CONFIG = {
    "genre": "fantasy",
    "tone": "dark",
    "tech_level": "medieval",
    "magic_system": "elemental",
    "physics": "standard",
    "rules": ["No one can teleport."],
}
SMARTPHONE_TEXT = "The wizard pulled out his smartphone and called for help."


def narrative(**changes: Any) -> dict[str, Any]:
    input_data = {
        "prompt": "A wizard discovers an ancient artifact.",
        "world_config": WORLD_CONFIG,
        "characters": [{"name": "Elara", "description": "A young wizard.", "traits": ["curious", "brave"]}],
        "type": "narrative",
        **changes,
    }
    return {"agent_type": "narrative", "input_data": input_data}


def spatial(**changes: Any) -> dict[str, Any]:
    input_data = {
        "location_name": "Crystal City",
        "world_config": WORLD_CONFIG,
        "type": "city",
        "details": "A floating city above the clouds.",
        **changes,
    }
    return {"agent_type": "spatial", "input_data": input_data}


def consistency(**changes: Any) -> dict[str, Any]:
    input_data = {
        "content": SMARTPHONE_TEXT,
        "world_config": WORLD_CONFIG,
        "content_type": "narrative",
        **changes,
    }
    return {"agent_type": "consistency", "input_data": input_data}


ACCEPTED_FIELDS = {"job_id", "status", "agent_type", "created_at"}
JOB_FIELDS = {
    "job_id",
    "universe_id",
    "agent_type",
    "status",
    "input_data",
    "output_data",
    "confidence_score",
    "human_review_required",
    "error_message",
    "created_at",
    "started_at",
    "completed_at",
}
LIST_FIELDS = {"count", "next", "previous", "limit", "offset", "results"}
STATS_FIELDS = {
    "status_counts",
    "agent_type_counts",
    "avg_confidence",
    "avg_confidence_by_type",
    "human_review_required",
    "total_jobs",
}

NARRATIVE_OUTPUT = {"type": str, "content": str, "model": str, "tokens_used": int, "word_count": int}
VIDEO_PROMPT_OUTPUT = {**NARRATIVE_OUTPUT, "shots": list, "camera": str, "mood": str}
SPATIAL_OUTPUT = {
    "location_name": str,
    "description": str,
    "landmarks": list,
    "atmosphere": str,
    "map_layout": str,
    "model": str,
    "tokens_used": int,
}
CONSISTENCY_OUTPUT = {
    "is_consistent": bool,
    "violations": list,
    "explanation": str,
    "suggestions": list,
    "model": str,
    "tokens_used": int,
}
VIOLATION = {"rule": str, "quote": str, "severity": str, "explanation": str}
