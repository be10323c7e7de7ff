"""The registration app."""

from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = "报名"

    def ready(self) -> None:
        # Models are loaded only now.
        from competition.registries import (
            dashboard_cards,
            desk_pages,
            due_work,
            exports,
            list_changed,
            outbox_senders,
        )

        # So are those of the app's own modules.
        from registration import exports as tables
        from registration import services
        from registration.dashboard import correction_card, correction_pages, review_card
        from registration.services import findings, statements, unit_consents

        due_work.register("registration.reminders", services.send_reminders)
        due_work.register("registration.unit_consents", unit_consents.send_reminders)
        list_changed.register("registration.findings", findings.refresh_after_list)
        outbox_senders.register(findings.CHANNEL, findings.send_job)
        outbox_senders.register(statements.CHANNEL, statements.send_job)
        dashboard_cards.register("registration.review", review_card)
        dashboard_cards.register("registration.corrections", correction_card)
        desk_pages.register("registration.corrections", correction_pages)
        exports.register("registration.team", tables.registrations)
