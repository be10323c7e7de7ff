"""The competition app."""

from django.apps import AppConfig


class CompetitionConfig(AppConfig):
    name = "competition"
    verbose_name = "大赛"

    def ready(self) -> None:
        # The app registry has to be complete before models are imported.
        from competition import delivery
        from competition.accounts import upkeep
        from competition.office import pages
        from competition.registries import desk_pages, due_work, outbox_senders
        from competition.services import exporting, lists

        delivery.register()
        upkeep.register()
        desk_pages.register("competition.lists", pages.pages)
        due_work.register("competition.list_uploads", lists.discard_old)
        outbox_senders.register(exporting.CHANNEL, exporting.send_export_job)
        due_work.register("competition.exports", exporting.discard_old)
