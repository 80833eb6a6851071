"""Database tables of the agents, each with its queryset: one schema under one label."""

from agents.models.billing.budget import Budget, BudgetPeriod, BudgetReservation
from agents.models.billing.call import ModelCall
from agents.models.billing.price import ModelPrice
from agents.models.billing.totals import JobTotal, UsageDay
from agents.models.jobs.batch import BatchItem, MessageBatch
from agents.models.jobs.event import AgentJobEvent
from agents.models.jobs.job import AgentJob
from agents.models.jobs.schedule import GenerationSchedule
from agents.models.jobs.worker import WorkerProcess
from agents.models.language_model import LanguageModel
from agents.models.learning.exemplar import Exemplar
from agents.models.learning.feedback import JobFeedback
from agents.models.learning.guide import StyleGuide
from agents.models.learning.proposal import RuleProposal
from agents.models.notification import Notification
from agents.models.preference import UserPreference
from agents.models.review.allowance import GuestsDecide, SelfReview
from agents.models.review.decision import RejectReason, ReviewDecision
from agents.models.review.guest import GuestOpinion, ReviewLink
from agents.models.review.intentional import IntentionalFinding
from agents.models.review.item import ReviewItem
from agents.models.review.learned import LearnedConfidence
from agents.models.review.promise import ErrorPromise, PromiseTerms
from agents.models.review.quality import GoldStandard, ReviewReport
from agents.models.review.work import ReviewComment, ReviewSkip
from agents.models.version import DataVersion
from agents.models.webhook import WebhookDelivery, WebhookEndpoint
from agents.models.worlds.naming import KnownNames, Naming, ReadText
from agents.models.worlds.recheck import CheckedScene, SceneFix, WorldFinding, WorldRecheck

__all__ = [
    "AgentJob",
    "AgentJobEvent",
    "BatchItem",
    "Budget",
    "BudgetPeriod",
    "BudgetReservation",
    "CheckedScene",
    "DataVersion",
    "ErrorPromise",
    "Exemplar",
    "GenerationSchedule",
    "GoldStandard",
    "GuestOpinion",
    "GuestsDecide",
    "IntentionalFinding",
    "JobFeedback",
    "JobTotal",
    "KnownNames",
    "LanguageModel",
    "LearnedConfidence",
    "MessageBatch",
    "ModelCall",
    "ModelPrice",
    "Naming",
    "Notification",
    "PromiseTerms",
    "ReadText",
    "RejectReason",
    "ReviewComment",
    "ReviewDecision",
    "ReviewItem",
    "ReviewLink",
    "ReviewReport",
    "ReviewSkip",
    "RuleProposal",
    "SceneFix",
    "SelfReview",
    "StyleGuide",
    "UsageDay",
    "UserPreference",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WorkerProcess",
    "WorldFinding",
    "WorldRecheck",
]
