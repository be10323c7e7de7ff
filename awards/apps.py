"""The awards app."""

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = "奖项"

    def ready(self) -> None:
        # Models are loaded only now.
        from awards.desk import certificates as certificates_desk
        from awards.desk import payouts as payouts_desk
        from awards.services import certificates
        from competition.registries import desk_pages, outbox_senders
        from registration.registries import team_cards

        outbox_senders.register(certificates.CHANNEL, certificates.send_job)
        desk_pages.register("awards.certificates", certificates_desk.pages)
        team_cards.register("awards.certificates", certificates_desk.cards)
        desk_pages.register("awards.payouts", payouts_desk.pages)
        team_cards.register("awards.payouts", payouts_desk.team_card)
