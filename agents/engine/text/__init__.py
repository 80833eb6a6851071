"""English words and sentences: lexicon, word forms, and matching of names and quotations."""
