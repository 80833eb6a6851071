"""Faults of processes and servers under load, on a private PostgreSQL and broker, and a check of all that is left.

    python -m dev.faults [--short] [--jobs 10000] [--only "worker killed,broker"] [--output faults.md]
    python -m dev.faults --in-turn
    python -m dev.faults --soak 100000

Each fault begins while clients submit jobs over HTTP. Afterwards all jobs are compared with the answers that the
clients got, with the ledger, the canon, the review items and the webhooks (``checker``). The exit status is 1 if
anything is lost, doubled or wrong, or if the recovery takes too long; ``--in-turn`` judges nothing by time.
"""
