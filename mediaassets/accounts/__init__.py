"""Accounts: the end of their tokens, API keys, closing."""
