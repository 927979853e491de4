"""A study file from a table or from lists of names: what to fill in, what to choose, what may be asked.

The file runs as it is once ``[counted]`` says what is counted; until then `read_study` refuses it.
"""

from __future__ import annotations

import itertools
import json
import os
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path

from estimation.capture.declared import Declared, Door
from estimation.capture.readers import TableFile, read_table_file
from estimation.capture.table import CaptureTable
from estimation.claims import read_claims
from estimation.errors import StudyError, TableError
from estimation.files import check_outputs, write_text
from estimation.models.protocol import Model, settings_of
from estimation.models.registry import default_models, why_not_by_model
from estimation.sensitivity.default_values import INTERACTIONS, ODDS_RATIOS
from estimation.study.list_sections import list_sections
from estimation.study.study_file import FILL_IN

__all__ = ["every_overlap", "write_new_study", "write_new_study_of_lists"]

_HEADLINES = ("latent-class", "chapman")
"""The models of the default set that carry the headline: the first that can be fitted."""

_NAMELESS = frozenset({"table", "data", "counts", "lists"})
"""Names of files that say nothing of what is in them."""

_WIDTH = 116
_MOST_LISTS = 5
"""More lists can carry no other model of the default set."""

_COUNTED = {
    "who": "the people counted, for example: Civilians killed",
    "where": "the place",
    "when": "from which day to which day",
    "excludes": "what is not counted, for example: Deaths from illness",
}


def write_new_study(
    table: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    claims: str | os.PathLike[str] | None = None,
    columns: Declared | None = None,
    door: Door = "python",
) -> Path:
    """Write a study file for a table; what is in ``[counted]`` has to be filled in before it is run.

    It declares the default set of models that can be fitted to the table (`estimation.models.registry.default_models`).

    Parameters
    ----------
    table : path
        The table of overlapping lists.
    out : path
        The study file to write; it must not be there.
    claims : path, optional
        A file of claims (`estimation.claims`), beside ``out``.
    columns : Declared, optional
        What is declared about the columns of the table; it is written into the study file.
    door : {"python", "command line", "study"}
        Where a message about the table is read.

    Returns
    -------
    Path
        ``out``.

    Raises
    ------
    OutputError
        When ``out`` is there, or cannot be written.
    StudyError
        When the claims are elsewhere, or when no model of the default set can be fitted.
    TableError, ClaimsError
        When a file cannot be read.
    """
    target = Path(out)
    _check_files([table], target, claims)
    declared = columns or Declared()
    file = read_table_file(table, declared, door=door)
    read = file.table
    if not read.lists:
        message = "the file says how often people were captured and not by which lists; a study needs the lists"
        raise TableError(str(table), [message])
    models = default_models(read)
    if not models:
        reasons = why_not_by_model(read)
        names = ("chapman",) if len(read.lists) == 2 else ("sample-coverage", "decomposable", _HEADLINES[0])
        raise StudyError(str(table), [f"model {name}: {reasons[name]}" for name in names])
    place = Path(os.path.relpath(Path(table).resolve(), target.resolve().parent)).as_posix()
    lines = [
        *_head(Path(table), target, claims, f"table = {_text(place)}"),
        *_headline(models),
        *_counted(),
        *_columns(declared),
        *(line for label, model in models.items() for line in _model(label, model)),
        *_strata(file),
        *_sensitivity(read.lists, 2 * read.n_observed),
    ]
    return write_text(target, "\n".join(lines) + "\n")


