"""The files that a sealed version names: which are there, which are on their way, which are withheld."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from competition import stages
from submissions.models import Attachment, Entry, Upload
from submissions.workflow import WITHHELD, UploadStatus, VirusScan

INFECTED: Final = WITHHELD


def settled(content: Mapping[str, Any], entry: Entry) -> dict[str, Upload]:
    """Uploads behind files that were sealed on their way and are not there (yet, or for good), by their key.

    One query, none when the version was sealed with all its files. A file that has come is an attachment
    with the upload's key, so that whoever reads the version finds it like any other.
    """
    return {key: one for key, one in declared_in(content, entry).items() if one.status != UploadStatus.DONE}


def declared_in(content: Mapping[str, Any], entry: Entry) -> dict[str, Upload]:
    """Uploads behind all files that were sealed on their way, by their key (decision 4); one query at most."""
    keys = [file["key"] for file in content["attachments"] if file.get("pending")]
    if not keys:
        return {}
    found = Upload.objects.filter(entry=entry, key__in=keys).order_by("id")
    return {str(one.key): one for one in found}


def files_by_slot(content: Mapping[str, Any], entry: Entry) -> dict[str, list[dict[str, Any]]]:
    """The files that a version names, by slot, each with what its readers are told; two queries at most.

    One that is not there, or not handed out, has in ``absent`` why; one that no scanner vouches for has in
    ``scan`` why.
    """
    declared = declared_in(content, entry)
    absent = {key: absence(one) for key, one in declared.items() if one.status != UploadStatus.DONE}
    late = {key: one.receipt_number for key, one in declared.items() if one.receipt_number}
    scans = {}
    rows = Attachment.objects.filter(entry=entry, key__in=[file["key"] for file in content["attachments"]])
    for key, scan in rows.exclude(virus_scan=VirusScan.CLEAN).values_list("key", "virus_scan"):
        if scan == VirusScan.INFECTED:
            absent[str(key)] = INFECTED
        else:
            scans[str(key)] = VirusScan(scan).label
    found: dict[str, list[dict[str, Any]]] = {}
    for file in content["attachments"]:
        said = {
            word: text[file["key"]]
            for word, text in (("absent", absent), ("scan", scans), ("late", late))
            if file["key"] in text
        }
        found.setdefault(file["slot"], []).append({**file, **said})
    return found


def absence(upload: Upload) -> str:
    """Why a sealed file is not there: on its way until then, or missing for good (decision 4)."""
    if upload.status == UploadStatus.ARRIVING:
        return f"截止前已申明，正在上传，最迟{stages.format_end(upload.until)}传完"
    if upload.status == UploadStatus.ARRIVED:
        return "已传完，正在检查"
    return f"按缺少处理：{upload.problem or upload.get_status_display()}"
