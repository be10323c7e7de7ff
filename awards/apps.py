"""The awards app."""

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = "奖项"

    def ready(self) -> None:
        # Models are loaded only now.
        from awards import exports as tables
        from awards.desk import awarding as awarding_desk
        from awards.desk import certificates as certificates_desk
        from awards.desk import library as library_desk
        from awards.desk import notices as notices_desk
        from awards.desk import payouts as payouts_desk
        from awards.desk import reports as reports_desk
        from awards.desk import team as team_desk
        from awards.services import certificates, library, notices, revoking
        from competition.registries import desk_pages, due_work, exports, navigation, outbox_senders
        from registration.registries import public_names, team_bound, team_cards, team_corrected
        from submissions.registries import entry_left

        entry_left.register("awards.revoking", revoking.leave)
        due_work.register("awards.publicity", notices.conclude_due)
        desk_pages.register("awards.awarding", awarding_desk.pages)
        team_bound.register("awards.team", team_desk.bound)
        team_cards.register("awards.team", team_desk.cards)
        desk_pages.register("awards.notices", notices_desk.pages)
        outbox_senders.register(certificates.CHANNEL, certificates.send_job)
        desk_pages.register("awards.certificates", certificates_desk.pages)
        desk_pages.register("awards.library", library_desk.pages)
        team_corrected.register("awards.library", library.follow_correction)
        public_names.register("awards.published", library.published_names)
        navigation.register("awards.library", library_desk.navigation)
        desk_pages.register("awards.reports", reports_desk.pages)
        desk_pages.register("awards.payouts", payouts_desk.pages)
        exports.register("awards.reports", tables.reports)
        exports.register("awards.payouts", tables.payouts)
        exports.register("awards.certificates", tables.certificates)
