"""How entries are judged: gates, experts, blind material, score sheets, results, verification, the final."""

from judging.models.blind import BlindMaterial, BlindPage
from judging.models.expert import Conflict, Expert, ExpertUnit, Panel, PanelMember
from judging.models.final import FinalSession, Presentation
from judging.models.gate import Gate, GateDecision
from judging.models.result import Draw, ListChange, Replacement, Result, Vote
from judging.models.score import Assignment, AssignmentRun, ScoreSheet, SheetDraft
from judging.models.verification import Verification, VerificationRecord

__all__ = [
    "Assignment",
    "AssignmentRun",
    "BlindMaterial",
    "BlindPage",
    "Conflict",
    "Draw",
    "Expert",
    "ExpertUnit",
    "FinalSession",
    "Gate",
    "GateDecision",
    "ListChange",
    "Panel",
    "PanelMember",
    "Presentation",
    "Replacement",
    "Result",
    "ScoreSheet",
    "SheetDraft",
    "Verification",
    "VerificationRecord",
    "Vote",
]
