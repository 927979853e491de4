"""The house keeps its shape: imports point one way, and what must not exist does not."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "estimation"
FLOW = [
    "errors",
    "provenance",
    "files",
    "toml_file",
    "work",
    "capture",
    "lists",
    "results",
    "linkage",
    "claims",
    "priors",
    "models",
    "strata",
    "sensitivity",
    "simulation",
    "charts",
    "study",
    "report",
    "runs",
    "atlas",
    "app",
    "cli",
]
FORBIDDEN_NAMES = {"utils", "helpers", "misc", "common", "core", "base"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(module: str) -> str:
    """The part of the flow a dotted module name belongs to."""
    return module.split(".")[1] if module.startswith("estimation.") else ""


def imports(tree: ast.AST) -> list[tuple[ast.stmt, str]]:
    found: list[tuple[ast.stmt, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "estimation" else []
            found += [(node, name) for name in names or [node.module]]
    return found


def for_types_only(tree: ast.AST) -> set[ast.stmt]:
    """Statements under ``if TYPE_CHECKING``, which are never run."""
    blocks = [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    return {statement for block in blocks for statement in block.body}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
class TestEachModule:
    def test_imports_point_only_left_in_the_flow(self, path):
        own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if own in {"__init__", "__main__"}:
            return
        assert own in FLOW, f"{own} has no place in the flow; give it one here and in ARCHITECTURE.md"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        skipped = for_types_only(tree)
        for statement, module in imports(tree):
            other = room(module)
            if not other or statement in skipped or other == own:
                continue
            assert FLOW.index(other) < FLOW.index(own), f"{own} imports {other}, which stands to its right"

    def test_an_import_inside_a_function_says_why_in_a_comment_of_that_function(self, path):
        if path.parent.name == "cli":  # its docstring says why, once for all commands
            return
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for function in [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]:
            inner = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
            if inner:
                before = lines[function.lineno : min(n.lineno for n in inner) - 1]
                assert any("# Imported here because" in line for line in before), ast.unparse(inner[0])

    def test_nothing_forbidden_is_there(self, path):
        text = path.read_text(encoding="utf-8")
        assert path.stem not in FORBIDDEN_NAMES
        assert not re.search(r"np\.random\.seed|except Exception|except:|import \*", text)
        tree = ast.parse(text)
        for function in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
            public = not function.name.startswith("_")
            assert not (public and function.args.kwarg), f"{function.name} takes **{function.args.kwarg.arg}"
            if path.parent.name != "cli":
                calls = [n for n in ast.walk(function) if isinstance(n, ast.Call)]
                assert not any(isinstance(c.func, ast.Name) and c.func.id == "print" for c in calls)

    def test_it_says_what_it_is_in_one_line(self, path):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not tree.body and path.name == "__init__.py":
            return
        said = ast.get_docstring(tree)
        assert said, f"{path.name} has no docstring"
        assert said.splitlines()[0].strip()

    def test_it_is_short_enough_to_be_read(self, path):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_arviz_and_nutpie_are_imported_in_one_file_each_and_pymc_where_a_model_is_written_in_it():
    importers: dict[str, set[str]] = {"pymc": set(), "arviz": set(), "nutpie": set()}
    for path in MODULES:
        for _, module in imports(ast.parse(path.read_text(encoding="utf-8"))):
            if module.split(".")[0] in importers:
                importers[module.split(".")[0]].add(path.name)
    assert importers == {
        "pymc": {"nuts.py", "all_pairs.py", "in_pymc.py"},
        "arviz": {"convergence.py"},
        "nutpie": {"nuts.py"},
    }


def test_the_architecture_page_names_every_part_of_the_flow_and_no_other():
    page = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    flow = re.search(r"```text\n(errors .*?)```", page, flags=re.DOTALL)
    assert flow, "ARCHITECTURE.md draws the flow in a text block that begins with 'errors'"
    assert flow.group(1).replace("<", " ").split() == FLOW


def test_the_architecture_page_lists_every_model():
    from estimation.models.registry import MODELS

    page = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for name, place in MODELS.items():
        assert f"`{name}`" in page
        assert f"`{place.partition(':')[2]}`" in page
