"""All pairs of lists by Chapman: one number for each two lists, as if these two were independent.

Likelihood and interval: those of `estimation.models.classical.two_lists.Chapman`, for each pair by itself.
Identifying assumption, for each pair anew: its two lists are independent, for everybody alike.

If every pair were independent, and people alike on one list of each, all the numbers would estimate one N and differ by
sampling error alone.  Two lists that depend on each other positively put their number too low, negatively too high, so
that numbers further apart than sampling error show that not all pairs are independent; numbers that agree do not show
that any is, for dependence can put all of them too low.  The numbers use the same people and are not independent of
each other: what is looked for here are intervals that do not meet, and no p-value is given.

Symbols: n_1, n_2 people on each list; m on both; N everybody.

References: Chapman (1951); International Working Group for Disease Monitoring and Forecasting (1995), American Journal
of Epidemiology 142:1047-1058, for all pairs as a first look.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from textwrap import shorten
from types import MappingProxyType
from typing import TYPE_CHECKING

from estimation.capture.pairs import PairSummary, pair_summaries
from estimation.capture.table import CaptureTable
from estimation.errors import TableError
from estimation.frames import Cell, frame_of, html_table
from estimation.models.classical.two_lists import Chapman
from estimation.results.estimates import Estimate, Result
from estimation.results.rounding import persons
from estimation.text.counted import counted

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PairsByChapman", "pairs_by_chapman"]

_LEVEL = 0.95
_CAPTION = "Each pair of lists by Chapman, as if the two were independent"
_HEADINGS = ("pair", "people on each", "on both", "N", "95 % confidence interval", "odds ratio among others (95 %)")
_COLUMNS: Mapping[str, type] = MappingProxyType(
    {
        "first": str,
        "second": str,
        "n_first": int,
        "n_second": int,
        "both": int,
        "estimate": float,
        "standard_error": float,
        "lower": float,
        "upper": float,
        "odds_ratio": float,
        "odds_ratio_lower": float,
        "odds_ratio_upper": float,
        "reason": str,
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class PairsByChapman:
    """The number that each pair of lists gives by itself, side by side.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    pairs : tuple of PairSummary
        The pairs, with the people they share and their odds ratio among people on other lists.
    answers : tuple of Estimate or NotEstimable
        What `Chapman` answers for each pair, in the same order.
    """

    table: CaptureTable
    pairs: tuple[PairSummary, ...]
    answers: tuple[Result, ...]

    @property
    def results(self) -> dict[str, Result]:
        """The answers by the names of the two lists, as charts and `mse.compare` take them."""
        return {str(pair): answer for pair, answer in zip(self.pairs, self.answers, strict=True)}

    @property
    def sharing_nobody(self) -> tuple[str, ...]:
        """The pairs that nobody is on both of."""
        return tuple(str(pair) for pair in self.pairs if pair.both == 0)

    @property
    def finding(self) -> str:
        """What the numbers say of each other, and what they do not say."""
        found = sorted(
            (answer.median, label, answer.interval(_LEVEL))
            for label, answer in self.results.items()
            if isinstance(answer, Estimate)
        )
        sentences = []
        if len(found) > 1:
            (least, low, below), (most, high, above) = found[0], found[-1]
            apart = below.upper < above.lower
            sentences.append(
                f"The {len(found)} pairs with a number give {persons(least)} ({low}) to {persons(most)} ({high}), "
                f"{most / least:.1f} times as many."
            )
            sentences.append(
                "The intervals of these two do not meet: they differ by more than sampling error, so not every pair is "
                "independent. Positive dependence puts the number of a pair too low, negative dependence too high; "
                "which pairs to believe takes an argument about how the lists were made."
                if apart
                else "Their intervals meet, so that sampling error can explain the difference. That does not show that "
                "any pair is independent: dependence of one kind between all lists moves all the numbers together."
            )
        elif found:
            sentences.append(
                "With one number there is nothing to compare it with: whether its two lists are independent cannot be "
                "seen."
            )
        if self.sharing_nobody:
            sentences.append(
                f"Nobody is on both lists of {', '.join(self.sharing_nobody)}: without overlap such a pair sets no "
                "upper limit, and it may mean that the two lists cover different people, or that records of the same "
                "people were not linked."
            )
        return " ".join(sentences) or "No pair of lists gives a number."

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why each pair without a number has none."""
        return tuple(
            f"{label}: {answer.reason}" for label, answer in self.results.items() if not isinstance(answer, Estimate)
        )

    def rows(self) -> list[dict[str, Cell]]:
        """One row for each pair; None where there is no number."""
        rows: list[dict[str, Cell]] = []
        for pair, answer in zip(self.pairs, self.answers, strict=True):
            row: dict[str, Cell] = dict.fromkeys(_COLUMNS)
            row |= {"first": pair.first, "second": pair.second, "both": pair.both, "reason": ""}
            sizes = self.table.list_sizes
            row["n_first"] = int(sizes[self.table.index(pair.first)])
            row["n_second"] = int(sizes[self.table.index(pair.second)])
            if isinstance(answer, Estimate):
                interval = answer.interval(_LEVEL)
                row |= {"estimate": answer.median, "standard_error": answer.sd}
                row |= {"lower": interval.lower, "upper": interval.upper}
            else:
                row["reason"] = answer.reason
            if pair.odds_ratio is not None:
                ratio = pair.odds_ratio
                row |= {"odds_ratio": ratio.value, "odds_ratio_lower": ratio.lower, "odds_ratio_upper": ratio.upper}
            rows.append(row)
        return rows

    def to_frame(self) -> pd.DataFrame:
        """The pairs as a pandas frame, a row each.

        Returns
        -------
        pandas.DataFrame
            Columns: ``first``, ``second``, ``n_first``, ``n_second``, ``both``, ``estimate``, ``standard_error``,
            ``lower`` and ``upper`` (95 %; all in persons), ``odds_ratio`` among people on other lists with its 95 %
            interval, and the ``reason`` where there is no number.
        """
        return frame_of(self.rows(), _COLUMNS)

    @property
    def caption(self) -> str:
        """What a table of the pairs shows."""
        return _CAPTION

    @property
    def headings(self) -> tuple[str, ...]:
        """Of the columns of ``cells``."""
        return _HEADINGS

    def cells(self) -> list[list[str]]:
        """One row of text for each pair, under ``headings``."""
        rows = []
        for row, pair, answer in zip(self.rows(), self.pairs, self.answers, strict=True):
            number, ends = "not estimable", ""
            if isinstance(answer, Estimate):
                interval = answer.interval(_LEVEL)
                number, ends = persons(answer.median), f"{persons(interval.lower)} to {persons(interval.upper)}"
            sizes = f"{row['n_first']:,}, {row['n_second']:,}"
            rows.append([str(pair), sizes, f"{pair.both:,}", number, ends, pair.odds_ratio_text])
        return rows

    def __str__(self) -> str:
        lines = [
            f"{label}: {answer if isinstance(answer, Estimate) else f'not estimable; {answer.reason}'}"
            for label, answer in self.results.items()
        ]
        return "\n".join([*lines, self.finding])

    def __repr__(self) -> str:
        return shorten(f"<PairsByChapman: {self}>", 400, placeholder=" ...>")

    def _repr_html_(self) -> str:
        table = html_table(_CAPTION, _HEADINGS, self.cells(), right=range(1, 5))
        below = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in (*self.reasons, self.finding))
        return f"<div>{table}{below}</div>"


