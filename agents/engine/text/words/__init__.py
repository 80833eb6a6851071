"""Words and patterns of words, with their forms."""
