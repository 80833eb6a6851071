"""Schedules: generation jobs that are submitted by a crontab."""
