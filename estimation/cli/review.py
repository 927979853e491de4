"""The command that asks people about pairs of records, and says what they decided.

Everything heavier than argument parsing is imported inside the command that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.cli.list_options import (
    ColumnsOption,
    DeclareOption,
    EncodingOption,
    SheetOption,
    declared_lists,
    named_files,
    read_lists,
)
from estimation.cli.options import ForceOption, SeedOption, WorkersOption, check_written, model_of, workers_of
from estimation.cli.output import Bar
from estimation.cli.streams import json_line
from estimation.cli.terminal import print_table, say
from estimation.errors import LinkageError, SettingError

if TYPE_CHECKING:
    from estimation.linkage.draws import LinkageDraws
    from estimation.linkage.review_cases import ReviewCase
    from estimation.linkage.review_questions import ReviewQuestion

__all__ = ["app"]

app = typer.Typer()

_PAGE, _SHEET = "review.html", "review.csv"


@app.command()
def review(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a linkage (mse link --out DIR).")],
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE...", help="The lists again, as they were given to mse link: DIR has no name in it."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for review.html and review.csv. Default: DIR-questions.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="Questions at most.")] = 50,
    model: Annotated[
        str | None,
        typer.Option(help="Ask what moves N by this model, on up to 200 draws, and not the people on the lists."),
    ] = None,
    code: Annotated[str, typer.Option("--language", help="Language of the page: en, es or fa.")] = "en",
    decisions: Annotated[
        list[Path] | None,
        typer.Option(help="Check these decisions instead, and say how far two reviewers agree; one file a reviewer."),
    ] = None,
    columns: ColumnsOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    declare: DeclareOption = None,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    force: ForceOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Ask people about the pairs and clusters that move the number of people most, or check what they decided.

    Writes a page that works without a network (open it in a browser; keys s, d, u, n, p, z, e) and the same questions
    as a sheet.  Names of people stand in both, because review asks for them; what the model thinks does not.
    Answers go back with mse link --decisions FILE.
    """
    from estimation.linkage.saved import read_linkage
    from estimation.text.languages import language

    language(code, "linkage")  # a page in a language that there is not is refused before anything is read
    draws = read_linkage(directory)
    if decisions:
        _check(draws, decisions, as_json=as_json)
        return
    if not files:
        problem = (
            f"name the lists again, as they were given to mse link: {', '.join(each.file for each in draws.files)}"
        )
        raise SettingError("mse review", [problem])
    named = named_files(files)
    folder = directory.with_name(f"{directory.resolve().name}-questions") if out is None else out
    check_written(folder / _PAGE, folder / _SHEET, read=list(named.values()), force=force, folder=True)
    with Bar("reading lists", transient=True) as bar:
        from estimation.linkage.review_cases import check_same_files, in_order_of, review_cases

        lists = read_lists(
            named, declared_lists(named, columns=columns, sheet=sheet, encoding=encoding, declare=declare)
        )
        lists = in_order_of(draws, lists)
        check_same_files(draws, lists, where=str(directory))
        questions = _questions(draws, model, most, seed=seed, workers=workers_of(workers), bar=bar)
        cases = review_cases(questions, lists)
    _write(cases, folder, title=", ".join(dict.fromkeys(one.name for one in lists)), code=code, force=force)
    _print(questions, cases, folder, of="N" if model else "the number of people", as_json=as_json)


def _questions(
    draws: LinkageDraws, model: str | None, most: int, *, seed: int, workers: int, bar: Bar
) -> tuple[ReviewQuestion, ...]:
    """The questions that move the number of people on the lists, or N."""
    import numpy as np

    from estimation.linkage.review_questions import review_questions

    if model is None:
        return review_questions(draws.drawn, draws.n_people.astype(np.float64), most=most)
    from estimation.models.linked.numbers_of_draws import numbers_of_draws

    persons, numbers = numbers_of_draws(model_of(model, None), draws, seed=seed, workers=workers, progress=bar)
    return review_questions(persons, numbers, most=most)


def _write(cases: Sequence[ReviewCase], folder: Path, *, title: str, code: str, force: bool) -> None:
    from estimation.files import write_output
    from estimation.linkage.review_cases import review_cases_csv
    from estimation.linkage.review_page import review_page

    folder.mkdir(parents=True, exist_ok=True)
    write_output(folder / _PAGE, review_page(cases, title=title, code=code), force=force)
    write_output(folder / _SHEET, review_cases_csv(cases), force=force)


def _print(
    questions: Sequence[ReviewQuestion], cases: Sequence[ReviewCase], folder: Path, *, of: str, as_json: bool
) -> None:
    """Print which records are asked about, by list and row, and how far the answers would narrow the number."""
    if as_json:
        found = [
            {
                "question": case.number,
                "first": [{"list": key.list, "sheet": key.sheet, "row": key.place} for key in case.first],
                "second": [{"list": key.list, "sheet": key.sheet, "row": key.place} for key in case.second],
                "share": question.share_so_far,
            }
            for case, question in zip(cases, questions, strict=True)
        ]
        typer.echo(json_line({"questions": found, "page": str(folder / _PAGE), "sheet": str(folder / _SHEET)}))
        return
    if not cases:
        say("The draws agree on every pair of records: there is nothing to ask.")
        return
    rows = [
        (
            str(case.number),
            ", ".join(map(str, case.first)),
            ", ".join(map(str, case.second)),
            f"{question.share_so_far:.0%}",
        )
        for case, question in zip(cases, questions, strict=True)
    ]
    given = [key.list for case in cases for key in (*case.first, *case.second)]
    headings = ("question", "is this", "the same person as this", f"variance of {of} that is gone so far")
    print_table("What to ask", headings, rows, words=(1, 2), given=given)
    say(
        f"\nThe answers to all {len(cases):,} questions would remove {questions[-1].share_so_far:.0%} of the variance "
        f"of {of} over the draws.\n{folder / _PAGE} has the questions as a page, {folder / _SHEET} as a sheet: two "
        "people answer them apart, and save their decisions."
    )
    say(f"note: names of people stand in {folder}, because review asks for them", err=True)


def _check(draws: LinkageDraws, places: Sequence[Path], *, as_json: bool) -> None:
    """Print how far reviewers agree and what they decided; contradictions are an error, after that."""
    from estimation.linkage.decision_links import decided_links, drawn_keys
    from estimation.linkage.decisions import read_decisions
    from estimation.linkage.reviewer_agreement import agreements

    made = [each for place in places for each in read_decisions(place)]
    if not made:
        problem = (
            "nobody has decided anything in it yet; fill in decision, who and when, or save the decisions of the page"
        )
        raise LinkageError(", ".join(map(str, places)), [problem])
    agreed = agreements(made)
    if not as_json:
        for each in agreed:
            say(str(each), given=each.reviewers)
    files = {each.name: each.sha256 for each in draws.files}
    found = decided_links(made, drawn_keys(draws), files=files, source=", ".join(map(str, places)))
    if as_json:
        counts = {"same": len(found.must_link), "different": len(found.must_not_link), "unsure": found.n_unsure}
        typer.echo(json_line({**counts, "reviewers": list(found.reviewers), "agreement": [asdict(a) for a in agreed]}))
        return
    say(
        f"{len(found.must_link):,} pairs are the same person, {len(found.must_not_link):,} are different people, "
        f"{found.n_unsure:,} nobody is sure of; decided by {', '.join(found.reviewers)}. "
        "No decision contradicts another.",
        given=found.reviewers,
    )
