"""Which data, code version, seed and settings made a number."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from estimation.errors import StudyError

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Provenance", "Setting", "package_version", "seed_of", "source_date"]

_EPOCH = "SOURCE_DATE_EPOCH"

Setting: TypeAlias = "bool | int | float | str | tuple[Setting, ...] | None"
"""A value a model's field may take once it is written down."""


@cache
def package_version() -> str:
    """The version of this package, as installed; read once, since each estimate names it.

    Examples
    --------
    >>> package_version().count(".") >= 2
    True
    """
    # Imported here because it takes half the time of `import estimation`.
    from importlib.metadata import version

    return version("estimation")


def seed_of(rng: np.random.Generator) -> str:
    """The seed a generator was made from, as text that tells spawned generators apart.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(7)
    >>> seed_of(rng), seed_of(rng.spawn(2)[1])
    ('7', '7/1')
    """
    # Imported here because `mse` loads this file first, and answers sooner without.
    import numpy as np

    sequence = rng.bit_generator.seed_seq
    if not isinstance(sequence, np.random.SeedSequence):
        return "unknown"
    entropy = sequence.entropy
    words = [entropy] if isinstance(entropy, int | np.integer) or entropy is None else list(entropy)
    return "/".join(str(word) for word in (*words, *sequence.spawn_key))


def source_date() -> datetime | None:
    """The time in the environment variable SOURCE_DATE_EPOCH, by which pages are made again byte for byte; or None.

    Raises
    ------
    StudyError
        When it is set to something that is no time.
    """
    given = os.environ.get(_EPOCH)
    if given is None:
        return None
    try:
        return datetime.fromtimestamp(int(given), tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        wanted = "a whole number of seconds since the start of 1970"
        raise StudyError(_EPOCH, [f"the environment variable is {given!r}; it must be {wanted}"]) from error


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is needed to make a number again.

    Parameters
    ----------
    data_sha256 : str
        SHA-256 of the table in its canonical form (`estimation.capture.table.CaptureTable.sha256`).
    version : str
        Version of this package.
    seed : str
        Seed of the generator handed to the model (see `seed_of`).
    settings : tuple of (str, setting)
        The fields of the model: its assumptions and its numerical settings.
    """

    data_sha256: str
    version: str
    seed: str
    settings: tuple[tuple[str, Setting], ...]
