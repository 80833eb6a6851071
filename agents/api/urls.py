"""Paths of the agents, each with and without a trailing slash."""

from __future__ import annotations

from django.urls import re_path

from agents.api import review_views, schedule_views, views

JOB = r"^agents/jobs/(?P<job_id>[^/]+)"
REVIEW = r"^agents/reviews/(?P<item_id>[^/]+)"

urlpatterns = [
    re_path(r"^agents/jobs/?$", views.JobsView.as_view(), name="jobs"),
    re_path(rf"{JOB}/?$", views.JobView.as_view(), name="job-detail"),
    re_path(rf"{JOB}/retry/?$", views.JobRetryView.as_view(), name="job-retry"),
    re_path(rf"{JOB}/cancel/?$", views.JobCancelView.as_view(), name="job-cancel"),
    re_path(r"^agents/stats/?$", views.StatsView.as_view(), name="stats"),
    re_path(r"^agents/reviews/?$", review_views.ReviewsView.as_view(), name="reviews"),
    # Before the items: "next" is no id.
    re_path(r"^agents/reviews/next/?$", review_views.NextReviewView.as_view(), name="review-next"),
    re_path(rf"{REVIEW}/?$", review_views.ReviewView.as_view(), name="review-detail"),
    re_path(rf"{REVIEW}/claim/?$", review_views.ClaimView.as_view(), name="review-claim"),
    re_path(rf"{REVIEW}/claim/break/?$", review_views.BreakClaimView.as_view(), name="review-claim-break"),
    re_path(rf"{REVIEW}/skip/?$", review_views.SkipView.as_view(), name="review-skip"),
    re_path(rf"{REVIEW}/hand/?$", review_views.HandView.as_view(), name="review-hand"),
    re_path(rf"{REVIEW}/decision/?$", review_views.DecisionView.as_view(), name="review-decision"),
    re_path(r"^agents/schedules/?$", schedule_views.SchedulesView.as_view(), name="schedules"),
    re_path(
        r"^agents/schedules/(?P<schedule_id>[^/]+)/?$",
        schedule_views.ScheduleView.as_view(),
        name="schedule-detail",
    ),
    re_path(r"^users/me/preferences/?$", views.PreferencesView.as_view(), name="preferences"),
]
