"""Paths of the agents, each with and without a trailing slash."""

from __future__ import annotations

from django.urls import re_path

from agents.billing.api import budget_views, usage_views
from agents.jobs.api import event_views, views
from agents.learning.api import exemplar_views, guide_views, proposal_views
from agents.notify.api import preference_views, webhook_views
from agents.notify.api import views as notification_views
from agents.quality.api import gold_views, metrics_views, promise_views, recheck_views
from agents.receipts import api
from agents.review.api import (
    allowance_views,
    creator_views,
    decision_views,
    guest_views,
    reason_views,
    second_look_views,
    variant_views,
    work_views,
)
from agents.review.api import views as review_views
from agents.review.guests.page import guest_page
from agents.schedules.api import views as schedule_views
from agents.worlds.api import finding_views, naming_views, preview_views

JOB = r"^agents/jobs/(?P<job_id>[^/]+)"
WEBHOOK = r"^agents/webhooks/(?P<webhook_id>[^/]+)"
GUIDE = r"^universes/(?P<universe_id>[^/]+)/guides/(?P<agent_type>[^/]+)"
PROPOSAL = r"^universes/(?P<universe_id>[^/]+)/rule-proposals/(?P<proposal_id>[^/]+)"
SCHEDULE = r"^agents/schedules/(?P<schedule_id>[^/]+)"
UNIVERSE = r"^universes/(?P<universe_id>[^/]+)"
WORLD_FINDING = rf"{UNIVERSE}/findings/(?P<world_finding_id>[^/]+)"
REVIEW = r"^agents/reviews/(?P<item_id>[^/]+)"

