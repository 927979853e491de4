"""The part of a report by place, time and group: each stratum's number, their total, and who was missed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from estimation.capture.stratified import Stratum, called
from estimation.report import explorer, wording
from estimation.report.document import Block, Bullets, Paragraph, Section, Table
from estimation.report.strata_figures import map_figure, missed_figures, strata_figures, time_figures
from estimation.report.wording import listed, persons, sentence_case, several, share
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.shares import shares
from estimation.strata.by_stratum import StratumResults
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL

__all__ = ["STRATA", "by_place_time_and_group"]

STRATA = "By place, time and group"
"""The heading, by which page one refers to this part."""

_MOST_ROWS = 400
_NAMED = 12
"""Strata that a sentence names."""
_LONG = 30
"""Rows from which on a page folds a table."""


def by_place_time_and_group(findings: Findings) -> Section | None:
    """Every stratum's number by the headline's model, and the totals of all models; None for a study without strata."""
    if not findings.strata:
        return None
    found = findings.strata[findings.study.headline]
    blocks: list[Block] = [
        Paragraph(_opening(findings, found)),
        *_total(findings, found),
        *_lists(found),
        *strata_figures(findings, findings.study.headline),
        Paragraph("The same in numbers:"),
        _table(findings.study.headline, found),
        *_refused(found),
        *explorer.strata(findings.study.headline, found),
        *time_figures(findings, found),
        *_missed(findings, found),
        *map_figure(findings, found),
        *_other_models(findings),
        *_models_of_strata(findings),
    ]
    return Section(STRATA, tuple(blocks))


def _opening(findings: Findings, found: StratumResults) -> str:
    n, labels = len(found.results), listed(found.labels)
    models = "the model was" if len(findings.results) == 1 else "every model was"
    return (
        f"The study divides its people by {labels} into {several(n, 'stratum', 'strata')}, and {models} fitted to each "
        f"of them by itself. What follows is the answer of “{findings.study.headline}”, which carries the headline. "
        "Its identifying assumption is made within each stratum: lists may depend on each other, and people differ, in "
        "another way from one stratum to the next. Fewer people stand behind each number, so that intervals are wide."
    )


def _total(findings: Findings, found: StratumResults) -> Iterator[Block]:
    """The total, how it came about, and the number of all people together beside it."""
    if isinstance(found.total, NotEstimable):
        yield Paragraph(f"All strata together have no number: {_sentence(found.total.reason)}", "warning")
        notes = found.notes
    else:
        interval = found.total.interval(LEVEL)
        yield Paragraph(f"All strata together: {wording.figure(found.total)} people, {interval}.")
        notes = tuple(dict.fromkeys([*found.total.notes, *found.notes]))
        if not found.total.diagnostics.ok:
            yield Paragraph(f"All strata together: {found.total.diagnostics.sentence}", "warning")
    if notes:
        yield Paragraph("How this came about:")
        yield Bullets(tuple(map(sentence_case, notes)))
    yield from _beside_all_people(findings, found)


def _beside_all_people(findings: Findings, found: StratumResults) -> Iterator[Block]:
    """The same model's number of all people together, and that neither is the number of the other."""
    together, total = findings.headline, found.total
    if isinstance(together, NotEstimable) or isinstance(total, NotEstimable):
        return
    sentences = [
        f"The same model on all people together gives {wording.figure(together)}, {together.interval(LEVEL)}.",
        _difference(total, together),
    ]
    unplaced = findings.table.n_observed - total.n_observed
    if unplaced > 0:
        sentences.append(
            f"The total by strata rests on {persons(total.n_observed)} of the {persons(findings.table.n_observed)} "
            f"people on the lists; the other {persons(unplaced)} are in no stratum, and neither are people like them "
            "whom no list has."
        )
    sentences.append(
        "In the first, the lists may overlap in another way in each stratum; the second takes all people as one "
        "population. Another division of the same people gives another total again, and all of them are totals of the "
        "same study."
    )
    yield Paragraph(" ".join(sentences))


def _difference(total: Estimate, together: Estimate) -> str:
    """How far the two numbers are apart."""
    apart = total.median - together.median
    if abs(round(apart)) < 1:
        return "The two numbers are the same."
    more = "more" if apart > 0 else "fewer"
    return (
        f"The two numbers differ: the strata give {persons(abs(apart))} people {more} "
        f"({share(abs(apart) / together.median)} of the number of all people together)."
    )


def _lists(found: StratumResults) -> tuple[Block, ...]:
    """The lists that strata went without, and why."""
    gone: dict[str, dict[str, list[Stratum]]] = {}
    for stratum, left_out in found.left_out.items():
        for name, why in left_out.items():
            gone.setdefault(name, {}).setdefault(why, []).append(stratum)
    if not gone:
        return (Paragraph("Every stratum uses all the lists."),)
    items = [
        f"{name} is left out of {_strata_named(found, strata)}: {why}."
        for name, reasons in gone.items()
        for why, strata in reasons.items()
    ]
    return (Paragraph("Lists that have nobody in a stratum, or too few, are left out of it:"), Bullets(tuple(items)))


def _strata_named(found: StratumResults, strata: Sequence[Stratum]) -> str:
    """Some strata, by their names as long as these are few."""
    named = [called(found.labels, stratum) for stratum in strata[:_NAMED]]
    if len(strata) <= _NAMED:
        return "; ".join(named)
    return f"{'; '.join(named)}; and {len(strata) - _NAMED:,} more"


