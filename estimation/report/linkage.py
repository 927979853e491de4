"""The part of a report on who is the same person: records, people and links, and what they contribute to N."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from estimation.linkage.linked_tables import LinkedTables
from estimation.linkage.people import People, people_of
from estimation.models.linked.people_on_lists import people_on_lists
from estimation.report.document import Block, Bullets, Paragraph, Section, Table
from estimation.report.linkage_figures import error_figures, people_figure, share_figure, weight_figures
from estimation.report.wording import listed, persons, sentence_case, several, share
from estimation.results.as_json import Json
from estimation.results.estimates import Result
from estimation.results.variance_split import VarianceSplit

__all__ = ["LINKAGE", "LINKAGE_LEVEL", "people_on", "who_is_the_same_person"]

LINKAGE = "Who is the same person"
"""The heading, by which page one refers to this part."""

LINKAGE_LEVEL = 0.95


def who_is_the_same_person(
    linked: LinkedTables | None, results: Mapping[str, Result], headline: str, *, synthetic: bool
) -> Section | None:
    """How many people the records are of, and what that contributes to N; None for a study of a table.

    Parameters
    ----------
    linked : LinkedTables or None
        The tables of all draws of the linkage, and what stands beside them.
    results : mapping of str to Estimate or NotEstimable
        The answer of each model, pooled over the draws.
    headline : str
        The label of the model that carries the headline.
    synthetic : bool
        Whether the people are invented.
    """
    if linked is None:
        return None
    blocks: list[Block] = [
        Paragraph(_opening(linked)),
        *_checks(linked),
        people_figure(linked, synthetic=synthetic),
        _lists(linked),
        *_contribution(results, headline, synthetic=synthetic),
        *_evidence(linked, synthetic=synthetic),
        *_not_linked(linked),
        Paragraph(_review(linked)),
        *_notes(linked),
    ]
    return Section(LINKAGE, tuple(blocks))


def people_on(linked: LinkedTables) -> People:
    """The number of people on the lists."""
    return people_of(linked.n_people, sum(linked.n_records.values()), LINKAGE_LEVEL)


def _interval(people: People) -> str:
    return f"{100 * LINKAGE_LEVEL:.0f} % credible interval {persons(people.lower)} to {persons(people.upper)}"


def _opening(linked: LinkedTables) -> str:
    found, records, n_lists = people_on(linked), sum(linked.n_records.values()), len(linked.lists)
    chains, draws = linked.shape
    drawn = found.by_model
    links = " to ".join(dict.fromkeys((persons(records - drawn.upper), persons(records - drawn.lower))))
    return (
        f"{persons(records)} records on {several(n_lists, 'list')} are of {persons(found.median)} people "
        f"({_interval(found)}). Which records are of the same person was drawn {persons(chains * draws)} times "
        f"from its posterior, by {several(chains, 'chain')}; a draw makes {links} links, each of a record to a person "
        "who has another. Every model was fitted to the tables of these draws, and its answers were pooled, so that "
        "its interval contains the doubt about the linkage. What follows about one table is about one draw in the "
        "middle."
    )


def _checks(linked: LinkedTables) -> Iterator[Block]:
    """What the chains did not agree on."""
    failed = [each for each in _objects(linked, "checks") if not each["passed"]]
    if failed:
        named = "; ".join(
            f"{each['name']} is {_figure(each['value'])} (limit {_figure(each['limit'])})" for each in failed
        )
        yield Paragraph(f"The chains of the linkage are not to be trusted yet: {named}. Draw more.", "warning")


def _objects(linked: LinkedTables, key: str) -> list[dict[str, Json]]:
    """The objects of a list that stands beside the tables; none where it does not."""
    found = linked.about.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _figure(value: Json) -> str:
    return f"{value:.4g}" if isinstance(value, int | float) else str(value)


def _lists(linked: LinkedTables) -> Table:
    """Records and people of each list."""
    rows = tuple(
        (str(name), persons(float(n)), persons(float(median)), f"{persons(float(lower))} to {persons(float(upper))}")
        for name, n, median, lower, upper in people_on_lists(linked).rows
    )
    return Table(
        f"Records, and people with their {100 * LINKAGE_LEVEL:.0f} % credible interval. A list with more records than "
        "people has somebody twice.",
        ("List", "Records", "People", "Interval"),
        "lrrr",
        rows,
        marked=0,
    )


def _contribution(results: Mapping[str, Result], headline: str, *, synthetic: bool) -> Iterator[Block]:
    """What linkage contributes to N, model by model."""
    splits = {label: split for label, result in results.items() if (split := VarianceSplit.of(result.tables))}
    if not splits:
        return
    own = splits.get(headline)
    sentences = [
        "What linkage contributes to N: with the table of one draw given, the variance of N is the model's and that of "
        "chance; what the answers differ by from draw to draw is the linkage's. The two add up to the whole."
    ]
    if own is not None:
        sentences.append(
            f"Of “{headline}”, {share(own.share)} of the variance is the linkage's: a standard deviation of "
            f"{persons(np.sqrt(own.linkage))} people, beside {persons(np.sqrt(own.model_and_chance))} from the model "
            f"and chance, together {persons(own.sd)}."
        )
    yield Paragraph(" ".join(sentences))
    yield share_figure(results, synthetic=synthetic)
    rows = tuple(
        (
            label,
            persons(np.sqrt(split.linkage)),
            persons(np.sqrt(split.model_and_chance)),
            persons(split.sd),
            f"{100 * split.share:.0f} ± {100 * split.share_error:.0f} %",
        )
        for label, split in splits.items()
    )
    yield Table(
        "Standard deviation of N in persons, and its two parts, whose squares add up to its square. The error of the "
        "share is its Monte Carlo error.",
        ("Model", "Linkage", "Model and chance", "Both", "Linkage"),
        "lrrrr",
        rows,
        marked=list(splits).index(headline) if headline in splits else None,
    )


def _evidence(linked: LinkedTables, *, synthetic: bool) -> Iterator[Block]:
    """Match weights and errors of fields."""
    errors = linked.errors
    if errors is None:
        return
    weights = weight_figures(errors, synthetic=synthetic)
    if weights:
        yield Paragraph(
            "What agreement and difference say: a match weight of one bit doubles the odds that two records are of one "
            "person, and one below zero speaks against it. The linkage itself compares all records of a person at once."
        )
        yield from weights
    yield Paragraph(
        "How often the lists are wrong, as the linkage learned it from the records that it links; of people with one "
        "record it learns nothing."
    )
    yield from error_figures(errors, synthetic=synthetic)
    rows = [
        (name, share(bad), f"{repeated:.3f}")
        for name, bad, repeated in zip(errors.lists, errors.share_bad, errors.duplicates, strict=True)
    ]
    yield Table(
        "Share of the records of a list that are of bad quality, in which errors come together, and the rate of "
        "further records of a person on the same list. Posterior means.",
        ("List", "Bad records", "Further records"),
        "lrr",
        tuple(rows),
    )


def _not_linked(linked: LinkedTables) -> Iterator[Block]:
    """Rows that were not linked, by list and kind, and what they can be at most."""
    rows = []
    for each in _objects(linked, "files"):
        kinds = each.get("not_linked")
        for kind, n in kinds.items() if isinstance(kinds, dict) else ():
            rows.append((str(each["name"]), kind, str(n)))
    people = sum(linked.n_unlinkable.values())
    if not rows and not people:
        yield Paragraph("Every row of every list that stands for a person who died was linked.")
        return
    found = people_on(linked)
    least, most = persons(found.lower), persons(found.upper + people)
    yield Paragraph(
        f"Not linked: {persons(people)} people in rows without a name of their own (unnamed bodies, groups). None of "
        "them is compared with anybody, and none is counted among the people on the lists. Each can be somebody whom a "
        f"list names, so that they add nobody, or somebody else: with them the lists have {least} people at least "
        f"and {most} at most, at the ends of the interval. N counts people who are named or "
        "could have been; these are among its unseen people where nobody names them."
    )
    if rows:
        yield Table(
            "Rows that were not linked, by what they stand for.", ("List", "Kind", "People"), "llr", tuple(rows)
        )


def _review(linked: LinkedTables) -> str:
    """What people decided about pairs of records."""
    found = linked.about.get("review")
    if not isinstance(found, dict) or not found:
        return "No person has reviewed a link of this study: all links are the model's."
    parts = [
        f"{persons(float(count))} as {answer}" for answer, count in found.items() if isinstance(count, int | float)
    ]
    by = f", by {linked.reviewers}" if linked.reviewers else ""
    return (
        f"Pairs of records reviewed by people{by}: {listed(parts)}. What they decided is taken as given by the linkage."
    )


def _notes(linked: LinkedTables) -> Iterator[Block]:
    """What else a reader should know of the linkage: candidates, their recall, the shift under looser ones."""
    notes = linked.about.get("notes")
    if isinstance(notes, list) and notes:
        yield Paragraph("What else is known of the linkage:")
        yield Bullets(tuple(sentence_case(str(note)) for note in notes))
