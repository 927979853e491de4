"""How two lists depend on each other in published studies, among the people on another list.

Of people on a third list all four cells of two lists are seen, so the odds ratio needs no assumption there.  The
studies, and the pairs within each, are put together by the model of `estimation.priors.hierarchy`; one table a study,
strata of others left out.

What it is not: an odds ratio among people whom another list holds is not that of the population
(`estimation.priors.discount`), and the two lists of a table collapsed over strata look dependent where people differ.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from estimation.capture.table import FloatArray
from estimation.errors import SettingError
from estimation.frames import frame_of
from estimation.priors import hierarchy
from estimation.priors.pair_likelihood import PairOfLists, cells_of_pairs
from estimation.priors.sources import NOT_STATED, Study, checked_kind, checked_studies, studies, study_table
from estimation.toml_file import nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DEPENDENCE_KINDS", "PairDependence", "PairOfLists", "dependence", "informative_pairs", "pairs_of_study"]

_REAL = ("killings", "other violations", "trafficking", "drug use", "health")
DEPENDENCE_KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "killings": ("killings", ("killings",)),
        "trafficking": ("trafficking", ("trafficking",)),
        "health and drug use": ("health registers and drug use", ("health", "drug use")),
        "hidden populations": ("trafficking and drug use", ("trafficking", "drug use")),
        "health registers": ("health registers", ("health",)),
        "all": ("all kinds", _REAL),
    }
)
"""What each kind is called, and the kinds of studies in it."""

_LEVELS = (0.025, 0.5, 0.975)
_CAVEATS = (
    "This is dependence among people whom another list names, and people whom no list names may differ.",
    "Lists without overlap are not published, and lists that depend because people differ look the same as lists that "
    "share their sources.",
    "Studies are few, and lists differ in what they are.",
)


@dataclass(frozen=True, slots=True, eq=False)
class PairDependence:
    """The odds ratio of two lists in published studies of one kind, among the people on another list.

    Parameters
    ----------
    kind, title : str
        The kind asked for, and what it holds in words.
    lists : tuple of str, optional
        The two kinds of lists; None for all.
    pairs : tuple of PairOfLists
        The pairs that say something.
    mean, mean_sd : float
        Posterior mean and standard deviation of mu, the mean log odds ratio.
    between, within : float
        Posterior means of the standard deviations of log odds ratios between studies and within them.
    correlation : float
        Predictive correlation of the log odds ratios of two pairs of another study: pairs of one study are alike.
    predictive : tuple of float
        Odds ratio of a pair of another study: 2.5 %, median, 97.5 %.
    probability_negative : float
        Predictive probability that such a pair is negatively dependent, its odds ratio below 1.
    log_odds_ratio, probabilities : float array, shape (K,)
        The predictive distribution of the log odds ratio, on a grid.

    Examples
    --------
    >>> found = dependence("killings")
    >>> len(found.studies), len(found.pairs), [float(f"{ratio:.2g}") for ratio in found.predictive]
    (4, 15, [0.21, 2.7, 36.0])
    """

    kind: str
    title: str
    lists: tuple[str, str] | None
    pairs: tuple[PairOfLists, ...]
    mean: float
    mean_sd: float
    between: float
    within: float
    correlation: float
    predictive: tuple[float, float, float]
    probability_negative: float
    log_odds_ratio: FloatArray
    probabilities: FloatArray

    @property
    def studies(self) -> tuple[str, ...]:
        """Names of the studies, in the order of the library."""
        return tuple(dict.fromkeys(pair.study for pair in self.pairs))

    @property
    def range(self) -> tuple[float, float]:
        """The 95 % predictive interval of the odds ratio."""
        return self.predictive[0], self.predictive[2]

    @property
    def caveats(self) -> tuple[str, ...]:
        """What the studies cannot say."""
        return _CAVEATS

    @property
    def predictive_moments(self) -> tuple[float, float]:
        """Mean and standard deviation of the log odds ratio of a pair of another study."""
        return hierarchy.moments(self.probabilities)

    def leave_one_study_out(self) -> dict[str, PairDependence]:
        """The same without each study in turn, by the name of the study that is left out."""
        return {
            name: _of(self.kind, self.title, self.lists, tuple(pair for pair in self.pairs if pair.study != name))
            for name in (self.studies if len(self.studies) > 1 else ())
        }

    def to_frame(self) -> pd.DataFrame:
        """One row a pair; the odds ratio is missing where a cell is empty."""
        texts = ("study", "first", "second", "first_kind", "second_kind")
        counts = ("n_11", "n_10", "n_01", "n_00")
        rows = [
            dict(zip(texts, (pair.study, pair.first, pair.second, *pair.kinds), strict=True))
            | dict(zip(counts, pair.cells, strict=True))
            | {"odds_ratio": pair.odds_ratio}
            for pair in self.pairs
        ]
        columns = {**dict.fromkeys(texts, str), **dict.fromkeys(counts, int), "odds_ratio": float}
        return frame_of(rows, columns)

    def __str__(self) -> str:
        low, middle, high = self.predictive
        tendency = "mostly went with" if middle > 1 else "mostly went without"
        between = "" if self.lists is None else f", one list {self.lists[0]} and one {self.lists[1]}"
        return (
            f"In {len(self.pairs)} pairs of lists of {len(self.studies)} published studies ({self.title}{between}), "
            f"among people whom another list names, being on one list {tendency} being on the other. "
            f"Another such pair would have an odds ratio of {_written(low)} to {_written(high)} with a "
            f"probability of 95 % (median {_written(middle)}; 1 is independence), and would be below 1 with a "
            f"probability of {self.probability_negative:.0%}. {' '.join(self.caveats)}"
        )


def dependence(
    kind: str = "all", *, lists: tuple[str, str] | None = None, without: str | Collection[str] = ()
) -> PairDependence:
    """The odds ratio of two lists in published studies, and the interval for a pair of another study.

    Parameters
    ----------
    kind : {"killings", "trafficking", "health and drug use", "hidden populations", "health registers", "all"}
        Which studies.
    lists : tuple of str, optional
        Kinds of the two lists, for example ``("state", "NGO")``, in either order; by default pairs of all kinds.
    without : str or collection of str
        Studies to leave out, by name.

    Raises
    ------
    SettingError
        For a kind, a kind of list or a study that is not there, or when no pair is left.

    Examples
    --------
    >>> found = dependence("all", lists=("state", "NGO"))
    >>> found.studies
    ('peru', 'uk')
    """
    return _of(kind, *informative_pairs(kind, lists=lists, without=without))


def informative_pairs(
    kind: str, *, lists: tuple[str, str] | None = None, without: str | Collection[str] = ()
) -> tuple[str, tuple[str, str] | None, tuple[PairOfLists, ...]]:
    """What a kind of studies holds in words, the two kinds of lists, and the pairs that say something in these studies.

    Parameters
    ----------
    kind, lists, without
        As in `dependence`, which is fitted to these pairs.

    Raises
    ------
    SettingError
        For a kind, a kind of list or a study that is not there, or when no pair is left.
    """
    title, kinds = checked_kind(kind, DEPENDENCE_KINDS, "dependence")
    chosen = [study for study in studies() if study.kind in kinds and not study.part_of]
    left_out = checked_studies(without, [study.name for study in chosen], "dependence")
    between = None if lists is None else _checked_lists(lists)
    pairs = [pair for study in chosen if study.name not in left_out for pair in pairs_of_study(study)]
    wanted = [pair for pair in pairs if between is None or sorted(pair.kinds) == sorted(between)]
    informative = tuple(pair for pair in wanted if pair.is_informative)
    if not informative:
        raise SettingError("priors dependence", [_nothing_left(pairs, title)])
    return title, between, informative


def _nothing_left(pairs: Collection[PairOfLists], title: str) -> str:
    """Why no pair of lists is left."""
    if not pairs:
        return "no study is left; leave out fewer"
    coded = Counter(" and ".join(sorted(pair.kinds)) for pair in pairs if NOT_STATED not in pair.kinds)
    if not coded:
        return f"there is no such pair of lists; of no study of {title} are the kinds of lists stated"
    known = ", ".join(name for name, _ in coded.most_common())
    return f"there is no such pair of lists; kinds of pairs in studies of {title} are: {known}"


def _written(ratio: float) -> str:
    """Two digits, never as a power of ten."""
    return f"{float(f'{ratio:.2g}'):,g}"


def pairs_of_study(study: Study) -> list[PairOfLists]:
    """All pairs of lists of a study, those that say nothing included."""
    kinds = {one.name: one.kind for one in study.lists}
    return [
        PairOfLists(study.name, first, second, (kinds[first], kinds[second]), cells)
        for first, second, cells in cells_of_pairs(study_table(study.table))
    ]


def _checked_lists(lists: tuple[str, str]) -> tuple[str, str]:
    if isinstance(lists, str) or not all(isinstance(kind, str) for kind in lists):
        raise SettingError("priors dependence", [f"lists = {lists!r}; it must be two kinds, as in ('state', 'NGO')"])
    known = sorted({one.kind for study in studies() for one in study.lists if study.kind != "synthetic"})
    problems = [f"there is no kind of list {kind!r}; {nearest(kind, known)}" for kind in lists if kind not in known]
    if len(lists) != 2:
        problems.append(f"lists names {len(lists)} kinds; an odds ratio is between 2 lists")
    if problems:
        raise SettingError("priors dependence", problems)
    return lists[0], lists[1]


@lru_cache(maxsize=128)
def _of(kind: str, title: str, lists: tuple[str, str] | None, pairs: tuple[PairOfLists, ...]) -> PairDependence:
    by_study: dict[str, list[hierarchy.Strata]] = {}
    for pair in pairs:
        by_study.setdefault(pair.study, []).append((pair.cells,))
    found = hierarchy.posterior(list(by_study.values()))
    low, middle, high = (math.exp(q) for q in hierarchy.predictive(found.predictive, _LEVELS))
    return PairDependence(
        kind,
        title,
        lists,
        pairs,
        found.mean,
        found.mean_sd,
        found.between,
        found.within,
        found.correlation,
        (low, middle, high),
        hierarchy.probability_below(found.predictive, 0.0),
        hierarchy.LOG_ODDS_RATIO,
        found.predictive,
    )
