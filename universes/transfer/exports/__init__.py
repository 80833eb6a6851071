"""Writers of the formats: each yields a world piece by piece."""
