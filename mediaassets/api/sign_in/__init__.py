"""Sign-in to the API: tokens, their endpoints, and authentication by them or by keys."""
