"""What page one says of strata: their total, in a sentence."""

from __future__ import annotations

from estimation.report.in_language import ENGLISH, about, interval_text, persons
from estimation.report.strata import STRATA
from estimation.results.estimates import NotEstimable
from estimation.results.rounding import rounded
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL
from estimation.text.languages import Language

__all__ = ["strata_in_short"]


def strata_in_short(findings: Findings, language: Language = ENGLISH) -> str:
    """The total over strata in a sentence, for page one; empty for a study without strata.

    Parameters
    ----------
    findings : Findings
        What was found.
    language : Language
        What it is said in.
    """
    if not findings.strata:
        return ""
    found = findings.strata[findings.study.headline]
    values: dict[str, str | int] = {
        "labels": language.listed(found.labels),
        "groups": language.count(len(found.results), "{n} group", "{n} groups"),
        "part": STRATA,
    }
    if isinstance(found.total, NotEstimable):
        n_failed = sum(isinstance(result, NotEstimable) for result in found.results.values())
        if not n_failed:
            return language.say(
                "Divided by {labels} into {groups}, the same model gives no number of all people; see the part "
                "“{part}”.",
                values,
            )
        failed = language.count(n_failed, "{n} group has no number", "{n} groups have no number")
        return language.say(
            "Divided by {labels} into {groups}, the same model gives no number of all people: {failed}; see the part "
            "“{part}”.",
            {**values, "failed": failed},
        )
    values |= {
        "number": about(language, found.total),
        "interval": interval_text(language, rounded(found.total, LEVEL)),
    }
    if found.total.n_observed < findings.table.n_observed:
        return language.say(
            "Divided by {labels} into {groups}, of the {people} people on the lists who can be placed, the same model "
            "gives {number} in all ({interval}): see the part “{part}”.",
            {**values, "people": persons(language, found.total.n_observed)},
        )
    return language.say(
        "Divided by {labels} into {groups}, the same model gives {number} in all ({interval}): see the part “{part}”.",
        values,
    )
