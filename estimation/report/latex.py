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

_LINE, _BETWEEN, _WORD = 66, 3, 12
"""Letters that a line of an article has room for, and those that the space between two columns and the longest word
take."""

_LETTERS: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "[": "{[}",  # one that begins a row would belong to the command before it
    "]": "{]}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",  # a straight one is in no encoding but T1
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
    kinds, headings, is_too_wide = _shape(table)
    is_long = len(table.rows) > _LONG
    rows = [" & ".join(_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)) + r" \\" for row in table.rows]
    if table.marked is not None:
        cells = zip(table.rows[table.marked], kinds, strict=True)
        rows[table.marked] = " & ".join(rf"\textbf{{{_cell(cell, kind)}}}" for cell, kind in cells) + r" \\"
    head = [" & ".join(headings) + r" \\", r"\midrule"] if any(table.columns) else []
    titled = rf"\caption{{{latex_text(caption)}}}\label{{tab:{label}}}"
    columns = "".join(kinds)
    if is_long:
        needs, begin, end = "array,booktabs,longtable", [], []
        if is_too_wide:
            needs += ",pdflscape"
            begin, end = [r"\begin{landscape}", r"\scriptsize"], [r"\end{landscape}"]
        lines = [rf"% needs \usepackage{{{needs}}}", *begin, rf"\begin{{longtable}}{{{columns}}}", titled + r" \\"]
        lines += [r"\toprule", *head, r"\endhead", *rows, r"\bottomrule", r"\end{longtable}", *end]
    else:
        needs, begin, end = "array,booktabs", [], []
        if is_too_wide:
            needs, begin, end = f"{needs},graphicx", [r"\resizebox{\linewidth}{!}{%"], ["}"]
        lines = [rf"% needs \usepackage{{{needs}}}", r"\begin{table}", r"\centering", titled, *begin]
        lines += [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", *head, *rows, r"\bottomrule", r"\end{tabular}"]
        lines += [*end, r"\end{table}"]
    return "\n".join(lines) + "\n"


def _cell(text: str, kind: str) -> str:
    """A cell; where its column is broken, its long words are too, such as checksums."""
    if "p" not in kind:
        return latex_text(text)
    parts = re.sub(rf"\S{{{_WORD}}}(?=\S{{{_WORD}}})", "\\g<0>\0", text).split("\0")
    return r"\allowbreak{}".join(map(latex_text, parts))


def _shape(table: Table) -> tuple[list[str], list[str], bool]:
    """The columns, their headings, and whether they are too wide still.

    In a table that is wider than a line, long texts and headings are broken.
    """
    headings = [latex_text(heading) for heading in table.columns]
    cells = [max((len(row[at]) for row in table.rows), default=0) for at in range(len(table.columns))]
    widths = [max(cell, len(heading)) + _BETWEEN for cell, heading in zip(cells, table.columns, strict=True)]
    kinds = ["r" if kind == "r" else "l" for kind in table.align]
    if sum(widths) <= _LINE:
        return kinds, headings, False
    for at, heading in enumerate(table.columns):
        if kinds[at] == "r" and " " in heading and len(heading) > cells[at]:
            first, second = _halves(heading)
            headings[at] = rf"\shortstack[r]{{{latex_text(first)}\\{latex_text(second)}}}"
            widths[at] = max(cells[at], len(first), len(second)) + _BETWEEN
    long = [at for at, kind in enumerate(kinds) if kind == "l" and widths[at] > _LINE / len(kinds)]
    others = sum(_BETWEEN if at in long else width for at, width in enumerate(widths))
    room = max(_LINE - others, _LINE / 2) if long else 0
    roots = sum(widths[at] ** 0.5 for at in long)
    shares = {at: min(room * widths[at] ** 0.5 / roots, widths[at] - _BETWEEN) for at in long}
    for at, share in shares.items():
        kinds[at] = rf">{{\raggedright\arraybackslash}}p{{{share / _LINE:.2f}\linewidth}}"
    return kinds, headings, others + sum(shares.values()) > _LINE


def _halves(heading: str) -> tuple[str, str]:
    """A heading in two lines of about one length.

    Examples
    --------
    >>> _halves("Strata with a number")
    ('Strata with', 'a number')
    """
    spaces = [at for at, letter in enumerate(heading) if letter == " "]
    middle = min(spaces, key=lambda at: abs(at - len(heading) / 2))
    return heading[:middle], heading[middle + 1 :]
