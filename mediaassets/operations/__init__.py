"""Health, metrics and diagnosis of the site, for its operators."""
