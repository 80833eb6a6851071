"""Names in texts: which words are names, their forms and scripts."""
