"""Endpoints of invitations, by name and by link."""
