"""The parts of a report that give the number: headline, what is counted, every model, what would change it."""

from __future__ import annotations

from estimation.report import explorer, wording
from estimation.report.document import Block, Bullets, Headline, Paragraph, Section, Table
from estimation.report.figures import model_figures
from estimation.report.wording import persons, several, share
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL

__all__ = ["changes", "counted", "differences", "every_model", "headline", "published"]


def headline(findings: Findings) -> Headline:
    """The number on top, as a bound if it is one, and in words if there is none."""
    result, label = findings.headline, findings.study.headline
    seen = f"{persons(result.n_observed)} people are on at least one of {several(len(findings.table.lists), 'list')}."
    if isinstance(result, NotEstimable):
        return Headline(
            figure="No number",
            range=f"Not estimable by {result.title}.",
            rests="It would have rested on this assumption:",
            assumption=result.assumptions[0] if result.assumptions else "",
            sentences=(
                f"Why: {result.reason}.".replace("..", "."),
                seen,
                f"The study declared the model “{label}” to carry the headline before it was run, and no other model "
                "takes its place here. What the other models say stands below.",
            ),
        )
    unseen = persons(round(result.median) - result.n_observed)
    inferred = "at least " + unseen if result.is_lower_bound else unseen
    sentences = [
        f"{seen} The others, {inferred}, are on none; their number is inferred from how the lists overlap.",
        _reading(result),
        f"Made by the model “{label}”, which the study declared to carry the headline. {result.diagnostics.sentence}",
    ]
    return Headline(
        figure=f"{'At least ' if result.is_lower_bound else ''}{persons(result.median)} people",
        range=str(result.interval(LEVEL)),
        rests="It rests on this assumption:",
        assumption=result.assumptions[0],
        sentences=(*sentences, *result.notes),
    )


def _reading(result: Estimate) -> str:
    """How to read the interval, by its kind."""
    if result.is_lower_bound:
        return (
            "This is a lower bound and not an estimate of the total: the total may be larger, and nothing here says "
            "by how much. The interval is that of the bound."
        )
    if result.interval_kind == "credible":
        return (
            f"The interval holds the total with a probability of {share(LEVEL)}, if the assumptions of the model hold. "
            "It does not hold the doubt about the assumptions: for that, see what the other models say and what would "
            "change the number."
        )
    return (
        f"If lists like these could be made again and again, {share(LEVEL)} of such intervals would hold the total, if "
        "the assumptions hold. The interval does not hold the doubt about the assumptions."
    )


def counted(findings: Findings) -> Section:
    """Whom the number is about, and whom not."""
    said = findings.study.counted
    rows = (("Who", said.who), ("Where", said.where), ("When", said.when), ("Not counted", said.excludes))
    return Section(
        "What is counted, and what is not",
        (
            Table("What the number is about.", ("", ""), "ll", rows),
            Paragraph(
                "The number is an estimate of how many people there are, those whom no list recorded included. It is "
                "not a list of names, and it cannot say of any one person whether that person is among the unrecorded."
            ),
        ),
    )


def every_model(findings: Findings) -> Section:
    """All answers, side by side, each with what it rests on."""
    results = findings.results
    rows = tuple(
        (
            label,
            wording.figure(result),
            wording.lower(result),
            wording.upper(result),
            wording.kind(result),
            _checks(result),
        )
        for label, result in results.items()
    )
    n = len(results)
    answers = "its answer is" if n == 1 else "all their answers are"
    blocks: list[Block] = [
        Paragraph(f"The study declares {several(n, 'model')}; {answers} here, and none is left out."),
        Table(
            f"Every model's answer, in persons, with its {share(LEVEL)} interval. The marked row carries the headline.",
            ("Model", "Number", "Lower", "Upper", "Interval", "Checks"),
            "lrrrll",
            rows,
            marked=list(results).index(findings.study.headline),
        ),
        *_notes(findings),
        *model_figures(findings),
        *explorer.rows(findings),
        Table(
            "What each answer rests on: the assumption without which the model could not speak of the unrecorded.",
            ("Model", "Identifying assumption"),
            "ll",
            tuple((label, r.assumptions[0] if r.assumptions else "–") for label, r in results.items()),
        ),
    ]
    return Section("What every model answers", tuple(blocks))


