"""Shared parts of the API: JSON parsing, problem documents, paging, filters, sign-in, the schema."""
