"""Checks of what is said of characters: life and death, looks, bodies, kinship and other facts."""
