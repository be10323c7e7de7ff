"""What comes out: awards, publicity, reports, certificates, payouts, the library of works."""

from awards.models.award import Award, PrizeBudget, PrizeTier, Revocation
from awards.models.certificate import Certificate
from awards.models.library import Ceremony, Interest, Opportunity, Work
from awards.models.notice import CalendarDay, PublicityNotice
from awards.models.payout import Payout, PayoutPlace, Reclaim
from awards.models.report import Evidence, Report, Reporter, Ruling

__all__ = [
    "Award",
    "CalendarDay",
    "Ceremony",
    "Certificate",
    "Evidence",
    "Interest",
    "Opportunity",
    "Payout",
    "PayoutPlace",
    "PrizeBudget",
    "PrizeTier",
    "PublicityNotice",
    "Reclaim",
    "Report",
    "Reporter",
    "Revocation",
    "Ruling",
    "Work",
]
