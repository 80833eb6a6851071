"""Fuzzing of the API against its own schema, and of the admin's addresses.

    python -m dev.fuzz [api|admin|all] [--cases 12000] [--seed 1]

The requests go to a temporary site with a private PostgreSQL, broker, web server and worker. Each kind of failure is
printed once, with a request that shows it, and the exit status is 1 if there is one.
"""
