"""Examples of the documentation: the code that a page shows, run as a reader would, and what the page says comes out.

A block of ``python`` is run in the names of its page; what it prints is the block of ``text`` right below it.  In a
block of ``console`` a line that begins with ``$`` is a command, and the lines below it are what it prints.  A line
``...`` stands for any lines.  A block below ``<!-- file: NAME -->`` is a file that the reader writes.  A block below
``<!-- slow -->`` takes longer, and so does all that is below ``<!-- slow from here -->``.

``python tests/docs_examples.py docs/PAGE.md [--slow]`` runs a page and writes what comes out into it, where that is not
what the page says; a shortened output is to be shortened again by hand.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    path
    for pattern in ("tutorials/*.md", "howto/*.md", "explanation/*.md", "coming-from-r.md", "glossary.md", "cite.md")
    for path in (ROOT / "docs").glob(pattern)
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
_SLOW = re.compile(r"<!-- slow( from here)? -->")
WHOLE_WORDS = {"break_long_words": False, "break_on_hyphens": False}
_FILE = re.compile(r"<!-- file: (\S+) -->")


@dataclass(frozen=True)
class Example:
    """One command, or one block of Python: what is run, what the page says of it, and where that stands in the page."""

    language: str
    code: str
    expected: str | None
    start: int
    end: int
    slow: bool
    line: int


def examples_of(text: str) -> list[Example]:
    """The examples of a page, in its order."""
    fences = list(_FENCE.finditer(text))
    all_slow_from = next((found.start() for found in _SLOW.finditer(text) if found[1]), len(text))
    found = []
    for at, fence in enumerate(fences):
        above = text[: fence.start()].rstrip().rpartition("\n")[2]
        slow = above == "<!-- slow -->" or fence.start() > all_slow_from
        line = text.count("\n", 0, fence.start()) + 1
        if fence[1] == "python":
            below = fences[at + 1] if at + 1 < len(fences) else None
            is_output = below and below[1] == "text" and not text[fence.end() : below.start()].strip()
            start, end = below.span(2) if below and is_output else (fence.end(), fence.end())
            found.append(Example("python", fence[2], text[start:end] if is_output else None, start, end, slow, line))
        elif (named := _FILE.fullmatch(above)) is not None:
            found.append(Example(f"file {named[1]}", fence[2], None, fence.end(), fence.end(), False, line))
        elif fence[1] == "console":
            found += [replace(one, slow=slow, line=line) for one in _commands(fence[2], fence.start(2))]
    return found


def _commands(block: str, offset: int) -> Iterator[Example]:
    """Every command of a console block; a line that ends in a backslash goes on."""
    starts = [found.start() for found in re.finditer(r"^\$ ", block, flags=re.MULTILINE)] + [len(block)]
    for start, end in itertools.pairwise(starts):
        command = re.match(r"\$ ((?:.*\\\n)*.*)\n?", block[start:end])
        assert command
        output = start + command.end()
        yield Example("console", command[1], block[output:end], offset + output, offset + end, False, 0)


def agrees(expected: str, printed: str) -> bool:
    """Whether a page shows what came out, but for where lines are broken and for lines that it leaves out."""
    parts = [" ".join(part.split()) for part in re.split(r"^\.\.\.$", expected, flags=re.MULTILINE)]
    pattern = r"(?:.* )?".join(re.escape(f"{part} ") if part else "" for part in parts)
    return re.fullmatch(pattern, "".join(f"{word} " for word in printed.split())) is not None


def broken(printed: str) -> str:
    """What was printed, with long lines broken as a terminal of 80 columns breaks them, at blanks."""
    lines = []
    for line in printed.strip("\n").splitlines():
        inner = re.match(r" *(?:[-!] )?", line)
        indent = " " * (len(inner[0]) if inner else 0)
        is_table = "│" in line or len(line.split()) < 2
        lines.append(line.rstrip() if is_table else textwrap.fill(line, 80, subsequent_indent=indent, **WHOLE_WORDS))
    return "".join(f"{line}\n" for line in lines)


class Reader:
    """Somebody who types a page's examples into a folder in which the packaged data is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, object] = {}
        self.status = 0
        (folder / "data").symlink_to(ROOT / "data")

    def run(self, example: Example) -> str:
        """Run one example; gives what it prints."""
        printed = io.StringIO()
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()) as errors:
                if example.language == "python":
                    exec(compile(example.code, "<page>", "exec"), self.names)
                elif example.language.startswith("file "):
                    Path(example.language.removeprefix("file ")).write_text(example.code, encoding="utf-8")
                else:
                    self._type(example.code)
        finally:
            os.chdir(before)
        return printed.getvalue() + (errors.getvalue() if self.status else "")

    def _type(self, command: str) -> None:
        words = shlex.split(command.replace("\\\n", " "))
        if words[0] == "mse":
            self.status = _mse(words[1:])
        elif words == ["echo", "$?"]:
            print(self.status)
            self.status = 0
        else:
            done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=True)
            print(done.stdout, end="")


def _mse(arguments: list[str]) -> int:
    # Imported here because whoever collects the pages needs no model.
    from estimation.cli import main

    before = sys.argv
    sys.argv = ["mse", *arguments]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.argv = before
    return 0


def outputs(page: Path, folder: Path, *, slow: bool) -> Iterator[tuple[Example, str, bool]]:
    """Run the examples of a page: each, what it printed, and whether that is what the page says."""
    reader = Reader(folder)
    examples = examples_of(page.read_text(encoding="utf-8"))
    for at, example in enumerate(examples):
        if example.slow and not slow:
            continue
        printed = reader.run(example)
        following = examples[at + 1].code if at + 1 < len(examples) else ""
        ended_well = reader.status == 0 or following == "echo $?"
        yield example, printed, ended_well and agrees(example.expected or "", printed)


def write_outputs(page: Path, *, slow: bool) -> None:
    """Write what comes out into a page, where that is not what the page says."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        done = list(outputs(page, Path(folder), slow=slow))
    for example, printed, as_shown in reversed(done):
        if not as_shown:
            sys.stderr.write(f"{page}:{example.line}: {example.code.strip()}\n")
            lines = broken(printed)
            lines = lines if example.expected is not None else f"\n\n```text\n{lines}```"
            text = text[: example.start] + lines + text[example.end :]
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    os.environ["COLUMNS"] = "80"
    for name in (word for word in sys.argv[1:] if word != "--slow"):
        write_outputs(Path(name), slow="--slow" in sys.argv)
