"""Users with addresses, and an in-process mail server that may refuse mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from django.core.mail.backends.locmem import EmailBackend

SITE = "https://media.example.com"


def addressed(user):
    user.email = f"{user.username}@example.com"
    user.save()
    return user


def page(item):
    return f"{SITE}/admin/agents/reviewitem/{item.pk}/change/"


class Server(EmailBackend):
    """A mail backend that may fail to ``answer`` or ``refuse`` a recipient."""

    opened = 0
    closed = 0
    behaviour: ClassVar[dict[str, Callable[..., None]]] = {}

    @classmethod
    def behave(cls, monkeypatch, *, answer=lambda: None, refuse=lambda to: None):
        cls.opened = cls.closed = 0
        cls.behaviour = {"answer": answer, "refuse": refuse}
        monkeypatch.setattr("agents.notify.mail.get_connection", cls)

    def open(self):
        type(self).opened += 1
        self.behaviour["answer"]()

    def close(self):
        type(self).closed += 1

    def send_messages(self, messages):
        for message in messages:
            self.behaviour["refuse"](message.to[0])
        return super().send_messages(messages)


def raising(error):
    def fail(*args):
        raise error

    return fail
