"""Tables with a known number of people, and every model's interval beside it: where it holds, and where it does not.

Such tables are few, and well covered populations: that a model's interval holds the number in some of them validates
nothing elsewhere, and that it fails in one shows that it can fail.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from matplotlib.axes import Axes

from estimation import charts
from estimation.atlas.audit import Audit
from estimation.atlas.study_folder import AtlasStudy
from estimation.capture.readers import read_table_file
from estimation.claims import ReferenceFigure
from estimation.errors import TableWarning
from estimation.models.registry import default_models
from estimation.provenance import package_version
from estimation.report import wording
from estimation.report.document import Bullets, Document, Figure, Headline, Paragraph, Section, Table
from estimation.report.numbering import numbered
from estimation.report.wording import persons, sentence_case, several
from estimation.results.estimates import Estimate, Result
from estimation.study.study_file import LEVEL
from estimation.work.seeds import generator_of

__all__ = ["Truth", "truth_of", "truths_document"]

_SEED = 1


@dataclass(frozen=True, slots=True)
class Truth:
    """A table whose number of people is known.

    Parameters
    ----------
    name, title : str
        The study.
    total : float
        The number.  Unit: persons.
    source : str
        Where it can be read.
    n_observed : int
        People on a list.  Unit: persons.
    is_synthetic : bool
        Whether they were invented.
    results : mapping of str to Estimate or NotEstimable
        The answer of each model by its label.
    """

    name: str
    title: str
    total: float
    source: str
    n_observed: int
    is_synthetic: bool
    results: Mapping[str, Result]

    def holds(self, label: str) -> bool | None:
        """Whether a model's 95 % interval holds the number; None where the model gives none.

        A lower bound, whose interval has no upper end, holds it where it is not above it.
        """
        result = self.results.get(label)
        if not isinstance(result, Estimate):
            return None
        interval = result.interval(LEVEL)
        return interval.lower <= self.total <= interval.upper


def truth_of(study: AtlasStudy, audit: Audit | None) -> Truth | None:
    """The known number of a study and its models' answers; None where no number is known.

    Parameters
    ----------
    study : AtlasStudy
        The study.
    audit : Audit, optional
        Its models' answers; without them, where only numbers of captures are public, those of the default models.
    """
    published = study.published
    if published.truth is None:
        return None
    if audit is not None:
        n, results = audit.findings.table.n_observed, audit.findings.results
    elif published.frequencies is not None:
        with warnings.catch_warnings():  # that nothing says by which lists is why the file is named so
            warnings.simplefilter("ignore", TableWarning)
            table = read_table_file(study.folder / published.frequencies).table
        n = table.n_observed
        results = {label: model.fit(table, rng=generator_of(_SEED)) for label, model in default_models(table).items()}
    else:
        return None
    synthetic = study.study is not None and study.study.synthetic
    return Truth(study.name, study.title, published.truth, published.truth_source, n, synthetic, results)


def truths_document(truths: Sequence[Truth]) -> Document:
    """The page as a document, whose charts are still to be drawn.

    Parameters
    ----------
    truths : sequence of Truth
        The tables, one or more.
    """
    first, *_ = truths
    sections = (Section("Every model on every table", (_matrix(truths), _by_model(truths))), *map(_section, truths[1:]))
    return Document(
        title="Tables with a known number of people",
        subtitle="Every model of the atlas on each of them",
        stamp="",
        headline=_headline(truths),
        chart=replace(_figure(first), number=1),
        first=(Section("What this shows", (Bullets(_facts(truths)),)), Section("What it does not show", (_caution(),))),
        sections=numbered(sections, first_figure=2),
        foot=f"Atlas of published studies, estimation {package_version()}",
        time=datetime(1970, 1, 1, tzinfo=UTC),
        given=frozenset(truth.title for truth in truths),
    )


def _labels(truths: Sequence[Truth]) -> list[str]:
    """Every model's label, in the order of the tables."""
    return list(dict.fromkeys(label for truth in truths for label in truth.results))


