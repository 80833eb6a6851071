"""Views of asking, of jobs and of their results."""
