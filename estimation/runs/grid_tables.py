"""What a grid found, as two tidy tables and an object: a row a job, each stratum pooled over replicates, the totals.

*A stratum over replicates.*  `estimation.results.pool` by the rule of the study.  Where a stratum has the same table in
all replicates there is one answer, and it is that one.

*The total.*  Within a replicate draws are added over strata, and the totals of replicates are pooled.  Equal tables
have equal answers (`estimation.runs.grid_jobs`), draw by draw, and added as they are two such strata would be perfectly
correlated.  So the draws of all but the first stratum with a table are put in another order, at random: given their
tables, strata are independent.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from estimation.capture.stratified import Stratum
from estimation.frames import Cell
from estimation.models.protocol import Model, settings_of
from estimation.results.as_json import Json, summary_of
from estimation.results.estimates import RESULT_COLUMNS, Estimate, NotEstimable, Result, result_row
from estimation.results.pool import PoolRule, pool
from estimation.results.totals import Draws, Point
from estimation.runs.grid_answers import Answers
from estimation.runs.grid_jobs import Job, Plan
from estimation.strata.totals import total
from estimation.work.seeds import generator_for

__all__ = [
    "JOB_COLUMNS",
    "POOLED_COLUMNS",
    "Pooled",
    "parquet_bytes",
    "pooled_of",
    "rows_of_jobs",
    "rows_of_pooled",
    "totals_json",
    "why_not",
]

_NUMBERS = {name: kind for name, kind in RESULT_COLUMNS.items() if name != "model"}
JOB_COLUMNS: Mapping[str, type] = {
    "replicate": str,
    "model": str,
    "question": str,
    "alternative": str,
    **_NUMBERS,
    "monte_carlo_error": float,
    "lists": str,
    "data_sha256": str,
    "answer": str,
}
"""The columns of ``grid.parquet`` after those of the labels.  Unit: persons."""

POOLED_COLUMNS: Mapping[str, type] = {"model": str, "replicates": int, "rule": str, **_NUMBERS}
"""The columns of ``pooled.parquet`` after those of the labels, which are empty in the row of a total."""


def rows_of_jobs(plan: Plan, answers: Answers) -> Iterator[dict[str, Cell]]:
    """The rows of all jobs, in their order."""
    tables: dict[tuple[int, Stratum], dict[str, Cell]] = {}
    for job in plan.jobs:
        cut = plan.cuts[job.cut]
        place = job.cut, job.stratum
        if place not in tables:
            table = cut.strata.tables[job.stratum]
            left = [name for name in table.lists if name not in cut.strata.left_out[job.stratum]]
            tables = {place: {"lists": ", ".join(left), "data_sha256": table.sha256, "n_observed": table.n_observed}}
        labels: dict[str, Cell] = dict(zip(_label_columns(cut.strata.labels), job.stratum, strict=True))
        about = labels | {"replicate": cut.replicate, "question": job.question, "answer": job.key}
        found = [{"estimable": False, "reason": job.why_not}] if job.key is None else answers.rows(job.key)
        for row in found:
            label = {"model": job.model if job.model is not None else row.get("model")}
            yield tables[place] | row | about | label


def _label_columns(labels: Sequence[str]) -> list[str]:
    """What the columns of labels are called: by their names, with a word more where a column has that name already."""
    return [f"{name} (label)" if name in JOB_COLUMNS or name in POOLED_COLUMNS else name for name in labels]


@dataclass(frozen=True, slots=True)
class Pooled:
    """What one model says of each stratum over all replicates, and of all strata together.

    Parameters
    ----------
    label : str
        The model.
    strata : mapping of Stratum to Estimate or NotEstimable
        Each stratum, pooled.
    rules : mapping of Stratum to str or None
        By which rule; None where nothing had to be pooled.
    total : Estimate or NotEstimable
        All strata together, pooled.
    total_rule : str or None
        By which rule.
    """

    label: str
    strata: Mapping[Stratum, Result]
    rules: Mapping[Stratum, str | None]
    total: Result
    total_rule: str | None


def pooled_of(plan: Plan, answers: Answers, label: str, *, rule: PoolRule, seed: int) -> Pooled:
    """One model over all strata and replicates.

    Parameters
    ----------
    plan, answers
        What was to be done, and what was found.
    label : str
        The model.
    rule : {"stacked", "rubin", "truth commission"}
        How replicates are pooled; classical estimates, which have no draws to stack, by Rubin's rule instead.
    seed : int
        Of the study.
    """
    jobs = [job for job in plan.jobs if job.model == label and job.question is None]
    by_cut: list[list[Job]] = [[] for _ in plan.cuts]
    for job in jobs:
        by_cut[job.cut].append(job)
    different = {tuple((job.stratum, job.key) for job in own) for own in by_cut}
    used = [0] if len(different) == 1 else range(len(by_cut))  # equal replicates say nothing twice
    totals = []
    for at in used:
        cut = plan.cuts[at]
        rng = generator_for(seed, "total", label, cut.replicate or "")
        totals.append(_total(by_cut[at], answers, cut.strata.labels, rng))
    whole, whole_rule = _over_replicates(totals, len(used), rule)
    by_stratum: dict[Stratum, list[Job]] = {}
    for job in jobs:
        by_stratum.setdefault(job.stratum, []).append(job)
    strata, rules = {}, {}
    for stratum, own in by_stratum.items():
        keys = dict.fromkeys(job.key for job in own)
        alike = len(keys) == 1 and len(own) == len(plan.cuts)
        results = [answers.result(str(job.key)) for job in (own[:1] if alike else own)]
        strata[stratum], rules[stratum] = _over_replicates(results, 1 if alike else len(plan.cuts), rule)
    return Pooled(label, strata, rules, whole, whole_rule)


def _total(jobs: Sequence[Job], answers: Answers, labels: Sequence[str], rng: np.random.Generator) -> Result:
    """All strata of one replicate together."""
    results: dict[Stratum, Result] = {}
    seen: set[str] = set()
    for job in jobs:
        key = str(job.key)
        found = answers.result(key)
        if key in seen and isinstance(found, Estimate) and isinstance(found.total, Draws):
            values = found.total.values
            found = replace(found, total=Draws(rng.permutation(values.ravel()).reshape(values.shape)))
        seen.add(key)
        results[job.stratum] = found
    if not labels:
        return results[()]
    if any(isinstance(each, Estimate) and each.is_lower_bound for each in results.values()):
        return _bounds(list(results.values()), "a total of lower bounds is no estimate", of_strata=True)
    return total(results, labels, rng=rng)


def _bounds(results: Sequence[Result], what: str, *, of_strata: bool) -> NotEstimable:
    first = results[0]
    observed = sum(each.n_observed for each in results) if of_strata else first.n_observed
    reason = f"the model gives lower bounds, and {what}; the bound of each job is in grid.parquet"
    return NotEstimable(observed, first.model, first.title, reason, first.assumptions, first.provenance)


def _over_replicates(results: Sequence[Result], n_cuts: int, rule: PoolRule) -> tuple[Result, str | None]:
    """The answers of all replicates made one, and by which rule."""
    if n_cuts == 1:
        return results[0], None
    if len(results) < n_cuts:
        first = results[0]
        reason = (
            f"nobody is of it in {n_cuts - len(results)} of {n_cuts} replicates: so few people are of it that there is "
            "no table to fit; merge it with a neighbour"
        )
        return NotEstimable(
            first.n_observed, first.model, first.title, reason, first.assumptions, first.provenance
        ), None
    estimates = [each for each in results if isinstance(each, Estimate)]
    if any(each.is_lower_bound for each in estimates):
        return _bounds(results, "bounds are not pooled", of_strata=False), None
    classical = any(isinstance(each.total, Point) for each in estimates)
    used: PoolRule = "rubin" if classical and rule == "stacked" else rule
    return pool(results, rule=used), used if len(estimates) == len(results) else None


def rows_of_pooled(plan: Plan, pooled: Sequence[Pooled]) -> Iterator[dict[str, Cell]]:
    """The rows of all strata and totals: of each model its strata in their order, then its total without labels."""
    labels = _label_columns(plan.cuts[0].strata.labels)
    for each in pooled:
        for stratum, result in each.strata.items():
            about: dict[str, Cell] = dict(zip(labels, stratum, strict=True))
            yield about | _row(result, each.label, len(plan.cuts), each.rules[stratum])
        if labels:
            yield dict.fromkeys(labels) | _row(each.total, each.label, len(plan.cuts), each.total_rule)


def _row(result: Result, label: str, replicates: int, rule: str | None) -> dict[str, Cell]:
    return {**result_row(result), "model": label, "replicates": replicates, "rule": rule}


def parquet_bytes(rows: Iterable[dict[str, Cell]], labels: Sequence[str], columns: Mapping[str, type]) -> bytes:
    """Rows as a Parquet file: the labels, then the columns, each of one type whatever is missing in it."""
    # Imported here because pyarrow takes a third of a second to load.
    import pyarrow
    import pyarrow.parquet

    kinds = {str: pyarrow.string(), bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64()}
    whole = {**dict.fromkeys(_label_columns(labels), str), **columns}
    cells: dict[str, list[Any]] = {name: [] for name in whole}
    for row in rows:
        for name, column in cells.items():
            column.append(row.get(name))
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in whole.items()])
    content = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(cells, schema=schema), content, compression="zstd")
    return content.getvalue()


def totals_json(pooled: Sequence[Pooled], models: Mapping[str, Model]) -> list[Json]:
    """The total of each model with its settings, assumptions and diagnostics, as objects for JSON."""
    found: list[Json] = []
    for each in pooled:
        settings: dict[str, Json] = {name: repr(value) for name, value in settings_of(models[each.label])}
        summary = summary_of(each.total)
        summary["tables"], summary["sentence"] = [], str(each.total)
        found.append({"label": each.label, "rule": each.total_rule, "settings": settings, "total": summary})
    return found


def why_not(rows: Iterable[dict[str, Cell]], most: int = 12) -> dict[str, int]:
    """The reasons why jobs have no number, the most frequent first, and how often each was given."""
    counted = Counter(str(row["reason"]) for row in rows if not row.get("estimable"))
    return dict(counted.most_common(most))
