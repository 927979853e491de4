"""What the site writes from the package says what the package says; and `mse docs` finds it."""

import inspect
import re
import sys
import tomllib
import webbrowser
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import estimation as mse
from estimation.cli.docs import site_folder
from estimation.study.study_file import Study

DOCS = Path(__file__).parent.parent / "docs"
pytest.importorskip("numpydoc", reason="numpydoc is not installed (the extra [test] has it)")


@pytest.fixture(scope="module", autouse=True)
def extensions():
    """What writes the pages, which is no part of the package."""
    sys.path.insert(0, str(DOCS / "_extensions"))
    yield
    sys.path.remove(str(DOCS / "_extensions"))


@pytest.fixture(scope="module")
def pages(extensions):
    from model_pages import model_pages, places_of_models
    from reference_pages import reference_pages

    return {**reference_pages(places_of_models()), **model_pages()}


def test_the_reference_documents_each_public_name_once_and_nothing_else(pages):
    found = [place for text in pages.values() for place in re.findall(r"^\.\. auto\w+:: (estimation\.\S+)", text, re.M)]
    public = []
    for name in mse.__all__:
        shown = getattr(mse, name)
        if inspect.ismodule(shown):
            public += [f"estimation.{name}.{each}" for each in shown.__all__]
        elif not name.startswith("__"):
            public.append(f"estimation.{name}")
    assert sorted(found) == sorted(public)


def test_every_model_has_a_page_with_all_that_a_reader_asks(pages):
    for name in mse.models.model_names():
        text = pages[f"models/{name}"]
        assumption = mse.models.make_model(name, {}).assumptions[0]
        assert re.sub(r"([*|_\\])", r"\\\1", assumption) in text, name
        for heading in ("What it assumes", "Formula", "When it fails", "In a study file", "Paper", "In Python"):
            assert f"\n{heading}\n---" in text, f"{name} has no {heading!r}; see docs/_extensions/models.toml"


def test_the_lines_of_a_study_file_make_the_model_with_its_defaults():
    from model_pages import models, study_lines

    for place, name, found in models():
        if name not in mse.models.model_names():
            continue
        [declared] = tomllib.loads(study_lines(place, name, found))["model"]
        assert mse.models.make_model(declared["name"], declared.get("settings", {})) == found(), name


def test_coverage_on_a_page_is_that_of_the_page_of_coverage(pages):
    row = next(line for line in (DOCS / "coverage.md").read_text().splitlines() if line.startswith("| Decomposable"))
    cells = [cell.strip() for cell in row.strip("|").split("|")][1:]
    assert all(f"     - {cell}" in pages["models/decomposable"] for cell in cells)


def test_the_page_of_the_study_file_has_every_key():
    from study_page import keys_of, study_page

    text = study_page()
    top = keys_of(Study)
    assert {"title", "claims", "model", "reference", "sensitivity", "counted"} <= set(top)
    assert all(f"``{key}``" in text for key in top)
    for each in fields(Study):
        if is_dataclass(each.type):
            assert all(f"``{key}``" in text for key in keys_of(each.type))


def test_the_page_of_the_command_line_has_every_command_and_option():
    from command_page import command_page, commands

    text, found = command_page(), commands()
    assert {"mse run", "mse docs", "mse sensitivity tipping"} <= set(found)
    for name, command in found.items():
        part = text.partition(f".. program:: {name}\n")[2].partition(".. program::")[0]
        assert part, name
        assert all(
            option in part
            for each in command.params
            for option in each.opts
            if option.startswith("--") and option != "--help"
        ), name


def test_every_chart_has_its_lines_and_its_picture():
    from gallery_page import PICTURES, gallery_page, lines_of, plots

    text = gallery_page()
    for name in plots():
        assert f"mse.charts.{name}(" in lines_of(name), name
        assert (PICTURES / f"{name}.svg").is_file(), f"{name}: python scripts/draw_gallery.py {name}"
        assert f"\n{name}\n---" in text


def test_the_site_of_a_checkout_comes_before_that_of_a_wheel(tmp_path):
    package = tmp_path / "estimation"
    assert site_folder(package) is None
    for folder in (package / "site", tmp_path / "out" / "docs"):
        folder.mkdir(parents=True)
        (folder / "index.html").write_text("", encoding="utf-8")
        assert site_folder(package) == folder


def test_docs_opens_the_site_or_says_how_to_make_it(mse, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or True)
    monkeypatch.setattr("estimation.cli.docs.site_folder", lambda: None)
    status, _, said = mse("docs")
    assert status == 2
    assert "make docs" in said
    monkeypatch.setattr("estimation.cli.docs.site_folder", lambda: tmp_path)
    assert mse("docs")[0] == 0
    assert opened == [(tmp_path / "index.html").as_uri()]
    status, out, _ = mse("docs", "--no-browser")
    assert status == 0
    assert str(tmp_path / "index.html") in out.replace("\n", "")
    assert len(opened) == 1
