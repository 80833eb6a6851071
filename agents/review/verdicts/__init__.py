"""Verdicts of reviewers: decisions and their effects, bulk decisions, reopening."""