def pairs_by_chapman(table: CaptureTable) -> PairsByChapman:
    """The number of people from every pair of lists as if the two were independent (Chapman 1951), side by side.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists, at least two.

    Returns
    -------
    PairsByChapman
        An answer for each of the J (J - 1) / 2 pairs, with log-normal intervals; its ``results`` go into
        `estimation.charts.plot_comparison`.

    Raises
    ------
    TableError
        When the table has fewer than two lists.

    References
    ----------
    Chapman (1951); Chao (1987), Biometrics 43:783-791, for the interval.

    Examples
    --------
    >>> table = CaptureTable.from_histories(
    ...     ["A", "B", "C"], {"100": 50, "010": 40, "001": 60, "110": 10, "101": 20, "011": 15, "111": 20}
    ... )
    >>> [(label, round(answer.median)) for label, answer in pairs_by_chapman(table).results.items()]
    [('A and B', 279), ('A and C', 285), ('B and C', 276)]
    """
    if len(table.lists) < 2:
        problem = (
            f"it has {counted(len(table.lists), 'list')}, and a pair needs two; only lists with names can be compared"
        )
        raise TableError("capture table", [problem])
    # Chapman's formula draws nothing: the seed changes no number.
    answers = tuple(Chapman(lists=pair).fit(table, rng=0) for pair in combinations(table.lists, 2))
    return PairsByChapman(table, pair_summaries(table), answers)
