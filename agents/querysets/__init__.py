"""Reading vocabulary, and the only transitions that a row can make.

A transition is one ``UPDATE … WHERE status = old``; its row count is the answer. ``attempts`` is the fence: a
worker that stalled and woke again matches no row.
"""

from agents.querysets.batches import BatchItemQuerySet, MessageBatchQuerySet
from agents.querysets.jobs import FINISHED, AgentJobQuerySet
from agents.querysets.reviews import LEAD, ReviewDecisionQuerySet, ReviewItemQuerySet
from agents.querysets.schedules import GenerationScheduleQuerySet

__all__ = [
    "FINISHED",
    "LEAD",
    "AgentJobQuerySet",
    "BatchItemQuerySet",
    "GenerationScheduleQuerySet",
    "MessageBatchQuerySet",
    "ReviewDecisionQuerySet",
    "ReviewItemQuerySet",
]
