"""Database tables of the agents, each with its queryset: one schema under one label."""

from agents.models.batch import BatchItem, MessageBatch
from agents.models.budget import Budget, BudgetPeriod, BudgetReservation
from agents.models.call import ModelCall
from agents.models.decision import RejectReason, ReviewDecision
from agents.models.event import AgentJobEvent
from agents.models.intentional import IntentionalFinding
from agents.models.job import AgentJob
from agents.models.language_model import LanguageModel
from agents.models.notification import Notification
from agents.models.preference import UserPreference
from agents.models.price import ModelPrice
from agents.models.quality import GoldStandard, ReviewReport
from agents.models.review import ReviewItem
from agents.models.review_work import ReviewComment, ReviewSkip
from agents.models.schedule import GenerationSchedule
from agents.models.totals import JobTotal, UsageDay
from agents.models.version import DataVersion

__all__ = [
    "AgentJob",
    "AgentJobEvent",
    "BatchItem",
    "Budget",
    "BudgetPeriod",
    "BudgetReservation",
    "DataVersion",
    "GenerationSchedule",
    "GoldStandard",
    "IntentionalFinding",
    "JobTotal",
    "LanguageModel",
    "MessageBatch",
    "ModelCall",
    "ModelPrice",
    "Notification",
    "RejectReason",
    "ReviewComment",
    "ReviewDecision",
    "ReviewItem",
    "ReviewReport",
    "ReviewSkip",
    "UsageDay",
    "UserPreference",
]
