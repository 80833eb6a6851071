"""Simulations of learning and of the error promise."""
