"""Page one under the number and the chart, in plain words: what it rests on, what would change it, what it is not.

Numbers here are rounded by the rule for headlines (`estimation.results.rounding`); the unrounded ones stand inside.
Each sentence is a whole one with places (`estimation.text.languages`), so that it can be said in another language.
"""

from __future__ import annotations

from collections.abc import Mapping

from estimation.report.claims_in_short import claims_in_short
from estimation.report.document import Bullets, Headline, Paragraph, Section
from estimation.report.estimates import ESTIMATES
from estimation.report.fit import FIT
from estimation.report.in_language import ENGLISH, about, begun, ended, interval_text, percent, persons, quoted
from estimation.report.linkage_in_short import linkage_in_short
from estimation.report.plain_english import assumption_in_plain_english
from estimation.report.public_overlap import edition_in_short
from estimation.report.strata_in_short import strata_in_short
from estimation.report.strongest import strongest_changes
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.rounding import rounded
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL
from estimation.text.languages import Language, sentence

__all__ = ["first_page", "headline"]


def headline(findings: Findings, language: Language = ENGLISH) -> Headline:
    """The number on top, as a bound if it is one, and in words if there is none.

    Parameters
    ----------
    findings : Findings
        What was found.
    language : Language
        What it is said in.
    """
    result, table = findings.headline, findings.table
    say, n_lists = language.say, len(table.lists)
    observed = persons(language, table.n_observed)
    people = observed if findings.linked is None else say("about {people}", {"people": observed})
    if isinstance(result, NotEstimable):
        on_none = language.count(
            n_lists,
            "{n} list names {people} people. How many are on none of the lists, this model cannot say.",
            "{n} lists name {people} people. How many are on none of the lists, this model cannot say.",
            {"people": people},
        )
        why = say("Why: {reason}", {"reason": ended(result.reason)})
        number, no_range = say("No number"), say("The model chosen for this number gives none.")
        return Headline(number, no_range, (begun(on_none), why))
    number_found = rounded(result, LEVEL)
    unseen = number_found.unit * round((number_found.point - table.n_observed) / number_found.unit)
    point, interval = persons(language, number_found.point), interval_text(language, number_found)
    values = {"people": people, "unseen": persons(language, unseen)}
    if result.is_lower_bound:
        named = language.count(
            n_lists,
            "{n} list names {people} people; at least {unseen} more are on none of the lists.",
            "{n} lists name {people} people; at least {unseen} more are on none of the lists.",
            values,
        )
        return Headline(say("At least {people} people", {"people": point}), interval, (begun(named),))
    of_them = _named(language, n_lists, values) if unseen > 0 else _nobody_added(language, n_lists, people)
    return Headline(say("About {people} people", {"people": point}), interval, (begun(of_them),))


def _named(language: Language, n_lists: int, values: Mapping[str, str]) -> str:
    """How many of the number the lists name, and how many they do not."""
    return language.count(
        n_lists,
        "{n} list names {people} of them; about {unseen} are on none of the lists.",
        "{n} lists name {people} of them; about {unseen} are on none of the lists.",
        values,
    )


def _nobody_added(language: Language, n_lists: int, people: str) -> str:
    """That the lists name all of the number."""
    return language.count(
        n_lists,
        "{n} list names {people} of them; the estimate adds nobody to them.",
        "{n} lists name {people} of them; the estimate adds nobody to them.",
        {"people": people},
    )


def first_page(
    findings: Findings, *, figure_numbers: Mapping[str, int], language: Language = ENGLISH
) -> tuple[Section, ...]:
    """What a reader in a hurry must know beside the number, in a few sections of a few sentences.

    Parameters
    ----------
    findings : Findings
        What was found; every sentence is made from it.
    figure_numbers : mapping of str to int
        The number of each figure by its name.
    language : Language
        What it is said in.
    """
    say, edition = language.say, findings.edition
    return (
        Section(say("What this rests on"), _rests_on(findings, language)),
        Section(say("What would change it"), (Bullets(_would_change(findings, figure_numbers, language)),)),
        *claims_in_short(findings, language),
        Section(say("What is counted"), (_counted(findings, language),)),
        *(() if edition is None else (edition_in_short(edition, language),)),
        Section(say("What the number is not"), (Paragraph(" ".join(_is_not(findings, language))),)),
    )


def _rests_on(findings: Findings, language: Language) -> tuple[Paragraph, ...]:
    """The model, its identifying assumption, and how to read the interval."""
    result, register, say = findings.headline, findings.study.register, language.say
    sentences: list[str] = [
        say("The study chose the model “{model}” for this number.", {"model": findings.study.headline})
    ]
    sentences += [
        say(
            "The headline was changed from “{before}” to “{after}” on {day}, when there were results already.",
            {"before": change.before, "after": change.after, "day": change.on},
        )
        for change in findings.study.headline_changes
    ]
    if isinstance(result, NotEstimable):
        if result.assumptions:
            assumption = {"assumption": result.assumptions[0]}
            sentences.append(say("It would have rested on this assumption: {assumption}", assumption))
        return (Paragraph(" ".join([*sentences, say("No other model takes its place here.")])),)
    sentences += [
        assumption_in_plain_english(result, language),
        say("No table can show whether this is true."),
        _reading(result, language),
    ]
    if result.fit is not None and result.fit.fits is False:
        sentences.append(say("The lists themselves speak against this model: see the part “{part}”.", {"part": FIT}))
    linkage = linkage_in_short(findings.linked, findings.results, findings.study.headline, language)
    sentences += [linkage] if linkage else []
    if register is not None:
        added = ended(register.sentence)
        sentences.append(added if language.is_english else say("About the register: {sentence}", {"sentence": added}))
    if result.notes:
        sentences.append(
            language.count(
                len(result.notes),
                "{n} note for analysts stands in the part “{part}”.",
                "{n} notes for analysts stand in the part “{part}”.",
                {"part": ESTIMATES},
            )
        )
    paragraph = Paragraph(" ".join(map(begun, sentences)))
    checks = result.diagnostics
    return (paragraph,) if checks.ok else (Paragraph(_failed(checks, language), "warning"), paragraph)


