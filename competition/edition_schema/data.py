"""What an edition's folder says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from competition.form_schema import FormSchema


@dataclass(frozen=True, slots=True)
class OrganisationData:
    """A guiding unit, sponsor or undertaking unit; `role` is guide, sponsor or undertaker."""

    role: str
    position: int
    name: str
    short_name: str
    aliases: tuple[str, ...]
    credit_code: str


@dataclass(frozen=True, slots=True)
class TopicData:
    """A topic; `is_open` marks the one of an open track, which the notice does not count."""

    number: int
    code: str
    title: str
    description: str
    public_bodies: bool
    department: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class TrackData:
    """A track with its topics; `summary` is its card's sentence."""

    number: int
    name: str
    short_name: str
    heading: str
    aliases: tuple[str, ...]
    summary: str
    intro: str
    topics: tuple[TopicData, ...]

    @property
    def listed_topics(self) -> int:
        """How many topics the notice counts."""
        return sum(not topic.is_open for topic in self.topics)


@dataclass(frozen=True, slots=True)
class StageData:
    """A window of time; `month_text` is what pages show while it is provisional."""

    key: str
    name: str
    position: int
    opens_at: datetime
    closes_at: datetime
    provisional: bool
    month_text: str


@dataclass(frozen=True, slots=True)
class PrizeData:
    """A tier: how many, how much each (fen), and which list of seats fills it (finalists or excellence)."""

    key: str
    code: str
    name: str
    count: int
    amount_fen: int
    pool: str


@dataclass(frozen=True, slots=True)
class CriterionData:
    """A criterion of a rubric; `source` is the part of the form that it judges ('solution.route'), or ''."""

    key: str
    label: str
    points: Decimal
    source: str
    parts: tuple[CriterionData, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundData:
    """The criteria of a round; their points add up to 100."""

    key: str
    name: str
    criteria: tuple[CriterionData, ...]


@dataclass(frozen=True, slots=True)
class ArticleData:
    """A text of the folder that the portal shows; `source` is its lasting name ('notice.md', 'faq/fee')."""

    category: str
    title: str
    body: str
    source: str
    position: int


@dataclass(frozen=True)
class EditionData:
    """A whole edition that adds up."""

    slug: str
    name: str
    short_name: str
    theme: str
    organisations: tuple[OrganisationData, ...]
    departments: tuple[str, ...]
    tracks: tuple[TrackData, ...]
    stages: tuple[StageData, ...]
    prizes: tuple[PrizeData, ...]
    articles: tuple[ArticleData, ...]
    rounds: tuple[RoundData, ...]
    form: FormSchema
    settings: Mapping[str, Any]
    form_source: Mapping[str, Any]
    rubrics_source: Mapping[str, Any]
    digest: str

    def stage(self, key: str) -> StageData | None:
        """The stage with this key, or None."""
        return next((stage for stage in self.stages if stage.key == key), None)
