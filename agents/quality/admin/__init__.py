"""Admin pages for the dashboard, gold items and reviewer metrics."""
