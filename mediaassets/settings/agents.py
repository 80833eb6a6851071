"""Language models, rate limits, batches, review and job handling."""

from __future__ import annotations

from mediaassets.settings import environment
from mediaassets.settings.environment import env

# --- Language models -----------------------------------------------------------------------------------------

ANTHROPIC_API_KEY = env.text("ANTHROPIC_API_KEY", expected=environment.HEADER_VALUE)
ANTHROPIC_BASE_URL = env.text("ANTHROPIC_BASE_URL", expected=environment.WEB_URL)
DEFAULT_MODEL = "claude-haiku-5-5"
AGENT_MODELS = {
    "narrative": env.text("MODEL_NARRATIVE", DEFAULT_MODEL),
    "spatial": env.text("MODEL_SPATIAL", DEFAULT_MODEL),
    "consistency": env.text("MODEL_CONSISTENCY", DEFAULT_MODEL),
}
# Models that users may choose in their preferences.
ALLOWED_MODELS = sorted(
    {
        *env.items("ALLOWED_MODELS", ["claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"]),
        *AGENT_MODELS.values(),
    }
)
# Replacements of retired models; successors named in the admin take precedence.
MODEL_SUCCESSORS = env.successors("MODEL_SUCCESSORS")
# After such a replacement, each agent needs this many review decisions before its outputs can skip review.
MODEL_TRIAL_VERDICTS = env.integer("MODEL_TRIAL_VERDICTS", 30, minimum=0, maximum=10_000)
# Wall clock of one model call.
LLM_TIMEOUT_S = env.number("LLM_TIMEOUT_S", 120, minimum=1, maximum=3000)
MOCK_LATENCY_S = env.number("MOCK_LATENCY_S", 0.0, minimum=0, maximum=60)
# Token budget of the world in a prompt. A larger world is cut down to the entries that the job names, the entries
# linked to those, and the ones closest to its text.
WORLD_TOKENS = env.integer("WORLD_TOKENS", 16_000, minimum=500, maximum=500_000)
# Interval between progress events of a running attempt; 0 turns them off.
PROGRESS_EVERY_S = env.number("PROGRESS_EVERY_S", 3, minimum=0, maximum=3600)

# --- Rate limits, shared by all workers -----------------------------------------------------------------------

# Quota per model and minute; 0 means unknown, learned from the headers of the first response.
LIMIT_REQUESTS_PER_MIN = env.integer("LIMIT_REQUESTS_PER_MIN", 0, minimum=0, maximum=1_000_000)
LIMIT_INPUT_TOKENS_PER_MIN = env.integer("LIMIT_INPUT_TOKENS_PER_MIN", 0, minimum=0, maximum=1_000_000_000)
LIMIT_OUTPUT_TOKENS_PER_MIN = env.integer("LIMIT_OUTPUT_TOKENS_PER_MIN", 0, minimum=0, maximum=1_000_000_000)
# Concurrent model calls; 0 means WORKER_CONCURRENCY times LIMIT_PROCESSES.
LIMIT_IN_FLIGHT = env.integer("LIMIT_IN_FLIGHT", 0, minimum=0, maximum=100_000)
# Number of worker processes; while Redis is unreachable each uses its share.
LIMIT_PROCESSES = env.integer("LIMIT_PROCESSES", 1, minimum=1, maximum=1000)
# Pause after the provider refused the key, the account, the permissions or the model; then one job probes.
LIMIT_STOPPED_PAUSE_S = env.number("LIMIT_STOPPED_PAUSE_S", 60, minimum=1, maximum=300)

# --- Batches --------------------------------------------------------------------------------------------------

# Sends jobs that may take hours through the provider's batch API, at half the price.
BATCH_LANE = env.flag("BATCH_LANE", True)
# Time for which jobs are collected before a batch is sent.
BATCH_GATHER_S = env.number("BATCH_GATHER_S", 60, minimum=0, maximum=86400)
# Age at which a job without a batch result falls back to a direct call.
BATCH_FALL_BACK_S = env.number("BATCH_FALL_BACK_S", 21600, minimum=1, maximum=86400)

# --- Review ---------------------------------------------------------------------------------------------------

