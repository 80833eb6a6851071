"""Views of universes and of what is in them."""
