"""Evaluation of the checks and of the confidence on cases with known answers. Run it with ``make eval``."""
