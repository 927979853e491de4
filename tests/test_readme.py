"""What README shows works as it stands there, and it goes through the public door only."""

import ast
import re
import shlex
from pathlib import Path

import pytest
import typer

import estimation as mse
from estimation.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)
PYTHON = "".join(block for language, block in BLOCKS if language == "python")
COMMANDS = re.findall(r"^mse .*$", README, flags=re.MULTILINE)


def test_readme_imports_the_package_and_nothing_deeper():
    imports = [
        ast.unparse(node) for node in ast.walk(ast.parse(PYTHON)) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert imports == ["import estimation as mse"]


def test_the_notebook_code_of_readme_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    short = PYTHON.replace("LatentClass()", "LatentClass(chains=2, warmup=200, sweeps=200, max_sweeps=200, draws=200)")
    assert short != PYTHON
    tree = ast.parse(short)
    shown: dict[str, object] = {}
    names: dict[str, object] = {}
    for node in tree.body:
        if isinstance(node, ast.Expr):  # a last line of a cell, which a notebook shows
            shown[ast.unparse(node)] = eval(ast.unparse(node), names)
        else:
            exec(ast.unparse(node), names)
    assert shown["mse.compare(results)"]["label"].tolist() == [
        "Sample coverage",
        "Decomposable graphs",
        "Latent classes",
    ]
    assert len(shown["without.to_frame()"]) == 5  # the baseline and four lists
    assert shown["mse.charts.plot_comparison(results).figure"].axes
    assert len(shown["found.to_frame()"]) == 10 + 1  # two sexes, five ages, and the total


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_readme_is_one_with_these_options(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deaths.csv").touch()
    command = typer.main.get_command(app)
    arguments = shlex.split(line, comments=True)[1:]
    context = None
    while hasattr(command, "commands"):
        name, *arguments = arguments
        assert name in command.commands
        context = command.context_class(command, parent=context)
        command = command.commands[name]
    command.make_context("mse", arguments, parent=context)  # refuses an unknown option or one too few


def test_readme_names_every_command_and_every_model():
    for name in ("inspect", "estimate", "new", "run", "verify", "diff", "sensitivity", "claims", "design", "export"):
        assert any(line.startswith(f"mse {name} ") for line in COMMANDS), name
    for name in mse.models.model_names():
        assert f"`{name}`" in README
        assert f"`{type(mse.models.make_model(name, {})).__name__}`" in README
