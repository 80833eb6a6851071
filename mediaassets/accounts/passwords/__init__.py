"""Passwords: their length, links that set one, and the pages of these links."""
