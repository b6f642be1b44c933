"""What is known from earlier cooperations: who took part in projects like this one, and who knows whom."""

from kontor.engine.matching.past.backing import NO_BACKING, Backing, Link, backing_of
from kontor.engine.matching.past.evidence import PAST_PARTS, PastEvidence, evidence_of
from kontor.engine.matching.past.graph import Cooperation, Past

__all__ = [
    "NO_BACKING",
    "PAST_PARTS",
    "Backing",
    "Cooperation",
    "Link",
    "Past",
    "PastEvidence",
    "backing_of",
    "evidence_of",
]
