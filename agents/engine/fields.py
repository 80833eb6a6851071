"""Field types of inputs and answers, and their validation errors as JSON pointers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from agents.engine.text.lazy_pattern import lazy_pattern
from universes.invisible import is_blank

PROMPT_CHARS: Final = 20_000
CONTENT_CHARS: Final = 50_000
NAME_CHARS: Final = 200
KIND_CHARS: Final = 40
SUMMARY_CHARS: Final = 2_000
RULE_CHARS: Final = 1_000
MAX_CHARACTERS: Final = 50
MAX_LANDMARKS: Final = 20
MAX_RULES: Final = 100
MAX_TRAITS: Final = 30
MIN_WORDS: Final = 50
MAX_WORDS: Final = 3_000

# PostgreSQL cannot store NUL, and no database can store a lone surrogate.
_UNSTORABLE = lazy_pattern("[\x00\ud800-\udfff]")
_UNSTORABLE_MESSAGE: Final = "The text contains a NUL or a lone surrogate."


def _storable(text: str) -> str:
    if _UNSTORABLE.search(text):
        raise PydanticCustomError("invalid_text", _UNSTORABLE_MESSAGE)
    return text


def storable(text: str) -> str:
    """Replace the characters that a database cannot store."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def refuse_unstorable(data: Any, pointer: str = "") -> None:
    """Raise ``InvalidInput`` for the first text in plain JSON data that a database cannot store."""
    if isinstance(data, str):
        if _UNSTORABLE.search(data):
            raise InvalidInput([FieldError(pointer, _UNSTORABLE_MESSAGE, "invalid_text")])
    elif isinstance(data, Mapping):
        for key, value in data.items():
            refuse_unstorable(str(key), pointer)
            refuse_unstorable(value, f"{pointer}/{_escape(str(key))}")
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            refuse_unstorable(value, f"{pointer}/{index}")


def _not_blank(text: str) -> str:
    if is_blank(text):
        raise PydanticCustomError("blank", "This field may not be blank.")
    return text.strip()


def _trimmed(text: str) -> str:
    return text.strip()


Storable = AfterValidator(_storable)

ModelText = Annotated[str, Storable]

PromptText = Annotated[str, Field(max_length=PROMPT_CHARS), Storable, AfterValidator(_not_blank)]
ContentText = Annotated[str, Field(max_length=CONTENT_CHARS), Storable, AfterValidator(_not_blank)]
DetailsText = Annotated[str, Field(max_length=PROMPT_CHARS), Storable, AfterValidator(_trimmed)]
NameText = Annotated[str, Field(max_length=NAME_CHARS), Storable, AfterValidator(_not_blank)]
ShortText = Annotated[str, Field(max_length=NAME_CHARS), Storable, AfterValidator(_trimmed)]
# Free kind of a text or a place, such as "narrative" or "city".
KindText = Annotated[str, Field(max_length=KIND_CHARS), Storable, AfterValidator(_not_blank)]
SummaryText = Annotated[str, Field(max_length=SUMMARY_CHARS), Storable, AfterValidator(_trimmed)]
RuleText = Annotated[str, Field(max_length=RULE_CHARS), Storable, AfterValidator(_not_blank)]


