"""The folder as a whole: read each file, check them against each other, refuse with everything that was found."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final

from competition.declaration import Node, Problems, read_yaml, say_duplicates
from competition.edition_schema.data import ArticleData, EditionData, OrganisationData, StageData
from competition.edition_schema.prizes import prizes_from
from competition.edition_schema.rubrics import check_ties, rounds_from
from competition.edition_schema.settings import check_settings
from competition.edition_schema.tracks import tracks_from
from competition.form_schema import form_from

#: The keys that the portal's code knows; every edition has each of them.
STAGE_KEYS: Final = (
    "registration",
    "submission",
    "preliminary",
    "verification",
    "final",
    "publicity",
    "ceremony",
)
#: What has a table of its own; all other keys of edition.yaml are kept as settings.
_OWN_TABLES: Final = frozenset(
    {"slug", "name", "short_name", "theme", "guides", "sponsors", "undertakers", "stages", "articles", "faq"}
)
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_ARTICLE_KINDS: Final = ("news", "notice", "download")


def read_edition(folder: Path) -> EditionData:
    """The edition that a folder declares; raises EditionProblems with every problem found, never anything else."""
    problems = Problems()
    if not folder.is_dir():
        problems.say(folder.name or str(folder), "不是一个文件夹。")
        problems.raise_if_any()
    nodes = [
        read_yaml(folder / name, problems)
        for name in ("edition.yaml", "tracks.yaml", "form.yaml", "rubrics.yaml")
    ]
    problems.raise_if_any()  # a file that cannot be read would only make noise below
    edition = edition_from(*nodes, documents=folder / "documents")
    problems.raise_if_any()
    return _with_digest(edition, [node.value for node in nodes])


def edition_from(root: Node, tracks: Node, form: Node, rubrics: Node, *, documents: Path) -> EditionData:
    """The edition under the nodes of its four files; problems go into their list, and the digest stays empty."""
    organisations = _organisations(root)
    departments = tuple(one.name for one in organisations if one.role == "sponsor")
    schema = form_from(form)
    rounds = rounds_from(rubrics, schema)
    check_settings(root)
    check_ties(root, rounds)
    edition = EditionData(
        slug=_slug(root),
        name=root.text("name"),
        short_name=root.text("short_name"),
        theme=root.text("theme"),
        organisations=organisations,
        departments=departments,
        tracks=tracks_from(tracks, departments),
        stages=_stages(root),
        prizes=prizes_from(root),
        articles=_articles(root, documents),
        rounds=rounds,
        form=schema,
        settings={key: value for key, value in root.value.items() if key not in _OWN_TABLES},
        form_source=form.value,
        rubrics_source=rubrics.value,
        digest="",
    )
    root.no_more()
    return edition


def _with_digest(edition: EditionData, raw: list[Any]) -> EditionData:
    texts = [article.body for article in edition.articles]
    plain = json.dumps([*raw, texts], ensure_ascii=False, sort_keys=True, default=str)
    return EditionData(**{**vars(edition), "digest": hashlib.sha256(plain.encode()).hexdigest()})


def _slug(root: Node) -> str:
    slug = root.text("slug")
    if slug and not _SLUG.fullmatch(slug):
        root.at("slug").say(f"“{slug}”只能由小写字母、数字和连字符组成。")
    return slug


def _organisations(root: Node) -> tuple[OrganisationData, ...]:
    found: list[OrganisationData] = []
    for position, name in enumerate(root.texts("guides"), start=1):
        found.append(OrganisationData("guide", position, name, "", (), ""))
    for key, role in (("sponsors", "sponsor"), ("undertakers", "undertaker")):
        nodes = root.items(key)
        listed = [_organisation(node, role, position) for position, node in enumerate(nodes, start=1)]
        say_duplicates(((node, one.name) for node, one in zip(nodes, listed, strict=True)), "单位")
        found += listed
    return tuple(found)


def _organisation(node: Node, role: str, position: int) -> OrganisationData:
    one = OrganisationData(
        role=role,
        position=position,
        name=node.text("name"),
        short_name=node.text("short_name", default=""),
        aliases=node.texts("aliases", required=False),
        credit_code=node.text("credit_code", default=""),
    )
    node.no_more()
    return one


def _stages(root: Node) -> tuple[StageData, ...]:
    zone = root.zone("time_zone")
    nodes = root.items("stages")
    stages: list[StageData] = []
    for position, node in enumerate(nodes, start=1):
        stages.append(
            StageData(
                key=node.one_of("key", STAGE_KEYS),
                name=node.text("name"),
                position=position,
                opens_at=node.instant("opens_at", zone),
                closes_at=node.instant("closes_at", zone),
                provisional=node.flag("provisional", default=True),
                month_text=node.text("month_text", default=""),
            )
        )
        node.no_more()
    say_duplicates(((node, stage.key) for node, stage in zip(nodes, stages, strict=True)), "阶段")
    _check_order(root.at("stages"), nodes, stages)
    return tuple(stages)


def _check_order(all_of_them: Node, nodes: list[Node], stages: list[StageData]) -> None:
    """Each opens before it closes; registration and submission overlap, every later stage waits for the one before."""
    keys = [stage.key for stage in stages]
    missing = [key for key in STAGE_KEYS if key not in keys]
    if missing:
        all_of_them.say(f"缺少阶段：{'、'.join(missing)}。")
    elif tuple(keys) != STAGE_KEYS:
        all_of_them.say(f"阶段应按 {'、'.join(STAGE_KEYS)} 的顺序排列。")
    for node, stage in zip(nodes, stages, strict=True):
        if stage.opens_at >= stage.closes_at:
            node.say(f"“{stage.name}”的开始时间不早于截止时间。")
    for node, before, stage in zip(nodes[1:], stages, stages[1:], strict=False):
        if stage.key == "submission":
            if stage.opens_at < before.opens_at or stage.closes_at < before.closes_at:
                node.say(f"“{stage.name}”应不早于“{before.name}”开始，也不早于其截止。")
        elif stage.opens_at < before.closes_at:
            node.say(f"“{stage.name}”在“{before.name}”截止之前就开始了。")


def _articles(root: Node, documents: Path) -> tuple[ArticleData, ...]:
    found: list[ArticleData] = []
    keys: list[tuple[Node, str]] = []
    for position, node in enumerate(root.items("articles", required=False), start=1):
        keys.append((node, f"articles/{node.text('key')}"))
        file = node.text("file")
        kind, title = node.one_of("category", _ARTICLE_KINDS), node.text("title")
        found.append(ArticleData(kind, title, _document(node.at("file"), documents, file), file, position))
        node.no_more()
    for position, node in enumerate(root.items("faq", required=False), start=1):
        source = f"faq/{node.text('key')}"
        keys.append((node, source))
        found.append(ArticleData("faq", node.text("question"), node.text("answer"), source, position))
        node.no_more()
    say_duplicates(keys, "文章")
    return tuple(found)


def _document(node: Node, documents: Path, name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+\.md", name):
        node.say(f"“{name}”应是 documents 文件夹中的 .md 文件名。")
        return ""
    try:
        text = (documents / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        node.say(f"documents/{name} 不存在或不能按 UTF-8 读取。")
        return ""
    if not text.strip():
        node.say(f"documents/{name} 是空的。")
    return text
