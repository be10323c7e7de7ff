"""The words and signs that pages share: icons, states, dates, amounts, the stage line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from competition import clock
from competition.markdown import render as render_markdown
from competition.middleware import address
from competition.registries import navigation
from competition.stages import Phase, StageView, format_end, format_instant

register = template.Library()

#: state -> icon of its badge; the word comes with it, so that colour never speaks alone
STATE_ICONS: dict[str, str] = {
    "todo": "dot",
    "now": "now",
    "wait": "wait",
    "done": "done",
    "act": "act",
    "closed": "closed",
    "rejected": "rejected",
    "official": "megaphone",
}
NOTICE_ICONS: dict[str, str] = {"info": "info", "done": "done", "act": "act", "official": "megaphone"}
#: Django's message levels and the names that services use
NOTICE_KINDS: dict[str, str] = {
    "debug": "info",
    "info": "info",
    "success": "done",
    "warning": "act",
    "error": "act",
}
#: Names of the arguments of public pages that take any
PAGE_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "track": ("number",),
    "articles": ("category",),
    "article": ("pk",),
    "article_file": ("pk",),
}
#: What other apps show stands before these (competition.registries.navigation).
LATER: tuple[str, ...] = ("downloads", "faq", "organisation")
NAVIGATION: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("首页", "home", ()),
    ("赛道赛题", "tracks", ()),
    ("通知公告", "articles", ("notice",)),
    ("下载", "downloads", ()),
    ("常见问题", "faq", ()),
    ("组织机构", "organisation", ()),
)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; without a label it is decoration and hidden from screen readers."""
    href = f"{static('brand/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.inclusion_tag("components/_badge.html")
def badge(state: str, word: str) -> dict[str, str]:
    """A status: its sign and its word. States: todo, now, wait, done, act, closed, rejected, official."""
    kind = state if state in STATE_ICONS else "todo"
    return {"kind": "act" if kind == "rejected" else kind, "icon_name": STATE_ICONS[kind], "word": word}


@register.inclusion_tag("components/_notice.html")
def notice(kind: str, text: str = "", title: str = "") -> dict[str, Any]:
    """A message box: info, done, act or official; Django's message levels are understood too."""
    known = kind if kind in NOTICE_ICONS else NOTICE_KINDS.get(kind.split()[-1] if kind else "", "info")
    return {"kind": known, "icon_name": NOTICE_ICONS[known], "text": text, "title": title}


