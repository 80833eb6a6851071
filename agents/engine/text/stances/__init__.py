"""Stances of the narrator: what a text asserts, and what it denies, depicts, dreams or remembers."""
