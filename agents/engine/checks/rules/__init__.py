"""Checks of the rules of a world: bans, counts, prohibited actions and natural laws."""
