"""Use cases of the world: all writes go through here.

The API and the admin check permissions with ``services.access`` before they call a service.
"""
