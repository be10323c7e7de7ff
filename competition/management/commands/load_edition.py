"""Load an edition's folder into the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from competition.edition_schema import EditionProblems
from competition.services.editions import load_edition


class Command(BaseCommand):
    help = "Load an edition's folder; idempotent. What does not add up is named, and then nothing changes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            edition = load_edition(options["folder"])
        except EditionProblems as refused:
            lines = "\n".join(f"- {problem}" for problem in refused.problems)
            raise CommandError(f"未载入，共{len(refused.problems)}处问题：\n{lines}") from refused
        if options["verbosity"]:
            tracks = edition.tracks.count()
            self.stdout.write(f"已载入{edition.name}（{edition.slug}）：{tracks}个赛道。")