def _headline(truths: Sequence[Truth]) -> Headline:
    outcomes = [truth.holds(label) for truth in truths for label in truth.results]
    n_holding, given = sum(bool(outcome) for outcome in outcomes), sum(outcome is not None for outcome in outcomes)
    return Headline(
        f"{n_holding} of {given} intervals hold the number",
        f"{sentence_case(several(len(truths), 'table'))}, 95 % intervals",
        ("A model that gives no number is counted in neither.",),
    )


def _facts(truths: Sequence[Truth]) -> tuple[str, ...]:
    """One sentence a table: which intervals miss its number."""
    facts = []
    for truth in truths:
        missing = [label for label in truth.results if truth.holds(label) is False]
        given = sum(truth.holds(label) is not None for label in truth.results)
        invented = "invented people, " if truth.is_synthetic else ""
        named = f"; missed by {', '.join(missing)}" if missing else ""
        facts.append(
            f"{truth.title} ({invented}{persons(truth.n_observed)} on a list, {persons(truth.total)} in all): held by "
            f"{given - len(missing)} of {given}{named}."
        )
    return tuple(facts)


def _caution() -> Paragraph:
    return Paragraph(
        "The people of these tables are well covered, by the lists or because they were invented, and the tables are "
        "few. An interval that holds the number in all of them is no proof that a model is right elsewhere. Coverage "
        "over many tables is what the simulations of this package measure (mse coverage)."
    )


def _matrix(truths: Sequence[Truth]) -> Table:
    rows = tuple((label, *(_cell(truth, label) for truth in truths)) for label in _labels(truths))
    return Table(
        "The 95 % interval of each model, in persons, and whether it holds the known number (yes or no). A dash: the "
        "model is not declared for the table; “none”: it gives no number. A lower bound holds a number that is not "
        "below it.",
        ("Model", *(f"{truth.title}: {persons(truth.total)}" for truth in truths)),
        "l" + "l" * len(truths),
        rows,
    )


def _cell(truth: Truth, label: str) -> str:
    result, holds = truth.results.get(label), truth.holds(label)
    if result is None:
        return "–"
    if not isinstance(result, Estimate):
        return "none"
    if result.is_lower_bound:
        return f"{'yes' if holds else 'no'}, from {wording.lower(result)}"
    return f"{'yes' if holds else 'no'}, {wording.lower(result)} to {wording.upper(result)}"


def _by_model(truths: Sequence[Truth]) -> Table:
    rows = []
    for label in _labels(truths):
        outcomes = [truth.holds(label) for truth in truths]
        rows.append((label, str(sum(map(bool, outcomes))), str(sum(each is not None for each in outcomes))))
    return Table(
        "By model: tables whose number its interval holds, and tables on which it gives one.",
        ("Model", "Held", "Of"),
        "lrr",
        tuple(rows),
    )


def _section(truth: Truth) -> Section:
    invented = " The people were invented." if truth.is_synthetic else ""
    text = f"{persons(truth.n_observed)} people on a list, {persons(truth.total)} in all.{invented} {truth.source}"
    return Section(truth.title, (Paragraph(text), _figure(truth)))


def _figure(truth: Truth) -> Figure:
    known = ReferenceFigure(label="Known number", source=truth.source or truth.title, value=truth.total)
    synthetic = "Synthetic data. " if truth.is_synthetic else ""
    words = " ".join(
        f"{label}: {result if isinstance(result, Estimate) else 'none'}." for label, result in truth.results.items()
    )
    return Figure(
        f"truth-{truth.name}",
        f"{synthetic}{truth.title}: every model's interval, and below the line the known number, "
        f"{persons(truth.total)}.",
        f"{synthetic}One row a model. {words} Known number: {persons(truth.total)} people.",
        draw=partial(_drawn, truth.results, known, is_synthetic=truth.is_synthetic),
    )


def _drawn(results: Mapping[str, Result], known: ReferenceFigure, *, is_synthetic: bool) -> Axes:
    axes = charts.plot_comparison(results, references=(known,))
    if is_synthetic:
        charts.stamp_synthetic(axes)
    return axes
