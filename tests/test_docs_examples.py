"""Every example of the tutorials, the how-to pages and the explanations is run, and prints what its page shows."""

import re

import pytest
from docs_examples import PAGES, ROOT, agrees, examples_of, outputs


def name_of(page):
    return str(page.relative_to(ROOT / "docs"))


def check(page, folder, *, slow):
    different = [
        f"{name_of(page)}:{example.line}: {example.code.strip()}\n--- printed:\n{printed}"
        for example, printed, as_shown in outputs(page, folder, slow=slow)
        if not as_shown
    ]
    assert not different, "\n".join(different)


QUICK = [page for page in PAGES if any(not example.slow for example in examples_of(page.read_text(encoding="utf-8")))]
SLOW = [page for page in PAGES if any(example.slow for example in examples_of(page.read_text(encoding="utf-8")))]


@pytest.mark.parametrize("page", QUICK, ids=name_of)
def test_a_page_shows_what_its_quick_examples_print(page, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    check(page, tmp_path, slow=False)


@pytest.mark.slow
@pytest.mark.parametrize("page", SLOW, ids=name_of)
def test_a_page_shows_what_all_its_examples_print(page, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    check(page, tmp_path, slow=True)


def test_an_output_that_is_not_what_the_page_shows_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\nprint(6 * 7)\n```\n\n```text\n43\n```\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    [(_, printed, as_shown)] = outputs(page, folder, slow=False)
    assert (printed, as_shown) == ("42\n", False)


@pytest.mark.parametrize(
    ("expected", "same"),
    [("a\n...\nc\n", True), ("a\n...\n", True), ("a b\nc\n", True), ("a\nc\n", False), ("...\nb\n", False)],
)
def test_three_dots_stand_for_any_lines_and_a_line_may_be_broken(expected, same):
    assert agrees(expected, "a\nb\nc\n") is same


def test_a_picture_that_a_page_shows_is_there():
    for page in PAGES:
        for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / name).is_file(), f"{name_of(page)} shows {name}"
