"""What ``results.json`` says of a linkage: its people, and what it contributes to the variance of each model's N."""

from __future__ import annotations

from collections.abc import Mapping

from estimation.linkage.linked_tables import LinkedTables
from estimation.results.as_json import Json
from estimation.results.estimates import Result
from estimation.results.variance_split import VarianceSplit

__all__ = ["linkage_json"]


def linkage_json(linked: LinkedTables, results: Mapping[str, Result]) -> dict[str, Json]:
    """What a linkage found, what it contributes to the variance of each model's N, and what the table beside it is.

    Parameters
    ----------
    linked : LinkedTables
        The tables of all draws.
    results : mapping of str to Estimate or NotEstimable
        The answer of each model by its label.  Unit of the variances: persons squared.
    """
    parts: dict[str, Json] = {}
    for label, result in results.items():
        split = VarianceSplit.of(result.tables)
        if split is not None:
            parts[label] = {
                "linkage": split.linkage,
                "model_and_chance": split.model_and_chance,
                "share_of_linkage": split.share,
            }
    table = "that of one draw of the linkage, in the middle; every answer under sensitivity is about it"
    return {**dict(linked.about), "variance_of_n": parts, "table": table}
