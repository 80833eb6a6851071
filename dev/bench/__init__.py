"""Benchmarks against a private database, broker and workers; run each with ``python -m dev.bench.NAME``."""
