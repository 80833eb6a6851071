"""Admin site of the agents: importing a room's admin module registers its pages."""

from django.contrib import admin

import agents.batches.admin
import agents.billing.admin.budgets
import agents.billing.admin.calls
import agents.common.admin.task_results
import agents.common.admin.unregister
import agents.jobs.admin.events
import agents.learning.admin.guides
import agents.notify.admin.notifications
import agents.notify.admin.preferences
import agents.notify.admin.webhooks
import agents.providers.admin
import agents.quality.admin.gold
import agents.quality.admin.learned_confidences
import agents.quality.admin.promises
import agents.receipts.admin
import agents.review.admin.decisions
import agents.review.admin.guest_links
import agents.review.admin.rules.allowances
import agents.review.admin.rules.intentional
import agents.review.admin.rules.reasons
import agents.review.admin.skips
import agents.schedules.admin
import agents.worlds.admin.changes
import agents.worlds.admin.elements
import agents.worlds.admin.findings  # noqa: F401
from agents.models import ReviewItem
from agents.quality.admin import overview, reviewer_pages
from agents.review.admin.queue_list import ReviewItemAdmin

# Pages of a higher room below the URL of the review queue.
ReviewItemAdmin.extra_views = {
    "figures/refresh/": ("refresh_figures", overview.refresh_view),
    "reviewers/": ("reviewers", reviewer_pages.table_view),
    "reviewers/<int:user_id>/": ("reviewer", reviewer_pages.reviewer_view),
}
admin.site.register(ReviewItem, ReviewItemAdmin)

admin.site.site_title = "Unified Media Asset Manager"
admin.site.site_header = "Unified Media Asset Manager"
# As our own columns show it.
admin.site.empty_value_display = "–"
admin.site.index_title = "Overview"
