"""Endpoints of elements, scenes and relations, and of their steps and passports."""
