"""What experts will see, for the team; a page of its file, for the team and the office."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from submissions import services
from submissions.services.readings import make_reading
from tests.fixtures import make_user
from tests.judging.blinding import blind_pdf
from tests.permissions.submissions import entry, readers, team
from tests.permissions.table import Row
from tests.submissions.conftest import make_team


def prepare(world: Any) -> None:
    """An entry of Lihua's colleagues with a file that experts will see."""
    owner = make_user("owner-blind", "苏眉", phone="+8613512340777")
    world.blind_entry = services.open_entry(make_team(world.edition, owner, also=world.wangfang))
    world.blind_file = services.attach(
        world.blind_entry,
        slot="attachments.anonymous",
        upload=SimpleUploadedFile("匿名材料.pdf", blind_pdf("一页")),
        actor=owner,
    )
    make_reading(world.blind_file.pk)


ROWS = [
    Row("submissions:blind", team(), args=entry),
    Row(
        "submissions:blind_page",
        {**readers(), "owner": 404},
        args=lambda world: {"key": world.blind_file.key, "number": 1},
    ),
]
