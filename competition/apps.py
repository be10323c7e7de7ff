"""The competition app."""

from django.apps import AppConfig


class CompetitionConfig(AppConfig):
    name = "competition"
    verbose_name = "大赛"

    def ready(self) -> None:
        # The app registry has to be complete before models are imported.
        from competition import delivery
        from competition.accounts import upkeep

        delivery.register()
        upkeep.register()
