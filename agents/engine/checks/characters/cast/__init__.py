"""People whom a text means, by name, pronoun or description."""
