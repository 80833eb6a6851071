"""Connections of a thread, and small tables kept in memory."""
