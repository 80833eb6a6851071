"""Choices of the model fields, and sets of them that several rooms use."""

from __future__ import annotations

from django.db import models


class AgentType(models.TextChoices):
    NARRATIVE = "narrative", "Narrative"
    SPATIAL = "spatial", "Spatial"
    CONSISTENCY = "consistency", "Consistency"


class JobStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    PROCESSING = "processing", "Processing"
    COMPLETED = "completed", "Completed"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class JobOutcome(models.TextChoices):
    """Outcome of a finished job, which the database keeps in agreement with its status.

    The outcome of a reviewed output is the verdict on it. An output counts if it is trusted, approved or edited.
    """

    TRUSTED = "trusted", "Trusted"
    AWAITING_REVIEW = "awaiting_review", "Awaiting review"
    APPROVED = "approved", "Approved"
    EDITED = "edited", "Edited and approved"
    REJECTED = "rejected", "Rejected"
    ASKED_AGAIN = "asked_again", "Asked again"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


# Outcomes of completed jobs, and those whose output counts.
COMPLETED_OUTCOMES = tuple(o for o in JobOutcome if o not in {JobOutcome.FAILED, JobOutcome.CANCELLED})
COUNTING_OUTCOMES = (JobOutcome.TRUSTED, JobOutcome.APPROVED, JobOutcome.EDITED)


class JobPriority(models.TextChoices):
    """Urgency of a job: ``batch`` may take hours, at half the price."""

    NORMAL = "normal", "As soon as possible"
    BATCH = "batch", "In a batch, at half the price"


class OverlapPolicy(models.TextChoices):
    """The answer of a schedule to a run that is due while a job of an earlier run is not finished."""

    SKIP = "skip", "Skip the run"
    QUEUE = "queue", "Submit another job"


class EventKind(models.TextChoices):
    """Kinds of events in the history of a job."""

    SUBMITTED = "submitted", "Submitted"
    CLAIMED = "claimed", "Claimed by a worker"
    PROGRESS = "progress", "Progress"
    BATCHED = "batched", "Sent in a batch"
    BATCH_LEFT = "batch_left", "Left the batch, sent directly instead"
    REUSED = "reused", "Reused an earlier output"
    COMPLETED = "completed", "Completed"
    RESCHEDULED = "rescheduled", "Will be retried"
    POSTPONED = "postponed", "Waiting for model capacity"
    FAILED = "failed", "Failed"
    RESCUED = "rescued", "Recovered from a lost worker"
    RETRIED = "retried", "Retried manually"
    CANCELLED = "cancelled", "Cancelled"
    LATE_RESULT_DROPPED = "late_result_dropped", "Late result dropped"
    REVIEW_OPENED = "review_opened", "Review opened"
    REVIEW_SKIPPED = "review_skipped", "Skipped by a reviewer"
    REVIEW_HANDED = "review_handed", "Handed to another reviewer"
    REVIEW_CLAIM_BROKEN = "review_claim_broken", "A reviewer's claim was broken"
    REVIEW_COMMENTED = "review_commented", "Commented on"
    REVIEW_OPINION = "review_opinion", "A reviewer's opinion"
    REVIEW_DISPUTED = "review_disputed", "Reviewers disagree"
    REVIEW_DECIDED = "review_decided", "Review decided"
    REVIEW_UNDONE = "review_undone", "A verdict was undone"
    REVIEW_REOPENED = "review_reopened", "A lead reopened the review"
    REVIEW_SHARED = "review_shared", "Shown to a guest by link"
    REVIEW_UNSHARED = "review_unshared", "A link for a guest was revoked"
    GUEST_OPINION = "guest_opinion", "A guest gave an opinion"
    FINDING_MARKED = "finding_marked", "A finding was marked as intentional"
    FINDING_UNMARKED = "finding_unmarked", "A finding is no longer intentional"
    CANON_ADDED = "canon_added", "Added to the universe"
    CANON_WITHDRAWN = "canon_withdrawn", "Removed from the universe"
    ACCEPTED = "accepted", "Accepted by a member"
    DISCARDED = "discarded", "Rejected by a member"


