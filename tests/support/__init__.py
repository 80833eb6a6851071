"""Helpers of several rooms' tests. Fixtures are in ``fixtures/``, and the root conftest loads them."""
