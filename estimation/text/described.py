"""One description for one thing: a method that keeps a protocol takes what its parameters are from there.

``help(LatentClass.fit)`` then says what every model's ``fit`` takes, and says it in one place of the source.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import TypeVar

__all__ = ["described_by"]

_Described = TypeVar("_Described", bound=Callable[..., object])

_SECTION = re.compile(r"^(Parameters|Returns|Raises|Warns|Notes|References|Examples)\n-+\n", re.MULTILINE)


def described_by(source: Callable[..., object]) -> Callable[[_Described], _Described]:
    """Add to the documentation of a function or class what another says of its parameters and of what it gives.

    Parameters
    ----------
    source : callable
        Whose sections of parameters and of returns are taken, where the other has none.

    Examples
    --------
    >>> def fit(table):
    ...     '''Estimate N.
    ...
    ...     Parameters
    ...     ----------
    ...     table : CaptureTable
    ...         Who was seen by which lists.
    ...     '''
    >>> @described_by(fit)
    ... def fit_twice(table):
    ...     '''Estimate N, and again.'''
    >>> fit_twice.__doc__.splitlines()[-2:]
    ['table : CaptureTable', '    Who was seen by which lists.']
    """
    taken = _sections(source.__doc__)

    def decorate(target: _Described) -> _Described:
        if target.__doc__:  # none under python -OO
            own = _sections(target.__doc__)
            added = {name: taken[name] for name in ("Parameters", "Returns") if name in taken and name not in own}
            opening = own.pop("")
            target.__doc__ = "\n\n".join([opening, *added.values(), *own.values()])
        return target

    return decorate


def _sections(documentation: str | None) -> dict[str, str]:
    """The text before the first heading, under no name, and each section with its heading, under that."""
    text = inspect.cleandoc(documentation or "")
    starts = [found.start() for found in _SECTION.finditer(text)]
    parts = [text[start:end].strip() for start, end in zip([0, *starts], [*starts, len(text)], strict=True)]
    return {"" if at == 0 else part.partition("\n")[0]: part for at, part in enumerate(parts)}