REVIEW_THRESHOLDS = {
    "narrative": env.number("REVIEW_THRESHOLD_NARRATIVE", 0.75, minimum=0, maximum=1),
    "spatial": env.number("REVIEW_THRESHOLD_SPATIAL", 0.75, minimum=0, maximum=1),
    "consistency": env.number("REVIEW_THRESHOLD_CONSISTENCY", 0.70, minimum=0, maximum=1),
}
# Agents whose threshold the operator has set, which then takes precedence over an error promise.
FIXED_THRESHOLDS = frozenset(
    agent for agent in REVIEW_THRESHOLDS if env.text(f"REVIEW_THRESHOLD_{agent.upper()}")
)
# Share of trusted outputs that are reviewed as audits; a universe may set its own.
AUDIT_SHARES = {
    "narrative": env.number("AUDIT_SHARE_NARRATIVE", 0.05, minimum=0, maximum=1),
    "spatial": env.number("AUDIT_SHARE_SPATIAL", 0.05, minimum=0, maximum=1),
    "consistency": env.number("AUDIT_SHARE_CONSISTENCY", 0.05, minimum=0, maximum=1),
}
# Share of low-confidence outputs whose confidence and reasons are hidden, as they are for every audit, so that
# reviewers cannot recognise audits.
REVIEW_BLIND_SHARE = env.number("REVIEW_BLIND_SHARE", 0.25, minimum=0, maximum=1)
# Number of decisions after which a reviewer gets an item with a known verdict; 0 means never.
GOLD_AFTER = env.integer("GOLD_AFTER", 0, minimum=0, maximum=10_000)
# Time within which a reviewer may undo a decision.
REVIEW_UNDO_S = env.integer("REVIEW_UNDO_S", 600, minimum=0, maximum=86400)
# Age at which an open review item counts as overdue.
REVIEW_WITHIN_H = env.integer("REVIEW_WITHIN_H", 24, minimum=1, maximum=8760)
# Lease of a reviewer's claim; an open page renews it.
REVIEW_CLAIM_S = env.integer("REVIEW_CLAIM_S", 900, minimum=30, maximum=86400)

# --- Jobs -----------------------------------------------------------------------------------------------------

# Shortest time between two runs of a schedule.
SCHEDULE_MIN_INTERVAL_S = env.integer("SCHEDULE_MIN_INTERVAL_S", 300, minimum=60, maximum=86400)
# Once an account has this many waiting jobs, its further jobs run after those of others.
CROWDED_AFTER_JOBS = env.integer("CROWDED_AFTER_JOBS", 100, minimum=1, maximum=1_000_000)
# Maximum number of waiting jobs per account; more are refused with a 429.
MAX_WAITING_JOBS = env.integer("MAX_WAITING_JOBS", 100_000, minimum=1, maximum=10_000_000)
JOB_MAX_RETRIES = env.integer("JOB_MAX_RETRIES", 3, minimum=0, maximum=20)
RETRY_BACKOFF_S = env.number("RETRY_BACKOFF_S", 4, minimum=0, maximum=3600)
RETRY_AFTER_CAP_S = env.number("RETRY_AFTER_CAP_S", 900, minimum=1, maximum=86400)
# Silence of a worker process after which its jobs are taken back; it shows a sign of life five times in that time.
LEASE_S = env.number("LEASE_S", 10, minimum=2, maximum=300)
# Added to the longest possible duration of a model call to get the end of a claim, at which a job is taken back even
# from a living worker.
CLAIM_MARGIN_S = env.number("CLAIM_MARGIN_S", 60, minimum=1, maximum=3600)
# Age at which the message of a due job that no worker has claimed counts as lost and is sent again.
RESEND_AFTER_S = env.number("RESEND_AFTER_S", 60, minimum=1, maximum=86400)
CLEANUP_AFTER_DAYS = env.integer("CLEANUP_AFTER_DAYS", 30, minimum=1, maximum=36500)
# Age at which calls of deleted jobs leave the ledger; usage reports, which reach back a year, keep their totals.
CALLS_AFTER_DAYS = env.integer("CALLS_AFTER_DAYS", 400, minimum=31, maximum=36500)

# --- Webhooks ------------------------------------------------------------------------------------------------

# Hosts that may be called although their addresses are not public, and without TLS.
WEBHOOK_ALLOWED_HOSTS = frozenset(env.items("WEBHOOK_ALLOWED_HOSTS"))
