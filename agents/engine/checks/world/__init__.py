"""Checks of what a text says about a world: its rules, age, tone, places, dates and numbers."""
