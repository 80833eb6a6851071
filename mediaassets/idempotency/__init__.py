"""Idempotency keys: a POST that is sent again gets the first answer instead of being carried out twice."""
