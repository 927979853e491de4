"""By place, month, sex and perpetrator: a model on each stratum, their total, people whose labels are missing."""

from estimation.results.sums import PublishedTotal, sum_of_published
from estimation.strata.by_stratum import StratumResults, estimate_by
from estimation.strata.missing_labels import Imputed, imputed
from estimation.strata.totals import total

__all__ = ["Imputed", "PublishedTotal", "StratumResults", "estimate_by", "imputed", "sum_of_published", "total"]


def __dir__() -> list[str]:
    return list(__all__)
