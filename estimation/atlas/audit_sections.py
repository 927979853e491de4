"""The parts of an audit page that a report does not have."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from scipy.stats import contingency

from estimation.atlas.audit import Audit, Divided
from estimation.atlas.implied import implied_xi, population_odds_ratios
from estimation.atlas.published import PublishedFigure
from estimation.atlas.reproduction import Reproduced
from estimation.capture.pairs import PairSummary, pair_summaries
from estimation.report import wording
from estimation.report.document import Block, Paragraph, Section, Table
from estimation.report.wording import persons, share
from estimation.results.estimates import Estimate
from estimation.study.study_file import LEVEL

__all__ = ["again", "by_strata", "by_threshold", "dependence", "versions"]

_MOST_ROWS = 60
_FEW_ROWS = 12


def again(audit: Audit) -> Section:
    """Every published figure, computed again."""
    figures = audit.atlas.published.figures
    rows = tuple(
        (found.method, figure.in_words, found.in_words[1] or "–", found.mark, found.reason)
        for figure, found in zip(figures, audit.reproduced, strict=True)
    )
    opening = Paragraph(
        "Each published figure is computed again from the table, where that can be done. It is “reproduced” where ours "
        "is the same to the last digit that was published, or to three standard errors where a figure was sampled."
    )
    table = Table(
        "The published figures, with their range, and ours. Unit: persons, unless the method says a factor.",
        ("Method", "Published", "Ours", "Mark", "Reason"),
        "llrll",
        rows,
        is_folded=len(rows) > _FEW_ROWS,
    )
    sources = tuple(dict.fromkeys(figure.source for figure in figures))
    listed = Table("Where each was published.", ("Source",), "l", tuple((source,) for source in sources))
    return Section("The published figures, computed again", (opening, table, listed))


def by_strata(audit: Audit) -> Section | None:
    """The people divided into strata, beside all together."""
    stated = [figure for figure in audit.atlas.published.figures if figure.by_strata and figure.own]
    if not audit.divided and not stated:
        return None
    blocks: list[Block] = [
        Paragraph(
            "Lists may overlap in another way in each stratum; all people together are taken as one population. Where "
            "the two numbers differ, the model cannot be right in both."
        )
    ]
    blocks += [_published_by_strata(audit, figure) for figure in stated]
    for divided in audit.divided:
        blocks += _divided(divided)
    return Section("By strata, and all together", tuple(blocks))


def _published_by_strata(audit: Audit, figure: PublishedFigure) -> Paragraph:
    results = audit.findings.results
    pooled = [
        f"“{label}” {wording.figure(result)}" for label, result in results.items() if isinstance(result, Estimate)
    ]
    return Paragraph(
        f"Published, by {figure.by_strata}: {figure.in_words} people. All people together: {', '.join(pooled)}."
    )


def _divided(divided: Divided) -> Iterator[Block]:
    """One division: its total beside all together, and its strata."""
    found, label = divided.strata, divided.division.label
    model = divided.division.computed.model
    total = f"{wording.figure(found.total)} people"
    if isinstance(found.total, Estimate):
        total += f" ({found.total.interval(LEVEL)})"
    yield Paragraph(
        f"{label}, by {model}: {total}. All people together, by the same model: {wording.figure(divided.pooled)} people"
        f"{_interval(divided)}. {'; '.join(found.notes)}".strip()
    )
    rows = [
        (*stratum, persons(result.n_observed), wording.figure(result), wording.lower(result), wording.upper(result))
        for stratum, result in list(found.results.items())[:_MOST_ROWS]
    ]
    blank = ("",) * (len(found.labels) - 1)
    ends = (wording.lower(found.total), wording.upper(found.total))
    rows.append(("all strata", *blank, persons(found.total.n_observed), wording.figure(found.total), *ends))
    yield Table(
        f"{label}, in persons, with the {share(LEVEL)} interval.",
        (*found.labels, "On a list", "Estimate", "Lower", "Upper"),
        "l" * len(found.labels) + "rrrr",
        tuple(rows),
        marked=len(rows) - 1,
        is_folded=len(rows) > _FEW_ROWS,
    )


def _interval(divided: Divided) -> str:
    return f" ({divided.pooled.interval(LEVEL)})" if isinstance(divided.pooled, Estimate) else ""


def by_threshold(audit: Audit) -> Section | None:
    """What the threshold of matching alone does to the numbers."""
    figures = list(zip(audit.atlas.published.figures, audit.reproduced, strict=True))
    thresholds = list(dict.fromkeys(figure.threshold for figure, _ in figures if figure.threshold is not None))
    if len(thresholds) < 2:
        return None
    rows = [_threshold(at, [pair for pair in figures if pair[0].threshold == at]) for at in sorted(thresholds)]
    opening = Paragraph(
        "The lists were matched at several thresholds. All else is the same in each row: the more records count as one "
        "person, the fewer people are on the lists and the more of them are on several."
    )
    table = Table(
        "By threshold of matching, in persons: the study's own number as published, and the range over its models "
        "without covariates, published and ours.",
        ("Threshold", "On a list", "Study's own", "Its range", "Models, published", "Models, ours"),
        "lrrrrr",
        tuple(rows),
    )
    return Section("By threshold of matching", (opening, table))


def _threshold(at: str, figures: list[tuple[PublishedFigure, Reproduced]]) -> tuple[str, ...]:
    own = next((figure for figure, _ in figures if figure.own), None)
    n = next((figure.n for figure, _ in figures if figure.n is not None), None)
    pairs = [
        (figure.estimate, found.ours)
        for figure, found in figures
        if not figure.own and figure.estimate is not None and isinstance(found.ours, float)
    ]
    return (
        at,
        "–" if n is None else persons(n),
        "–" if own is None or own.estimate is None else persons(own.estimate),
        "–"
        if own is None or own.lower is None or own.upper is None
        else f"{persons(own.lower)} to {persons(own.upper)}",
        _range([published for published, _ in pairs]),
        _range([ours for _, ours in pairs]),
    )


def _range(values: list[float]) -> str:
    return f"{persons(min(values))} to {persons(max(values))}" if values else "–"


def dependence(audit: Audit) -> Section | None:
    """N/n, the interaction of all lists, and the odds ratio of each pair."""
    table = audit.findings.table
    if len(table.lists) < 2:
        return None
    totals = dict(audit.totals)
    result = audit.findings.headline
    if isinstance(result, Estimate):
        totals[f"“{audit.findings.study.headline}”"] = result.median
    ratios = {label: population_odds_ratios(table, total) for label, total in totals.items()}
    rows = tuple(
        (str(pair), _among_others(pair), *(_ratio(ratios[label][pair.first, pair.second]) for label in totals))
        for pair in pair_summaries(table)
    )
    return Section(
        "How the lists depend on each other",
        (
            Paragraph(
                "No table shows how lists depend on each other among all people. It shows it among the people on "
                "another list; and where the number of people is given, it follows."
            ),
            _of_totals(audit, totals),
            Table(
                "The odds ratio of each two lists: among the people on any other list, with its 95 % interval; and "
                "among all people, if their number is the one at the head of the column. Above 1: who is on the one is "
                "more often on the other.",
                ("Lists", "On another list", *totals),
                "lr" + "r" * len(totals),
                rows,
                is_folded=len(rows) > _FEW_ROWS,
            ),
        ),
    )


def _of_totals(audit: Audit, totals: dict[str, float]) -> Table:
    """N/n and xi for each number of people."""
    table = audit.findings.table
    rows = []
    for label, total in totals.items():
        xi = implied_xi(table, total)
        factor = f"{total / table.n_observed:.2f}"
        rows.append((label, persons(total), factor, "a history has nobody" if xi is None else f"{xi:.2f}"))
    return Table(
        f"If the number of people is N: N/n, with the {persons(table.n_observed)} people on a list, and the "
        "interaction xi of all lists at once, 1 for none.",
        ("Number", "N (persons)", "N/n", "xi"),
        "lrrr",
        tuple(rows),
    )


def versions(audit: Audit) -> Section:
    """Which version of the table this is, and how to have this page again."""
    texts = [
        audit.atlas.published.versions or "No other version of the table is known to us.",
        f"The figures are data in published.toml in the folder of the study, beside its table and its models; the "
        f"command mse atlas {audit.atlas.name} computes them again.",
    ]
    return Section("Versions of the table", tuple(Paragraph(text) for text in texts))


def _among_others(pair: PairSummary) -> str:
    """The odds ratio of two lists among the people on any other, with its interval.

    Where one of the four counts is 0, the conditional maximum-likelihood estimate and the exact conditional interval
    (noncentral hypergeometric): nothing is added to a count.
    """
    ratio = pair.odds_ratio
    if ratio is None or not ratio.corrected:
        return pair.odds_ratio_text
    both, first, second, neither = ratio.cells
    found = contingency.odds_ratio([[both, first], [second, neither]], kind="conditional")
    if not found.statistic >= 0:
        return "not estimable"
    ends = found.confidence_interval(LEVEL)
    return f"{_ratio(found.statistic)} ({_ratio(ends.low)} to {_ratio(ends.high)})"


def _ratio(value: float) -> str:
    if not isfinite(value):
        return "no limit"
    if not value:
        return "0"
    return "below 0.01" if 0 < value < 0.01 else f"{value:.2f}" if value < 100 else f"{value:,.0f}"
