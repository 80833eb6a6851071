"""The world: universes with their members, rules, elements and scenes, and the record of canon.

Knows no agents: other apps refer to entries by ``origin_ref``. Layers: api and admin > services > models.
"""
