"""What a rehearsal is made of: numbers, files and texts that are valid, plausible and nobody's."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from random import Random

import pytest
from pypdf import PdfReader

from competition import identity
from competition.config.rehearsal import breaches, files, numbers, people, units
from competition.config.rehearsal.answers import Filler
from competition.config.rehearsal.breaches import OUT
from competition.config.rehearsal.ledger import Ledger
from competition.config.rehearsal.texts import Voice, project_names
from competition.declaration import Node, Problems
from competition.edition_schema import EditionData
from competition.errors import Invalid, StageClosed, WrongState
from competition.files import sha256_of, sniff
from competition.form_schema import form_from


@pytest.mark.rule("R47")
@pytest.mark.parametrize("prefix", ["91", "12", "52", "11", "92"])
def test_credit_codes_are_valid_until_spoiled(prefix: str) -> None:
    codes = [numbers.credit_code(Random(seed), prefix=prefix) for seed in range(50)]

    assert all(identity.credit_code_problem(code) == "" for code in codes)
    assert all("校验位" in identity.credit_code_problem(numbers.spoil(code)) for code in codes)


def test_resident_ids_are_valid_and_nobody_s() -> None:
    drawn = [people.person(Random(seed), "140105") for seed in range(200)]

    assert all(identity.document_problem("resident_id", one.document) == "" for one in drawn)
    assert all("1901" <= one.document[6:10] <= "1910" for one in drawn)
    assert all(identity.mobile_problem(one.mobile) == "" for one in drawn)


def test_units_have_a_complete_region_and_a_valid_code() -> None:
    counties = units.counties()

    drawn = [units.some_unit(Random(seed), counties[seed % len(counties)]) for seed in range(100)]

    assert all(identity.credit_code_problem(unit.credit_code) == "" for unit in drawn)
    assert {unit.region for unit in drawn} <= set(counties)


def test_files_are_real_small_and_each_its_own() -> None:
    first, other, picture = files.pdf("a.pdf", "1"), files.pdf("a.pdf", "2"), files.png("a.png", "1")

    assert len(PdfReader(io.BytesIO(first.read())).pages) == 1
    assert (sniff(first), sniff(picture)) == ("pdf", "png")
    assert sha256_of(first) != sha256_of(other)
    assert max(first.size or 0, picture.size or 0) < 2000


def _fill(edition_data: EditionData, code: str, seed: str) -> tuple[int, list[str], str]:
    """Characters, problems and everything written of one complete form."""
    form = form_from(Node(dict(edition_data.form_source), "form", Problems()))
    rng = Random(seed)
    voice = Voice(rng, topic_code=code, topic_title="赛题", project=project_names(code)[0])
    filler = Filler(rng, voice)
    used, problems, written = 0, [], []
    for section in form.sections:
        answers = filler.section(section)
        keys = [slot.key for slot in section.slots(answers)]
        found = section.check(answers, complete=True, files=keys, derived={"unit.nature": "private"})
        problems += [f"{section.key}: {one.field_label} {one.sentence}" for one in found]
        problems += section.unknown(answers)
        used += section.used_chars(answers)
        written.append(json.dumps(answers, ensure_ascii=False))
    return used, problems, "\n".join(written)


def test_forms_of_every_topic_are_complete_and_of_realistic_length(edition_data: EditionData) -> None:
    codes = [topic.code for track in edition_data.tracks for topic in track.topics]

    filled = {code: _fill(edition_data, code, f"seed {code}") for code in codes}

    assert {code: problems for code, (_, problems, _) in filled.items() if problems} == {}
    assert all(16_000 <= used <= 25_000 for used, _, _ in filled.values())


def test_form_repeats_no_sentence(edition_data: EditionData) -> None:
    _, _, written = _fill(edition_data, "1-2", "seed")

    sentences = Counter(one for one in re.split(r"[。；\"]|\\n", written) if len(one) > 14)

    assert [
        one for one, count in sentences.items() if count > 1 and "不涉及" not in one and "暂不" not in one
    ] == []


def test_same_seed_writes_the_same_form(edition_data: EditionData) -> None:
    first, again, other = (_fill(edition_data, "3-1", seed) for seed in ("a", "a", "b"))

    assert first == again
    assert first != other


@pytest.mark.parametrize("teams", [12, 14, 60, 200])
def test_every_kind_of_breach_is_planted_and_never_two_that_end_a_contest(teams: int) -> None:
    planted = breaches.assign(Random(1), teams)

    assert {breach for broken in planted for breach in broken} == set(breaches.ALL)
    assert all(sum(one.shows == OUT for one in broken) <= 1 for broken in planted)
    assert all(len(broken) == 1 for broken in planted if any(one.shows == OUT for one in broken))
    assert planted[0] == frozenset()


def test_ledger_counts_only_the_refusal_it_expects() -> None:
    ledger = Ledger()

    def refuse() -> None:
        raise StageClosed("报名已截止。")

    ledger.expect_refusal(breaches.LATE_REGISTRATION, refuse, StageClosed, "截止")
    ledger.expect_refusal(breaches.SIXTH_UNIT, lambda: None, WrongState, "最多5家")
    ledger.expect_refusal(breaches.SIXTH_MEMBER, refuse, WrongState, "截止")
    ledger.expect_refusal(breaches.LATE_SUBMISSION, refuse, StageClosed, "另一句话")

    assert len(ledger.planted) == 4
    assert ledger.caught == [breaches.LATE_REGISTRATION.key]


def test_ledger_wants_the_place_and_the_sentence() -> None:
    ledger = Ledger()
    problems = Invalid({"overview/background": "已写900字，上限为500字，请删去400字。"}).problems

    ledger.expect_problem(breaches.OVER_CAP, problems, path="overview/background", words="上限为500字")
    ledger.expect_problem(breaches.NO_CASE, problems, path="cases/cases", words="上限")
    ledger.expect_problem(breaches.ONE_INDICATOR, problems, path="overview/background", words="至少")

    assert ledger.caught == [breaches.OVER_CAP.key]
