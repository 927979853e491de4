"""What a finished study found, read back from its folder: its table, the answers of models, of strata and to questions.

Models are stored with their draws.  Of the answers to questions and of strata the numbers are stored, as medians with
intervals (`estimation.runs.stored_answers`).
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from estimation.capture.readers import TableFile, read_table_file
from estimation.errors import StudyError
from estimation.results.saved import load_result
from estimation.runs.stored_answers import stored_sensitivities, stored_strata
from estimation.study.findings import Findings
from estimation.study.record import read_object, record_from, stored_columns, stored_inputs
from estimation.study.study_file import read_study

__all__ = ["stored_findings"]


def stored_findings(directory: str | os.PathLike[str]) -> Findings:
    """The table and the answers of a finished study; nothing is fitted.

    Parameters
    ----------
    directory : path
        Folder that `estimation.runs.run.run_study` wrote.

    Raises
    ------
    StudyError
        When the folder is not that of a finished study, or has no models in it: a public edition, or one that linked
        lists of names.
    """
    folder = Path(directory)
    record = record_from(folder)
    saved = sorted((folder / "models").glob("*.json"), key=lambda path: int(path.name.partition("-")[0]))
    if record.public is not None or record.lists or not saved:
        problem = "its charts cannot be drawn again from it: it is a public edition, or is about lists that were linked"
        raise StudyError(str(folder), [problem])
    study_file, table = stored_inputs(folder, record)
    study = read_study(study_file, table=table)
    if study.is_linked:
        raise StudyError(str(folder), ["its charts cannot be drawn again from it: it is about lists that were linked"])
    study = replace(study, columns=stored_columns(folder, record))
    read: TableFile = read_table_file(table, study.columns, door="study", strata=study.labels)
    numbers = read_object(folder, "results.json")
    models = numbers["models"]
    labels = [str(each["label"]) for each in models if isinstance(each, dict)] if isinstance(models, list) else []
    if len(labels) != len(saved):
        raise StudyError(str(folder), [f"it has {len(labels)} models and {len(saved)} are stored; run it again"])
    results = {label: load_result(path.with_suffix("")) for label, path in zip(labels, saved, strict=True)}
    sensitivities = stored_sensitivities(folder, numbers, study, results)
    return Findings(study, read, (), results, sensitivities, stored_strata(numbers), dict.fromkeys(results))
