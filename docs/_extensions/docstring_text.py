"""The text of a module as a part of a page: its headings, its formulas as they are aligned, its references."""

from __future__ import annotations

import inspect
import re
from types import ModuleType

from numpydoc.docscrape import NumpyDocString

__all__ = ["as_page_text", "first_line", "module_text", "parameters_of"]

_UNDERLINE = re.compile(r"-{3,}\s*$")


def module_text(module: ModuleType) -> str:
    """The docstring of a module without its indentation."""
    return inspect.cleandoc(module.__doc__ or "")


def first_line(found: object) -> str:
    """What something is, in the first sentence of its documentation."""
    lines = inspect.cleandoc(getattr(found, "__doc__", None) or "").split("\n\n")[0]
    return " ".join(lines.split())


def as_page_text(text: str) -> str:
    """The text with rubrics for headings, and with indented blocks as they are aligned.

    Blocks of formulas in docstrings are indented and aligned by hand; without a mark they would be flowed into one
    line.  A heading of a docstring becomes a rubric, because the page has its own.
    """
    made: list[str] = []
    lines = re.sub(r"\|([\w.]+)\|", r"\\|\1\\|", text).splitlines()
    at = 0
    while at < len(lines):
        line = lines[at]
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if line and not line.startswith(" ") and _UNDERLINE.match(following):
            made += ["", f".. rubric:: {line}", ""]
            at += 2
            continue
        starts = line.startswith("    ") and (not made or not made[-1].strip())
        if starts and not _in_directive(made):
            made += ["::", ""]
            while at < len(lines) and (not lines[at].strip() or lines[at].startswith(" ")):
                made.append(lines[at])
                at += 1
            continue
        made.append(line)
        at += 1
    return "\n".join(made).strip() + "\n"


def _in_directive(made: list[str]) -> bool:
    """Whether what is above an indented block already says what the block is."""
    above = next((line for line in reversed(made) if line.strip()), "")
    return above.rstrip().endswith("::") or above.startswith((".. ", " "))


def parameters_of(owner: type) -> dict[str, str]:
    """What the documentation of a class, and of those it is made from, says of each parameter."""
    described: dict[str, str] = {}
    for documented in reversed(owner.__mro__[:-1]):
        for each in NumpyDocString(inspect.cleandoc(documented.__doc__ or ""))["Parameters"]:
            for name in each.name.split(","):
                described[name.strip()] = " ".join(" ".join(each.desc).split())
    return described