class ReviewState(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class ReviewKind(models.TextChoices):
    """Reason for a review of an output."""

    DOUBT = "doubt", "In doubt"
    AUDIT = "audit", "Audit of a trusted output"
    GOLD = "gold", "Gold: the right verdict is known"
    FLAG = "flag", "Flagged by a person"


class PromiseState(models.TextChoices):
    """States of an error promise: kept, or the reason why it cannot be."""

    KEPT = "kept", "Kept"
    TOO_FEW = "too_few", "Too few verdicts"
    TOO_MANY = "too_many", "Too many errors"


class PromiseCause(models.TextChoices):
    """Causes of a change of an error promise."""

    FIRST = "first", "First computation"
    VERDICTS = "verdicts", "New verdicts"
    VERSION = "version", "New model, prompt or style guide"
    DRIFT = "drift", "More errors than before"
    TERMS = "terms", "New terms"
    LEARNED = "learned", "Confidence learned from verdicts"


class GuideCause(models.TextChoices):
    """Causes of a new version of a style guide."""

    EDITED = "edited", "Edited"
    PROPOSED = "proposed", "A proposal was accepted"
    RESTORED = "restored", "An earlier version was restored"


class ProposalState(models.TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "Refused"


class FeedbackRating(models.TextChoices):
    """A requester's opinion of an output; it decides nothing."""

    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"


class Priority(models.IntegerChoices):
    """Order of review items that are due at the same time."""

    REQUEST = 0, "Requested by a person"
    SCHEDULE = 1, "From a schedule"


class Verdict(models.TextChoices):
    APPROVED = "approved", "Approved"
    EDITED = "edited", "Edited and approved"
    REJECTED = "rejected", "Rejected"
    ASKED_AGAIN = "asked_again", "Asked again"


# Periods of the review reports, in days; jobs that the longest one counts are not cleaned up.
REPORT_PERIODS_DAYS = (7, 30, 90)

# Verdicts that let an output into canon.
ACCEPTED_VERDICTS = frozenset({Verdict.APPROVED, Verdict.EDITED})


# Codes of the reject reasons that only a choice between variants gives.
VARIANT_REASONS = ANOTHER_WAS_BETTER, AS_GOOD_AS_ANOTHER = "another_was_better", "as_good_as_another"


class GoldAnswer(models.TextChoices):
    """Expected verdict on a gold item."""

    ACCEPT = "accept", "Approve"
    REFUSE = "refuse", "Reject"


class NotificationKind(models.TextChoices):
    MENTION = "mention", "Mentioned"
    HAND_OVER = "hand_over", "Handed over"
    DISPUTE = "dispute", "Disagreement"
    INVITATION = "invitation", "Invited to a universe"
    VERDICT = "verdict", "A verdict on own work"
    DRAFTS = "drafts", "Drafts wait"
    SCHEDULE = "schedule", "A schedule was switched off"
    GUEST_OPINION = "guest_opinion", "A guest's opinion"


class BatchState(models.TextChoices):
    """States of a batch.

    ``sending``: not confirmed by the provider yet. ``ended``: no more results will come.
    """

    SENDING = "sending", "Sending"
    RUNNING = "running", "In progress"
    ENDED = "ended", "Ended"


class BatchOutcome(models.TextChoices):
    """Result of one item of a batch, in the provider's terms."""

    SUCCEEDED = "succeeded", "Answered"
    ERRORED = "errored", "Refused"
    CANCELED = "canceled", "Cancelled"
    EXPIRED = "expired", "Not reached in time"


class Lifecycle(models.TextChoices):
    """Lifecycle stage of a language model, in the provider's terms."""

    UNKNOWN = "unknown", "Not checked yet"
    ACTIVE = "active", "Active"
    DEPRECATED = "deprecated", "Deprecated"
    RETIRED = "retired", "Retired"


class BudgetScope(models.TextChoices):
    SITE = "site", "The whole site"
    UNIVERSE = "universe", "One universe"
    USER = "user", "One person"
    SCHEDULE = "schedule", "One schedule"


class BudgetPeriodKind(models.TextChoices):
    """Lengths of a budget period; days and months begin at midnight UTC."""

    DAY = "day", "A day"
    MONTH = "month", "A month"


class VersionedData(models.TextChoices):
    """Tables that processes keep in memory; triggers renew the version of each."""

    BUDGETS = "budgets"
    EXEMPLARS = "exemplars"
    GUIDES = "guides"
    MODELS = "models"
    PREFERENCES = "preferences"
    PRICES = "prices"
    PROMISES = "promises"


class FindingState(models.TextChoices):
    """States of a contradiction in canon."""

    OPEN = "open", "Open"
    FIXED = "fixed", "Fixed: its scene was changed"
    INTENTIONAL = "intentional", "Intentional"
    GONE = "gone", "Gone: the world was changed, or the scene is no longer canon"
