"""The house keeps its shape: imports point one way, work is done in one place, and what must not exist does not.

Each test looks at every module and names all offenders at once.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from package_source import MODULES, PACKAGE, nodes_of, text_of

PAGE = PACKAGE.parent / "ARCHITECTURE.md"

FORBIDDEN_NAMES = {"utils", "util", "helpers", "misc", "common", "core", "base"}
LONGEST_FILE, LONGEST_BODY, MOST_LOOSE_FILES = 400, 45, 8

# Who may import what: each heavy or delicate library has its one file, and work is done by work/ alone.
IMPORTERS = {
    "pymc": {"models/nuts.py", "models/latent_class/in_pymc.py", "strata/partial_pooling/in_pymc.py"},
    "nutpie": {"models/nuts.py"},
    "numba": {"models/nuts.py", "work/kernels.py"},
    "pytensor": {"models/nuts.py", "models/latent_class/in_pymc.py", "strata/partial_pooling/in_pymc.py"},
    "arviz": {"results/convergence.py"},
    "jinja2": {"report/page.py", "linkage/review_page.py", "app/rendering.py"},
    "starlette": {"app/web.py"},
    "uvicorn": {"app/serving.py"},
    "tomlkit": {"app/study_toml.py"},
    "typst": {"report/paper.py"},
    "docx": {"report/word.py"},
    "cryptography": {"runs/signature.py"},
    "dask": set(),
    "distributed": {"work/cluster.py"},
    "rich": {"cli/terminal.py", "cli/output.py"},
    "openpyxl": {"capture/sheets/workbook.py", "report/workbook.py"},
    "rapidfuzz": {"lists/spelling.py"},
    "persiantools": {"lists/calendars.py"},
    "hijridate": {"lists/calendars.py"},
    "geopandas": {"strata/boundaries.py"},
    "multiprocessing": {"work/local_processes.py"},
    "splink": {"linkage/splink_adapter.py"},
    "duckdb": {"linkage/splink_adapter.py"},
}
# Where a command ends, and nowhere else, any error at all becomes a message.
CATCHES_ALL = ("except Exception", "cli/ending.py")
# Which calls belong to one file: seeds are made in one place, and threads and processes are started in one each.
CALLERS: dict[str, set[str]] = {
    "SeedSequence": {"work/seeds.py"},
    "Thread": {"work/local_processes.py", "app/worker.py"},
    "ThreadPoolExecutor": {"work/threads.py"},
    "ProcessPoolExecutor": set(),
    "LocalProcesses": {"work/local_processes.py"},
}


def place(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def flow() -> list[str]:
    """The parts of the package in the order of imports, as ARCHITECTURE.md draws it."""
    drawn = re.search(r"```text\n(errors .*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert drawn, "ARCHITECTURE.md draws the flow in a text block that begins with 'errors'"
    return drawn.group(1).replace("<", " ").split()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (n for n in nodes_of(path) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Each call with the last word of what is called, where it is called by a name."""
    for node in nodes_of(path):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node, node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node, node.func.attr


