"""Texts of jobs, and how amounts and times are written."""
