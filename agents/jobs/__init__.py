"""Jobs: submission, processing, outcomes, retry, reuse, statistics and maintenance.

A job is one request for one agent; its row is the authoritative record of its state.
"""
