"""Lists of names: which files hold some, what their columns were taken for, and the pairs to look at."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from estimation.app.jobs.job import of_request
from estimation.errors import TableError
from estimation.files import write_output
from estimation.linkage.decisions import holds_decisions, read_decisions
from estimation.linkage.linking import LinkageSettings, link
from estimation.linkage.review_cases import review_cases, review_cases_csv
from estimation.linkage.review_page import review_page
from estimation.linkage.review_questions import review_questions
from estimation.linkage.saved import save_linkage, summary_of_linkage
from estimation.lists.account import inspect_names
from estimation.lists.readers import name_lists_of
from estimation.lists.recognised import holds_names
from estimation.study.linked_input import read_lists
from estimation.study.list_keys import declared_file
from estimation.study.list_sections import list_sections
from estimation.study.lists_in import lists_in
from estimation.text.languages import language_codes
from estimation.work.progress import part
from estimation.work.seeds import generator_for

if TYPE_CHECKING:
    from estimation.app.worker import Tell
    from estimation.results.as_json import Json

__all__ = ["accounts", "name_files", "review", "sections"]

_READ, _LINKED = 0.05, 0.9


@of_request
def name_files(given: Mapping[str, Any]) -> list[Json]:
    """Which files of a folder hold lists of names.

    Parameters
    ----------
    given : mapping
        ``folder`` and ``files``, the names of files in it.
    """
    return [name for name in given["files"] if _holds_names(Path(given["folder"]) / name)]


def _holds_names(path: Path) -> bool:
    try:
        return holds_names(path) and not holds_decisions(path.read_bytes())
    except (TableError, OSError):
        return False


@of_request
def sections(given: Mapping[str, Any]) -> dict[str, Json]:
    """The sections of a study for the lists in some files, as TOML, with what is open in each as comments.

    Parameters
    ----------
    given : mapping
        ``folder`` and ``files``.
    """
    folder = Path(given["folder"])
    found = list_sections([folder / name for name in given["files"]], folder)
    return {"names": [*found.names], "n_rows": found.n_rows, "text": "\n".join(found.lines)}


@of_request
def accounts(given: Mapping[str, Any]) -> list[Json]:
    """What became of the rows of each list, without a name.

    Parameters
    ----------
    given : mapping
        ``folder``, and ``lists``: the keys that a study declares of each list, by its name.
    """
    found: list[Json] = []
    for name, declared in given["lists"].items():
        how = declared_file(name, declared)
        path, how = Path(given["folder"]) / how.file, replace(how, undecided="missing")
        for each in name_lists_of(path, how, door="study"):
            account = inspect_names(each, names=False)
            found.append(
                {
                    "name": name,
                    "file": path.name,
                    "sentences": [*account.sentences],
                    "columns": [[heading, kind] for kind, heading in account.columns],
                    "problems": [*account.problems],
                }
            )
    return found


def review(given: Mapping[str, Any], body: bytes, tell: Tell) -> dict[str, Json]:
    """Link the lists of a study, and write the questions that move the number of people most as pages and a sheet.

    There is a page in each language, so that whoever reads gets theirs: ``review.html`` in English, ``review-fa.html``.

    Parameters
    ----------
    given : mapping
        ``study``; ``out``, the folder of the linkage; the questions are written beside it.
    body : bytes
        Not used.
    tell : callable
        Told the share that is done.
    """
    del body

    def progress(done: float, doing: str = "", /) -> None:
        tell({"done": done, "doing": doing})

    study, out = lists_in(given["study"]), Path(given["out"])
    lists = read_lists(study, progress=part(progress, 0, _READ, "reading lists"))
    decisions = [each for name in study.linkage.decision_names for each in read_decisions(study.path.parent / name)]
    settings = LinkageSettings(chains=study.linkage.chains, sweeps=study.linkage.sweeps)
    draws = link(
        lists,
        rng=generator_for(study.seed, "linkage"),
        settings=settings,
        decisions=tuple(decisions),
        workers=os.cpu_count() or 1,
        progress=part(progress, _READ, _LINKED, "linking records"),
    )
    save_linkage(draws, out, inputs=study.linked_files, force=True)
    progress(_LINKED, "questions")
    cases = review_cases(review_questions(draws.drawn, draws.n_people.astype(np.float64), most=50), lists)
    folder = out.with_name(f"{out.name}-questions")
    folder.mkdir(exist_ok=True)
    title = ", ".join(dict.fromkeys(each.name for each in lists))
    for code in language_codes("linkage"):
        name = "review.html" if code == "en" else f"review-{code}.html"
        write_output(folder / name, review_page(cases, title=title, code=code), force=True)
    write_output(folder / "review.csv", review_cases_csv(cases), force=True)
    people = summary_of_linkage(draws)
    return {"questions": len(cases), "people": people.get("people")}
