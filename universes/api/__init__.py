"""REST API of universes, members, world configs, elements and scenes.

Views check the caller's role, validate the body and call one service.
"""
