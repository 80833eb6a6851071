"""Innocent and guilty texts by kind of mistake, and the checks' scores on them."""