class Strict(BaseModel):
    """Frozen model without type conversions or unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class WorldConfigInput(Strict):
    """A request's changes to the world: fields replace the universe's, rules are added to them."""

    name: ShortText = ""
    genre: ShortText = ""
    tone: ShortText = ""
    tech_level: ShortText = ""
    magic_system: SummaryText = ""
    physics: SummaryText = ""
    rules: list[RuleText] = Field(default_factory=list, max_length=MAX_RULES)

    def fields(self) -> dict[str, str]:
        return self.model_dump(exclude={"rules"})


def _as_trait_list(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    for key, trait in value.items():
        if not isinstance(trait, str | int | float | bool):
            raise PydanticCustomError(
                "wrong_type", "Trait {key} has to be a text or a number.", {"key": str(key)}
            )
    return [f"{key}: {trait}" for key, trait in value.items()]


class CharacterInput(Strict):
    """A character who has to appear. Traits are a list of texts, or an object of name and value."""

    name: NameText
    description: SummaryText = ""
    traits: Annotated[list[NameText], BeforeValidator(_as_trait_list)] = Field(
        default_factory=list, max_length=MAX_TRAITS
    )


def _as_character(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


# A plain name becomes an object before validation, so that error pointers have one shape.
Character = Annotated[CharacterInput, BeforeValidator(_as_character)]


class WordRange(Strict):
    """Minimum and maximum number of words, both inclusive."""

    low: int
    high: int


def as_word_range(value: Any) -> WordRange:
    """Read a word range from a list of two numbers, or from an object with ``low`` and ``high``."""
    if isinstance(value, WordRange):
        return value
    is_object = isinstance(value, dict) and value.keys() == {"low", "high"}
    bounds = [value["low"], value["high"]] if is_object else value
    if (
        not isinstance(bounds, list | tuple)
        or len(bounds) != 2
        or any(type(bound) is not int for bound in bounds)
    ):
        raise PydanticCustomError(
            "wrong_type", 'A word range is a list of two whole numbers, or {{"low": …, "high": …}}.'
        )
    low, high = bounds
    if not MIN_WORDS <= low <= high <= MAX_WORDS:
        raise PydanticCustomError(
            "out_of_range",
            "A word range lies within {least} and {most}, its smaller number first.",
            {"least": MIN_WORDS, "most": MAX_WORDS},
        )
    return WordRange(low=low, high=high)


WordRangeInput = Annotated[WordRange, BeforeValidator(as_word_range)]


class Mention(Strict):
    """A character of whom the text only speaks, so that facts about the present do not apply to them."""

    name: NameText
    how: Literal["posthumous", "flashback", "legend"] = Field(
        description="posthumous: after their death; flashback: at an earlier time; legend: as a story tells it."
    )


class AgentInput(Strict):
    """Fields of every agent's input."""

    world_config: WorldConfigInput = Field(
        default_factory=WorldConfigInput,
        title="Another world for this once",
        description="Fields replace those of the universe, rules are added to its rules.",
    )
    mentions: list[Mention] = Field(
        default_factory=list,
        max_length=MAX_CHARACTERS,
        title="Characters who are only spoken of",
        description="Facts about the present do not apply to them.",
    )

    @field_validator("world_config", mode="before")
    @classmethod
    def _absent_world_config(cls, value: Any) -> Any:
        return {} if value is None else value


@dataclass(frozen=True, slots=True)
class FieldError:
    """An error in an input. ``pointer`` is relative to the input: "/characters/0/name"."""

    pointer: str
    message: str
    code: str


class InvalidInput(Exception):
    """An input that the agent does not accept; ``errors`` names every wrong field."""

    code = "invalid_input"

    def __init__(self, errors: list[FieldError]) -> None:
        self.errors = errors
        self.message = " ".join(f"{error.pointer or '/'}: {error.message}" for error in errors)
        super().__init__(self.message)


_CODES: Final = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "literal_error": "invalid_choice",
    "string_unicode": "invalid_text",
}


def field_errors(error: ValidationError) -> list[FieldError]:
    """Translate pydantic's errors to pointers and codes, without repeating values of the input."""
    return [_field_error(details) for details in error.errors(include_url=False)]


def _field_error(details: ErrorDetails) -> FieldError:
    kind, context = details["type"], details.get("ctx", {})
    pointer = "".join(f"/{_escape(str(part))}" for part in details["loc"])
    name = str(details["loc"][-1]) if details["loc"] else "input"
    match kind:
        case "missing":
            message = f"The field {name} is required."
        case "blank":
            message = f"The field {name} may not be blank."
        case "extra_forbidden":
            message = f"There is no field {name} here."
        case "string_unicode":
            message = _UNSTORABLE_MESSAGE
        case "string_too_long":
            message = f"At most {context['max_length']} characters are allowed."
        case "too_long":
            message = f"At most {context['max_length']} entries are allowed."
        case "literal_error":
            message = f"Choose one of {context['expected']}."
        case _:
            message = details["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
            message = f"This has to be {message}." if message != details["msg"] else message
    default = "wrong_type" if kind.endswith("_type") else kind
    return FieldError(pointer, message, _CODES.get(kind, default))


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
