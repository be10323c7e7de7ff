"""Staff's texts to HTML: headings, paragraphs, lists, tables and links; raw HTML is shown as text."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token

_renderer = MarkdownIt("commonmark", {"html": False}).enable("table")


def render(text: str) -> str:
    """Safe HTML of a text; headings start at level two, since the page has its own title."""
    tokens = _renderer.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
        _drop_inline_style(token)
    html: str = _renderer.renderer.render(tokens, _renderer.options, {})
    return html


def _drop_inline_style(token: Token) -> None:
    # Aligned table cells come with style="", which the content security policy forbids.
    token.attrs.pop("style", None)
