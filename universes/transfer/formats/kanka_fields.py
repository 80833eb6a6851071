"""Fields of a Kanka export: what is read, and what tells of the program and not of the world."""

from __future__ import annotations

from typing import Any, Final

# The visibility of what everybody sees.
ALL: Final = "1"
OWN_TRAITS: Final = {
    "title": "role",
    "age": "age",
    "sex": "sex",
    "pronouns": "pronouns",
    "type": "type",
    "date": "date",
    "price": "price",
    "size": "size",
    "weight": "weight",
    "population": "population",
}
NOT_READ: Final = ("assets", "reminders", "image", "header_image")
# Marks that tell of the world, as the status that they state.
STATES: Final = {
    "is_dead": "dead",
    "is_destroyed": "destroyed",
    "is_defunct": "defunct",
    "is_extinct": "extinct",
    "is_completed": "completed",
}
# Columns that name another entity, by its own id or that in its module, and what it is to this one.
LINKS: Final = {
    "author_id": ("author", "characters"),
    "character_id": ("owner", "characters"),
    "creator_id": ("creator", "characters"),
    "instigator_id": ("instigator", "characters"),
    "location_id": ("located in", "locations"),
    "parent_location_id": ("located in", "locations"),
}
# Columns that number rows of the program.
NUMBERS: Final = frozenset(
    [
        "id",
        "entity_id",
        "type_id",
        "campaign_id",
        "visibility_id",
        "image_id",
        "image_uuid",
        "header_uuid",
        "gallery_id",
        "marketplace_uuid",
        "parent_id",
        "status_id",
    ]
)
# Lists of parts, which become sections: elements of a quest or a timeline, its eras, markers of a map.
PARTS: Final = ("elements", "questElements", "quest_elements", "timelineElements", "eras", "markers")
READ_OF_PART: Final = frozenset(PARTS).union(
    [
        "name",
        "entry",
        "description",
        "role",
        "date",
        "start_year",
        "end_year",
        "abbreviation",
        "entity_id",
        "visibility_id",
        "is_private",
        "position",
        "colour",
        "icon",
    ]
)
# Rows of an entity that refer to another by the id that it has in its own module.
BY_MODULE: Final = (
    ("characterFamilies", "family_id", "families", "member"),
    ("characterRaces", "race_id", "races", "of the species"),
    ("organisationMemberships", "organisation_id", "organisations", "member"),
)
# The type of an attribute that is ticked or not.
CHECKBOX: Final = "3"

READ: Final = frozenset((*OWN_TRAITS, *STATES, *LINKS, *PARTS, *(field for field, *_ in BY_MODULE))).union(
    ["entity", "name", "slug", "is_private", "characterTraits", "itemCreators"]
)
READ_OF_ENTITY: Final = frozenset((*OWN_TRAITS, *NOT_READ)).union(
    [
        "name",
        "entry",
        "tooltip",
        "is_private",
        "is_template",
        "is_attributes_private",
        "posts",
        "mentions",
        "entityAttributes",
        "entityTags",
        "entityLocations",
        "relationships",
        "parent_id",
        "abilities",
        "inventories",
        "aliases",
    ]
)


def is_about(field: str, value: Any) -> bool:
    """Return whether a field tells of the file: a number of its row, a date of a change, a mark of the program."""
    is_mark = isinstance(value, bool | int | float) and field.startswith(("is_", "has_"))
    return is_mark or field in NUMBERS or field.endswith(("_at", "_by"))
