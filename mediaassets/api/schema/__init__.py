"""The OpenAPI schema: what views do not declare, and its order."""
