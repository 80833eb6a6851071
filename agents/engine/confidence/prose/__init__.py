"""Defects of a text that need no world."""
