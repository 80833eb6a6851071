"""Rate limits, circuit breakers and prompt-cache coordination of model calls: see docs/limits.md."""
