"""Development tools that are never shipped: the stand-in for the Messages API, and benchmarks."""
