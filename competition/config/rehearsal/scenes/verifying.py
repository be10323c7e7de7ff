"""Technical verification: one finalist and one excellence winner fail, one place is filled, one stays vacant."""

from __future__ import annotations

from typing import Final

from competition import roles
from competition.config.rehearsal.ledger import Cases
from competition.config.rehearsal.theatre import Theatre
from judging import shortlist
from judging.models import Replacement, Verification
from judging.services import lists, verification
from judging.workflow import Mode, Pool, ResultStatus, VerificationStatus
from submissions.models import Entry

PASSED: Final = "现场查看系统运行与数据台账，三项审查均无异议。"
FAILED: Final = "不能提供所称数据的合法来源证明，数据来源合法性审查不通过。"


def waiting(theatre: Theatre) -> list[int]:
    """Verifications that nobody has recorded."""
    rows = Verification.objects.filter(edition=theatre.edition, status=VerificationStatus.WAITING)
    return list(rows.order_by("entry_id").values_list("pk", flat=True))


def verify(theatre: Theatre, pk: int, cases: Cases) -> None:
    """Two planted entries fail, all others pass."""
    found = Verification.objects.select_related("entry__team").get(pk=pk)
    case = _planted(theatre).get(found.entry_id, "")
    verification.record(
        found,
        actor=theatre.staff(roles.OFFICER),
        technology=True,
        data_source=not case,
        rights=True,
        opinion=FAILED if case else PASSED,
        mode=Mode.ON_SITE,
        experts=list(verification.candidates(found)[:2]),
    )
    if case:
        standing = lists.standing(theatre.edition).values()
        out = not any(found.entry_id in _ids(one, pool) for one in standing for pool in Pool.values)
        cases.note(case, found.entry.team.name, "void" if out else "still listed")


def _ids(one: shortlist.Shortlist, pool: str) -> set[int]:
    return {int(entry) for entry in one.listed(pool)}


def _planted(theatre: Theatre) -> dict[int, str]:
    """Who fails: the first finalist and the last excellence winner of the track with most finalists."""
    if any(one["case"].startswith("failed_verification") for one in theatre.cases()):
        told = {one["case"] for one in theatre.cases()}
    else:
        told = set()
    standing = lists.standing(theatre.edition)
    number = max(standing, key=lambda one: (len(standing[one].finalists), -one))
    chosen = {}
    if standing[number].finalists and "failed_verification_finalist" not in told:
        chosen[int(standing[number].finalists[0])] = "failed_verification_finalist"
    if standing[number].excellence and "failed_verification_excellence" not in told:
        chosen[int(standing[number].excellence[-1])] = "failed_verification_excellence"
    return chosen


def vacancies(theatre: Theatre) -> list[int]:
    """Numbers of tracks with a vacancy in either list."""
    standing = lists.standing(theatre.edition)
    return sorted(
        number for number, one in standing.items() if any(one.vacancies(pool) for pool in Pool.values)
    )


def replace(theatre: Theatre, number: int, cases: Cases) -> None:
    """The next of the track moves up to the final; excellence is filled once, and then left as it is."""
    edition = theatre.edition
    track = edition.tracks.get(number=number)
    while open_pools := [p for p in Pool.values if lists.standing(edition)[number].vacancies(p)]:
        pool = Pool.FINALISTS if Pool.FINALISTS in open_pools else Pool.EXCELLENCE
        one = lists.standing(edition)[number]
        candidates = shortlist.candidates(one, pool)
        taken = Replacement.objects.filter(
            result__edition=edition,
            track=track,
            pool=pool,
            entry__isnull=False,
            status=ResultStatus.CONFIRMED,
        ).exists()
        nobody = not candidates or (pool == Pool.EXCELLENCE and taken)
        proposed = lists.propose_replacement(
            edition,
            track=track,
            pool=pool,
            entry=None if nobody else Entry.objects.get(pk=int(candidates[0])),
            reason="无可递补作品，名额空缺" if nobody else "按赛道排序依次递补",
            actor=theatre.staff(roles.OFFICER),
        )
        lists.confirm_replacement(proposed, actor=theatre.staff(roles.CHIEF))
