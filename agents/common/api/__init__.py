"""Building blocks of the API: filters and request parsing."""
