"""What page one says of who is the same person, in a sentence or two."""

from __future__ import annotations

from collections.abc import Mapping

from estimation.linkage.linked_tables import LinkedTables
from estimation.report.in_language import ENGLISH, percent, persons
from estimation.report.linkage import LINKAGE, LINKAGE_LEVEL, people_on
from estimation.results.estimates import Result
from estimation.results.variance_split import VarianceSplit
from estimation.text.languages import Language

__all__ = ["linkage_in_short"]

_HARDLY = 0.005
"""A share of the variance below it makes the interval hardly any wider."""


def linkage_in_short(
    linked: LinkedTables | None, results: Mapping[str, Result], headline: str, language: Language = ENGLISH
) -> str:
    """What page one says of it; empty for a study of a table.

    Parameters
    ----------
    linked : LinkedTables or None
        The tables of all draws.
    results : mapping of str to Estimate or NotEstimable
        What every model answered.
    headline : str
        The model whose answer stands on top.
    language : Language
        What it is said in.
    """
    if linked is None:
        return ""
    found = people_on(linked)
    interval = language.say(
        "{level} credible interval {lower} to {upper}",
        {
            "level": language.percentage(round(100 * LINKAGE_LEVEL)),
            "lower": persons(language, found.lower),
            "upper": persons(language, found.upper),
        },
    )
    values: dict[str, str | int] = {
        "records": persons(language, sum(linked.n_records.values())),
        "people": persons(language, found.median),
        "interval": interval,
        "part": LINKAGE,
    }
    split = VarianceSplit.of(results[headline].tables)
    if split is None:
        return language.say(
            "The lists have {records} records of about {people} people ({interval}): it is not certain which records "
            "are of the same person. See the part “{part}”.",
            values,
        )
    if split.share < _HARDLY:
        return language.say(
            "The lists have {records} records of about {people} people ({interval}): it is not certain which records "
            "are of the same person, which makes the interval hardly any wider. See the part “{part}”.",
            values,
        )
    return language.say(
        "The lists have {records} records of about {people} people ({interval}): it is not certain which records are "
        "of the same person, and the interval is wider for it. Of the doubt about the number of all people, measured "
        "as its variance, {share} comes from that. See the part “{part}”.",
        {**values, "share": percent(language, split.share)},
    )
