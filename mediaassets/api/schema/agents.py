"""Inputs and outputs of the agents in the OpenAPI schema, generated from the agents' own types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from agents.engine.agents.narrative import VideoPromptOutput
from agents.engine.registry import AGENTS

_REF: Final = "#/components/schemas/{model}"

INPUT_HELP: Final = (
    "Input of the agent, by `agent_type`: {names}. A character may be only a name, and a word range may be "
    "`[minimum, maximum]`. Unknown fields are refused."
)
OUTPUT_HELP: Final = "Output of the agent, by `agent_type`: {names}. Null until the job is completed."

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "narrative": {
        "prompt": "Mira crosses the causeway before the tide.",
        "characters": ["Mira Vance"],
        "mentions": [{"name": "Odran Pell", "how": "posthumous"}],
        "world_config": {"genre": "fantasy", "tech_level": "medieval"},
    },
    "spatial": {"location_name": "Tidewatch", "type": "city", "landmarks": ["the salt gate"]},
    "consistency": {
        "content": "The wizard pulled out his smartphone and called for help.",
        "world_config": {"genre": "fantasy", "tech_level": "medieval"},
    },
}


def add_agents(result: dict[str, Any]) -> None:
    """Add the agents' types to the components, refer to them from inputs and outputs, and add examples."""
    schemas = result["components"]["schemas"]
    inputs: list[type[BaseModel]] = [agent.input_model for agent in AGENTS.values()]
    outputs: list[type[BaseModel]] = [agent.output_model for agent in AGENTS.values()]
    outputs.append(VideoPromptOutput)
    _, input_schemas = models_json_schema([(model, "validation") for model in inputs], ref_template=_REF)
    _, output_schemas = models_json_schema([(model, "serialization") for model in outputs], ref_template=_REF)
    definitions = {**output_schemas["$defs"], **input_schemas["$defs"]}
    schemas |= {name: _as_openapi(definition) for name, definition in definitions.items()}
    for name in ("JobInRequest", "JobEntryInRequest", "ScheduleInRequest"):
        schemas[name]["properties"]["input_data"] = {
            "anyOf": _references(inputs),
            "description": INPUT_HELP.format(names=_names(inputs)),
        }
    for name in ("JobRowOut", "JobDetailOut"):
        schemas[name]["properties"]["output_data"]["description"] = OUTPUT_HELP.format(names=_names(outputs))
    body = result["paths"]["/agents/jobs"]["post"]["requestBody"]["content"]["application/json"]
    body["examples"] = {
        name: {"value": {"agent_type": name, "input_data": example}} for name, example in EXAMPLES.items()
    }


def _references(models: Iterable[type[BaseModel]]) -> list[dict[str, str]]:
    return [{"$ref": _REF.format(model=model.__name__)} for model in models]


def _names(models: Iterable[type[BaseModel]]) -> str:
    return ", ".join(f"`{model.__name__}`" for model in models)


def _as_openapi(node: Any) -> Any:
    """Convert JSON Schema to OpenAPI 3.0, which has no null type and no constants."""
    if isinstance(node, list):
        return [_as_openapi(part) for part in node]
    if not isinstance(node, dict):
        return node
    # Pydantic's titles only repeat the name; a property may also be called title, and is not a string.
    plain = {
        key: _as_openapi(part) for key, part in node.items() if key != "title" or not isinstance(part, str)
    }
    if isinstance(plain.get("examples"), list):
        # OpenAPI 3.0 knows one example only.
        plain["example"] = plain.pop("examples")[0]
    if "const" in plain:
        plain["enum"] = [plain.pop("const")]
    choices = plain.get("anyOf", [])
    if {"type": "null"} in choices:
        plain["anyOf"] = [choice for choice in choices if choice != {"type": "null"}]
        plain["nullable"] = True
        if plain.get("default", ...) is None:
            del plain["default"]
    if "$ref" in plain and len(plain) > 1:
        # OpenAPI 3.0 ignores everything beside a reference.
        plain["allOf"] = [{"$ref": plain.pop("$ref")}]
    return plain
