"""Tables of jobs: their events, batches, schedules and the workers that run them."""
