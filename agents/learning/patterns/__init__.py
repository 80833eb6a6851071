"""Patterns in verdicts, as plain data: what reviewers and requesters object to again and again."""