urlpatterns = [
    re_path(r"^agents/jobs/?$", views.JobsView.as_view(), name="jobs"),
    # Before the jobs: "batch" is no id.
    re_path(r"^agents/jobs/batch/?$", views.JobBatchView.as_view(), name="job-batch"),
    re_path(rf"{JOB}/?$", views.JobView.as_view(), name="job-detail"),
    re_path(rf"{JOB}/events/?$", event_views.JobEventsView.as_view(), name="job-events"),
    re_path(rf"{JOB}/passport/?$", api.JobPassportView.as_view(), name="job-passport"),
    re_path(rf"{JOB}/elements/?$", naming_views.JobElementsView.as_view(), name="job-elements"),
    re_path(rf"{JOB}/receipt/?$", api.ReceiptView.as_view(), name="job-receipt"),
    re_path(rf"{JOB}/accept/?$", creator_views.AcceptView.as_view(), name="job-accept"),
    re_path(rf"{JOB}/again/?$", creator_views.AgainView.as_view(), name="job-again"),
    re_path(rf"{JOB}/discard/?$", creator_views.DiscardView.as_view(), name="job-discard"),
    re_path(rf"{JOB}/feedback/?$", creator_views.FeedbackView.as_view(), name="job-feedback"),
    re_path(rf"{JOB}/flag/?$", second_look_views.FlagView.as_view(), name="job-flag"),
    re_path(rf"{JOB}/retry/?$", views.JobRetryView.as_view(), name="job-retry"),
    re_path(rf"{JOB}/cancel/?$", views.JobCancelView.as_view(), name="job-cancel"),
    re_path(r"^agents/stats/?$", views.StatsView.as_view(), name="stats"),
    re_path(r"^agents/reviews/?$", review_views.ReviewsView.as_view(), name="reviews"),
    # Before the items: "next" is no id.
    re_path(r"^agents/reviews/next/?$", review_views.NextReviewView.as_view(), name="review-next"),
    re_path(r"^agents/reviews/bulk/?$", work_views.BulkView.as_view(), name="review-bulk"),
    re_path(
        r"^agents/reviews/bulk/(?P<bulk_id>[^/]+)/undo/?$",
        work_views.BulkUndoView.as_view(),
        name="review-bulk-undo",
    ),
    re_path(r"^agents/reviews/decisions/?$", decision_views.DecisionsView.as_view(), name="review-decisions"),
    re_path(
        r"^agents/reviews/reject-reasons/?$", reason_views.RejectReasonsView.as_view(), name="reject-reasons"
    ),
    re_path(
        r"^agents/reviews/figures/?$",
        metrics_views.ReviewFiguresView.as_view(),
        name="review-figures",
    ),
    re_path(r"^agents/reviews/promises/?$", promise_views.PromisesView.as_view(), name="promises"),
    re_path(r"^agents/reviews/reviewers/?$", metrics_views.ReviewersView.as_view(), name="reviewers"),
    re_path(
        r"^agents/reviews/reviewers/(?P<user_id>[^/]+)/?$",
        metrics_views.ReviewerView.as_view(),
        name="reviewer-detail",
    ),
    re_path(rf"{REVIEW}/?$", review_views.ReviewView.as_view(), name="review-detail"),
    re_path(rf"{REVIEW}/claim/?$", review_views.ClaimView.as_view(), name="review-claim"),
    re_path(rf"{REVIEW}/claim/break/?$", review_views.BreakClaimView.as_view(), name="review-claim-break"),
    re_path(rf"{REVIEW}/skip/?$", review_views.SkipView.as_view(), name="review-skip"),
    re_path(rf"{REVIEW}/hand/?$", review_views.HandView.as_view(), name="review-hand"),
    re_path(rf"{REVIEW}/decision/?$", review_views.DecisionView.as_view(), name="review-decision"),
    re_path(rf"{REVIEW}/undo/?$", work_views.UndoView.as_view(), name="review-undo"),
    re_path(rf"{REVIEW}/reopen/?$", second_look_views.ReopenView.as_view(), name="review-reopen"),
    re_path(rf"{REVIEW}/comments/?$", work_views.CommentsView.as_view(), name="review-comments"),
    re_path(
        rf"{REVIEW}/comments/(?P<comment_id>[^/]+)/?$",
        work_views.CommentView.as_view(),
        name="review-comment",
    ),
    re_path(
        rf"{REVIEW}/findings/(?P<finding_id>[^/]+)/intentional/?$",
        work_views.IntentionalFindingView.as_view(),
        name="review-finding-intentional",
    ),
    # Before the sets: "stats" is no id.
    re_path(r"^agents/variants/stats/?$", variant_views.VariantStatsView.as_view(), name="variant-stats"),
    re_path(
        r"^agents/variants/(?P<variants_id>[^/]+)/?$",
        variant_views.VariantsView.as_view(),
        name="variants-detail",
    ),
    re_path(
        r"^agents/variants/(?P<variants_id>[^/]+)/choice/?$",
        variant_views.VariantChoiceView.as_view(),
        name="variants-choice",
    ),
    re_path(r"^agents/review-links/?$", guest_views.ReviewLinksView.as_view(), name="review-links"),
    re_path(
        r"^agents/review-links/(?P<link_id>[^/]+)/?$",
        guest_views.ReviewLinkView.as_view(),
        name="review-link-detail",
    ),
    re_path(r"^review-links/(?P<token>[^/]+)/?$", guest_views.SharedItemsView.as_view(), name="guest-items"),
    re_path(
        r"^review-links/(?P<token>[^/]+)/opinions/?$",
        guest_views.GuestOpinionsView.as_view(),
        name="guest-opinions",
    ),
    re_path(r"^review-links/(?P<token>[^/]+)/page/?$", guest_page, name="guest-page"),
    re_path(
        r"^agents/guests-decide/?$", allowance_views.GuestsDecideListView.as_view(), name="guests-decide"
    ),
    re_path(
        r"^agents/guests-decide/(?P<universe_id>[^/]+)/?$",
        allowance_views.GuestsDecideView.as_view(),
        name="guests-decide-detail",
    ),
    re_path(r"^agents/self-reviews/?$", allowance_views.SelfReviewsView.as_view(), name="self-reviews"),
    re_path(
        r"^agents/self-reviews/(?P<universe_id>[^/]+)/?$",
        allowance_views.SelfReviewView.as_view(),
        name="self-review-detail",
    ),
    re_path(r"^agents/gold/?$", gold_views.GoldListView.as_view(), name="gold"),
    re_path(r"^agents/gold/(?P<job_id>[^/]+)/?$", gold_views.GoldJobView.as_view(), name="gold-detail"),
    re_path(r"^agents/rechecks/?$", recheck_views.RechecksView.as_view(), name="rechecks"),
    re_path(rf"{UNIVERSE}/recheck/?$", finding_views.RecheckView.as_view(), name="universe-recheck"),
    re_path(rf"{UNIVERSE}/findings/?$", finding_views.WorldFindingsView.as_view(), name="world-findings"),
    re_path(rf"{WORLD_FINDING}/fix/?$", finding_views.FindingFixView.as_view(), name="world-finding-fix"),
    re_path(
        rf"{WORLD_FINDING}/intentional/?$",
        finding_views.FindingIntentionalView.as_view(),
        name="world-finding-intentional",
    ),
    re_path(rf"{UNIVERSE}/preview/?$", preview_views.PreviewView.as_view(), name="universe-preview"),
    re_path(
        r"^universes/(?P<universe_id>[^/]+)/exemplars/?$",
        exemplar_views.ExemplarsView.as_view(),
        name="exemplars",
    ),
    re_path(
        r"^universes/(?P<universe_id>[^/]+)/exemplars/(?P<exemplar_id>[^/]+)/?$",
        exemplar_views.ExemplarView.as_view(),
        name="exemplar-detail",
    ),
    re_path(
        r"^universes/(?P<universe_id>[^/]+)/rule-proposals/?$",
        proposal_views.ProposalsView.as_view(),
        name="rule-proposals",
    ),
    re_path(rf"{PROPOSAL}/accept/?$", proposal_views.AcceptProposalView.as_view(), name="rule-accept"),
    re_path(rf"{PROPOSAL}/refuse/?$", proposal_views.RefuseProposalView.as_view(), name="rule-refuse"),
    re_path(r"^universes/(?P<universe_id>[^/]+)/guides/?$", guide_views.GuidesView.as_view(), name="guides"),
    re_path(rf"{GUIDE}/?$", guide_views.GuideView.as_view(), name="guide-detail"),
    re_path(rf"{GUIDE}/effect/?$", proposal_views.EffectView.as_view(), name="guide-effect"),
    re_path(rf"{GUIDE}/end-trial/?$", guide_views.EndTrialView.as_view(), name="guide-end-trial"),
    re_path(rf"{GUIDE}/restore/?$", guide_views.RestoreGuideView.as_view(), name="guide-restore"),
    re_path(rf"{GUIDE}/versions/?$", guide_views.GuideVersionsView.as_view(), name="guide-versions"),
    re_path(
        rf"{UNIVERSE}/elements/(?P<element_id>[^/]+)/texts/?$",
        naming_views.ElementTextsView.as_view(),
        name="element-texts",
    ),
    re_path(
        rf"{UNIVERSE}/scenes/(?P<scene_id>[^/]+)/elements/?$",
        naming_views.SceneElementsView.as_view(),
        name="scene-elements",
    ),
    re_path(r"^agents/schedules/?$", schedule_views.SchedulesView.as_view(), name="schedules"),
    re_path(
        rf"{SCHEDULE}/?$",
        schedule_views.ScheduleView.as_view(),
        name="schedule-detail",
    ),
    re_path(rf"{SCHEDULE}/run/?$", schedule_views.RunScheduleView.as_view(), name="schedule-run"),
    re_path(rf"{SCHEDULE}/pause/?$", schedule_views.PauseScheduleView.as_view(), name="schedule-pause"),
    re_path(rf"{SCHEDULE}/resume/?$", schedule_views.ResumeScheduleView.as_view(), name="schedule-resume"),
    re_path(r"^agents/usage/?$", usage_views.UsageView.as_view(), name="usage"),
    re_path(r"^agents/budgets/?$", budget_views.BudgetsView.as_view(), name="budgets"),
    re_path(
        r"^agents/budgets/(?P<budget_id>[^/]+)/?$", budget_views.BudgetView.as_view(), name="budget-detail"
    ),
    re_path(
        r"^agents/notifications/?$", notification_views.NotificationsView.as_view(), name="notifications"
    ),
    re_path(
        r"^agents/notifications/read/?$",
        notification_views.ReadNotificationsView.as_view(),
        name="notifications-read",
    ),
    re_path(r"^agents/webhooks/?$", webhook_views.WebhooksView.as_view(), name="webhooks"),
    re_path(rf"{WEBHOOK}/?$", webhook_views.WebhookView.as_view(), name="webhook-detail"),
    re_path(rf"{WEBHOOK}/secret/?$", webhook_views.WebhookSecretView.as_view(), name="webhook-secret"),
    re_path(rf"{WEBHOOK}/deliveries/?$", webhook_views.DeliveriesView.as_view(), name="webhook-deliveries"),
    re_path(
        rf"{WEBHOOK}/deliveries/(?P<delivery_id>[^/]+)/replay/?$",
        webhook_views.ReplayView.as_view(),
        name="webhook-replay",
    ),
    re_path(r"^users/me/preferences/?$", preference_views.PreferencesView.as_view(), name="preferences"),
]
