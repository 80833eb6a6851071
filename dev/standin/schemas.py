"""Which JSON Schemas the API takes for an answer, and which it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dev.standin.errors import invalid

MOST_OPTIONAL: Final = 24
MOST_UNIONS: Final = 16

FORMATS: Final = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
)

_EVERYWHERE: Final = frozenset(
    {
        "type",
        "title",
        "description",
        "default",
        "enum",
        "const",
        "anyOf",
        "allOf",
        "$ref",
        "$defs",
        "definitions",
    }
)
_BY_TYPE: Final[dict[str, frozenset[str]]] = {
    "object": frozenset({"properties", "required", "additionalProperties"}),
    "array": frozenset({"items", "minItems"}),
    "string": frozenset({"format", "pattern"}),
    "integer": frozenset(),
    "number": frozenset(),
    "boolean": frozenset(),
    "null": frozenset(),
}


def check_format(output_config: Mapping[str, Any]) -> None:
    """400 for an answer format that would not be taken."""
    wanted = output_config.get("format")
    if wanted is None:
        return
    if not isinstance(wanted, Mapping) or wanted.get("type") != "json_schema":
        raise invalid("output_config.format.type: Input should be 'json_schema'")
    schema = wanted.get("schema")
    if not isinstance(schema, Mapping):
        raise invalid("output_config.format.schema: Field required")
    _Check(schema).run()


def resolve(ref: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference within the schema points to."""
    kind, _, name = ref.removeprefix("#/").partition("/")
    found = root.get(kind, {}).get(name) if ref.startswith("#/") else None
    if kind not in {"$defs", "definitions"} or not isinstance(found, Mapping):
        raise _bad(f"'$ref' has to point to a definition in the same schema, not to '{ref}'")
    return found


class _Check:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    def run(self) -> None:
        optional = unions = 0
        for node in self._walk(self._root, ()):
            self._check_node(node)
            optional += len(set(node.get("properties", {})) - set(node.get("required", ())))
            unions += "anyOf" in node or isinstance(node.get("type"), list)
        if optional > MOST_OPTIONAL:
            raise invalid(
                f"Schemas contains too many optional parameters ({optional}), which would make grammar "
                f"compilation inefficient. Reduce the number of optional parameters (limit: {MOST_OPTIONAL})."
            )
        if unions > MOST_UNIONS:
            raise invalid(
                f"Schemas contains too many parameters with union types ({unions} parameters with type arrays "
                f"or anyOf). Reduce their number (limit: {MOST_UNIONS})."
            )

    def _walk(self, node: Any, inside: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
        """Every part that an answer can take, references followed."""
        if not isinstance(node, Mapping):
            raise _bad(f"Expected an object, not {node!r:.40}")
        yield node
        if ref := node.get("$ref"):
            if ref in inside:
                raise _bad("Recursive schemas are not supported")
            yield from self._walk(resolve(ref, self._root), (*inside, ref))
        parts = [*node.get("properties", {}).values(), *node.get("anyOf", ()), *node.get("allOf", ())]
        parts += [node["items"]] if "items" in node else []
        for part in parts:
            yield from self._walk(part, inside)

    def _check_node(self, node: Mapping[str, Any]) -> None:
        kinds = _kinds(node)
        allowed = _EVERYWHERE.union(*(_BY_TYPE[kind] for kind in kinds))
        if unknown := sorted(set(node) - allowed):
            kind = kinds[0] if kinds else "any"
            listed = (
                f"properties {', '.join(unknown)} are" if len(unknown) > 1 else f"property '{unknown[0]}' is"
            )
            raise _bad(f"For '{kind}' type, {listed} not supported")
        if not kinds and not {"enum", "const", "anyOf", "allOf", "$ref"} & set(node):
            raise _bad("Schema must have a 'type', 'enum', 'const', 'anyOf', 'allOf' or '$ref' field")
        if "object" in kinds and node.get("additionalProperties") is not False:
            raise _bad("For 'object' type, 'additionalProperties' must be explicitly set to false")
        if node.get("minItems", 0) not in (0, 1):
            raise _bad("For 'array' type, 'minItems' values other than 0 or 1 are not supported")
        if "format" in node and node["format"] not in FORMATS:
            raise _bad(f"For 'string' type, format '{node['format']}' is not supported")
        if any(isinstance(value, (dict, list)) for value in node.get("enum", ())):
            raise _bad("'enum' takes strings, numbers, booleans and null only")
        if any("$ref" in part for part in node.get("allOf", ())):
            raise _bad("'allOf' with '$ref' is not supported")


def _kinds(node: Mapping[str, Any]) -> list[str]:
    kinds = node.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    for kind in kinds:
        if kind not in _BY_TYPE:
            raise _bad(f"Type '{kind}' is not supported")
    return kinds


def _bad(message: str) -> Exception:
    return invalid(f"output_config.format.schema: {message}")
