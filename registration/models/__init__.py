"""Who takes part: teams, their units and representatives, and how they were checked."""

from registration.models.correction import Correction
from registration.models.lookup import CreditLookup, LookupEvidence
from registration.models.review import Finding, Review
from registration.models.team import Representative, Team
from registration.models.unit import Unit, UnitConsent, UnitProof

__all__ = [
    "Correction",
    "CreditLookup",
    "Finding",
    "LookupEvidence",
    "Representative",
    "Review",
    "Team",
    "Unit",
    "UnitConsent",
    "UnitProof",
]
