"""Texts of a universe and its world: elements that they name, and what a change would break."""
