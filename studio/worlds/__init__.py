"""Universes: their frame, entries, and the form of a world."""
