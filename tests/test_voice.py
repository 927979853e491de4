"""The project speaks in one voice: the words of CONTRIBUTING.md ("How we speak"), in strings, prose and names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from package_source import MODULES, PACKAGE, nodes_of

ROOT = PACKAGE.parent
PROSE = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "docs" / "coverage.md", ROOT / "data" / "README.md"]
TEMPLATES = [*PACKAGE.rglob("*.jinja"), *PACKAGE.rglob("*.typ"), *PACKAGE.rglob("*.js")]

DIALECT = [
    r"wrong match(es)?",
    r"out of reach",
    r"uncatchable",
    r"planted truth",
    r"honest interval",
    r"people for each one seen",
    r"heaviest model",
    r"overlap with the first row",
    r"those at risk",
    r"\brolls?\b",
    r"chosen step by step",
    r"independent draws that the chains are worth",
    r"more often together than independence",
    r"chance of such a deviance",
    r"prior of the captures",
    r"puts no limit on those on no list",
    r"\bas it is\b(?= *[\"'|])",
    r"by each road",
    r"\broads?\b",
    r"number that the study tells",
    r"matching surface",
    r"(?<!\w)mse check\b",
]
"""Phrases of the former dialect, each with a field word in CONTRIBUTING.md."""

PHRASES = [re.compile(phrase, flags=re.IGNORECASE) for phrase in DIALECT]

NAMES = {"kept", "held", "shown", "told", "said", "asked", "obstacle", "obstacles", "roll", "road"}
"""Words that no function, class, parameter, field or variable is named after."""

FORMER = {"roll", "uncatchable_group"}
"""What the package itself must still know: the former name of a key, to refuse it, and a seed that moves no number."""


def texts() -> Iterator[tuple[Path, int, str]]:
    """Every string of the package, docstrings too, and every line of the prose."""
    for path in MODULES:
        for node in nodes_of(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in FORMER:
                yield path, node.lineno, node.value
    for path in [*PROSE, *TEMPLATES]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield path, number, line


def names() -> Iterator[tuple[Path, int, str]]:
    """Every name that the package gives to something."""
    for path in MODULES:
        for node in nodes_of(path):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield path, node.lineno, node.name
            elif isinstance(node, ast.arg):
                yield path, node.lineno, node.arg
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield path, node.lineno, node.id
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                yield path, node.lineno, node.target.id


def dialect_in(text: str) -> list[str]:
    """The phrases of the former dialect that stand in a text."""
    flat = " ".join(text.split())
    return [found[0] for phrase in PHRASES for found in phrase.finditer(flat)]


def test_no_string_that_reaches_a_reader_is_in_the_former_dialect():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {phrase!r}" for path, line, text in texts() for phrase in dialect_in(text)
    ]
    assert not found, f"{len(found)} phrases to say in the words of CONTRIBUTING.md:\n" + "\n".join(found)


def test_no_name_in_the_code_is_in_the_former_dialect():
    found = sorted(
        {
            f"{path.relative_to(ROOT)}:{line}: {name}"
            for path, line, name in names()
            if set(name.lower().split("_")) & NAMES
        }
    )
    assert not found, f"{len(found)} names to choose again:\n" + "\n".join(found)


def test_the_test_knows_the_dialect_when_it_reads_it():
    assert dialect_in("tipping point of wrong\n    matches") == ["wrong matches"]
    assert dialect_in("people who are on the roll") == ["roll"]
    assert not dialect_in("enrolled in a controlled trial, on broad lines")
