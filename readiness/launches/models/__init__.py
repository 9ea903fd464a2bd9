"""Launches, their items, and everything people say about them."""

from readiness.launches.models.badges import Badge
from readiness.launches.models.decisions import ActionItem, Decision, DecisionSignature
from readiness.launches.models.evidence import (
    Evidence,
    EvidenceKind,
    EvidenceLink,
    EvidenceRevision,
)
from readiness.launches.models.fact_revisions import FactRevision
from readiness.launches.models.guests import Guest
from readiness.launches.models.items import Act, LaunchItem, Progress
from readiness.launches.models.launches import (
    Candidate,
    ConfigEvent,
    Launch,
    LaunchApprover,
    LaunchDuty,
    LaunchSigner,
    Stage,
    VerdictSnapshot,
)
from readiness.launches.models.talk import Comment, CommentMention, CommentRevision
from readiness.launches.models.views import Pin, SavedView
from readiness.launches.models.words import Exemption, ExemptionKind, SignOff, Via

__all__ = [
    "Act",
    "ActionItem",
    "Badge",
    "Candidate",
    "Comment",
    "CommentMention",
    "CommentRevision",
    "ConfigEvent",
    "Decision",
    "DecisionSignature",
    "Evidence",
    "EvidenceKind",
    "EvidenceLink",
    "EvidenceRevision",
    "Exemption",
    "ExemptionKind",
    "FactRevision",
    "Guest",
    "Launch",
    "LaunchApprover",
    "LaunchDuty",
    "LaunchItem",
    "LaunchSigner",
    "Pin",
    "Progress",
    "SavedView",
    "SignOff",
    "Stage",
    "VerdictSnapshot",
    "Via",
]
