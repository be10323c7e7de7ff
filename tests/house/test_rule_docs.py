"""docs/rules.md tells the truth."""

from pathlib import Path

from django.conf import settings

from competition.config import rule_docs

ROOT: Path = settings.BASE_DIR


def test_rules_are_the_notices_109() -> None:
    rules = rule_docs.read_rules(ROOT)

    assert len(rules) == 109
    assert list(rules)[:2] == ["R01", "R02"]


def test_rule_page_is_fresh() -> None:
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")

    assert written == rule_docs.render(ROOT), "run: manage.py rule_docs"


def test_marks_of_tests_and_code_name_existing_rules() -> None:
    rules = rule_docs.read_rules(ROOT)
    marks = {name for mark, _ in rule_docs.marks_of_tests(ROOT) for name in rule_docs.named_in(mark, rules)}
    code = rule_docs.code_mentions(ROOT, rules)

    assert marks - set(rules) == set()
    assert {name: sorted(files) for name, files in code.items() if name not in rules} == {}


def test_named_in_reads_ranges_and_families() -> None:
    rules = rule_docs.read_rules(ROOT)

    found = rule_docs.named_in("as R80-R82 and R52 say, not R521x or SR10", rules)

    assert found == {"R80", "R81", "R82", "R52a", "R52b", "R52c", "R52d", "R52e", "R52f"}
