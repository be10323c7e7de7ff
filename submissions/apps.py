"""The submissions app."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = "参赛作品"

    def ready(self) -> None:
        # Models are loaded only now.
        from competition import registries
        from registration.registries import team_approved, team_cards, team_corrected, team_left
        from submissions import cards, services
        from submissions import exports as tables
        from submissions.dashboard import check_card
        from submissions.services import drafts, entries, hints, readings, supplements, uploads, viruses
        from submissions.services.asking_hints import CHANNEL as HINTS
        from submissions.services.printing import CHANNEL

        team_approved.register("submissions.open_entry", services.open_on_approval)
        team_corrected.register("submissions.entry", entries.follow_correction)
        team_left.register("submissions.close_entry", services.close_entry)
        team_cards.register("submissions.entry", cards.entry_card)
        team_cards.register("submissions.supplements", cards.supplement_cards)
        registries.desk_pages.register("submissions.supplements", cards.supplement_pages)
        registries.downloads.register("submissions.blank_form", cards.blank_form)
        registries.outbox_senders.register(CHANNEL, services.send_pdf_job)
        registries.outbox_senders.register(drafts.CHANNEL, drafts.send_draft_job)
        registries.outbox_senders.register(readings.CHANNEL, readings.send_reading_job)
        registries.outbox_senders.register(uploads.CHANNEL, uploads.send_job)
        registries.due_work.register("submissions.uploads", uploads.give_up_due)
        registries.outbox_senders.register(viruses.CHANNEL, viruses.send_scan_job)
        registries.due_work.register("submissions.viruses", viruses.ask_due)
        registries.outbox_senders.register(HINTS, hints.send_hints_job)
        registries.due_work.register("submissions.supplements", supplements.remind_due)
        registries.due_work.register("submissions.reminders", services.send_reminders)
        registries.dashboard_cards.register("submissions.check", check_card)
        registries.exports.register("submissions.entry", tables.entries)
        registries.exports.register("submissions.form", tables.forms)
        registries.exports.register("submissions.draft", tables.drafts)
