"""Shared by all rooms: events, dispatch to Celery, permissions, visibility, world context, text helpers."""
