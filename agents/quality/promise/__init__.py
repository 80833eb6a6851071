"""Error promises: what verdicts allow to be said of the outputs that pass without review."""
