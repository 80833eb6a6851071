"""Admin pages of what leads set for reviews: reasons, own jobs, guests, intentional findings."""
