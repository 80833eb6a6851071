"""Middleware and endpoints that belong to no subject."""
