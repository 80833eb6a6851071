"""Steps of entries and of the world config: their record, and the way back."""
