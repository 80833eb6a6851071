"""The agents: jobs for AI agents, their review, and what lets an output into canon.

One Django application in rooms by subject; ``docs/architecture.md`` shows their order.
"""
