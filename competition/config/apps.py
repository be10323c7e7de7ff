"""The house itself: its checks and commands."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "competition.config"
    label = "house"
    verbose_name = "系统"

    def ready(self) -> None:
        # Registering a check needs the app registry.
        from competition.config import checks  # noqa: F401
