"""Facts of a world in the words that the checks read."""
