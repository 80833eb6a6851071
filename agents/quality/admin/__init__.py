"""Admin pages for the overview, gold items and reviewer metrics."""
