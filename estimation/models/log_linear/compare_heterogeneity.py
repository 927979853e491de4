"""All models with heterogeneity or behavioural response side by side, with what the criteria say and do not say.

Each row is `estimation.models.log_linear.heterogeneity.Heterogeneity`, with its likelihood and identifying assumption;
the order is fixed, and no row is chosen.  AIC and BIC compare how the models describe the people on some list.  Forms
that describe these equally well can differ by a factor in N, for what they differ in is the people on no list, of whom
the table has nobody (Link 2003; Holzmann, Munk, Zucchini 2006): the criteria cannot choose between such forms.

References: Rivest, Baillargeon (2007), Biometrics 63:999-1006, for the table; Link (2003), Biometrics 59:1123-1130;
Holzmann, Munk, Zucchini (2006), Biometrics 62:934-936.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from textwrap import shorten
from types import MappingProxyType
from typing import TYPE_CHECKING

from estimation.capture.table import CaptureTable
from estimation.frames import Cell, frame_of, html_table
from estimation.models.log_linear.heterogeneity import Heterogeneity
from estimation.models.log_linear.heterogeneity_designs import HeterogeneityModel
from estimation.results.estimates import Estimate, Result
from estimation.results.rounding import persons
from estimation.work.progress import Progress, part, silent
from estimation.work.seeds import RandomState, generator_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COMPARED", "HeterogeneityComparison", "compare_heterogeneity"]

COMPARED: tuple[HeterogeneityModel, ...] = (
    "M0", "Mt", "Mb", "Mbh",
    "Mh-Chao", "Mh-Poisson2", "Mh-Darroch", "Mh-Gamma3.5", "Mh-Normal",
    "Mth-Chao", "Mth-Poisson2", "Mth-Darroch", "Mth-Gamma3.5", "Mth-Normal",
)  # fmt: skip
"""The models of the table, in its order."""

_LEVEL = 0.95
_NEAR = 2.0
"""Models with an AIC this near to the lowest are about as well supported (Burnham, Anderson 2002)."""
_MEASURES: Mapping[str, str] = MappingProxyType(
    {"deviance": "deviance", "degrees of freedom": "degrees_of_freedom", "AIC": "aic", "BIC": "bic"}
)
_COLUMNS: Mapping[str, type] = MappingProxyType(
    {
        "model": str,
        "estimate": float,
        "standard_error": float,
        "lower": float,
        "upper": float,
        "is_lower_bound": bool,
        **dict.fromkeys(_MEASURES.values(), float),
        "fit_p_value": float,
        "reason": str,
    }
)
_HEADINGS = ("model", "N", "standard error", "95 % interval", "deviance", "df", "AIC", "BIC", "fit (p)")


def _measured(found: Estimate) -> dict[str, float]:
    """Deviance, degrees of freedom and criteria of a model, by their names."""
    return {str(name): float(value) for name, value in found.tables[0].rows}


@dataclass(frozen=True, slots=True, repr=False)
class HeterogeneityComparison:
    """The models with heterogeneity or behavioural response, side by side.

    Parameters
    ----------
    answers : mapping of str to Estimate or NotEstimable
        What each of ``COMPARED`` answers, by its name and in this order.
    """

    answers: Mapping[HeterogeneityModel, Result]

    @property
    def results(self) -> dict[str, Result]:
        """The answers by their names, as charts and `mse.compare` take them."""
        return {str(name): answer for name, answer in self.answers.items()}

    def rows(self) -> list[dict[str, Cell]]:
        """One row for each model; None where there is no number."""
        rows = []
        for name, answer in self.answers.items():
            row: dict[str, Cell] = dict.fromkeys(_COLUMNS)
            row |= {"model": name, "reason": ""}
            if isinstance(answer, Estimate):
                interval = answer.interval(_LEVEL)
                row |= {"estimate": answer.median, "standard_error": answer.sd, "lower": interval.lower}
                row |= {"upper": interval.upper, "is_lower_bound": answer.is_lower_bound}
                row |= {column: _measured(answer)[measure] for measure, column in _MEASURES.items()}
                smallest = answer.fit.smallest if answer.fit else None
                row["fit_p_value"] = None if smallest is None else smallest.p_value
            else:
                row["reason"] = answer.reason
            rows.append(row)
        return rows

    def scores(self, criterion: str) -> dict[str, float]:
        """The value of a measure of fit, for example ``"AIC"``, by model; only models that have a number."""
        return {name: _measured(found)[criterion] for name, found in self._estimates.items()}

    @property
    def lowest_aic(self) -> str | None:
        """The model with the lowest AIC; None where no model has a number.  It is not a choice."""
        scores = self.scores("AIC")
        return min(scores, key=scores.__getitem__, default=None)

    @property
    def lowest_bic(self) -> str | None:
        """The model with the lowest BIC; None where no model has a number.  It is not a choice."""
        scores = self.scores("BIC")
        return min(scores, key=scores.__getitem__, default=None)

    @property
    def _estimates(self) -> dict[str, Estimate]:
        return {name: answer for name, answer in self.answers.items() if isinstance(answer, Estimate)}

    @property
    def misfitting(self) -> tuple[str, ...]:
        """The models that have a number and do not fit the lists (goodness-of-fit p-value below 1 %)."""
        return tuple(name for name, found in self._estimates.items() if found.fit and found.fit.fits is False)

    @property
    def finding(self) -> str:
        """What the table says, and what the criteria cannot say."""
        estimates = self._estimates
        if not estimates:
            return "None of the models can be fitted to this table."
        total = sorted((found.median, name) for name, found in estimates.items())
        (least, low), (most, high) = total[0], total[-1]
        sentences = [
            f"{len(estimates)} of {len(self.answers)} models give a number, from {persons(least)} ({low}) to "
            f"{persons(most)} ({high}). The lowest AIC is that of {self.lowest_aic}, the lowest BIC that of "
            f"{self.lowest_bic}."
        ]
        scores = self.scores("AIC")
        near = sorted(
            (estimates[name].median, name) for name, score in scores.items() if score - min(scores.values()) <= _NEAR
        )
        if len(near) > 1:
            sentences.append(
                f"{len(near)} models are within {_NEAR:g} of the lowest AIC and give {persons(near[0][0])} "
                f"({near[0][1]}) to {persons(near[-1][0])} ({near[-1][1]})."
            )
        if len(self.misfitting) == len(estimates):
            sentences.append("None of them fits the lists (p below 1 % for each): use another family of models.")
        elif self.misfitting:
            sentences.append(f"These do not fit the lists (p below 1 %): {', '.join(self.misfitting)}.")
        sentences.append(
            "AIC and BIC see only the people on some list, and cannot choose between forms that differ in the people "
            "on none: choose by how the lists were made. Mb and Mbh need lists in time order."
        )
        return " ".join(sentences)

    def to_frame(self) -> pd.DataFrame:
        """The models as a pandas frame, a row each, in the order of ``COMPARED``.

        Returns
        -------
        pandas.DataFrame
            Columns: ``model``, ``estimate``, ``standard_error``, ``lower`` and ``upper`` (95 %; persons),
            ``is_lower_bound``, ``deviance``, ``degrees_of_freedom``, ``aic``, ``bic``, ``fit_p_value`` and the
            ``reason`` where there is no number.
        """
        return frame_of(self.rows(), _COLUMNS)

    @property
    def caption(self) -> str:
        """What a table of the models shows."""
        return "Log-linear models with heterogeneity or behavioural response; the order is fixed, and none is chosen"

    @property
    def headings(self) -> tuple[str, ...]:
        """Of the columns of ``cells``."""
        return _HEADINGS

    def cells(self) -> list[list[str]]:
        """One row of text for each model, under ``headings``."""
        rows = []
        for name, answer in self.answers.items():
            if not isinstance(answer, Estimate):
                rows.append([name, "not estimable", *[""] * (len(_HEADINGS) - 2)])
                continue
            interval = answer.interval(_LEVEL)
            measured = _measured(answer)
            at_least = "at least " if answer.is_lower_bound else ""
            ends = f"{persons(interval.lower)} to {persons(interval.upper)}"
            scores = [f"{measured['deviance']:,.2f}", f"{measured['degrees of freedom']:.0f}"]
            scores += [f"{measured[score]:,.2f}" for score in ("AIC", "BIC")]
            p_value = answer.fit.p_value_text if answer.fit else ""
            rows.append([name, f"{at_least}{persons(answer.median)}", persons(answer.sd), ends, *scores, p_value])
        return rows

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why each model without a number has none."""
        return tuple(
            f"{name}: {answer.reason}" for name, answer in self.answers.items() if not isinstance(answer, Estimate)
        )

    def __str__(self) -> str:
        lines = [f"{row[0]}: {row[1]}" + (f" ({row[3]}), AIC {row[6]}" if row[3] else "") for row in self.cells()]
        return "\n".join([*lines, *self.reasons, self.finding])

    def __repr__(self) -> str:
        return shorten(f"<HeterogeneityComparison: {self}>", 400, placeholder=" ...>")

    def _repr_html_(self) -> str:
        table = html_table(self.caption, _HEADINGS, self.cells(), right=(1, 2, 4, 5, 6, 7, 8))
        below = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in (self.finding, *self.reasons))
        return f"<div>{table}{below}</div>"


