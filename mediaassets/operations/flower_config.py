"""Configuration of Flower, which shows workers and tasks here and changes nothing.

Flower has no such option: whoever is signed in could start, revoke and reconfigure, and its metrics ask for no sign-in.
"""

from flower.urls import handlers

READING = {"/api/workers", "/api/tasks", "/api/task/types", "/api/queues/length", "/api/task/info/(.*)"}


def is_closed(pattern: str) -> bool:
    path = pattern.removesuffix("$")
    return path == "/metrics" or (path.startswith("/api/") and path not in READING)


# A handler is a tuple or an object of Tornado.
handlers[:] = [
    handler
    for handler in handlers
    if not is_closed(handler[0] if isinstance(handler, tuple) else handler.regex.pattern)
]
