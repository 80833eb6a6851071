"""Checks of who is related to whom."""
