"""The part of a report that shows whether the computations worked: of the headline in full, of the others in short."""

from __future__ import annotations

from estimation.report.document import Block, Bullets, Paragraph, Section, Table
from estimation.report.figures import sampling_figures
from estimation.report.wording import persons, several, significant
from estimation.results.estimates import Estimate, Result
from estimation.results.totals import Draws, Grid
from estimation.study.findings import Findings

__all__ = ["computation"]


def computation(findings: Findings) -> Section:
    """Whether the computations worked: of the headline in full, of the others in a sentence."""
    result, label, is_public = findings.headline, findings.study.headline, findings.edition is not None
    blocks: list[Block] = [
        Paragraph(
            "A model can be computed well and still assume the wrong thing. This part is about the computation only."
        ),
        Paragraph(_sentence(label, result, is_public=is_public), "plain" if result.diagnostics.ok else "warning"),
    ]
    if result.diagnostics.checks:
        blocks.append(
            Table(
                f"Checks on the computation of the headline model, {label}.",
                ("Check", "Found", "Limit", "", "What it means"),
                "lrrll",
                tuple(
                    (c.name, significant(c.value), significant(c.limit), "passed" if c.passed else "failed", c.meaning)
                    for c in result.diagnostics.checks
                ),
            )
        )
    blocks += sampling_figures(findings)
    others = tuple(
        _sentence(name, other, is_public=is_public) for name, other in findings.results.items() if name != label
    )
    if others:
        blocks += [Paragraph("The other models:"), Bullets(others)]
    return Section("Whether the computation worked", tuple(blocks))


def _sentence(label: str, result: Result, *, is_public: bool) -> str:
    """Whether the computation of one model can be trusted, and what it was."""
    if not isinstance(result, Estimate):
        return (
            f"{label}: no number was made. {result.diagnostics.sentence if result.diagnostics.checks else ''}".strip()
        )
    if is_public:
        return f"{label}: {result.diagnostics.sentence}"
    if isinstance(result.total, Grid):
        made = "computed exactly, value by value; nothing was drawn at random"
    elif isinstance(result.total, Draws):
        chains, draws = result.total.values.shape
        made = f"{several(chains, 'chain')} of {persons(draws)} random draws each"
    else:
        made = "a formula"
    return f"{label} ({made}): {result.diagnostics.sentence}"
