"""What dependence of lists is where N is known: odds ratios of two lists, and the interaction of all lists.

Where N is known, all cells of a table are: the odds ratio theta of two lists is n_11 n_00 / (n_10 n_01), and the
interaction of all lists, xi = r / n_0 with r the product of the cells of histories with an odd number of lists over
that of those with an even one, is what `estimation.models.no_highest_order` needs.  Known totals come from two studies,
so that these are two places on a curve and no distribution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from estimation.priors.discount import discount
from estimation.priors.sources import Study, studies, study_table

__all__ = ["KnownValue", "known_interactions", "known_odds_ratios"]


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A value in a study where N is known.

    Parameters
    ----------
    study, title : str
        Name of the study, and what it counted.
    value : float
        The value.
    """

    study: str
    title: str
    value: float


def _known() -> list[Study]:
    return [study for study in studies() if study.truth is not None and study.kind != "synthetic"]


@cache
def known_odds_ratios() -> tuple[KnownValue, ...]:
    """The odds ratio of two lists in the population, the geometric mean over pairs, of each study where N is known.

    Examples
    --------
    >>> [(one.study, round(one.value, 1)) for one in known_odds_ratios()]
    [('kosovo', 1.8), ('hepatitis_a', 2.4)]
    """
    pairs = discount().pairs
    means = {
        study.name: np.mean([one.in_population for one in pairs if one.pair.study == study.name]) for study in _known()
    }
    return tuple(KnownValue(study.name, study.title, math.exp(means[study.name])) for study in _known())


@cache
def known_interactions() -> tuple[KnownValue, ...]:
    """The interaction of all lists, xi, of each study where N is known.

    Examples
    --------
    >>> [(one.study, round(one.value, 1)) for one in known_interactions()]
    [('kosovo', 2.1), ('hepatitis_a', 3.8)]
    """
    return tuple(KnownValue(study.name, study.title, _interaction(study)) for study in _known())


def _interaction(study: Study) -> float:
    """R / n_0, by logarithms."""
    table = study_table(study.table)
    cells = table.cells().astype(np.float64)
    lists = np.array([bin(code).count("1") for code in range(cells.size)])
    log_r = np.log(cells[lists % 2 == 1]).sum() - np.log(cells[(lists % 2 == 0) & (lists > 0)]).sum()
    return math.exp(log_r) / ((study.truth or 0) - table.n_observed)
