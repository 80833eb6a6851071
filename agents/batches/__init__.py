"""Message batches: jobs sent to the provider together, at half the price, within hours."""
