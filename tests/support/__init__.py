"""Helpers shared by tests; the root conftest loads the fixtures of ``fixtures/``."""
