"""Language models: the protocol, the provider's client and the limits that all workers share.

Knows no framework and nothing of the engine above it.
"""
