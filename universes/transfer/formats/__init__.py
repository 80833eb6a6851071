"""Readers of the formats: each turns the entries of a file into those of a ``World``, and reports what it cannot."""
