"""User preferences: known keys, validated, applied when a job runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from django.conf import settings
from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from agents.choices import AgentType, NotificationKind, VersionedData
from agents.common.database.versions import Versioned
from agents.engine.fields import as_word_range, field_errors
from agents.errors import FieldError, Invalid
from agents.models import UserPreference

if TYPE_CHECKING:
    from django.contrib.auth.models import User


# People whose preferences a process keeps.
_MAX_KNOWN: Final = 10_000


class Preferences(BaseModel):
    """The keys that may be set; absent keys follow the site's settings."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    default_models: dict[str, str] = Field(default_factory=dict, description="Model by agent type.")
    tone: Annotated[str, Field(max_length=200)] = ""
    language: Annotated[str, Field(max_length=50)] = ""
    word_range: tuple[int, int] | None = Field(
        None, description="Minimum and maximum number of words of a narrative."
    )
    review_threshold: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="Below this confidence a job waits for review; not lower than the site's."
    )
    email_on_mention: bool = Field(True, description="Mail when a comment mentions the person.")
    email_on_hand_over: bool = Field(True, description="Mail when a reviewer hands the person an item.")
    email_on_dispute: bool = Field(True, description="Mail to a lead when reviewers disagree.")
    email_on_verdict: bool = Field(
        True, description="Mail when a reviewer has decided on an output of the person."
    )
    email_on_guest_opinion: bool = Field(
        True,
        description="Mail when a guest gives an opinion by a link of the person, or on an item they hold.",
    )
    email_overdue_digest: bool = Field(
        True, description="A daily mail to a reviewer while items are overdue."
    )

    @field_validator("word_range", mode="before")
    @classmethod
    def _pair_from_json(cls, value: Any) -> Any:
        if value is None:
            return None
        word_range = as_word_range(value)
        return word_range.low, word_range.high

    @field_validator("default_models")
    @classmethod
    def _known_agents_and_models(cls, value: dict[str, str]) -> dict[str, str]:
        for agent_type, model in value.items():
            if agent_type not in AgentType.values:
                raise PydanticCustomError(
                    "unknown_agent",
                    "There is no agent '{given}'; use one of: {known}.",
                    {"given": agent_type, "known": ", ".join(AgentType.values)},
                )
            if model not in settings.ALLOWED_MODELS:
                raise PydanticCustomError(
                    "unknown_model",
                    "The model '{given}' is not offered here; use one of: {known}.",
                    {"given": model, "known": ", ".join(settings.ALLOWED_MODELS)},
                )
        return value

    def wants_mail(self, kind: NotificationKind) -> bool:
        """Return whether notifications of this kind are also mailed."""
        return {
            NotificationKind.MENTION: self.email_on_mention,
            NotificationKind.HAND_OVER: self.email_on_hand_over,
            NotificationKind.DISPUTE: self.email_on_dispute,
            NotificationKind.VERDICT: self.email_on_verdict,
            NotificationKind.GUEST_OPINION: self.email_on_guest_opinion,
        }.get(kind, False)


def lowest_review_threshold() -> float:
    """Return the minimum for a personal threshold: the strictest of the site's own."""
    return max(settings.REVIEW_THRESHOLDS.values())


def preferences_of(user_id: int) -> Preferences:
    """Return a person's preferences, without stored values that are no longer valid."""
    known = _preferences.get()
    if user_id not in known:
        if len(known) >= _MAX_KNOWN:
            known.clear()
        known[user_id] = preferences_of_all([user_id])[user_id]
    return known[user_id]


def _read_none() -> dict[int, Preferences]:
    """Return no preferences yet: each person's are read when they are asked for."""
    return {}


_preferences: Final = Versioned(VersionedData.PREFERENCES, _read_none)


def preferences_of_all(user_ids: Collection[int]) -> dict[int, Preferences]:
    """Return the preferences of several people by id, in one query."""
    rows = UserPreference.objects.filter(user__in=user_ids).values_list("user", "preferences")
    stored = dict(rows) if user_ids else {}
    return {user_id: _valid_part(stored.get(user_id, {})) for user_id in user_ids}


def _valid_part(preferences: Mapping[str, Any]) -> Preferences:
    stored = dict(preferences)
    while stored:
        try:
            return Preferences.model_validate(stored)
        except ValidationError as error:
            # A model that is no longer offered must not stop the person's jobs.
            key = next((str(e["loc"][0]) for e in error.errors() if e["loc"]), "word_range")
            stored.pop(key, None) if key in stored else stored.clear()
    return Preferences()


def save_preferences(user: User, changes: Mapping[str, Any], *, replace: bool) -> UserPreference:
    """Store preferences: replace all, or merge the given keys into the stored ones; null removes a key."""
    with transaction.atomic():
        row, _ = UserPreference.objects.select_for_update().get_or_create(user=user)
        merged = {} if replace else dict(row.preferences)
        merged.update(changes)
        # Null removes a known key; under an unknown key it is refused like any other value.
        known = Preferences.model_fields
        merged = {key: value for key, value in merged.items() if value is not None or key not in known}
        _validate(merged)
        if "word_range" in merged:
            word_range = as_word_range(merged["word_range"])
            merged["word_range"] = [word_range.low, word_range.high]
        row.preferences = merged
        row.save(update_fields=["preferences", "updated_at"])
    return row


def check_complete(preferences: Mapping[str, Any]) -> None:
    """Raise ``Invalid`` that names each key that a replacement of the whole lacks."""
    missing = [key for key in Preferences.model_fields if key not in preferences]
    if missing:
        detail = "This is missing: send null for the site's own setting, or PATCH to change only some."
        raise Invalid(
            f"Missing: {', '.join(missing)}.", [FieldError(f"/{key}", detail, "required") for key in missing]
        )


def _validate(preferences: Mapping[str, Any]) -> None:
    try:
        parsed = Preferences.model_validate(preferences)
    except ValidationError as error:
        raise Invalid(
            "The preferences are not valid.",
            [FieldError(e.pointer, e.message, e.code) for e in field_errors(error)],
        ) from None
    floor = lowest_review_threshold()
    if parsed.review_threshold is not None and parsed.review_threshold < floor:
        detail = f"The site's own threshold is {floor}; yours cannot be lower."
        raise Invalid("The preferences are not valid.", [FieldError("/review_threshold", detail, "too_low")])


def describe(user: User) -> dict[str, Any]:
    """Return all keys with their values, and the times of creation and update (None: never stored)."""
    return _description(UserPreference.objects.filter(user=user).first())


def lock_and_describe(user: User) -> dict[str, Any]:
    """Lock a person's preferences until the transaction ends, and return ``describe``."""
    # A row that is not there yet cannot be locked: it is made here, and the others wait for it.
    row, is_new = UserPreference.objects.select_for_update().get_or_create(user=user)
    return _description(None if is_new else row)


def _description(row: UserPreference | None) -> dict[str, Any]:
    stored = row.preferences if row else {}
    return {
        **Preferences().model_dump(),
        **stored,
        "created_at": row.created_at if row else None,
        "updated_at": row.updated_at if row else None,
    }