@register.inclusion_tag("components/_error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, list[dict[str, str]]]:
    """Every error of the bound forms, each a link to its field."""
    return {"problems": [problem for form in forms for problem in _problems(form)]}


@register.inclusion_tag("components/_stage_line.html")
def stage_line(stages: Iterable[StageView]) -> dict[str, list[dict[str, Any]]]:
    """The stages in order, each done, now or next; today's mark stands in a stage or before one."""
    shown: list[dict[str, Any]] = []
    stages = list(stages)
    gap_marked = any(stage.phase is Phase.OPEN for stage in stages)
    for stage in stages:
        state = {Phase.OVER: "done", Phase.OPEN: "now", Phase.BEFORE: "next"}[Phase(stage.phase)]
        gap = state == "next" and not gap_marked
        gap_marked = gap_marked or gap
        today = state == "now" and not any(item["today"] for item in shown)
        shown.append({"stage": stage, "state": state, "today": today, "today_before": gap and bool(shown)})
    return {"items": shown}


@register.filter
def stage_when(stage: StageView) -> SafeString | str:
    """``2025年7月`` while provisional, else the days: ``7月1日至7月18日``.

    A stage that closes at midnight ends with the day before; a single day stands alone.
    """
    if stage.provisional:
        return stage.when
    last = stage.closes_at - timedelta(microseconds=1)
    first_day, last_day = _day(timezone.localtime(stage.opens_at)), _day(timezone.localtime(last))
    return first_day if first_day == last_day else format_html("{}至<wbr>{}", first_day, last_day)


@register.filter
def cn_datetime(value: datetime | None) -> str:
    """``2025年7月18日 18:00（周五）``; nothing for nothing."""
    return format_instant(value) if value else ""


@register.filter
def cn_end(value: datetime | None) -> str:
    """When something ends: midnight as ``2025年7月31日 24:00（周四）``, else as ``cn_datetime``."""
    return format_end(value) if value else ""


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """``2025年7月18日``; nothing for nothing."""
    if not value:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{local.year}年{_day(local)}"


@register.filter
def cn_clock(value: datetime | None) -> str:
    """``14:03:22`` in the portal's time zone."""
    return f"{timezone.localtime(value):%H:%M:%S}" if value else ""


@register.filter
def cn_money(fen: int | None) -> str:
    """An amount in fen as ``5万元``, ``0.5万元`` or ``1234.50元``."""
    if fen is None:
        return ""
    yuan = Decimal(fen) / 100
    wan = yuan / 10000
    if yuan >= 1000 and wan == wan.quantize(Decimal("0.01")):
        return f"{wan.normalize():f}万元"
    return f"{yuan:,.2f}元" if yuan % 1 else f"{yuan:,.0f}元"


@register.filter
def cn_size(size: int | None) -> str:
    """A file's size in KB or MB with one decimal."""
    if size is None:
        return ""
    if size < 1024 * 1024:
        return f"{max(size / 1024, 0.1):.1f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


@register.simple_tag(takes_context=True)
def edition_clock(context: Context, value: datetime) -> str:
    """``14:03:22`` of a real instant by the clock that the page shows: in a rehearsal the edition's."""
    edition = context.get("edition")
    return cn_clock(clock.at(edition, value) if edition else value)


@register.simple_tag(takes_context=True)
def page_url(context: Context, name: str, *args: Any) -> str:
    """The address of a public page within the edition that is being looked at."""
    edition = context.get("edition")
    kwargs: dict[str, Any] = dict(zip(PAGE_ARGUMENTS.get(name, ()), args, strict=True))
    if context.get("is_other_edition") and edition:
        kwargs["edition_slug"] = edition.slug
    return reverse(name if name == "home" else f"competition:{name}", kwargs=kwargs)


def _other_page(context: Context, name: str) -> str:
    """The address of another app's public page, within the edition that is being looked at."""
    edition = context.get("edition")
    other = {"edition_slug": edition.slug} if context.get("is_other_edition") and edition else {}
    return reverse(name, kwargs=other)


@register.simple_tag(takes_context=True)
def within(context: Context, name: str, **kwargs: Any) -> str:
    """The address of any page that exists per edition, within the edition that is being looked at."""
    return address(context["request"], name, **kwargs)


@register.inclusion_tag("components/_site_nav.html", takes_context=True)
def site_nav(context: Context) -> dict[str, Any]:
    """The site's navigation, the page one is on marked."""
    request = context.get("request")
    here = request.path if request else ""
    home = page_url(context, "home")
    pages = [(label, name, page_url(context, name, *args)) for label, name, args in NAVIGATION]
    others = [(label, name, _other_page(context, name)) for _, links in navigation for label, name in links()]
    place = next(place for place, (_, name, _) in enumerate(pages) if name in LATER)
    items = []
    for label, _, url in [*pages[:place], *others, *pages[place:]]:
        current = here == home if url == home else here.startswith(url)
        items.append({"label": label, "url": url, "current": current})
    return {"items": items, "user": context.get("user"), "csrf_token": context.get("csrf_token")}


@register.filter
def markdown(text: str) -> SafeString:
    """Staff's text as HTML; raw HTML in it is shown as text."""
    return mark_safe(render_markdown(text))


def _day(value: date) -> str:
    return f"{value.month}月{value.day}日"


def _problems(form: BaseForm) -> list[dict[str, str]]:
    if not form.is_bound:
        return []
    found = [{"href": "", "label": "", "sentence": str(error)} for error in form.non_field_errors()]
    for name, errors in form.errors.items():
        if name in form.fields:
            field = form[name]
            found += [
                {
                    "href": f"#{field.id_for_label or field.auto_id}",
                    "label": str(field.label),
                    "sentence": str(error),
                }
                for error in errors
            ]
    return found
