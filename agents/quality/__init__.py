"""Quality of agents and reviewers: metrics, reports, audits, gold items and rechecks."""
