"""Servers, workers and databases of tests."""
