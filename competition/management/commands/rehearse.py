"""Rehearse a contest with synthetic teams on an edition and a clock of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

# The composition root knows every app; a command is its doorbell.
from competition.config.rehearsal import house
from competition.config.rehearsal.report import lost, not_caught
from competition.config.rehearsal.script import LAST, NAMES
from competition.edition_schema import EditionProblems
from competition.errors import Refusal


class Command(BaseCommand):
    help = (
        "Play a contest with synthetic teams and officers through the portal's own services, on a copy of an "
        "edition with its own clock. No message leaves the portal. Same seed, same result but for the seconds."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--teams", type=int, default=200)
        parser.add_argument("--seed", default="7")
        parser.add_argument("--until", choices=list(NAMES), default=LAST)
        parser.add_argument("--json", type=Path, help="write the report here")
        parser.add_argument("--edition", default="", help="slug of the rehearsal (rehearsal-<seed>)")
        parser.add_argument("--fresh", action="store_true", help="take the next free slug when it is taken")
        parser.add_argument(
            "--folder", type=Path, default=settings.BASE_DIR / "competition" / "editions" / "shanxi-2025"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["edition"] or f"rehearsal-{options['seed']}"
        try:
            theatre = house.open_rehearsal(
                options["folder"],
                slug=house.free_slug(slug) if options["fresh"] else slug,
                teams=options["teams"],
                seed=options["seed"],
            )
            seconds = house.play(theatre, until=options["until"], say=self._say(options["verbosity"]))
        except (Refusal, EditionProblems) as refused:
            raise CommandError(str(refused)) from refused
        self._report(house.result(theatre, seconds), options["json"])

    def _say(self, verbosity: int) -> Any:
        return self.stdout.write if verbosity > 1 else lambda line: None

    def _report(self, result: dict[str, Any], path: Path | None) -> None:
        text = json.dumps(result, ensure_ascii=False, indent=2)
        if path is None:
            self.stdout.write(text)
        else:
            path.write_text(text + "\n", encoding="utf-8")
        missed = not_caught(result)
        if missed:
            lines = "\n".join(f"- {one['team']}：{one['rule']}" for one in missed)
            raise CommandError(f"有{len(missed)}处违规没有被发现：\n{lines}")
        if path is not None:
            self.stdout.write(
                f"{result['teams']}支团队，报名成功{result['approved']}支，提交{result['submitted']}项，"
                f"形式审查通过{result['accepted']}项；埋设违规{len(result['planted'])}处，全部被发现。"
            )
            if result["awards"]:
                self.stdout.write(
                    f"推荐{result['recommended']}项，授奖{sum(result['awards'].values())}项共"
                    f"{result['total_fen'] // 100}元，未递补而空缺{len(lost(result))}项，证书{result['certificates']}张。"
                )
