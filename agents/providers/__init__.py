"""Model providers: the client factory, run settings, model life cycle and rate-limit status."""
