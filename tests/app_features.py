"""What the other point-and-click tool of the field can do: the rows of docs/app-features.md, each ticked by a test.

``python tests/app_features.py`` writes that page; a test holds both equal.  Read of shinyrecap at commit 9c06676.
"""

import importlib
import sys
from pathlib import Path

from app_driver import Page

from estimation import load_table

__all__ = ["DOCS", "FEATURES", "KOSOVO", "STUDY", "feature", "page_of_features", "page_of_kosovo"]

DOCS = Path(__file__).parent.parent / "docs" / "app-features.md"
KOSOVO = load_table("kosovo")
FEATURES = []
AREAS = (
    *("Import", "Log-linear models", "Bayesian model averaging", "Latent classes", "Pairs", "Report", "Help"),
    *("Power", "Conversion", "All pages"),
)
MISSING = (
    (
        "Latent classes",
        "Samples, thinning and burn-in as numbers",
        "chains run until R-hat and effective sample sizes are reached, and stop with a reason where they are not",
    ),
    ("Introduction", "A video", "the manual is in the program and needs no network"),
)
STUDY = """table = "kosovo.csv"
seed = 1
title = "Synthetic"
headline = "Graphs"

[counted]
who = "people"
where = "here"
when = "then"
excludes = "nobody"

[[model]]
label = "Graphs"
name = "decomposable"
"""


def feature(area, theirs, ours):
    """A row of the table, and the test that ticks it."""

    def registered(test):
        FEATURES.append((area, theirs, ours, test.__name__))
        return test

    return registered


def page_of_kosovo(folder):
    """The page of a folder with a study of one table."""
    KOSOVO.to_csv(folder / "kosovo.csv")
    (folder / "study.toml").write_text(STUDY)
    return Page(folder)


def page_of_features():
    """The page, made from the tests."""
    lines = [
        "# What the page in a browser can do",
        "",
        "What [shinyrecap](https://github.com/fellstat/shinyrecap), the point-and-click tool of the field, has (commit",
        "9c06676), and what `mse app` has for it. Each row is ticked by a test of its name in",
        "`tests/test_app_features.py` or `tests/test_app_feature_models.py`, from which this page is made.",
        "",
        "| | shinyrecap | `mse app` | ticked by |",
        "|---|---|---|---|",
    ]
    for module in ("test_app_features", "test_app_feature_models"):
        importlib.import_module(module)
    rows = sorted(FEATURES, key=lambda row: AREAS.index(row[0]))
    lines += [f"| {area} | {theirs} | {ours} | `{name}` |" for area, theirs, ours, name in rows]
    lines += ["", "## Missing here", "", "| | shinyrecap | why |", "|---|---|---|"]
    lines += [f"| {area} | {theirs} | {why} |" for area, theirs, why in MISSING]
    lines += [
        "",
        "## Only here",
        "",
        "Seeds, a saved study that `mse run` turns into the same bytes, the headline declared before any number is",
        "seen, sensitivities, claims, strata, name lists and their linkage, six and more lists, right-to-left pages,",
        "help without a network.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    page = importlib.import_module("app_features").page_of_features()  # the rows are in that module, not in this one
    sys.stdout.write(f"{DOCS.write_text(page, encoding='utf-8')} characters written\n")