def write_new_study_of_lists(
    files: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    claims: str | os.PathLike[str] | None = None,
) -> Path:
    """Write a study file for lists of names, with what the columns of each were taken for and what is open in it.

    Parameters
    ----------
    files : sequence of path
        Files of name lists; one file may hold several.
    out : path
        The study file to write; it must not be there.
    claims : path, optional
        A file of claims, beside ``out``.

    Returns
    -------
    Path
        ``out``.

    Raises
    ------
    OutputError
        When ``out`` is there, or cannot be written.
    StudyError
        When the claims are elsewhere, or there is one list only.
    TableError, ClaimsError
        When a file cannot be read.
    """
    target = Path(out)
    _check_files(files, target, claims)
    sections = list_sections(files, target.parent)
    if len(sections.names) < 2:
        message = "there is one list of names; a study needs two or more: mse new LIST LIST ..."
        raise StudyError(str(files[0]), [message])
    models = default_models(every_overlap(sections.names))
    lines = [
        *_head(Path(files[0]), target, claims, ""),
        *_headline(models),
        *_counted(),
        *_comment(
            "The lists. Who is the same person on them is drawn many times, and every model is fitted to the tables of "
            "all draws. All keys are in the reference (mse docs: Reference, Study file); mse inspect LIST says which "
            "rows became what."
        ),
        *sections.lines,
        *(line for label, model in models.items() for line in _model(label, model)),
        *_sensitivity(sections.names, 2 * sections.n_rows),
    ]
    return write_text(target, "\n".join(lines) + "\n")


def every_overlap(names: Sequence[str]) -> CaptureTable:
    """A table in which lists overlap in every way: which models it can carry, lists that are not linked yet may.

    Parameters
    ----------
    names : sequence of str
        The lists.
    """
    lists = [f"list {at}" for at in range(min(len(names), _MOST_LISTS))]
    histories = itertools.product("01", repeat=len(lists))
    return CaptureTable.from_histories(lists, {"".join(h): 20 for h in histories if "1" in h})


def _check_files(files: Sequence[str | os.PathLike[str]], target: Path, claims: str | os.PathLike[str] | None) -> None:
    """Refuse a study file that is there, and claims that do not lie beside it."""
    check_outputs([target], inputs=[*files, claims], force_option="")
    if claims is not None:
        read_claims(claims)
        if Path(claims).resolve().parent != target.resolve().parent:
            raise StudyError(str(target), [f"claims {str(claims)!r}: put the file beside the study file"])


def _head(table: Path, out: Path, claims: str | os.PathLike[str] | None, input_line: str) -> Iterator[str]:
    name = table.name.split(".")[0]
    words = (table.resolve().parent.name if name.lower() in _NAMELESS else name).replace("_", " ").replace("-", " ")
    yield f"# Run with: mse run {out.name} --out results"
    yield ""
    yield f"title = {_text(words[:1].upper() + words[1:])}  # guessed from the name of the table; it heads the report"
    if input_line:
        yield input_line
    if claims is not None:
        yield f"claims = {_text(Path(claims).name)}"
    yield "seed = 1  # any whole number; all random numbers start here, so that the study can be made again"
    if "synthetic" in table.name.lower():
        yield "synthetic = true  # the people are invented; every page and chart says so"
    yield ""


def _headline(models: Mapping[str, Model]) -> Iterator[str]:
    by_name = {model.name: label for label, model in models.items()}
    label = next((by_name[name] for name in _HEADLINES if name in by_name), list(models)[-1])
    yield from _comment(
        "The label of the model whose answer stands on top. Choose it now, for what it assumes, and not after seeing "
        "what each model says: every model below is run and reported. To let the lists choose, declare a model that "
        "selects or averages (log-linear-select, log-linear-average) and name it here: its interval includes the "
        "choice, which that of a model picked afterwards does not. With strata, and in mse grid, it is this model in "
        "every stratum."
    )
    yield f"headline = {_text(label)}"
    yield ""


def _counted() -> Iterator[str]:
    yield from _comment("To be filled in before the study can be run. It is the first thing that the report says.")
    yield "[counted]"
    for key, hint in _COUNTED.items():
        yield f"{key} = {_text(f'{FILL_IN}: {hint}')}"
    yield ""


