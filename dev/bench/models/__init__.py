"""Costs and results of model calls: faults, limits, batches and prices."""
