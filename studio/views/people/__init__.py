"""Views of a person's own things, of signing in, and of news."""
