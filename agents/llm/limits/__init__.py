"""How fast, and how many at a time, a model may be asked by all workers together: see docs/limits.md."""
