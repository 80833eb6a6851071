"""Passports: what made each piece of canon and each output, as facts, in words and as signed documents."""
