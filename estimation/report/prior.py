"""The part of a report on what the Bayesian models say before any list is seen, and what the lists add."""

from __future__ import annotations

from estimation.models.latent_class.identification import WITHOUT_A_PRIOR
from estimation.models.latent_class.other_priors import UNDER_EACH_PRIOR
from estimation.models.prior_and_posterior import PRIOR_AND_POSTERIOR, prior_and_posterior_in_short
from estimation.report.document import Block, Paragraph, Section, Table
from estimation.report.figures import prior_figure
from estimation.report.wording import persons, share
from estimation.results.estimates import Result, ResultTable
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL

__all__ = ["PRIOR", "prior_and_lists"]

PRIOR = "What the priors say, and what the lists add"
"""The heading."""


def prior_and_lists(findings: Findings) -> Section | None:
    """Prior and posterior of every Bayesian model, the headline's under other priors too; None without such a model."""
    results, label = findings.results, findings.study.headline
    tables = {name: found for name, result in results.items() if (found := _found(result, PRIOR_AND_POSTERIOR))}
    if not tables:
        return None
    opening = Paragraph(
        "A Bayesian model begins with a prior: what it takes for plausible before any list is seen. Here that is about "
        "the expansion factor N/n, how many people there are in all for each one observed, given only that "
        f"{persons(findings.table.n_observed)} people are on some list. What the lists cannot say, the prior does; "
        "where the answer stays where the prior was, it comes from the prior."
    )
    rows = tuple((name, *prior_and_posterior_in_short(found)[0][1:]) for name, found in tables.items())
    each = Table(
        f"The expansion factor N/n before and after the lists are seen: median and {share(LEVEL)} interval, and how "
        "much of the prior is where the answer is. Models that are not listed have no prior.",
        ("Model", "Before", "After", "Overlap"),
        "lllr",
        rows,
        marked=list(tables).index(label) if label in tables else None,
    )
    figure = (prior_figure(findings),) if label in tables else ()
    return Section(PRIOR, (opening, *figure, each, *_headline(findings)))


def _headline(findings: Findings) -> tuple[Block, ...]:
    """N under each prior of the headline, and what the likelihood says alone, where its model has them."""
    label = findings.study.headline
    captions = {
        UNDER_EACH_PRIOR: f"{label}: the number of people under each prior, in persons.",
        WITHOUT_A_PRIOR: (
            f"{label}: what the likelihood says of the number without a prior, by number of classes. The limits, of "
            f"{share(LEVEL)}, come from the profile likelihood; the note is about the row with the smallest BIC."
        ),
    }
    found = ((caption, _found(findings.headline, title)) for title, caption in captions.items())
    return tuple(
        Table(caption, table.columns, "l" + "r" * (len(table.columns) - 1), tuple(map(_cells, table.rows)))
        for caption, table in found
        if table
    )


def _found(result: Result, title: str) -> ResultTable | None:
    return next((table for table in result.tables if table.title == title), None)


def _cells(row: tuple[str | int | float, ...]) -> tuple[str, ...]:
    return tuple(value if isinstance(value, str) else f"{value:,}" for value in row)
