"""axe-core on a page that is open in the tests' browser: what it finds wrong, as lines to read.

    from tests.axe import violations

    assert violations(page) == []

The script is evaluated by the browser's own console, so the page's security policy need not be loosened.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.conf import settings
from playwright.sync_api import Page

SCRIPT: Final = settings.BASE_DIR / "static/vendor/node_modules/axe-core/axe.min.js"
#: WCAG 2 A and AA, and what axe itself holds to be good practice.
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN: Final = """async ({tags, off}) => {
    const rules = Object.fromEntries(off.map((rule) => [rule, {enabled: false}]));
    const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, rules, resultTypes: ["violations"]});
    return found.violations.map(({id, impact, help, nodes}) => ({
        id, impact, help, nodes: nodes.map(({target, failureSummary}) => ({target: target.join(" "), why: failureSummary})),
    }));
}"""


@cache
def _script() -> str:
    return SCRIPT.read_text()


def violations(page: Page, *, off: tuple[str, ...] = ()) -> list[str]:
    """Everything that axe finds on the page, one line an element; ``off`` names rules that are not asked.

    A rule is set aside only where the page is not our own (Django's admin widgets), with the reason beside it.
    """
    page.wait_for_load_state("load")
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_script())
    found: list[dict[str, Any]] = page.evaluate(RUN, {"tags": TAGS, "off": list(off)})
    return [
        f"{one['id']} ({one['impact']}) {one['help']}: {node['target']} – {' '.join(node['why'].split())}"
        for one in found
        for node in one["nodes"]
    ]
