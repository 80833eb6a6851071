"""Costs of requests, beside a bare view and against the size of the tables."""
