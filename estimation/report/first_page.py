"""Page one under the number and the chart, in plain English: what it rests on, what would change it, what it is not.

Numbers here are rounded by the rule for headlines (`estimation.results.rounding`); the unrounded ones stand inside.
"""

from __future__ import annotations

from collections.abc import Mapping

from estimation.report.claims_in_short import claims_in_short
from estimation.report.document import Bullets, Headline, Paragraph, Section
from estimation.report.estimates import ESTIMATES
from estimation.report.fit import FIT
from estimation.report.linkage import linkage_in_short
from estimation.report.plain_english import assumption_in_plain_english
from estimation.report.public_overlap import edition_in_short
from estimation.report.strata import strata_in_short
from estimation.report.strongest import strongest_changes
from estimation.report.wording import about, listed, percent, persons, sentence_case, several
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.rounding import rounded
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL

__all__ = ["first_page", "headline"]


def headline(findings: Findings) -> Headline:
    """The number on top, as a bound if it is one, and in words if there is none."""
    result, table = findings.headline, findings.table
    lists = sentence_case(several(len(table.lists), "list"))
    about_so_many = persons(table.n_observed) if findings.linked is None else f"about {persons(table.n_observed)}"
    name = f"{lists} {'names' if len(table.lists) == 1 else 'name'} {about_so_many}"
    if isinstance(result, NotEstimable):
        return Headline(
            "No number",
            "The model chosen for this number gives none.",
            (
                f"{name} people. How many are on none of the lists, this model cannot say.",
                f"Why: {_sentence(result.reason)}",
            ),
        )
    rounded_headline = rounded(result, LEVEL)
    unseen = rounded_headline.unit * round((rounded_headline.point - table.n_observed) / rounded_headline.unit)
    if result.is_lower_bound:
        others = f"at least {persons(unseen)} more are on none of the lists"
        return Headline(
            f"At least {persons(rounded_headline.point)} people",
            rounded_headline.interval_text,
            (f"{name} people; {others}.",),
        )
    others = f"about {persons(unseen)} are on none of the lists" if unseen > 0 else "the estimate adds nobody to them"
    return Headline(
        f"About {persons(rounded_headline.point)} people",
        rounded_headline.interval_text,
        (f"{name} of them; {others}.",),
    )