def compare_heterogeneity(
    table: CaptureTable, *, rng: RandomState, progress: Progress = silent
) -> HeterogeneityComparison:
    """M0, Mt, Mb, Mbh and Mh and Mth in all forms, with N, deviance, AIC, BIC and fit, side by side.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists; in time order for Mb and Mbh.
    rng : int, SeedSequence or Generator
        The only source of randomness: of the resamples by which fits are checked where cells are small.  It changes
        no number but these p-values; every model starts from the same state of it.
    progress : Progress
        Receives each finished model.

    Returns
    -------
    HeterogeneityComparison
        A row for each of ``COMPARED``, those without a number with the reason; nothing is chosen.

    References
    ----------
    Rivest, Baillargeon (2007), Biometrics 63:999-1006.

    Examples
    --------
    >>> histories = {"100": 30, "010": 20, "001": 25, "110": 8, "011": 6, "101": 7, "111": 4}
    >>> table = CaptureTable.from_histories(["A", "B", "C"], histories)
    >>> found = compare_heterogeneity(table, rng=1)
    >>> round(found.answers["Mt"].median), found.lowest_bic
    (175, 'M0')
    """
    start = generator_of(rng)
    answers: dict[HeterogeneityModel, Result] = {}
    for at, name in enumerate(COMPARED):
        share = part(progress, at / len(COMPARED), (at + 1) / len(COMPARED))
        answers[name] = Heterogeneity(name).fit(table, rng=deepcopy(start), progress=share)
        progress((at + 1) / len(COMPARED), name)
    return HeterogeneityComparison(answers)
