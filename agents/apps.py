from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class AgentsConfig(AppConfig):
    name = "agents"
    verbose_name = "Agents"

    def ready(self) -> None:
        # Registers the checks, the witness of passports, the listener of invitations, and parts of exported worlds.
        from agents import checks  # noqa: F401
        from agents.canon import witness  # noqa: F401
        from agents.common import quantiles
        from agents.models import searching, webhook_triggers
        from agents.notify import invitations  # noqa: F401
        from agents.worlds import carrying  # noqa: F401

        quantiles.listen()
        pre_migrate.connect(webhook_triggers.drop, sender=self)
        post_migrate.connect(webhook_triggers.create, sender=self)
        pre_migrate.connect(searching.drop, sender=self)
        post_migrate.connect(searching.create, sender=self)
