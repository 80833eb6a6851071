"""API keys: their making, their scopes, and the API of one's own."""
