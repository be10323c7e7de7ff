"""Named refusals. A service raises one; its sentence is what the user reads."""

from __future__ import annotations


class Refusal(Exception):
    """Something that a service will not do, with the Chinese sentence that says why and what to do."""

    code = "refused"
    status = 409

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotAllowed(Refusal):
    """The person may know of the thing but may not do this to it."""

    code = "not_allowed"
    status = 403


class WrongState(Refusal):
    """The thing is not (or no longer) in a state that admits this move."""

    code = "wrong_state"


class StageClosed(Refusal):
    """The stage is not open at the instant of arrival (R12, R77)."""

    code = "stage_closed"


class StaleVersion(Refusal):
    """Somebody saved a newer version meanwhile; nothing was overwritten."""

    code = "stale_version"


class Invalid(Refusal):
    """One or more fields are not acceptable: {field path: sentence}."""

    code = "invalid"
    status = 422

    def __init__(self, problems: dict[str, str], sentence: str = "") -> None:
        first = next(iter(problems.values()), "")
        super().__init__(sentence or first, field=next(iter(problems), ""))
        self.problems = problems


class TooMany(Refusal):
    """A limit on attempts is reached; the sentence says when to try again."""

    code = "too_many"
    status = 429
