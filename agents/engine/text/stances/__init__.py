"""Stances of clauses: denied, wished, remembered, pictured or past."""
