r"""A table of a report in LaTeX, with the rules of the package booktabs; a long one goes on over pages by longtable.

Every text is escaped: no letter of a name is a command.  Names in Arabic script need XeLaTeX or LuaLaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from estimation.report.document import Table

__all__ = ["latex_of", "latex_text"]

_LONG = 40
"""Rows that one page has room for."""

_LETTERS: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "±": r"$\pm$",
    "×": r"$\times$",
    "−": r"$-$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "–": "--",
    "“": "``",
    "”": "''",
    "\N{NO-BREAK SPACE}": "~",
}
_NOT_A_LETTER = re.compile(r"[\x00-\x1f\x7f\u200b\u2066-\u2069]")
_PER_CENT = re.compile(r"(?<=\d) (?=\\%)")


def latex_text(text: str) -> str:
    r"""A text as LaTeX prints it.

    Examples
    --------
    >>> print(latex_text(r"\input{x} 95 % & _"))
    \textbackslash{}input\{x\} 95~\% \& \_
    """
    flat = _NOT_A_LETTER.sub(" ", text)
    return _PER_CENT.sub("~", "".join(_LETTERS.get(letter, letter) for letter in flat))


def latex_of(table: Table, caption: str, label: str) -> str:
    """A table in LaTeX.

    Parameters
    ----------
    table : Table
        The table.
    caption : str
        What it shows, with the unit.
    label : str
        By which a text refers to it.
    """
    kinds = "".join("r" if kind == "r" else "l" for kind in table.align)
    is_long = len(table.rows) > _LONG
    rows = [" & ".join(map(latex_text, row)) + r" \\" for row in table.rows]
    if table.marked is not None:
        bold = (rf"\textbf{{{latex_text(cell)}}}" for cell in table.rows[table.marked])
        rows[table.marked] = " & ".join(bold) + r" \\"
    head = [" & ".join(map(latex_text, table.columns)) + r" \\", r"\midrule"] if any(table.columns) else []
    titled = rf"\caption{{{latex_text(caption)}}}\label{{tab:{label}}}"
    if is_long:
        lines = [r"% needs \usepackage{booktabs,longtable}", rf"\begin{{longtable}}{{{kinds}}}", titled + r" \\"]
        lines += [r"\toprule", *head, r"\endhead", *rows, r"\bottomrule", r"\end{longtable}"]
    else:
        lines = [r"% needs \usepackage{booktabs}", r"\begin{table}", r"\centering", titled]
        lines += [rf"\begin{{tabular}}{{{kinds}}}", r"\toprule", *head, *rows]
        lines += [r"\bottomrule", r"\end{tabular}", r"\end{table}"]
    return "\n".join(lines) + "\n"
