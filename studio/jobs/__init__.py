"""Work of agents: asking, jobs as pages and lists show them, and their results."""
