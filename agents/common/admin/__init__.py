"""Building blocks of the admin pages: base classes, formatting, charts, diffs and CSV downloads."""
