"""Receipts: the trace from a canon entry back to its request, model, cost and reviewers."""
