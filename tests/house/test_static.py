"""Static files: what pages ask for exists, and nothing is served that only installs."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.staticfiles import finders

ASKED = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")


def test_every_static_file_that_a_template_names_exists() -> None:
    missing = {
        f"{path.relative_to(settings.BASE_DIR)}: {name}"
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for name in ASKED.findall(path.read_text(encoding="utf-8"))
        if finders.find(name) is None
    }

    assert missing == set()


def test_front_end_packages_are_served_from_their_short_names() -> None:
    found = finders.find("vendor/bootstrap/css/bootstrap.min.css")

    assert found is not None
    assert str(found).endswith("node_modules/bootstrap/dist/css/bootstrap.min.css")