def _failed(checks: Diagnostics, language: Language) -> str:
    """The checks on the computation that failed."""
    failed = "; ".join(f"{check.name} is {check.value:.4g} (limit {check.limit:.4g})" for check in checks.failed)
    return language.say("Not to be trusted: {checks}.", {"checks": failed})


def _reading(result: Estimate, language: Language) -> str:
    """How to read the interval, by its kind."""
    level = {"level": percent(language, LEVEL)}
    if result.is_lower_bound:
        return language.say(
            "The number is a lower bound: the true number may be larger, and nothing here says by how much. Its "
            "interval therefore has a lower end only, which {level} of the intervals made in this way put below the "
            "bound.",
            level,
        )
    if result.interval_kind == "range across families":
        return language.say(
            "It reaches from the lowest to the highest end of the {level} intervals of several families of models, "
            "declared before the lists were seen; how often it holds the true number was measured on invented lists "
            "only.",
            level,
        )
    if result.interval_kind == "credible":
        return language.say(
            "If it is, and for who accepts what the model supposes before the lists are seen, the probability that the "
            "true number lies in the interval is {level}.",
            level,
        )
    return language.say("If it is, {level} of the intervals made in this way hold the true number.", level)


def _would_change(findings: Findings, figure_numbers: Mapping[str, int], language: Language) -> tuple[str, ...]:
    """The other models, the strongest change of each kind that was tried, and the models without a number."""
    sentences = [
        " ".join(filter(None, [_other_models(findings, figure_numbers, language), _contradicted(findings, language)])),
        *strongest_changes(findings, figure_numbers, language),
        *filter(None, [strata_in_short(findings, language)]),
    ]
    if not findings.sensitivities:
        nothing = sentence("The study asks nothing about its lists, its settings or its linkage beyond its models.")
        sentences.append(language.say(nothing))
    refused = [label for label, result in findings.results.items() if isinstance(result, NotEstimable)]
    if refused:
        models = language.count(len(findings.results), "{n} model", "{n} models")
        none = language.count(
            len(refused),
            "{n} of {models} gives no number: {names}. The reasons stand in the part “{part}”.",
            "{n} of {models} give no number: {names}. The reasons stand in the part “{part}”.",
            {"models": models, "names": language.listed(refused), "part": ESTIMATES},
        )
        sentences.append(none)
    return tuple(map(begun, sentences))


def _other_models(findings: Findings, figure_numbers: Mapping[str, int], language: Language) -> str:
    """How far the other models are apart."""
    say, figure = language.say, figure_numbers["comparison"]
    estimated = {
        label: result
        for label, result in findings.results.items()
        if isinstance(result, Estimate) and not result.is_lower_bound and label != findings.study.headline
    }
    if not estimated and len(findings.results) == 1:
        return say("The study asks one model only, so it cannot show what another would answer.")
    if not estimated:
        return say(
            "The study has no other model that estimates the total, so it cannot show what another would answer."
        )
    least = min(estimated, key=lambda label: estimated[label].median)
    most = max(estimated, key=lambda label: estimated[label].median)
    low, high = about(language, estimated[least]), about(language, estimated[most])
    if len(estimated) == 1:
        return say(
            "The one other model that estimates the total gives {number} ({model}): see figure {figure}.",
            {"number": low, "model": least, "figure": figure},
        )
    values: dict[str, str | int] = {"low": low, "low_model": least, "high": high, "high_model": most, "figure": figure}
    return language.count(
        len(estimated),
        "{n} other model gives between {low} ({low_model}) and {high} ({high_model}): see figure {figure}. It assumes "
        "something else about the lists.",
        "{n} other models give between {low} ({low_model}) and {high} ({high_model}): see figure {figure}. Each "
        "assumes something else about the lists.",
        values,
    )


def _contradicted(findings: Findings, language: Language) -> str:
    """Which of the other models the lists contradict; nothing where they contradict none."""
    labels = [
        label
        for label, result in findings.results.items()
        if label != findings.study.headline and isinstance(result, Estimate) and result.fit and result.fit.fits is False
    ]
    named = language.listed([quoted(language, label) for label in labels])
    against = {"models": named, "part": FIT}
    return (
        language.say("The lists themselves speak against {models}: see the part “{part}”.", against) if labels else ""
    )


def _counted(findings: Findings, language: Language) -> Paragraph:
    counted = findings.study.counted
    given = {"who": ended(counted.who), "excludes": _inner(counted.excludes)}
    return Paragraph(language.say("{who} Not counted: {excludes}", given))


def _inner(text: str) -> str:
    """A text to go on with after a colon."""
    return ended(text[:1].lower() + text[1:] if text[1:2].islower() else text)


def _is_not(findings: Findings, language: Language) -> list[str]:
    """What the number must not be taken for."""
    say = language.say
    sentences = [
        say(
            "It is not a list of names, and it proves nothing about any one person: it cannot say who is among those "
            "whom no list recorded."
        ),
        say("It does not say who is responsible."),
    ]
    if findings.study.synthetic:
        sentences.append(say("It is not about real people: the data are synthetic."))
    return list(sentences)
