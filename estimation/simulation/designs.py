"""Ways to collect, side by side: what a model's estimates and intervals would be under each."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import shorten
from types import MappingProxyType
from typing import TYPE_CHECKING

from estimation.frames import Cell, frame_of, html_table
from estimation.simulation.scenario import Scenario
from estimation.simulation.scores import Measure, Score, score_row, share_of
from estimation.simulation.trials import LEVEL
from estimation.text.spreadsheet import csv_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Design", "Designs", "designs_csv"]

_BIASED = 0.02
"""A bias above this share of the total, and beyond its Monte Carlo error, is said."""
_WITHIN = (0.05, 0.1, 0.2)
"""Distances from the total, as shares of it, within which estimates are counted in a frame."""

_MEASURES = ("coverage", "bias", "length")
_COLUMNS: Mapping[str, type] = MappingProxyType(
    {
        "design": str,
        "total": int,
        "list_sizes": str,
        "expected_observed": float,
        "replications": int,
        "not_estimable": int,
        **{column: float for name in _MEASURES for column in (name, f"{name}_error")},
        **{f"within_{100 * share:.0f}_percent": float for share in _WITHIN},
    }
)


@dataclass(frozen=True, slots=True)
class Design:
    """One way to collect, and the scores of a model for it.

    Parameters
    ----------
    label : str
        What is done, for example ``"500 more names on police"``.
    list_sizes : tuple of (str, float)
        Expected size of each list.  Unit: persons.
    expected_observed : float
        People on at least one list, on average.  Unit: persons.
    score : Score
        Coverage, bias, and length of the interval as a share of the total.
    scenario : Scenario
        What tables are drawn from.
    estimates : tuple of float or None
        The estimate from each table; None where there is none.  Unit: persons.
    """

    label: str
    list_sizes: tuple[tuple[str, float], ...]
    expected_observed: float
    score: Score
    scenario: Scenario
    estimates: tuple[float | None, ...]

    def within(self, share: float) -> Measure:
        """The share of tables whose estimate is within a share of the total from it; one without any is not.

        Parameters
        ----------
        share : float
            For example 0.1, for 10 % of the total.
        """
        reach = share * self.score.n_total
        near = sum(value is not None and abs(value - self.score.n_total) <= reach for value in self.estimates)
        return share_of(near, len(self.estimates))

    @property
    def width(self) -> float | None:
        """Median width of the interval as a share of the total; None where no table gave a number."""
        return self.score.length.value if self.score.length else None


@dataclass(frozen=True, slots=True, repr=False)
class Designs:
    """Ways to collect, side by side; the first is as planned.

    Parameters
    ----------
    total : int
        The suspected total.  Unit: persons.
    model : str
        Title of the model.
    designs : tuple of Design
        As planned, then with more lists, then with more names.
    heterogeneity : float
        How many times the odds of capture at the 90th percentile of people are those at the median; 1 where people are
        alike.
    near : float
        The distance from the total, as a share of it, within which estimates are counted for a reader.
    """

    total: int
    model: str
    designs: tuple[Design, ...]
    heterogeneity: float = 1.0
    near: float = 0.1

    @property
    def finding(self) -> str:
        """What the numbers say, in a sentence or two."""
        planned = self.designs[0]
        if planned.width is None or not math.isfinite(planned.width):
            planned_width = f"With the lists as planned, {self.model} gives no interval that ends"
        else:
            planned_width = (
                f"With the lists as planned, the {LEVEL:.0%} interval by {self.model} is typically {planned.width:.0%} "
                f"of {self.total:,} wide"
            )
            share = planned.within(self.near).value
            planned_width += f", and {share:.0%} of the estimates are within {self.near:.0%} of it"
        bias = planned.score.bias
        if bias is not None and abs(bias.value) > max(_BIASED, 2 * bias.error):
            side = "low" if bias.value < 0 else "high"
            planned_width += f"; they are typically {abs(bias.value):.0%} too {side}"
        better = [(d.width, d.label) for d in self.designs[1:] if d.width is not None and math.isfinite(d.width)]
        if not better:
            return f"{planned_width}."
        width, label = min(better)
        return f"{planned_width}. The narrowest of the other designs is {label}: {width:.0%} wide."

    def __str__(self) -> str:
        lines = [f"SYNTHETIC tables. {self.finding}"]
        for each in self.designs:
            score = each.score
            if score.coverage is None or score.length is None or score.bias is None:
                result = "not estimable"
            else:
                result = (
                    f"{each.within(self.near).value:.0%} within {self.near:.0%}, bias {score.bias.value:+.1%}, "
                    f"{score.length.value:.1%} wide (± {score.length.error:.1%}), "
                    f"coverage {score.coverage.value:.0%} (± {score.coverage.error:.0%})"
                )
            lines.append(f"{each.label}: {result}; about {each.expected_observed:,.0f} observed")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return shorten(f"<Designs: {self}>", 400, placeholder=" ...>")

    def to_frame(self) -> pd.DataFrame:
        """The designs as a pandas frame, a row each, the plan first.

        Returns
        -------
        pandas.DataFrame
            Columns: ``design``, ``total``, ``list_sizes``, ``expected_observed`` (persons), ``replications``,
            ``not_estimable``, then ``coverage``, ``bias`` and ``length`` (shares of the total), each followed by its
            Monte Carlo standard error, and the shares of tables whose estimate is ``within_5_percent``, 10 and 20 per
            cent of the total.
        """
        return frame_of(self.rows(), _COLUMNS)

    def rows(self) -> list[dict[str, Cell]]:
        """One row for each design, the plan first; None where there is no number."""
        rows: list[dict[str, Cell]] = []
        for each in self.designs:
            scored = score_row(each.score)
            about: dict[str, Cell] = {
                "design": each.label,
                "total": self.total,
                "list_sizes": "; ".join(f"{name} {size:.0f}" for name, size in each.list_sizes),
                "expected_observed": each.expected_observed,
            }
            near: dict[str, Cell] = {f"within_{100 * share:.0f}_percent": each.within(share).value for share in _WITHIN}
            rows.append(about | {name: scored[name] for name in _COLUMNS if name not in about | near} | near)
        return rows

    def _repr_html_(self) -> str:
        table = html_table(self.caption, self.headings, self.cells(), right=range(1, 6))
        return f"<div>{table}<p>{html.escape(self.finding)}</p></div>"

    @property
    def caption(self) -> str:
        """What a table of the designs shows."""
        differ = "" if self.heterogeneity == 1 else f", people who differ (odds ratio {self.heterogeneity:g})"
        return f"SYNTHETIC tables: a suspected total of {self.total:,} people{differ}, {self.model}"

    @property
    def headings(self) -> tuple[str, ...]:
        """Of the columns of ``cells``."""
        within = f"estimates within {self.near:.0%}"
        return ("design", "people observed", within, "bias", "width of the interval / total", "coverage")

    def cells(self) -> list[list[str]]:
        """One row of text for each design, under ``headings``."""
        rows = []
        for each in self.designs:
            length, coverage, bias = each.score.length, each.score.coverage, each.score.bias
            near = each.within(self.near)
            rows.append(
                [
                    each.label,
                    f"{each.expected_observed:,.0f}",
                    f"{near.value:.0%} ± {near.error:.0%}",
                    "" if bias is None else f"{bias.value:+.1%} ± {bias.error:.1%}",
                    "not estimable" if length is None else f"{length.value:.2f} ± {length.error:.2f}",
                    "" if coverage is None else f"{coverage.value:.0%} ± {coverage.error:.0%}",
                ]
            )
        return rows


def designs_csv(designs: Designs) -> str:
    """The designs as CSV, a row each; each measure with its Monte Carlo standard error beside it."""
    return csv_of([list(_COLUMNS), *(list(row.values()) for row in designs.rows())])
