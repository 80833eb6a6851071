"""Limits shared by columns, services and serializers: text lengths in characters, list lengths, ranges."""

from __future__ import annotations

NAME = 200
# The length of a folded name; see ``universes.fields.fold``.
NAME_KEY = 600
SLUG = 80
DESCRIPTION = 10_000
SUMMARY = 10_000
SCENE_TEXT = 100_000
ORIGIN_REF = 100

WORLD_LABEL = 200
WORLD_TEXT = 4_000
RULE_TEXT = 1_000
RULES = 100

TRAIT_KEY = 60
TRAIT_TEXT = 5_000
TRAITS = 50
TRAIT_LIST = 50

MENTIONS = 50

RELATION_KIND = 60
RELATION_NOTE = 1_000
# A date in the words of a world.
STORY_TIME = 100

FILE_NAME = 200
SOURCE_KEY = 300

INVITATION_DAYS = 14
INVITATION_LINK_DAYS = 90
# Pending ones of a universe.
INVITATIONS = 100

# One year.
REVIEW_WITHIN_H = 8760
# Independent reviews of one output.
OPINIONS = 3
