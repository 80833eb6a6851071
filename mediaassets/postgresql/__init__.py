"""PostgreSQL as Django's backend has it, with a pool that serves again as soon as the server is back."""
