"""What else is wrong in a study file of which some keys or values do not fit: its table, its models, its headline.

Without this a person would mend the keys first and be told of the rest only then.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from estimation.errors import SettingError, StudyError
from estimation.linkage.as_table import is_linkage
from estimation.study.declared_model import DeclaredModel
from estimation.toml_file import any_toml, nearest

__all__ = ["headline_problem", "model_problems", "table_problem", "wrong_besides"]


def wrong_besides(path: Path, *, moved: bool) -> list[str]:
    """What is wrong in the values of keys that are there and right by themselves.

    Parameters
    ----------
    path : Path
        The study file, whose keys or values do not all fit.
    moved : bool
        Whether its table is elsewhere now, so that what it says of it does not count.

    Returns
    -------
    list of str
        One sentence each; nothing where the file is no TOML, which was told already.
    """
    try:
        parsed = any_toml(path, error=StudyError)
    except (StudyError, OSError):
        return []
    table, headline, models = parsed.get("table"), parsed.get("headline"), parsed.get("model")
    problems: list[str] = []
    if isinstance(table, str) and table.strip() and not moved and "\0" not in table:
        problems += table_problem(path.parent / table)
    declared = models if isinstance(models, list) else []
    whole = [DeclaredModel(**each) for each in declared if _is_declared(each)]
    problems += [problem for each in whole for problem in model_problems(each, of_strata=False)]
    if isinstance(headline, str) and whole and len(whole) == len(declared):
        problems += headline_problem(headline, [each.label for each in whole])
    return problems


def table_problem(table: Path) -> Iterator[str]:
    """That a table is not there, if it is not.

    Parameters
    ----------
    table : Path
        Its file, or the folder of a linkage.
    """
    if table.is_file() or is_linkage(table):
        return
    what = "it is a folder, and not that of a linkage" if table.is_dir() else f"there is no file {table}"
    yield f"table is {table.name!r}, and {what}"


def headline_problem(headline: str, labels: list[str]) -> Iterator[str]:
    """That a headline is no declared model, if it is none.

    Parameters
    ----------
    headline : str
        The headline.
    labels : list of str
        The labels of the declared models.
    """
    if headline not in labels:
        yield f"headline is {headline!r}, which is not the label of a declared model; {nearest(headline, labels)}"


def model_problems(declared: DeclaredModel, *, of_strata: bool) -> Iterator[str]:
    """That there is no model of this name, or that a setting does not fit.

    Parameters
    ----------
    declared : DeclaredModel
        The model as it is declared.
    of_strata : bool
        Whether it may be one over all strata.
    """
    try:
        _ = declared.model_of_strata if of_strata else declared.model
    except SettingError as error:
        yield from (f"model {declared.label!r}: {problem}" for problem in error.problems)


def _is_declared(model: object) -> bool:
    """Whether a model has a label and a name, and settings where it has any."""
    if not isinstance(model, dict) or not model.keys() <= {"label", "name", "settings"}:
        return False
    named = all(isinstance(model.get(key), str) and model[key].strip() for key in ("label", "name"))
    return named and isinstance(model.get("settings", {}), dict)
