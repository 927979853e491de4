"""What a study file declares about the columns of its table, read from any version of such a file."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from estimation.capture.declared import Declared
from estimation.errors import StudyError
from estimation.toml_file import any_toml, brief

__all__ = ["columns_in"]


def columns_in(path: str | os.PathLike[str]) -> Declared:
    """What a study file declares about the columns of its table, whatever else is in it, now or in another version.

    Raises
    ------
    StudyError
        When it is not TOML, or what is under ``[columns]`` declares nothing of columns.
    """
    source = Path(path)
    content = any_toml(source, error=StudyError)
    try:
        return TypeAdapter(Declared).validate_json(json.dumps(content.get("columns", {}), default=str))
    except ValidationError as error:
        raise StudyError(str(source), list(dict.fromkeys(map(_sentence, error.errors())))) from error


def _sentence(problem: ErrorDetails) -> str:
    """What is wrong with one key."""
    key = next(iter(problem["loc"]), "")
    where = f"[columns], key {key!r}" if key else "[columns]"
    return f"{where} is {brief(problem['input'])}; {problem['msg'].lower()}"
