"""Import and export of worlds.

A reader in ``formats`` turns a file into a ``World`` and a report. ``planning`` compares it to what is there,
``writing`` applies the difference, and ``imports`` runs both as a job of the worker.
"""
