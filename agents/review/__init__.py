"""Human review: claims, decisions and their effects, opinions, bulk decisions and comments."""
