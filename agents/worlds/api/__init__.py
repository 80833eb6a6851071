"""API views and serializers of this room."""
