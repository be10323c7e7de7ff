"""Who takes part: teams, their units and representatives, and how they were checked."""

from registration.models.review import Finding, Review
from registration.models.team import Representative, Team
from registration.models.unit import Unit, UnitProof

__all__ = ["Finding", "Representative", "Review", "Team", "Unit", "UnitProof"]
