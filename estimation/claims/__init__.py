"""What others say the number is, with sources, and what a claim implies; nothing here estimates anything."""

from estimation.claims.claims_file import Claim, ClaimsFile, ReferenceFigure, read_claims
from estimation.claims.implications import Implication, Need, implication, need, probability_at_least

__all__ = [
    "Claim",
    "ClaimsFile",
    "Implication",
    "Need",
    "ReferenceFigure",
    "implication",
    "need",
    "probability_at_least",
    "read_claims",
]


def __dir__() -> list[str]:
    return list(__all__)