def _notes(findings: Findings) -> tuple[Block, ...]:
    """What the reader of each number must see; that of the headline stands under the headline."""
    notes = tuple(
        f"{label}: {note}"
        for label, result in findings.results.items()
        if isinstance(result, Estimate) and label != findings.study.headline
        for note in result.notes
    )
    return (Paragraph("These numbers are not to be read without their notes:"), Bullets(notes)) if notes else ()


def _checks(result: Result) -> str:
    """The checks on the computation of one model, in a word or two."""
    if not result.diagnostics.checks:
        return "none needed" if isinstance(result, Estimate) else "–"
    return "passed" if result.diagnostics.ok else "failed"


def changes(findings: Findings) -> Section:
    """What would move the number: another model, another prior, an assumption that fails."""
    blocks: list[Block] = [Paragraph(differences(findings))]
    bounds = [label for label, r in findings.results.items() if isinstance(r, Estimate) and r.is_lower_bound]
    if bounds:
        blocks.append(
            Paragraph(f"Left out of this comparison, because it bounds the total from below: {', '.join(bounds)}.")
        )
    refused = [f"{label}: {r.reason}" for label, r in findings.results.items() if isinstance(r, NotEstimable)]
    if refused:
        blocks += [Paragraph("Models that gave no number, and why:"), Bullets(tuple(refused))]
    blocks.append(
        Paragraph(
            "The model declared for the headline rests on the assumptions below. If one of them fails, its number is "
            "wrong. The lists by themselves cannot show that they hold; that has to be argued from how the lists were "
            "made:"
        )
    )
    blocks.append(Bullets(findings.headline.assumptions))
    return Section("How far the models are apart, and what the headline assumes", tuple(blocks))


def differences(findings: Findings) -> str:
    """How far the models are apart, in words."""
    totals = {
        label: r.median for label, r in findings.results.items() if isinstance(r, Estimate) and not r.is_lower_bound
    }
    if not totals:
        return "No model of this study estimates the total."
    if len(totals) == 1:
        return f"Only one model of this study estimates the total: {next(iter(totals))}."
    least, most = min(totals, key=lambda k: totals[k]), max(totals, key=lambda k: totals[k])
    return (
        f"Another model would change it. Of the {several(len(totals), 'model')} that estimate the total, the lowest "
        f"says {persons(totals[least])} ({least}) and the highest {persons(totals[most])} ({most}). "
        "They differ because they assume different things about the lists."
    )


def published(findings: Findings) -> Section | None:
    """Figures published by others beside the headline; None when the study names none."""
    references, result = findings.study.references, findings.headline
    if not references:
        return None
    rows = []
    for r in references:
        interval = f"{persons(r.lower)} to {persons(r.upper)}" if r.lower is not None and r.upper is not None else "–"
        rows.append((r.label, persons(r.value), interval, _place(result, r.value)))
    return Section(
        "Published figures beside it",
        (
            Table(
                "Figures published by others, in persons; none of them was used to make the numbers of this study.",
                ("Source", "Figure", "Its interval", "Against the headline's interval"),
                "lrll",
                tuple(rows),
            ),
            Bullets(tuple(f"{r.label}: {r.source}" for r in references)),
        ),
    )


def _place(result: Estimate | NotEstimable, value: float) -> str:
    """Where a figure lies against the interval of the headline."""
    if isinstance(result, NotEstimable):
        return "there is no headline number"
    interval = result.interval(LEVEL)
    if value < interval.lower:
        return "below it"
    return "above it" if value > interval.upper else "inside"
