"""The part of a report that says whether each model fits the lists, and what that can and cannot show."""

from __future__ import annotations

from estimation.report.document import Block, Paragraph, Section, Table
from estimation.report.wording import persons, several
from estimation.results.estimates import Estimate, Result
from estimation.results.goodness_of_fit import MISFIT, UNSEEN_UNCHECKED
from estimation.study.findings import Findings

__all__ = ["FIT", "fit_to_the_lists"]

FIT = "Does the model fit the lists?"
"""The heading, by which page one refers to this part."""

_MOST_ROWS = 16
"""Histories of the headline model that this part has room for; ``results.json`` has all."""


def fit_to_the_lists(findings: Findings) -> Section | None:
    """One line a model, and the residuals of the headline; None where no model says what it expects of the lists."""
    results = findings.results
    if not any(isinstance(result, Estimate) and result.fit for result in results.values()):
        return None
    opening = Paragraph(
        "Each model says how many people it expects on every combination of the lists. A model that the lists "
        "contradict has described the counted people wrongly, and its number of the uncounted rests on that "
        f"description. The reverse does not hold. {UNSEEN_UNCHECKED} Models that fit equally well may give numbers "
        "that are far apart."
    )
    lines = Table(
        "Whether each model fits the lists. The p-value is the smallest of those computed: the probability of so large "
        f"a discrepancy if the model holds. Below {MISFIT:g} the model does not fit.",
        ("Model", "Fit", "p-value", "Method"),
        "llrl",
        tuple((label, _in_words(result), _p_value(result), _method(result)) for label, result in results.items()),
        marked=list(results).index(findings.study.headline),
    )
    return Section(FIT, (opening, lines, *_residuals(findings)))


def _in_words(result: Result) -> str:
    """Whether a model fits, in words that need no statistics."""
    if not isinstance(result, Estimate):
        return "It gave no number."
    if result.fit is None:
        return "It expects nothing of the single combinations of lists, so there is nothing to compare."
    if result.fit.fits is None:
        return "It would fit any lists, so this cannot speak for it or against it."
    if result.fit.fits:
        return "Nothing in the lists speaks against it."
    return f"No. {result.fit.worst[:1].upper()}{result.fit.worst[1:]}."


def _p_value(result: Result) -> str:
    return (result.fit.p_value_text if isinstance(result, Estimate) and result.fit else "") or "–"


def _method(result: Result) -> str:
    """How it was checked, with the simulated tables."""
    if not isinstance(result, Estimate) or result.fit is None:
        return "–"
    fit = result.fit
    if fit.fits is None:
        return "saturated"
    simulated = several(fit.replicates, "simulated table") if fit.replicates else ""
    return ", ".join(part for part in (fit.method, simulated, fit.remark) if part)


def _residuals(findings: Findings) -> tuple[Block, ...]:
    """Observed and expected people by combination of lists under the headline model."""
    headline, label = findings.headline, findings.study.headline
    if not isinstance(headline, Estimate) or headline.residuals is None:
        return ()
    table = headline.residuals
    rows = table.rows[:_MOST_ROWS]
    few = (
        "" if len(rows) == len(table.rows) else f" The first {len(rows)} of {len(table.rows):,}; results.json has all."
    )
    return (
        Table(
            f"People on exactly each combination of lists: observed, and expected under {label}; the largest "
            f"discrepancies first.{few} Freeman-Tukey residuals of more than two on either side are unusual, of more "
            "than three rare.",
            ("Lists", "Observed", "Expected", "Residual", *_short(table.columns[5:])),
            "l" + "r" * (len(table.columns) - 2),
            tuple(
                (str(name), persons(float(observed)), *(f"{float(value):,.2f}" for value in (expected, *others)))
                for name, observed, expected, _, *others in rows
            ),
            is_folded=True,
        ),
    )


def _short(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Headings of the last columns, as a narrow table has room for them."""
    return tuple("p-value" if heading.endswith("p-value") else "Adjusted" for heading in columns)