def _sentence(text: str) -> str:
    """A text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def first_page(findings: Findings, *, figure_numbers: Mapping[str, int]) -> tuple[Section, ...]:
    """What a reader in a hurry must know beside the number, in a few sections of a few sentences.

    Parameters
    ----------
    findings : Findings
        What was found; every sentence is made from it.
    figure_numbers : mapping of str to int
        The number of each figure by its name.
    """
    return (
        Section("What this rests on", _rests_on(findings)),
        Section("What would change it", (Bullets(_would_change(findings, figure_numbers)),)),
        *claims_in_short(findings),
        Section("What is counted", (_counted(findings),)),
        *(() if findings.edition is None else (edition_in_short(findings.edition),)),
        Section("What the number is not", (Paragraph(" ".join(_is_not(findings))),)),
    )


def _rests_on(findings: Findings) -> tuple[Paragraph, ...]:
    """The model, its identifying assumption, and how to read the interval."""
    result, register = findings.headline, findings.study.register
    chosen = " ".join(
        [
            f"The study chose the model “{findings.study.headline}” for this number.",
            *(change.sentence for change in findings.study.headline_changes),
        ]
    )
    if isinstance(result, NotEstimable):
        assumed = f"It would have rested on this assumption: {result.assumptions[0]}" if result.assumptions else ""
        return (Paragraph(f"{chosen} {assumed} No other model takes its place here.".replace("  ", " ")),)
    sentences = [
        chosen,
        assumption_in_plain_english(result),
        "No table can show whether this is true.",
        _reading(result),
    ]
    if result.fit is not None and result.fit.fits is False:
        sentences.append(f"The lists themselves speak against this model: see the part “{FIT}”.")
    linkage = linkage_in_short(findings.linked, findings.results, findings.study.headline)
    sentences += [linkage] if linkage else []
    if register is not None:
        sentences.append(_sentence(register.sentence))
    if result.notes:
        notes = sentence_case(several(len(result.notes), "note"))
        verb = "stands" if len(result.notes) == 1 else "stand"
        sentences.append(f"{notes} for analysts {verb} in the part “{ESTIMATES}”.")
    paragraph = Paragraph(" ".join(sentences))
    return (paragraph,) if result.diagnostics.ok else (Paragraph(result.diagnostics.sentence, "warning"), paragraph)


def _reading(result: Estimate) -> str:
    """How to read the interval, by its kind."""
    if result.is_lower_bound:
        return (
            "The number is a lower bound: the true number may be larger, and nothing here says by how much. Its "
            f"interval therefore has a lower end only, which {percent(LEVEL)} of the intervals made in this way put "
            "below the bound."
        )
    if result.interval_kind == "range across families":
        return (
            f"It reaches from the lowest to the highest end of the {percent(LEVEL)} intervals of several families of "
            "models, declared before the lists were seen; how often it holds the true number was measured on invented "
            "lists only."
        )
    if result.interval_kind == "credible":
        return (
            "If it is, and for who accepts what the model supposes before the lists are seen, the probability that the "
            f"true number lies in the interval is {percent(LEVEL)}."
        )
    return f"If it is, {percent(LEVEL)} of the intervals made in this way hold the true number."


def _would_change(findings: Findings, figure_numbers: Mapping[str, int]) -> tuple[str, ...]:
    """The other models, the strongest change of each kind that was tried, and the models without a number."""
    sentences = [
        _other_models(findings, figure_numbers) + _contradicted(findings),
        *strongest_changes(findings, figure_numbers),
        *filter(None, [strata_in_short(findings)]),
    ]
    if not findings.sensitivities:
        sentences.append("The study asks nothing about its lists, its settings or its linkage beyond its models.")
    refused = [label for label, result in findings.results.items() if isinstance(result, NotEstimable)]
    if refused:
        n_refused = sentence_case(several(len(refused), "of", "of"))
        which = f"{n_refused} {several(len(findings.results), 'model')}"
        verb = "gives" if len(refused) == 1 else "give"
        sentences.append(
            f"{sentence_case(which)} {verb} no number: {listed(refused)}. The reasons stand in the part “{ESTIMATES}”."
        )
    return tuple(sentences)


def _other_models(findings: Findings, figure_numbers: Mapping[str, int]) -> str:
    """How far the other models are apart."""
    see = f"figure {figure_numbers['comparison']}"
    estimated = {
        label: result
        for label, result in findings.results.items()
        if isinstance(result, Estimate) and not result.is_lower_bound and label != findings.study.headline
    }
    if not estimated:
        none = "asks one model only" if len(findings.results) == 1 else "has no other model that estimates the total"
        return f"The study {none}, so it cannot show what another would answer."
    least = min(estimated, key=lambda label: estimated[label].median)
    most = max(estimated, key=lambda label: estimated[label].median)
    low, high = f"{about(estimated[least])} ({least})", f"{about(estimated[most])} ({most})"
    if len(estimated) == 1:
        return f"The one other model that estimates the total gives {low}: see {see}."
    return (
        f"{sentence_case(several(len(estimated), 'other model'))} give between {low} and {high}: see {see}. Each "
        "assumes something else about the lists."
    )


def _contradicted(findings: Findings) -> str:
    """Which of the other models the lists contradict; nothing where they contradict none."""
    labels = [
        label
        for label, result in findings.results.items()
        if label != findings.study.headline and isinstance(result, Estimate) and result.fit and result.fit.fits is False
    ]
    named = listed([f"“{label}”" for label in labels])
    return f" The lists themselves speak against {named}: see the part “{FIT}”." if labels else ""


def _counted(findings: Findings) -> Paragraph:
    counted = findings.study.counted
    return Paragraph(f"{_sentence(counted.who)} Not counted: {_inner(counted.excludes)}")


def _inner(text: str) -> str:
    """A text to go on with after a colon."""
    return _sentence(text[:1].lower() + text[1:] if text[1:2].islower() else text)


def _is_not(findings: Findings) -> list[str]:
    """What the number must not be taken for."""
    sentences = [
        "It is not a list of names, and it proves nothing about any one person: it cannot say who is among those whom "
        "no list recorded.",
        "It does not say who is responsible.",
    ]
    if findings.study.synthetic:
        sentences.append("It is not about real people: the data are synthetic.")
    return sentences
