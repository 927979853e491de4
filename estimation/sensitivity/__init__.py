"""The same question with one thing changed: does the number survive?  One file, one question."""

from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.sensitivity.consistency import consistency
from estimation.sensitivity.leave_one_list_out import leave_one_list_out
from estimation.sensitivity.linkage_error import linkage_error
from estimation.sensitivity.merge_two_lists import merge_two_lists
from estimation.sensitivity.odds_ratio import odds_ratio
from estimation.sensitivity.one_inflation import one_inflation
from estimation.sensitivity.pairs import pairs
from estimation.sensitivity.subsets import subsets
from estimation.sensitivity.tipping_dependence import tipping_dependence
from estimation.sensitivity.tipping_linkage_error import tipping_linkage_error
from estimation.sensitivity.tipping_share import tipping_share
from estimation.sensitivity.vary_setting import vary_setting

__all__ = [
    "Alternative",
    "Sensitivity",
    "consistency",
    "leave_one_list_out",
    "linkage_error",
    "merge_two_lists",
    "odds_ratio",
    "one_inflation",
    "pairs",
    "subsets",
    "tipping_dependence",
    "tipping_linkage_error",
    "tipping_share",
    "vary_setting",
]


def __dir__() -> list[str]:
    return list(__all__)
