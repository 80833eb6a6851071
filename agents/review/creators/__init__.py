"""Verdicts of creators on their own outputs, their feedback and flags, and their choice of a variant."""
