"""Webhooks by the Standard Webhooks convention: endpoints of accounts, and signed messages to them."""
