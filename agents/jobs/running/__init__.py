"""Running a job: claims and leases, the attempt, its progress and its outcome, and the rescue of lost ones."""
