"""The source of the package, each module read and parsed once for all tests that look at it."""

import ast
import gc
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "estimation"
MODULES = sorted(PACKAGE.rglob("*.py"))


@cache
def text_of(path: Path) -> str:
    """The text of a module."""
    return path.read_text(encoding="utf-8")


@cache
def _every_node() -> dict[Path, list[ast.AST]]:
    # A garbage collection in between looks at all nodes so far and frees none: paused, this takes a third of the time.
    gc.disable()
    try:
        return {path: list(ast.walk(ast.parse(text_of(path)))) for path in MODULES}
    finally:
        gc.freeze()  # what lives to the end anyway is never looked at again, by later tests of this process either
        gc.enable()


def nodes_of(path: Path) -> list[ast.AST]:
    """Every node of a module, the module itself first."""
    return _every_node()[path]