def imports(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Each import with the module that it names; ``from estimation import x`` names ``estimation.x``."""
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}" if node.module == "estimation" else f"{node.module}"


def for_types_only(path: Path) -> set[ast.stmt]:
    """Statements under ``if TYPE_CHECKING``, which are never run."""
    tests = [n for n in nodes_of(path) if isinstance(n, ast.If) and isinstance(n.test, ast.Name)]
    return {statement for block in tests if block.test.id == "TYPE_CHECKING" for statement in block.body}


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function below its docstring."""
    first = function.body[1 if ast.get_docstring(function) and len(function.body) > 1 else 0]
    return (function.end_lineno or first.lineno) - first.lineno + 1


def test_the_flow_has_a_place_for_every_part_and_imports_point_only_left_in_it():
    order, wrong = flow(), []
    for path in MODULES:
        own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        if own not in order:
            wrong.append(f"{own} has no place in the flow; give it one in ARCHITECTURE.md")
            continue
        skipped = for_types_only(path)
        for statement, module in imports(path):
            parts = module.split(".")
            if parts[0] != "estimation" or statement in skipped:
                continue
            other = parts[1] if len(parts) > 1 else "__init__"
            if other not in order or order.index(other) > order.index(own):
                wrong.append(f"{place(path)}:{statement.lineno} imports {module}, which stands to its right")
    assert not wrong, "\n".join(wrong)


def test_imports_are_absolute_and_one_inside_a_function_says_why():
    wrong = []
    for path in MODULES:
        relative = [n for n in nodes_of(path) if isinstance(n, ast.ImportFrom) and n.level]
        wrong += [f"{place(path)}:{n.lineno} is a relative import" for n in relative]
        if path.parent.name == "cli":  # its docstring says why, once for all commands
            continue
        if all(n.col_offset == 0 for n in nodes_of(path) if isinstance(n, ast.Import | ast.ImportFrom)):
            continue  # nothing is imported inside of anything
        lines = text_of(path).splitlines()
        for function in functions(path):
            inner = [n.lineno for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
            if inner and not any("# Imported here because" in line for line in lines[function.lineno : min(inner) - 1]):
                wrong.append(f"{place(path)}:{min(inner)} does not say '# Imported here because ...'")
    assert not wrong, "\n".join(wrong)


def test_delicate_libraries_pools_and_seeds_have_one_home_each():
    found: dict[str, set[str]] = {name: set() for name in IMPORTERS}
    called: dict[str, set[str]] = {name: set() for name in CALLERS}
    for path in MODULES:
        skipped = for_types_only(path)
        for statement, module in imports(path):
            for name in IMPORTERS:
                if statement not in skipped and (module == name or module.startswith(f"{name}.")):
                    found[name].add(place(path))
        for _, name in calls(path):
            if name in called:
                called[name].add(place(path))
    assert found == IMPORTERS
    assert called == CALLERS


def test_there_is_one_progress_protocol_and_one_cache():
    named = {"Progress": "work/progress.py", "Cache": "work/cache.py", "RandomState": "work/seeds.py"}
    defined: dict[str, set[str]] = {name: set() for name in named}
    for path in MODULES:
        for node in nodes_of(path):
            if isinstance(node, ast.ClassDef):
                names = [node.name]
            elif isinstance(node, ast.AnnAssign):
                alias = isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias"
                names = [ast.unparse(node.target)] if alias else []
            else:
                continue
            for name in names:
                for one in named:
                    if name.endswith(one):
                        defined[one].add(place(path))
    assert defined == {name: {home} for name, home in named.items()}


def test_nothing_forbidden_is_there():
    wrong = []
    for path in MODULES:
        if path.stem in FORBIDDEN_NAMES or path.parent.name in FORBIDDEN_NAMES:
            wrong.append(f"{place(path)} has a name that says nothing")
        for number, line in enumerate(text_of(path).splitlines(), start=1):
            found = re.search(r"np\.random\.seed|except Exception|except:|import \*", line)
            if found and (found.group(), place(path)) != CATCHES_ALL:
                wrong.append(f"{place(path)}:{number} has {found.group()}")
        for function in functions(path):
            if not function.name.startswith("_") and function.args.kwarg:
                wrong.append(f"{place(path)}:{function.lineno} {function.name} takes **{function.args.kwarg.arg}")
    assert not wrong, "\n".join(wrong)


def test_only_the_command_line_prints():
    wrong = [
        f"{place(path)}:{call.lineno} prints"
        for path in MODULES
        if path.parent.name != "cli"
        for call, name in calls(path)
        if name in {"print", "write"} and ast.unparse(call.func) in {"print", "sys.stdout.write", "sys.stderr.write"}
    ]
    assert not wrong, "\n".join(wrong)


def test_every_folder_is_a_package_and_every_module_says_what_it_is_in_its_first_line():
    wrong = [
        f"{place(folder)} has no __init__.py"
        for folder in {p.parent for p in MODULES}
        if not (folder / "__init__.py").is_file()
    ]
    for path in MODULES:
        said = ast.get_docstring(nodes_of(path)[0]) or ""
        if not said.partition("\n")[0].strip().endswith((".", ":", ";", "?")):
            wrong.append(f"{place(path)} has no first line that is a sentence")
    assert not wrong, "\n".join(wrong)


def test_files_and_functions_are_short_enough_to_be_read_and_few_lie_loose():
    wrong = [f"{place(p)} has {n} lines" for p in MODULES if (n := len(text_of(p).splitlines())) > LONGEST_FILE]
    for path in MODULES:
        for function in functions(path):
            if (length := body_lines(function)) > LONGEST_BODY:
                wrong.append(f"{place(path)}:{function.lineno} {function.name} has a body of {length} lines")
    loose = [path.name for path in PACKAGE.iterdir() if path.is_file()]
    if len(loose) > MOST_LOOSE_FILES:
        wrong.append(f"{len(loose)} files lie loose in estimation/: {', '.join(loose)}")
    assert not wrong, "\n".join(wrong)


def test_the_architecture_page_lists_every_model():
    # Imported here because the rest of this file reads the package and does not run it.
    from estimation.models.registry import MODELS

    page = PAGE.read_text(encoding="utf-8")
    missing = [
        name for name, where in MODELS.items() if f"`{name}`" not in page or f"`{where.partition(':')[2]}`" not in page
    ]
    assert not missing
