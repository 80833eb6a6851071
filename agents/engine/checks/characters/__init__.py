"""Checks of what a text says about characters."""
