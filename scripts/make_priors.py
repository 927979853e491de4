"""Remakes every number of the library of priors from the counts and figures in ``data/priors``.

Run with: python scripts/make_priors.py [--out FOLDER]

Writes ``expansion.csv`` (N/n by kind of study, with and without each study), ``pairs.csv`` (the four counts of every
pair of lists), ``dependence.csv`` (odds ratios by kind of study, with and without each study, and by kinds of lists),
``discount.csv`` (pairs of the tables in which N is known) and ``normal.csv`` (the priors of a log odds ratio in the
population by kind of study, whatever the other lists do and given them).  Nothing is drawn at random.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from estimation import priors
from estimation.errors import SettingError
from estimation.files import write_bytes
from estimation.priors.dependence import DEPENDENCE_KINDS, pairs_of_study
from estimation.priors.expansion import EXPANSION_KINDS

Row = Sequence[str | int | float | None]


def expansion_rows() -> Iterator[Row]:
    """N/n by kind; then without each study."""
    yield ("kind", "without", "studies", *("min", "10 %", "25 %", "median", "75 %", "90 %", "max"), *_PREDICTIVE)
    for kind in EXPANSION_KINDS:
        whole = priors.expansion(kind)
        for left_out, found in {"": whole, **whole.leave_one_study_out()}.items():
            yield (kind, left_out, found.n_studies, *_digits([*found.quantiles.values(), *found.predictive]))


def pair_rows() -> Iterator[Row]:
    """The counts of every pair of lists, among the people on any other list."""
    yield ("study", "part_of", "first", "second", "first_kind", "second_kind", "n_11", "n_10", "n_01", "n_00")
    for study in priors.studies():
        for pair in pairs_of_study(study):
            yield (study.name, study.part_of, pair.first, pair.second, *pair.kinds, *pair.cells)


def dependence_rows() -> Iterator[Row]:
    """Odds ratios by kind; then without each study; then by the kinds of the two lists."""
    yield ("kind", "lists", "without", "studies", "pairs", "mu", "mu_sd", "tau_b", "tau_w", *_PREDICTIVE, "P(negative)")
    for kind in DEPENDENCE_KINDS:
        whole = priors.dependence(kind)
        yield _dependence_row(whole, "")
        for left_out, found in whole.leave_one_study_out().items():
            yield _dependence_row(found, left_out)
    coded = sorted({one.kind for study in priors.studies() if study.kind != "synthetic" for one in study.lists})
    for i, first in enumerate(coded):
        for second in coded[i:]:
            try:
                yield _dependence_row(priors.dependence(lists=(first, second)), "")
            except SettingError:  # no pair of lists of these kinds
                continue


def _dependence_row(found: priors.PairDependence, left_out: str) -> Row:
    numbers = [found.mean, found.mean_sd, found.between, found.within, *found.predictive, found.probability_negative]
    lists = "" if found.lists is None else " and ".join(found.lists)
    return (found.kind, lists, left_out, len(found.studies), len(found.pairs), *_digits(numbers))


def discount_rows() -> Iterator[Row]:
    """Log odds ratios among people on another list and in the population, and the difference."""
    yield ("study", "first", "second", "on_other_lists", "in_population", "difference")
    for one in priors.discount().pairs:
        numbers = [one.on_other_lists, one.in_population, one.on_other_lists - one.in_population]
        yield (one.pair.study, one.pair.first, one.pair.second, *_digits(numbers))


def normal_rows() -> Iterator[Row]:
    """The priors of a log odds ratio in the population."""
    yield ("odds_ratio", "kind", "mean", "sd", "correlation", "2.5 %", "median", "97.5 %")
    for of, prior in (("population", priors.population_dependence), ("given others", priors.conditional_dependence)):
        for kind in DEPENDENCE_KINDS:
            found = prior(kind)
            yield (of, kind, *_digits([found.mean, found.sd, found.correlation, *found.odds_ratio]))


_PREDICTIVE = ("predictive 2.5 %", "predictive median", "predictive 97.5 %")
FILES = {
    "expansion.csv": expansion_rows,
    "pairs.csv": pair_rows,
    "dependence.csv": dependence_rows,
    "discount.csv": discount_rows,
    "normal.csv": normal_rows,
}


def _digits(numbers: Iterable[float]) -> list[str]:
    """Three decimals, which no machine's last digit moves; three digits of a large number."""
    return [f"{number:.3f}" if math.fabs(number) < 100 else f"{float(f'{number:.3g}'):g}" for number in numbers]


def as_csv(rows: Iterable[Row]) -> str:
    """Rows as a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "data" / "priors" / "made")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in FILES.items():
        write_bytes(out / name, as_csv(rows()).encode())


if __name__ == "__main__":
    main()
