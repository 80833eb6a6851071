"""Query parameters: strict reading, filters of the lists, parts to include."""
