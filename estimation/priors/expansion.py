"""The expansion factor N/n of published studies: what a study of the same kind may say before its lists are compared.

Symbols
-------
n : people documented by a study.   N : the total that it published.   k : studies.   z = log(N/n - 1).

The next study of the kind::

    z ~ Normal(m, s sqrt(1 + 1/k))        m, s : mean and standard deviation of the k values of z

so that N/n = 1 + exp(z) is above 1, and the interval is wider where there are few studies.  One row a study.  A range
of persons counts by its middle, a range of factors by its geometric middle.

What it is not: the figures are answers of models but for one, so the interval is of what studies say and not of truths;
and lists that do not overlap, and studies that found nothing to publish, are not in it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from estimation.errors import SettingError
from estimation.frames import frame_of
from estimation.priors.sources import checked_kind, checked_studies, rows_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EXPANSION_KINDS", "Expansion", "PublishedStudy", "expansion"]

_HIDDEN = ("trafficking", "homelessness", "drug use")
EXPANSION_KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "killings": ("killings and other violations", ("killings", "other violations")),
        "hidden populations": ("trafficking, homelessness and drug use", _HIDDEN),
        "health registers": ("health registers", ("health",)),
        "all": ("all kinds", ("killings", "other violations", *_HIDDEN, "health")),
    }
)
"""What each kind is called, and the kinds of studies in it."""

_LEVELS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
_FEWEST = 3
_CAVEATS = (
    "Published studies only: lists that do not overlap give no published number, so the spread is too small.",
    "All but a few of the totals are answers of models and not truths.",
    "The studies are those whose figures could be found, and few.",
)


@dataclass(frozen=True, slots=True)
class PublishedStudy:
    """A published total and what it was estimated from.

    Parameters
    ----------
    name, title, kind : str
        Short name, what was counted, and what kind of study.
    basis : str
        ``"estimate"``, or ``"known"`` where N was found out in another way.
    factor : float
        N/n.
    documented : int, optional
        n; None where only a range of factors was published.  Unit: persons.
    method, source : str
        As published.
    """

    name: str
    title: str
    kind: str
    basis: str
    factor: float
    documented: int | None
    method: str
    source: str


@dataclass(frozen=True, slots=True)
class Expansion:
    """N/n of published studies of one kind.

    Parameters
    ----------
    kind, title : str
        The kind asked for, and what it holds in words.
    studies : tuple of PublishedStudy
        One a study.
    quantiles : mapping of float to float
        N/n at 0 (the least), 0.1, 0.25, 0.5, 0.75, 0.9 and 1 (the most).
    predictive : tuple of float
        N/n of the next study: 2.5 %, median, 97.5 %.

    Examples
    --------
    >>> found = expansion("killings")
    >>> found.n_studies, [round(factor, 2) for factor in found.predictive]
    (8, [1.05, 2.04, 21.47])
    """

    kind: str
    title: str
    studies: tuple[PublishedStudy, ...]
    quantiles: Mapping[float, float]
    predictive: tuple[float, float, float]

    @property
    def n_studies(self) -> int:
        """k, the number of studies."""
        return len(self.studies)

    @property
    def range(self) -> tuple[float, float]:
        """The 95 % predictive interval, for ``LatentClass(expansion=...)``."""
        return self.predictive[0], self.predictive[2]

    @property
    def caveats(self) -> tuple[str, ...]:
        """What the studies cannot say."""
        return _CAVEATS

    def probability_below(self, factor: float) -> float:
        """The predictive probability that N/n of the next study is below a factor.

        Parameters
        ----------
        factor : float
            The expansion factor N/n.

        Examples
        --------
        >>> round(expansion("killings").probability_below(2.04), 2)
        0.5
        """
        if factor <= 1:
            return 0.0
        mean, sd = _moments([one.factor for one in self.studies])
        return NormalDist(mean, sd).cdf(math.log(factor - 1))

    def leave_one_study_out(self) -> dict[str, Expansion]:
        """The same without each study in turn, by the name of the study that is left out; empty for three studies.

        Examples
        --------
        >>> round(expansion("killings").leave_one_study_out()["khartoum"].range[1], 1)
        5.8
        """
        return {
            left.name: _of(self.kind, self.title, tuple(one for one in self.studies if one is not left))
            for left in (self.studies if self.n_studies > _FEWEST else ())
        }

    def to_frame(self) -> pd.DataFrame:
        """One row a study, in the order of N/n."""
        columns = {"study": str, "title": str, "kind": str, "basis": str, "documented": int, "expansion_factor": float}
        rows = [
            {
                "study": one.name,
                "title": one.title,
                "kind": one.kind,
                "basis": one.basis,
                "documented": one.documented,
                "expansion_factor": one.factor,
                "method": one.method,
                "source": one.source,
            }
            for one in sorted(self.studies, key=lambda one: one.factor)
        ]
        return frame_of(rows, {**columns, "method": str, "source": str})

    def __str__(self) -> str:
        low, middle, high = self.predictive
        return (
            f"In {self.n_studies} published studies ({self.title}), the total was {self.quantiles[0.0]:.3g} to "
            f"{self.quantiles[1.0]:.3g} times the number documented, {self.quantiles[0.5]:.3g} in the middle one. The "
            f"next such study would say {low:.3g} to {high:.3g} times with a probability of 95 % (median "
            f"{middle:.3g}). {' '.join(self.caveats)}"
        )


def expansion(kind: str = "all", *, without: str | Collection[str] = ()) -> Expansion:
    """N/n of published studies of one kind, and the interval for the next study.

    Parameters
    ----------
    kind : {"killings", "hidden populations", "health registers", "all"}
        Killings and other violations; trafficking, homelessness and drug use; health registers; all of them.
    without : str or collection of str
        Studies to leave out, by name.

    Raises
    ------
    SettingError
        For a kind or a study that is not there, or when fewer than three studies are left.

    Examples
    --------
    >>> print(str(expansion("health registers"))[:97])
    In 6 published studies (health registers), the total was 1.1 to 3.22 times the number documented,

    As a prior for latent classes::

        mse.models.LatentClass(expansion=mse.priors.expansion("killings").range)
    """
    title, kinds = checked_kind(kind, EXPANSION_KINDS, "expansion")
    found = tuple(one for one in _published() if one.kind in kinds)
    left_out = checked_studies(without, [one.name for one in found], "expansion")
    return _of(kind, title, tuple(one for one in found if one.name not in left_out))


def _of(kind: str, title: str, published: tuple[PublishedStudy, ...]) -> Expansion:
    if len(published) < _FEWEST:
        problem = f"{len(published)} studies are left; at least {_FEWEST} are needed, so leave out fewer"
        raise SettingError("priors expansion", [problem])
    factors = [one.factor for one in published]
    quantiles = dict(zip(_LEVELS, np.quantile(factors, _LEVELS).tolist(), strict=True))
    mean, sd = _moments(factors)
    low, middle, high = (1 + math.exp(NormalDist(mean, sd).inv_cdf(level)) for level in (0.025, 0.5, 0.975))
    return Expansion(kind, title, published, MappingProxyType(quantiles), (low, middle, high))


def _moments(factors: Collection[float]) -> tuple[float, float]:
    """Mean and standard deviation of z of the next study."""
    z = np.log(np.array(list(factors)) - 1)
    return float(z.mean()), float(z.std(ddof=1) * math.sqrt(1 + 1 / z.size))


def _published() -> list[PublishedStudy]:
    """The rows of ``published.csv``."""
    found = []
    for row in rows_of("published.csv"):
        documented = int(row["documented"]) if row["documented"] else None
        factor = _factor(float(row["figure"]), float(row["to"] or row["figure"]), row["unit"], documented)
        names = (row["study"], row["title"], row["kind"], row["basis"])
        found.append(PublishedStudy(*names, factor, documented, row["method"], row["source"]))
    return found


def _factor(figure: float, to: float, unit: str, documented: int | None) -> float:
    """N/n from a figure, or the middle of its range."""
    if unit == "completeness":
        return 1 / figure
    if unit == "factor" or documented is None:
        return math.sqrt(figure * to)
    return (figure + to) / 2 / documented
