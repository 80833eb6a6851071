"""Redis and Celery."""

from __future__ import annotations

from datetime import timedelta

from mediaassets.settings import environment
from mediaassets.settings.environment import env

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0", environment.REDIS_URL)

# Kombu has its own scheme for Unix sockets.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 3,
    "socket_timeout": 10,
    # A request must not wait for an unreachable broker: the job row is saved, and the sweeper enqueues it later.
    # By default Kombu retries the connection for six seconds.
    "max_retries": 0,
    "queue_order_strategy": "mediaassets.queue_order:UrgentFirst",
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_RESULT_BACKEND = "django-db"
CELERY_RESULT_EXTENDED = True
CELERY_RESULT_EXPIRES = timedelta(days=7)
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_TRACK_STARTED = False
CELERY_TASK_DEFAULT_QUEUE = "jobs"
# Maintenance tasks have their own queue, which workers check first, so that a long backlog of jobs cannot delay
# the sweeper. Jobs of schedules and batches use the queue "background".
CELERY_TASK_ROUTES = {
    "agents.process_agent_job": {"queue": "jobs"},
    "agents.*": {"queue": "maintenance"},
    "mediaassets.*": {"queue": "maintenance"},
}
CELERY_BEAT_SCHEDULER = "mediaassets.operations.beat_scheduler:Scheduler"
CELERY_WORKER_POOL = "threads"
WORKER_CONCURRENCY = env.integer("WORKER_CONCURRENCY", 64, minimum=1, maximum=2000)
CELERY_WORKER_CONCURRENCY = WORKER_CONCURRENCY
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Flower switches the events of the workers on while it runs; without it nobody reads them.
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_SEND_SENT_EVENT = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Mail printed by the console backend would otherwise be logged as a warning.
CELERY_WORKER_REDIRECT_STDOUTS_LEVEL = "INFO"
