from agents.models.call import ModelCall
from agents.models.event import AgentJobEvent
from agents.models.job import AgentJob
from agents.models.preference import UserPreference
from agents.models.price import ModelPrice
from agents.models.review import ReviewDecision, ReviewItem, ReviewSkip
from agents.models.schedule import GenerationSchedule

__all__ = [
    "AgentJob",
    "AgentJobEvent",
    "GenerationSchedule",
    "ModelCall",
    "ModelPrice",
    "ReviewDecision",
    "ReviewItem",
    "ReviewSkip",
    "UserPreference",
]
