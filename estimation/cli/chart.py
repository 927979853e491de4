"""``mse chart``: one figure at the size that a journal asks for, from a finished study or from a table.

Everything heavier than argument parsing is imported inside the command that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.cli.options import ForceOption, check_written
from estimation.cli.output import save_chart
from estimation.cli.terminal import say
from estimation.errors import SettingError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["app", "centimetres"]

app = typer.Typer()

_OF_TABLES: Mapping[str, str] = {
    "overlaps": "how many people are on exactly which lists",
    "heterogeneity": "people by the number of lists they are on, against equal people",
    "first-captures": "people by the first list that they are on, against equal people",
}
_OF_STUDIES: Mapping[str, str] = {
    "comparison": "every model's estimate with its interval",
    "posterior": "the posterior density of each Bayesian model",
    "prior": "the headline's prior of N/n beside its posterior",
    "trace": "the draws of the headline's chains",
    "ranks": "the ranks of the headline's draws",
    "claims": "who claims how many",
    "sensitivity": "what becomes of the number when one thing is changed; a chart a question",
    "strata": "the number of each stratum",
    "over-time": "the number over time",
    "map": "the number by place on a map",
}
_CM = {"cm": 1.0, "mm": 0.1, "in": 2.54}
_NARROWEST, _WIDEST = 6.0, 40.0


@app.command()
def chart(
    name: Annotated[
        str,
        typer.Argument(
            help="Which chart; mse chart --list names them. Where a study has several, as in its report: strata-02."
        ),
    ] = "",
    source: Annotated[
        str, typer.Argument(metavar="FOLDER|TABLE", help="Folder of a finished study, or for some charts a table.")
    ] = "",
    width: Annotated[str, typer.Option(help="Width of the figure: 8.5cm, 85mm or 3.3in.")] = "16cm",
    format_: Annotated[str, typer.Option("--format", help="pdf, svg, png or eps; by default as --out ends.")] = "",
    out: Annotated[Path | None, typer.Option(help="File to write; by default NAME and the format.")] = None,
    force: ForceOption = False,
    all_names: Annotated[bool, typer.Option("--list", help="Print the charts there are.")] = False,
) -> None:
    """Draw one chart at a journal's size.

    From the folder of a finished study, whose models are stored in it and are not fitted again, or from a table.  A
    chart of invented people says so.
    """
    if all_names:
        for kind, charts in (("of a table or a study", _OF_TABLES), ("of a finished study", _OF_STUDIES)):
            say(f"{kind}:")
            say("\n".join(f"  {each:<16} {what}" for each, what in charts.items()))
        return
    wide, path = centimetres(width), _file(name, format_, out)
    _check_name(name, source)
    check_written(path, read=[source], force=force)
    draw, is_synthetic = _drawing(name, source)
    save_chart(draw, path, synthetic=is_synthetic, force=force, width_cm=wide)
    say(f"Wrote {path}, {wide:g} cm wide.")


def centimetres(width: str) -> float:
    """A width as it is typed, in centimetres.

    Examples
    --------
    >>> centimetres("8.5cm"), centimetres("85 mm"), round(centimetres("3.3in"), 2), centimetres("17")
    (8.5, 8.5, 8.38, 17.0)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(cm|mm|in)?", width.strip())
    wide = float(found[1]) * _CM[found[2] or "cm"] if found else 0.0
    if not _NARROWEST <= wide <= _WIDEST:
        problem = f"{width!r} is no width from {_NARROWEST:g} to {_WIDEST:g} cm; write 8.5cm, 85mm or 3.3in"
        raise SettingError("--width", [problem])
    return wide


def _file(name: str, kind: str, out: Path | None) -> Path:
    """The file to write, whose ending says the format."""
    if out is None:
        return Path(f"{name}.{kind or 'pdf'}")
    if kind and out.suffix.lower() != f".{kind}":
        raise SettingError("--format", [f"it is {kind!r}, and the file is {out.name!r}; give both the same"])
    return out


def _check_name(name: str, source: str) -> None:
    """Refuse a chart that there is not, or that needs a finished study."""
    from estimation.toml_file import nearest

    names = [*_OF_TABLES, *_OF_STUDIES]
    if not name:
        raise SettingError("chart", [f"name a chart; {nearest('', names)}; mse chart --list says what each shows"])
    if _kind(name) not in names:
        raise SettingError("chart", [f"there is no chart {name!r}; {nearest(name, names)}"])
    if not source:
        raise SettingError("chart", ["name the folder of a finished study, or a table, after the chart"])
    if _kind(name) in _OF_STUDIES and not Path(source).is_dir():
        problem = f"{name} needs the folder of a finished study, and {source!r} is none; mse run STUDY --out FOLDER"
        raise SettingError("chart", [problem])


def _kind(name: str) -> str:
    """The kind of a chart, which begins its name: a study has a chart of sensitivity for each of its questions."""
    return next((kind for kind in _OF_STUDIES if name.startswith(f"{kind}-")), name)


def _drawing(name: str, source: str) -> tuple[Callable[[], Axes], bool]:
    """What draws the chart, and whether its people are invented."""
    from estimation import charts

    if Path(source).is_dir():
        from estimation.runs.stored_findings import stored_findings

        findings = stored_findings(source)
        table, is_synthetic = findings.table, findings.study.synthetic
        if _kind(name) in _OF_STUDIES:
            from estimation.report.one_chart import drawing_of

            return drawing_of(findings, name), is_synthetic
    else:
        from estimation.capture.datasets import load_table, table_names
        from estimation.capture.readers import read_table

        table = load_table(source) if source in table_names() else read_table(source)
        is_synthetic = "synthetic" in source.lower()
    plots = {
        "overlaps": charts.plot_upset,
        "heterogeneity": charts.plot_heterogeneity,
        "first-captures": charts.plot_first_captures,
    }
    return lambda: plots[name](table), is_synthetic
