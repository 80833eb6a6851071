"""Pages by subject, each a plain function."""
