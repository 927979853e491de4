"""The part of a report with the estimate of every model, its notes, its posterior and its identifying assumption."""

from __future__ import annotations

from estimation.report import explorer, wording
from estimation.report.document import Block, Bullets, Paragraph, Section, Table
from estimation.report.figures import posterior_figure
from estimation.report.wording import several, share
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.rounding import persons
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL

__all__ = ["ESTIMATES", "every_model"]

ESTIMATES = "Estimates of every model"
"""The heading, by which page one refers to this part."""


def every_model(findings: Findings) -> Section:
    """All estimates, side by side, each with what it rests on."""
    results = findings.results
    n = len(results)
    estimates = "its estimate is" if n == 1 else "all their estimates are"
    is_public = findings.edition is not None
    digits = "rounded" if is_public else "unrounded, and none is left out"
    blocks: list[Block] = [
        Paragraph(f"The study asks {several(n, 'model')}; {estimates} here, {digits}."),
        _table(findings),
        *_notes(findings),
        *_refused(findings),
        *explorer.rows(findings),
        Paragraph(
            "If an assumption of a model fails, its estimate is wrong. The lists by themselves cannot show that an "
            "assumption holds; that has to be argued from how the lists were made."
        ),
        Table(
            "The identifying assumption of each model: without it, the model could say nothing of the people on no "
            "list. The appendix has all other assumptions.",
            ("Model", "Identifying assumption"),
            "ll",
            tuple((label, r.assumptions[0] if r.assumptions else "–") for label, r in results.items()),
        ),
        *posterior_figure(findings),
    ]
    return Section(ESTIMATES, tuple(blocks))


def _table(findings: Findings) -> Table:
    results = findings.results
    rows = tuple(
        (
            label,
            wording.figure(result),
            wording.lower(result) + _error(result, 0),
            wording.upper(result) + _error(result, 1),
            wording.kind(result),
            _checks(result),
        )
        for label, result in results.items()
    )
    bounds = any(isinstance(result, Estimate) and result.is_lower_bound for result in results.values())
    bounded = " “At least” marks a lower bound, which does not estimate the total." if bounds else ""
    return Table(
        f"The estimate of every model, in persons, with its {share(LEVEL)} interval. After “±” stands the Monte "
        f"Carlo error of an end, where it is a person or more. The headline comes from the marked row.{bounded}",
        ("Model", "Estimate", "Lower", "Upper", "Interval", "Checks"),
        "lrrrll",
        rows,
        marked=list(results).index(findings.study.headline),
    )


def _error(result: Result, end: int) -> str:
    """The Monte Carlo error of an end of the interval; nothing where it is less than a person."""
    error = result.interval(LEVEL).errors[end] if isinstance(result, Estimate) else 0.0
    return f" ± {persons(error)}" if round(error) >= 1 else ""


def _notes(findings: Findings) -> tuple[Block, ...]:
    """What the reader of each number must see, the headline's first."""
    labels = sorted(findings.results, key=lambda label: label != findings.study.headline)
    notes = tuple(
        f"{label}: {note}"
        for label in labels
        if isinstance(result := findings.results[label], Estimate)
        for note in result.notes
    )
    return (Paragraph("Read these estimates with their notes:"), Bullets(notes)) if notes else ()


def _refused(findings: Findings) -> tuple[Block, ...]:
    """The models that gave no number, with the whole reason."""
    refused = tuple(f"{label}: {r.reason}" for label, r in findings.results.items() if isinstance(r, NotEstimable))
    return (Paragraph("Models that gave no number, and why:"), Bullets(refused)) if refused else ()


def _checks(result: Result) -> str:
    """The checks on the computation of one model, in a word or two."""
    if not result.diagnostics.checks:
        return "none needed" if isinstance(result, Estimate) else "–"
    return "passed" if result.diagnostics.ok else "failed"
