"""The numbers of ``results.json``: everything that a study found, and no time or path."""

from __future__ import annotations

from collections.abc import Mapping

from estimation.capture.disclosure.edition import Edition
from estimation.claims import Claim, probability_at_least
from estimation.results.as_json import Json, plain, summary_of
from estimation.results.estimates import Estimate, Result
from estimation.sensitivity.alternatives import Sensitivity
from estimation.strata.as_json import summary_of_strata
from estimation.study.findings import Findings
from estimation.study.linked_numbers import linkage_json
from estimation.study.questions import Question
from estimation.study.study_file import LEVEL

__all__ = ["numbers_of"]

_SCHEMA = 3
_QUOTED = ("estimable", "point", "mean", "median", "sd", "lower", "upper", "level", "interval_kind", "reason")


def numbers_of(findings: Findings) -> dict[str, Json]:
    """Everything that was found, as an object for JSON: numbers and sentences, no times and no paths.

    Unit: persons.  The same study gives the same object, with any number of workers.
    """
    study = findings.study
    numbers: dict[str, Json] = {
        "schema": _SCHEMA,
        "title": study.title,
        "synthetic": study.synthetic,
        "seed": study.seed,
        "headline": {
            "label": study.headline,
            "sentence": findings.sentence,
            **({"changed": [each.sentence for each in study.headline_changes]} if study.headline_changes else {}),
            **_quoted(findings.headline),
        },
        "table": _table_json(findings),
        **({} if findings.linked is None else {"linkage": linkage_json(findings.linked, findings.results)}),
        "models": [{"label": label, **summary_of(result, level=LEVEL)} for label, result in findings.results.items()],
        "references": [
            {"label": r.label, "source": r.source, "value": r.value, "lower": r.lower, "upper": r.upper}
            for r in study.references
        ],
    }
    if findings.edition is not None:
        numbers["edition"] = _edition_json(findings.edition)
    if study.register is not None:
        numbers["register"] = {
            "at_most": study.register.at_most,
            "known_survivors": study.register.known_survivors,
            "uncertainty": study.register.uncertainty,
            "source": study.register.source,
        }
    if study.claims:
        numbers["claims"] = [_claimed(claim, findings.results) for claim in study.claims]
    if findings.strata:
        numbers["strata"] = {label: summary_of_strata(found, level=LEVEL) for label, found in findings.strata.items()}
    if findings.sensitivities:
        numbers["sensitivity"] = {
            question.key: _question_json(question, found) for question, found in findings.sensitivities.items()
        }
    return numbers


def _table_json(findings: Findings) -> Json:
    """The margins of the table; in a public edition those alone that it may print."""
    table, edition = findings.table, findings.edition
    if edition is None:
        return {
            "sha256": table.sha256,
            "n_observed": table.n_observed,
            "lists": dict(zip(table.lists, table.list_sizes.tolist(), strict=True)),
            "frequencies": table.frequencies.tolist(),
            "notes": list(findings.table_notes),
        }
    return {
        "n_observed": edition.n_observed,
        "lists": dict(zip(edition.lists, edition.sizes or [None] * len(edition.lists), strict=True)),
        "frequencies": None if edition.frequencies is None else list(edition.frequencies),
        "frequencies_pooled_from": edition.pooled_from,
    }


def _edition_json(edition: Edition) -> Json:
    """That this is a public edition, by which rule, and what it leaves out."""
    return {
        "public": True,
        "minimum": edition.minimum,
        "margins": list(edition.safe.published.margins),
        "rule": edition.rule,
        "not_covered": edition.not_covered,
        "left_out": list(edition.left_out),
    }


def _claimed(claim: Claim, results: Mapping[str, Result]) -> Json:
    """A claim, and under each model that gives a posterior the probability that the number is at least the claim's."""
    probability = probability_at_least(claim.figure, results) if claim.figure else {}
    return {
        "who": claim.who,
        "when": claim.when,
        "kind": claim.kind,
        "figure": claim.figure,
        "to": claim.to,
        "words": claim.words,
        "citation": claim.citation,
        "probability_at_least": {label: p for label, p in probability.items() if p is not None},
    }


def _question_json(question: Question, found: Sensitivity) -> Json:
    """A question, its finding and its answers."""
    return {
        "kind": question.kind,
        "model": question.model,
        "figure": question.figure,
        "explanation": question.explanation,
        "question": found.question,
        "changed": plain(found.changed),
        "finding": found.finding,
        "baseline": _quoted(found.baseline),
        "alternatives": [
            {
                "label": a.label,
                "value": plain(a.value),
                **_quoted(a.result),
                "monte_carlo_error": a.monte_carlo_error,
            }
            for a in found.alternatives
        ],
    }


def _quoted(result: Result) -> dict[str, Json]:
    """The numbers of a result without what stands in the full summary already."""
    summary = summary_of(result, level=LEVEL)
    quoted = {name: summary[name] for name in _QUOTED if name in summary}
    return quoted | ({"is_lower_bound": result.is_lower_bound} if isinstance(result, Estimate) else {})