def _table(label: str, found: StratumResults) -> Table:
    """A row a stratum, and the total, by one model."""
    differ = any(found.left_out.values())
    rows = [
        _row(stratum, result, [", ".join(found.lists[stratum])] if differ else [])
        for stratum, result in list(found.results.items())[:_MOST_ROWS]
    ]
    cut = len(found.results) - len(rows)
    rows.append(_row(("all strata", *[""] * (len(found.labels) - 1)), found.total, [""] if differ else []))
    kinds = dict.fromkeys(wording.kind(each) for each in found.results.values() if isinstance(each, Estimate))
    interval = f"with its {share(LEVEL)} interval ({listed(list(kinds))})" if kinds else "which no stratum has"
    left = f" {cut:,} more strata are in strata.csv." if cut else ""
    return Table(
        f"“{label}” in each stratum, in persons, {interval}.{left}",
        (*found.labels, "On a list", "Estimate", "Lower", "Upper", *(["Lists"] if differ else [])),
        "l" * len(found.labels) + "rrrr" + "l" * differ,
        tuple(rows),
        marked=len(rows) - 1,
        is_folded=len(rows) > _LONG,
    )


def _row(names: Sequence[str], result: Result, lists: Sequence[str]) -> tuple[str, ...]:
    numbers = (wording.figure(result), wording.lower(result), wording.upper(result))
    return (*names, persons(result.n_observed), *numbers, *lists)


def _refused(found: StratumResults) -> tuple[Block, ...]:
    """The strata that have no number, those with one reason together."""
    reasons: dict[str, list[Stratum]] = {}
    for stratum, result in found.results.items():
        if isinstance(result, NotEstimable):
            reasons.setdefault(result.reason, []).append(stratum)
    if not reasons:
        return ()
    items = [f"{_strata_named(found, strata)}: {_sentence(reason)}" for reason, strata in reasons.items()]
    return (Paragraph("Strata without a number, and why:"), Bullets(tuple(items)))


def _missed(findings: Findings, found: StratumResults) -> Iterator[Block]:
    """Which strata the lists make smaller than they are, in words and as a chart."""
    known = {stratum: result for stratum, result in found.results.items() if isinstance(result, Estimate)}
    if len(known) < 2 or any(
        each.is_lower_bound or each.interval_kind == "range across families" for each in known.values()
    ):
        return
    parts = shares(known, rng=0, level=LEVEL)
    sentences = [
        "Who was missed: a stratum whose share of all people is larger than its share of the people on the lists was "
        "recorded less often than the others."
    ]
    interval = f"{share(LEVEL)} {next(iter(parts.values())).kind} interval"
    for how in ("less", "more"):
        strata = [stratum for stratum, part in parts.items() if part.recorded == how]
        if strata:
            named = _strata_named(found, strata)
            sentences.append(f"Recorded {how} often, by the whole of the {interval}: {named}.")
    if all(part.recorded == "alike" for part in parts.values()):
        sentences.append(f"Of no stratum can it be told: every {interval} holds the share on the lists.")
    if len(parts) >= _NAMED:
        sentences.append(f"Of {len(parts)} such intervals some miss by luck alone.")
    yield Paragraph(" ".join(sentences))
    yield from missed_figures(findings, found)


def _other_models(findings: Findings) -> tuple[Block, ...]:
    """The total over strata of every model, beside its number of all people together."""
    if len(findings.strata) < 2:
        return ()
    rows = []
    for label, found in findings.strata.items():
        n_known = sum(isinstance(result, Estimate) for result in found.results.values())
        numbers = (wording.figure(found.total), wording.lower(found.total), wording.upper(found.total))
        with_number = f"{n_known:,} of {len(found.results):,}"
        together = findings.results.get(label)  # a model of strata alone has no number of all people together
        rows.append((label, with_number, *numbers, "–" if together is None else wording.figure(together)))
    return (
        Paragraph("The total over the strata by every model of the study:"),
        Table(
            f"All strata together, in persons, with the {share(LEVEL)} interval, and the same model's number of all "
            "people together.",
            ("Model", "Strata with a number", "All strata", "Lower", "Upper", "All people together"),
            "lrrrrr",
            tuple(rows),
            marked=list(findings.strata).index(findings.study.headline),
        ),
        Paragraph("Each stratum by every model:"),
        _every_model(findings),
    )


def _every_model(findings: Findings) -> Table:
    """The number of every stratum by every model."""
    first = next(iter(findings.strata.values()))
    names = dict.fromkeys(stratum for found in findings.strata.values() for stratum in found.results)
    rows = [
        (*stratum, *(_figure_of(found.results.get(stratum)) for found in findings.strata.values()))
        for stratum in list(names)[:_MOST_ROWS]
    ]
    return Table(
        "Every model's number of each stratum, in persons; their intervals are in strata.csv.",
        (*first.labels, *findings.strata),
        "l" * len(first.labels) + "r" * len(findings.strata),
        tuple(rows),
        is_folded=True,
    )


def _figure_of(result: Result | None) -> str:
    return "–" if result is None else wording.figure(result)


def _models_of_strata(findings: Findings) -> Iterator[Block]:
    """What a model of all strata at once says of each."""
    for number, label in enumerate((label for label in findings.strata if label not in findings.results), 1):
        found = findings.strata[label]
        result = found.total
        assumed = f" Its identifying assumption: {result.assumptions[0]}" if result.assumptions else ""
        yield Paragraph(
            f"“{label}” is fitted to all strata at once, so that those with few people borrow from the others.{assumed}"
        )
        yield from strata_figures(findings, label, name=f"strata-at-once-{number}")
        yield Paragraph(f"“{label}” in numbers:")
        yield _table(label, found)
        yield from _refused(found)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
