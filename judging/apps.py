"""The judging app."""

from django.apps import AppConfig


class JudgingConfig(AppConfig):
    name = "judging"
    verbose_name = "评审"

    def ready(self) -> None:
        # Models are loaded only now.
        from competition.registries import dashboard_cards, desk_pages, exports, outbox_senders
        from judging import exports as tables
        from judging.desk import experts as experts_desk
        from judging.desk import final as final_desk
        from judging.desk import gates as gates_desk
        from judging.desk import materials as materials_desk
        from judging.desk import results as results_desk
        from judging.desk import reviewing as reviewing_desk
        from judging.desk import team as team_desk
        from judging.desk import verification as verification_desk
        from judging.services import assignments, gates, lists, materials, tidings, verification
        from registration.registries import team_cards
        from submissions.registries import entry_accepted, entry_left

        entry_accepted.register("judging.gates", gates.open_gate)
        entry_accepted.register("judging.materials", materials.start)
        entry_left.register("judging.gates", gates.close_gate)
        entry_left.register("judging.assignments", assignments.close_assignments)
        entry_left.register("judging.verification", verification.leave)
        entry_left.register("judging.lists", lists.leave)
        desk_pages.register("judging.gates", gates_desk.pages)
        desk_pages.register("judging.experts", experts_desk.pages)
        desk_pages.register("judging.verification", verification_desk.pages)
        team_cards.register("judging.entry", team_desk.cards)
        desk_pages.register("judging.materials", materials_desk.pages)
        desk_pages.register("judging.reviewing", reviewing_desk.pages)
        desk_pages.register("judging.results", results_desk.pages)
        dashboard_cards.register("judging.results", results_desk.due_card)
        desk_pages.register("judging.final", final_desk.pages)
        outbox_senders.register(materials.CHANNEL, materials.send_job)
        outbox_senders.register(tidings.CHANNEL, tidings.send_job)
        exports.register("judging.gates", tables.gates)
        exports.register("judging.assignments", tables.assignments)
        exports.register("judging.results", tables.results)
