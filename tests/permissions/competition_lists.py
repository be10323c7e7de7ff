"""Lists of the office: for officers and chiefs; a file between preview and confirmation is its uploader's alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from competition import roles
from competition.models import ListUpload
from competition.services import exporting, lists
from competition.sheets import Sheet, workbook
from tests.permissions.table import LOGIN, ROLES, Row, only

OFFICE = (roles.OFFICER, roles.CHIEF)
KIND = {"kind": "words"}


def words(*given: str, name: str = "敏感词.xlsx") -> SimpleUploadedFile:
    """A file of words."""
    return SimpleUploadedFile(name, workbook([Sheet("敏感词", ["词语"], [[one] for one in given])]))


def prepare(world: Any) -> None:
    """Qianjin brought one file in, looks at another, and has a workbook."""
    world.list_import = lists.bring_in(world.edition, "words", words("甲词"), actor=world.qianjin, source="")
    asked = exporting.ask(world.edition, world.qianjin, table="submissions.form", title="参赛项目", query="")
    world.export = exporting.make(asked.pk)
    world.list_upload = lists.keep(world.edition, "words", words("乙词"), actor=world.qianjin, source="")


def kind(world: Any) -> dict[str, Any]:
    return dict(KIND)


def upload_of(world: Any) -> dict[str, Any]:
    upload: ListUpload = world.list_upload
    return {"key": upload.key}


def import_of(world: Any) -> dict[str, Any]:
    return {"pk": world.list_import.pk}


def post(
    name: str, expect: dict[str, int], args: Callable[[Any], dict[str, Any]], data: Callable[[Any], Any]
) -> list[Row]:
    """A verb; nobody may GET it."""
    return [
        Row(name, expect, args=args, method="post", data=data),
        Row(name, {**dict.fromkeys(ROLES, 405), "anonymous": LOGIN}, args=args),
    ]


ROWS = [
    Row("competition:lists", only(*OFFICE)),
    Row("competition:list", only(*OFFICE), args=kind),
    Row("competition:list", only(), args=lambda world: {"kind": "unknown"}),
    Row("competition:list_template", only(*OFFICE), args=kind),
    Row("competition:list_rows", only(*OFFICE), args=kind),
    Row("competition:list_preview", only(roles.OFFICER), args=upload_of),
    *post("competition:list_upload", only(*OFFICE, status=422), kind, lambda world: {}),
    *post(
        "competition:list_upload",
        only(*OFFICE, status=302),
        kind,
        lambda world: {"file": words("丙词"), "source": "来函"},
    ),
    *post(
        "competition:list_confirm",
        only(roles.OFFICER, status=302),
        upload_of,
        lambda world: {"digest": world.list_upload.sha256},
    ),
    *post(
        "competition:list_confirm", only(roles.OFFICER, status=409), upload_of, lambda world: {"digest": "x"}
    ),
    *post("competition:list_undo", only(*OFFICE, status=302), import_of, lambda world: {}),
]


def export(name: str, *may: str) -> Row:
    """A table to download: for who sees the queue."""
    return Row("competition:export", only(*may), args=lambda world: {"table": name})


ROWS += [
    export("registration.team", *OFFICE),
    export("submissions.entry", *OFFICE),
    export("judging.gates", *OFFICE, roles.DEPARTMENT),
    export("judging.assignments", *OFFICE),
    export("judging.results", *OFFICE),
    export("awards.reports", roles.CASE_HANDLER, roles.COMMITTEE),
    export("awards.payouts", roles.PAYOUTS, roles.CHIEF),
    export("awards.certificates", *OFFICE),
    export("unknown"),
    Row("competition:export", only(*OFFICE, status=302), args=lambda world: {"table": "submissions.form"}),
    Row("competition:prepared_export", only(roles.OFFICER), args=lambda world: {"key": world.export.key}),
    Row(
        "competition:prepared_export_file", only(roles.OFFICER), args=lambda world: {"key": world.export.key}
    ),
]
