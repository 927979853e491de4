"""The charts of a report: what each shows, in words and as what draws it (`estimation.report.drawing` does)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from matplotlib.axes import Axes

from estimation import charts
from estimation.capture.table import CaptureTable
from estimation.claims.implications import spread
from estimation.models.prior_and_posterior import PRIOR_AND_POSTERIOR, prior_and_posterior_in_short
from estimation.report.document import Figure
from estimation.report.in_language import ENGLISH
from estimation.report.wording import persons, several
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.totals import Draws, Grid, Point
from estimation.study.findings import Findings
from estimation.study.questions import Question
from estimation.text.languages import Language

__all__ = [
    "claims_figure",
    "comparison_figure",
    "overlap_figure",
    "posterior_figure",
    "prior_figure",
    "sampling_figures",
    "sensitivity_figure",
    "sensitivity_name",
]

_MOST_CLAIMS = 40
"""Claims that one picture has room for."""


def _figure(findings: Findings, draw: Callable[[], Axes], *, name: str, caption: str, alternative: str) -> Figure:
    synthetic = "Synthetic data. " if findings.study.synthetic else ""
    return Figure(name, caption, synthetic + alternative, draw=draw)


def _answers(results: Mapping[str, Result]) -> str:
    return " ".join(
        f"{label}: {result}." if isinstance(result, Estimate) else f"{label}: not estimable."
        for label, result in results.items()
    )


def _references(findings: Findings) -> str:
    return "".join(f" {r.label}: {persons(r.value)} people." for r in findings.study.references)


def overlap_figure(findings: Findings, table: CaptureTable) -> Figure:
    """How many people of a table were seen by exactly which lists."""
    of_which = "" if findings.edition is None else ", of the safe table"
    words = f"Bar chart of the people on exactly each combination of lists: {table}."
    if table.n_observed:
        at = int(table.counts.argmax())
        on = " and ".join(name for name, is_on in zip(table.lists, table.patterns[at].tolist(), strict=True) if is_on)
        words += f" The largest group has {persons(int(table.counts[at]))} people, on {on} alone."
    return _figure(
        findings,
        partial(charts.plot_upset, table),
        name="overlaps",
        caption=(
            f"People by the lists that they are on{of_which}. Each column is a group of people, and the joined dots "
            "under it name exactly the lists that the group is on. The bars at the side are the lists."
        ),
        alternative=words,
    )


def comparison_figure(findings: Findings, language: Language = ENGLISH) -> Figure:
    """Every model's estimate, and the published figures; its caption in the language of page one."""
    results, references = findings.results, findings.study.references
    if references:
        caption: str = language.say(
            "The estimate of every model with its interval, and the figures that others published; the headline in "
            "bold."
        )
    else:
        caption = language.say("The estimate of every model with its interval; the headline in bold.")
    if len(results) > 1:
        votes = language.say(
            "The models are not votes: each rests on an assumption of its own, and their average means nothing."
        )
        caption = f"{caption} {votes}"
    return _figure(
        findings,
        partial(charts.plot_comparison, results, references=references, headline=findings.study.headline),
        name="comparison",
        caption=caption,
        alternative=f"One row a model. {_answers(results)}{_references(findings)}",
    )


def posterior_figure(findings: Findings) -> tuple[Figure, ...]:
    """What is known about the number under each model that gives a posterior; none where no model does."""
    posteriors = {
        label: result
        for label, result in findings.results.items()
        if isinstance(result, Estimate) and isinstance(result.total, Draws | Grid)
    }
    if not posteriors:
        return ()
    return (
        _figure(
            findings,
            partial(charts.plot_posterior, posteriors, references=findings.study.references),
            name="posterior",
            caption=(
                "The posterior of the number under each Bayesian model: the higher the curve, the more probable the "
                "number, if the model's assumptions hold."
            ),
            alternative=f"Curves of posterior probability. {_answers(posteriors)}",
        ),
    )


def prior_figure(findings: Findings) -> Figure:
    """The headline's expansion factor before and after the lists are seen, under each of its priors."""
    label, result = findings.study.headline, findings.headline
    rows = next(table for table in result.tables if table.title == PRIOR_AND_POSTERIOR)
    words = " ".join(
        f"{prior}: before the lists {before}, after them {after}."
        for prior, before, after, _ in prior_and_posterior_in_short(rows)
    )
    return _figure(
        findings,
        partial(charts.plot_prior_predictive, result),
        name="prior",
        caption=(
            f"{label}: the expansion factor N/n before the lists are seen, and after. The further the lower bar of a "
            "pair is from the upper one, or the shorter it is, the more the lists have said."
        ),
        alternative=f"Pairs of bars, one a prior. {words}",
    )


def _draws(result: Result) -> Draws | None:
    if isinstance(result, NotEstimable):
        return result.evidence
    return None if isinstance(result.total, Grid | Point) else result.total


def sampling_figures(findings: Findings) -> tuple[Figure, ...]:
    """How the chains of the headline model ran; none when it has no chains."""
    draws = _draws(findings.headline)
    if draws is None:
        return ()
    label, chains = findings.study.headline, several(draws.values.shape[0], "chain")
    usable = (
        "" if isinstance(findings.headline, Estimate) else " These chains gave no answer; read no number from them."
    )
    return (
        _figure(
            findings,
            partial(charts.plot_trace, draws),
            name="trace",
            caption=(
                f"{label}: the number of people in {chains} of random draws. Chains that agree look alike and stay at "
                f"the same height.{usable}"
            ),
            alternative=f"The draws of {chains} in their order, chain beside chain.{usable}",
        ),
        _figure(
            findings,
            partial(charts.plot_rank, draws),
            name="ranks",
            caption=(
                f"{label}: where the draws of each chain stand among the draws of all chains. If the chains agree, all "
                f"bars are of about the same height.{usable}"
            ),
            alternative=f"A histogram of ranks for each of {chains}.{usable}",
        ),
    )


def sensitivity_name(findings: Findings, question: Question) -> str:
    """What the chart of a question is called: its place among the questions, and its key."""
    place = list(findings.sensitivities).index(question) + 1
    words = "".join(c if c.isalnum() else " " for c in question.key.lower()).split()
    return f"sensitivity-{place:02d}-{'-'.join(words)}"


def sensitivity_figure(findings: Findings, question: Question) -> Figure:
    """What becomes of the number when one thing is changed."""
    found = findings.sensitivities[question]
    draw: Callable[[], Axes] = partial(charts.plot_sensitivity, found)
    if question.kind == "consistency":
        draw = partial(charts.plot_consistency, {"This table": found})
    return _figure(
        findings,
        draw,
        name=sensitivity_name(findings, question),
        caption=f"Model: {found.baseline.title}.",
        alternative=f"{found.question} {found.finding} {_answers({a.label: a.result for a in found.alternatives})}",
    )


def claims_figure(findings: Findings) -> Figure:
    """The claims of a study on one axis."""
    claims, few = findings.study.claims, ""
    if len(claims) > _MOST_CLAIMS:
        by_figure = sorted((claim for claim in claims if claim.figure), key=lambda claim: claim.figure or 0)
        claims = tuple(spread(by_figure, _MOST_CLAIMS))
        few = f" Of {persons(len(findings.study.claims))} claims these are {persons(len(claims))}; the table has all."
    return _figure(
        findings,
        partial(charts.plot_claims, claims),
        name="claims",
        caption=(
            f"The claims as their sources state them; a filled square is a count, an open diamond is asserted.{few}"
        ),
        alternative=" ".join(f"{claim.label}: {claim.figure_text}." for claim in claims),
    )
