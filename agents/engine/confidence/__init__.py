"""Signals of an output, the confidence that they add up to, and how that is measured."""
