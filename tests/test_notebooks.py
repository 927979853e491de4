"""What the notebooks show is what the package does: they import, call and show.  `make test-whole` runs them."""

import ast
import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def cells(path, kind):
    every = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [(cell, "".join(cell["source"])) for cell in every if cell["cell_type"] == kind]


def trees(path):
    for _, source in cells(path, "code"):
        yield ast.parse(re.sub(r"^%.*$", "", source, flags=re.MULTILINE))


def called(tree):
    """Names of the functions of `mse.charts` that a cell calls."""
    return {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "mse.charts"
    }


def test_they_are_numbered_in_the_order_of_the_work():
    assert [path.name.partition("_")[0] for path in NOTEBOOKS] == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_the_package_and_nothing_deeper(path):
    nodes = [node for tree in trees(path) for node in ast.walk(tree)]
    imports = [ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [text for text in imports if "estimation" in text] == ["import estimation as mse"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_defines_nothing(path):
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert [node.lineno for tree in trees(path) for node in ast.walk(tree) if isinstance(node, defined)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_with_the_outputs_of_every_chart_and_no_error(path):
    for (cell, source), tree in zip(cells(path, "code"), trees(path), strict=True):
        kinds = [output["output_type"] for output in cell["outputs"]]
        assert "error" not in kinds, source
        pictures = [output for output in cell["outputs"] if "image/png" in output.get("data", {})]
        assert bool(pictures) == bool(called(tree)), source


def test_every_picture_of_invented_people_is_stamped():
    claims = NOTEBOOKS[3]
    after = False
    stamped = []
    for cell in json.loads(claims.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        after = after or source.startswith("## 3. A synthetic prison scenario")
        if after and cell["cell_type"] == "code" and (drawn := called(ast.parse(source))):
            stamped.append("stamp_synthetic" in drawn)
    assert stamped == [True] * 4


def test_every_picture_of_the_invented_lists_of_names_is_stamped():
    drawn = [names for tree in trees(NOTEBOOKS[5]) if (names := called(tree))]
    assert len(drawn) == 6
    assert all("stamp_synthetic" in names for names in drawn)


def test_the_claims_of_iran_1988_stand_under_a_sentence_that_no_estimate_can_be_made():
    before, *_ = (text for _, text in cells(NOTEBOOKS[3], "markdown") if "Iran 1988" in text)
    assert "**No estimate of the number of prisoners executed can be made" in before
