"""An edition's folder, read and checked: values in, values out, no database.

    data = read_edition(Path("competition/editions/shanxi-2025"))     # EditionData
    except EditionProblems as refused: refused.problems               # every problem, one Chinese sentence each

What has tables of its own (organisations, tracks, topics, stages, articles) comes as dataclasses; everything else
of edition.yaml as the plain, JSON-ready `settings`; form.yaml and rubrics.yaml as checked objects and as plain data.
"""

from competition.declaration import EditionProblems
from competition.edition_schema.data import (
    ArticleData,
    CriterionData,
    EditionData,
    OrganisationData,
    PrizeData,
    RoundData,
    StageData,
    TopicData,
    TrackData,
)
from competition.edition_schema.reading import edition_from, read_edition

__all__ = [
    "ArticleData",
    "CriterionData",
    "EditionData",
    "EditionProblems",
    "OrganisationData",
    "PrizeData",
    "RoundData",
    "StageData",
    "TopicData",
    "TrackData",
    "edition_from",
    "read_edition",
]