def _columns(declared: Declared) -> Iterator[str]:
    if declared.given:
        yield from _comment("What the columns of the table are, as it was declared when this file was made.")
        yield "[columns]"
        yield from (f"{key} = {_value(value)}" for key, value in declared.given.items())
        yield ""


def _value(value: str | int | bool | Sequence[str]) -> str:
    """A value as TOML writes it."""
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value) if isinstance(value, int) else f"[{', '.join(map(_text, value))}]"


def _model(label: str, model: Model) -> Iterator[str]:
    yield "[[model]]"
    yield from _comment(f"It assumes: {model.assumptions[0]}")
    yield f"label = {_text(label)}"
    yield f"name = {_text(model.name)}"
    settings = _changed(model)
    if settings:
        yield "[model.settings]"
        yield from (f"{key} = {_text(value) if isinstance(value, str) else value}" for key, value in settings.items())
    yield ""


def _changed(model: Model) -> dict[str, object]:
    """Settings that are not the model's defaults."""
    defaults = {f.name: f.default for f in fields(model) if f.default is not MISSING}  # type: ignore[arg-type]
    return {name: value for name, value in settings_of(model) if value != defaults.get(name)}


def _strata(file: TableFile) -> Iterator[str]:
    """Behind a #, the columns that were set aside and could divide the people."""
    names = [column.name for column in file.columns if column.role == "set aside" and column.name]
    if not names:
        return
    yield from _comment(
        "Columns that are no lists. Where one says where, when or who people were, name it and remove the #: every "
        "model is then fitted to each stratum, too, and the strata are added. All keys are in the reference "
        "(mse docs: Reference, Study file)."
    )
    yield "# [strata]"
    yield f"# by = [{', '.join(map(_text, names))}]"
    yield '# missing = "refuse"  # people without label: "complete" leaves them out, "impute" and "joint" draw it'
    yield ""


def _sensitivity(lists: Sequence[str], figure: int) -> Iterator[str]:
    """What to ask of the number; what is not asked yet stands behind a #."""
    first, second = (_text(name) for name in lists[:2])
    is_two = len(lists) == 2
    yield from _comment(
        "What becomes of the number when one thing is changed. Remove the # before a line to ask it too; all questions "
        "are in the reference (mse docs: Reference, Study file)."
    )
    yield "[sensitivity]"
    if not is_two:
        yield "leave_one_list_out = true"
        yield "merge_two_lists = true"
        yield "# pairs = true"
        yield "# consistency = true"
    yield from _comment("By how much the odds of being on one of two lists are larger for those on the other:")
    odds_ratio = f"odds_ratio = {{ pair = [{first}, {second}], values = [{_numbers(ODDS_RATIOS)}] }}"
    yield odds_ratio if is_two else f"# {odds_ratio}"
    if not is_two:
        yield from _comment("The interaction of all lists, for the model that says there is none:")
        yield f"# xi = [{_numbers(INTERACTIONS)}]"
    yield from _comment("Rates at which records were matched wrongly, or matches were missed:")
    yield "# linkage_error = { false_match = [0, 0.02, 0.05], missed_match = [0, 0.02, 0.05] }"
    yield from _comment("Numbers that somebody states: what would have to hold for each.")
    yield f"# figures = [{figure}]"
    yield ""
    yield from _comment(
        "How it is reported. The report can be a Word document too, each of its tables a file, and page one in Spanish "
        "(es), Persian (fa), Arabic (ar) or French (fr), marked until a speaker has reviewed the translation."
    )
    yield "# [report]"
    yield '# formats = ["html", "pdf", "docx"]'
    yield '# tables = ["csv", "xlsx", "latex"]'
    yield '# language = "es"'
    yield '# leave_out = ["overlap", "model_tables"]  # parts that the report does without; it names them'


def _numbers(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _comment(text: str) -> Sequence[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]


def _text(text: str) -> str:
    """A text in quotes, as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
