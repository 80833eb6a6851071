from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "agents"
    verbose_name = "Agents"

    def ready(self) -> None:
        # Registers the checks, and the listener of invitations.
        from agents import checks  # noqa: F401
        from agents.notify import invitations  # noqa: F401
