"""The registration app."""

from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = "报名"

    def ready(self) -> None:
        # Models are loaded only now.
        from competition.registries import dashboard_cards
        from registration.dashboard import review_card

        dashboard_cards.register("registration.review", review_card)
