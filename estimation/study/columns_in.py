"""What a study file declares about the columns of its table, read from any version of such a file."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

from pydantic import TypeAdapter

from estimation.capture.declared import Declared
from estimation.errors import StudyError

__all__ = ["columns_in"]


def columns_in(path: str | os.PathLike[str]) -> Declared:
    """What a study file declares about the columns of its table, whatever else is in it, now or in another version.

    Raises
    ------
    StudyError
        When it is not TOML, or what is under ``[columns]`` declares nothing of columns.
    """
    source = Path(path)
    try:
        content = tomllib.loads(source.read_bytes().decode("utf-8"))
    except ValueError as error:
        raise StudyError(str(source), [f"this is not TOML: {error}"]) from error
    try:
        return TypeAdapter(Declared).validate_json(json.dumps(content.get("columns", {})))
    except (ValueError, TypeError) as error:
        raise StudyError(str(source), [f"[columns] cannot be read: {str(error).splitlines()[0]}"]) from error
