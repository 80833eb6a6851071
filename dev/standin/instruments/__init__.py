"""Instruments of tests: the clock, faults to inject, and the log of calls."""
