"""The registration app."""

from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = "报名"

    def ready(self) -> None:
        # Models are loaded only now.
        from competition.registries import dashboard_cards, due_work
        from registration import services
        from registration.dashboard import review_card

        due_work.register("registration.reminders", services.send_reminders)
        dashboard_cards.register("registration.review", review_card)
