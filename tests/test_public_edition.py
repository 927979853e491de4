"""A public edition may stand beside its safe table: what is written is read back and attacked, by another attacker."""

import itertools
import json
import re
import shutil
from html.parser import HTMLParser

import disclosure_attacker as attacker
import numpy as np
import pytest
from drawn_once import taken_again

from estimation.capture.datasets import load_table, table_path
from estimation.capture.disclosure.edition import edition_of
from estimation.capture.disclosure.margins import MARGINS
from estimation.capture.readers import read_table, read_table_file
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError, StudyError
from estimation.models import LogLinear, SampleCoverage
from estimation.runs.edition_audit import check_edition
from estimation.runs.run import run_study
from estimation.runs.verify import verify_study

STUDY = """
title = "People of a small town"
table = "table.csv"
seed = 7
headline = "Coverage"

[counted]
who = "People"
where = "A small town"
when = "One year"
excludes = "Visitors"

[[model]]
label = "Coverage"
name = "sample-coverage"

[[model]]
label = "Bound"
name = "chao"

[[model]]
label = "Two lists"
name = "chapman"

[[model]]
label = "Independent"
name = "log-linear"

[[model]]
label = "All pairs"
name = "nhoi"

[sensitivity]
model = "Bound"
leave_one_list_out = true
pairs = true
xi = [0.5, 1]
odds_ratio = { pair = ["A", "B"], values = [1, 2] }
"""
RNG = np.random.default_rng(20)
HISTORIES = ["".join(bits) for bits in itertools.product("01", repeat=4)][1:]
# So large and so unlike that the number of people in any set of histories says which set it is.
PLANTED = CaptureTable.from_histories(
    list("ABCD"),
    {h: int(RNG.integers(10**9, 10**10)) // 10 ** (2 * (h.count("1") - 1)) for h in HISTORIES} | {"1111": 3, "1011": 2},
)


def write(folder, table, study=STUDY):
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "table.csv")
    (folder / "study.toml").write_text(study, encoding="utf-8")
    return folder / "study.toml"


@pytest.fixture(scope="module")
def uk(tmp_path_factory):
    """The public edition of a study whose table has small cells."""
    folder = tmp_path_factory.mktemp("uk")
    two_lists = 'name = "chapman"\n[model.settings]\nlists = ["NG", "PF"]\n'
    study = write(
        folder, load_table("uk"), STUDY.replace('name = "chapman"\n', two_lists).replace('"A", "B"', '"NG", "PF"')
    )
    with taken_again():
        return run_study(study, folder / "edition", public=5)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """The study file of a table in which each number of people says whom it counts."""
    return write(tmp_path_factory.mktemp("planted"), PLANTED)


def known_from(folder, table):
    """What adds up to the numbers in `results.json` and in the safe table of an edition, and who cannot be there."""
    margins = json.loads((folder / "results.json").read_text(encoding="utf-8"))["table"]
    names = ["people", *["list_sizes"] * (None not in margins["lists"].values())]
    names += ["frequencies"] * (margins["frequencies"] is not None)
    sums = attacker.margin_sums(len(table.lists), names, margins["frequencies_pooled_from"])
    values = [margins["n_observed"], *(n for n in margins["lists"].values() if n is not None)]
    assert (sums @ attacker.cells_of(table)).tolist() == values + (margins["frequencies"] or [])
    rows, empty = attacker.merged_sums(table, read_table(folder / "inputs" / "table.safe.csv"))
    return np.vstack([sums, rows]), np.where(empty, 0, np.inf)


def test_no_small_cell_can_be_worked_out_from_an_edition_and_more_margins_would_give_some_away(uk):
    table = load_table("uk")
    known, upper = known_from(uk, table)
    found = attacker.ranges(table, known, 5, upper=upper)
    assert len(found) == 10
    assert not attacker.narrow(found, 5)
    for more in ("frequencies", "singletons", "overlaps"):
        sums = np.vstack([known, attacker.margin_sums(6, [more])])
        assert attacker.narrow(attacker.ranges(table, sums, 5, upper=upper), 5), more


class Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words = []

    def handle_starttag(self, tag, attrs):
        self.words += [value for name, value in attrs if name in ("alt", "aria-label") and value]

    def handle_data(self, data):
        self.words.append(data)


def texts(folder):
    """What is written in each file of a study that is text, by its name; of a page what a reader sees of it."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".json", ".csv", ".toml", ".svg"):
            yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
        elif path.suffix == ".html":
            page = Text()
            page.feed(path.read_text(encoding="utf-8"))
            yield path.name, "\n".join(page.words)


NUMBER = re.compile(r"(?<![\d.e-])\d{1,3}(?:,\d{3})+(?![\d,])|(?<![\d.,])\d{7,}(?:\.0)?(?![\d.])")


def sets_counted(folder):
    """The sets of histories whose people are counted in some file: each as a row of 0 and 1, with the file."""
    cells = attacker.cells_of(PLANTED)
    all_sets = np.array(list(itertools.product([0, 1], repeat=len(cells))), dtype=np.int64)
    sums = all_sets @ cells
    by_sum = {int(n): row for n, row in zip(sums.tolist(), all_sets, strict=True)}
    for name, text in texts(folder):
        for number in set(
            re.findall(r"(?<![\d.e-])\d{1,3}(?:,\d{3})+(?![\d,.])|(?<![\d.,])\d{7,}(?:\.0)?(?![\d.])", text)
        ):
            value = int(float(number.replace(",", "")))
            if value in by_sum and value > 10**6:
                yield name, tuple(by_sum[value].tolist())


def rows(sums):
    return {tuple(row) for row in np.asarray(sums, dtype=int).tolist()}


def test_every_number_of_people_that_a_study_prints_is_on_the_list_of_margins(planted):
    whole = run_study(planted, planted.parent / "whole")
    all_histories = attacker.histories(4)
    by_margin = {name: rows(margin.sums(all_histories)) for name, margin in MARGINS.items()}
    found = list(sets_counted(whole))
    unknown = [each for each in found if not any(each[1] in known for known in by_margin.values())]
    # A cell of three people is below what can be told apart: a set with it and the set without are taken for one.
    assert not unknown
    printed = {name for name, known in by_margin.items() for _, each in found if each in known}
    assert printed >= {"people", "list_sizes", "frequencies", "singletons", "overlaps", "histories"}


@pytest.mark.slow
def test_an_edition_prints_no_number_of_people_but_the_margins_that_it_names_and_its_safe_table(planted):
    edition = run_study(planted, planted.parent / "edition", public=5)
    what = edition_of(PLANTED, minimum=5)
    safe_rows, _ = attacker.merged_sums(PLANTED, what.safe.table)
    named = rows(what.safe.published.sums(attacker.histories(4)))
    of_safe = {
        tuple(np.clip(sum(np.array(r) for r in some), 0, 1).astype(int).tolist())
        for size in range(1, len(safe_rows) + 1)
        for some in itertools.combinations(safe_rows, size)
    }
    found = list(sets_counted(edition))
    assert len(found) > 5
    assert [each for each in found if each[1] not in named | of_safe] == []


def test_an_edition_has_no_draws_no_whole_table_and_no_checksum_of_it(uk):
    names = {path.relative_to(uk).as_posix() for path in uk.rglob("*") if path.is_file()}
    assert not any(name.startswith("models/") for name in names)
    assert {name for name in names if name.startswith("inputs/")} == {"inputs/study.toml", "inputs/table.safe.csv"}
    read = read_table_file(uk.parent / "table.csv")
    for _, text in texts(uk):
        assert read.sha256 not in text
        assert read.table.sha256 not in text
    assert (uk / "inputs" / "table.safe.csv").read_text().startswith("# Table of overlapping lists with no cell ")


def test_an_edition_says_that_it_is_one_with_its_rule_and_rounds_its_numbers(uk):
    edition = json.loads((uk / "results.json").read_text(encoding="utf-8"))
    assert edition["edition"]["public"] is True
    assert edition["edition"]["minimum"] == 5
    assert "does not count that" in edition["edition"]["rule"] + edition["edition"]["not_covered"]
    record = json.loads((uk / "record.json").read_text(encoding="utf-8"))
    assert record["edition"] == {"public": True, "minimum": 5}
    models = {model["label"]: model for model in edition["models"]}
    for label, model in {"Coverage": SampleCoverage(), "Independent": LogLinear()}.items():
        exact = model.fit(load_table("uk"), rng=1)
        assert models[label]["point"] == float(f"{exact.median:.3g}")
        assert models[label]["interval_kind"] == exact.interval_kind
        assert models[label]["tables"] == models[label]["notes"] == []
    assert "both of its two lists" in models["Two lists"]["reason"]
    assert "exactly one and exactly two lists" in models["Bound"]["reason"]
    assert set(edition["sensitivity"]) == {"xi"}
    left_out = " ".join(edition["edition"]["left_out"])
    assert all(key in left_out for key in ("leave_one_list_out", "pairs", "odds_ratio"))


@pytest.mark.usefixtures("drawn_once")
def test_an_edition_is_verified_with_the_whole_table_and_says_so_without(uk):
    with pytest.raises(StudyError, match=r"this is a public edition(.|\n)*--table TABLE"):
        verify_study(uk)
    verification = verify_study(uk, table=uk.parent / "table.csv", strict=True)
    assert verification.same, str(verification)


@pytest.fixture
def copy(uk, tmp_path):
    return shutil.copytree(uk, tmp_path / "copy")


def edited(copy, name, old, new):
    text = (copy / name).read_text(encoding="utf-8")
    assert old in text
    (copy / name).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("results.json", '"frequencies_pooled_from"', '"singletons": [1], "frequencies_pooled_from"', "and no other"),
        ("results.json", '"notes": []', '"notes": ["3 people"]', "may count people"),
        ("results.json", '"n_observed": 2744', '"n_observed": 2743', "a number of people of another table"),
        ("sensitivity.csv", ",2744,", ",2700,", "people observed in another table"),
        ("inputs/table.safe.csv", "1,0,0,", "1,0,0,1", "is not the safe table"),
        ("report.html", ">On it<", ">On no other<", "counts people"),
    ],
)
def test_what_an_edition_may_not_say_is_refused_before_it_is_put_in_place(copy, name, old, new, words):
    read = read_table_file(table_path("uk"))
    edition = edition_of(read.table, minimum=5)
    check_edition(copy, read, edition)
    edited(copy, name, old, new)
    with pytest.raises(StudyError, match=words):
        check_edition(copy, read, edition)


def test_margins_that_give_a_small_cell_away_are_refused_though_each_is_true(copy):
    read = read_table_file(table_path("uk"))
    frequencies = json.dumps(read.table.frequencies.tolist())
    text = (copy / "results.json").read_text(encoding="utf-8")
    text = re.sub(r'"frequencies": \[[^]]*\]', f'"frequencies": {frequencies}', text)
    text = re.sub(r'"frequencies_pooled_from": \d', '"frequencies_pooled_from": null', text)
    (copy / "results.json").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"gives away how many people are on .* and on no other list"):
        check_edition(copy, read, edition_of(read.table, minimum=5))


def test_a_saved_model_in_an_edition_is_refused(copy):
    (copy / "models").mkdir()
    (copy / "models" / "01-coverage.json").write_text("{}")
    read = read_table_file(table_path("uk"))
    with pytest.raises(StudyError, match=r"models/01-coverage.json is no file of a public edition"):
        check_edition(copy, read, edition_of(read.table, minimum=5))


def test_persons_may_not_stay_in_an_edition_and_a_minimum_hides_something(tmp_path):
    study = write(tmp_path, load_table("uk"))
    with pytest.raises(SettingError, match="it holds no row about a person"):
        run_study(study, tmp_path / "out", public=5, keep_persons=True)
    with pytest.raises(SettingError, match="minimum is 1; it must be 2 or more"):
        run_study(study, tmp_path / "out", public=1)
    assert not (tmp_path / "out").exists()
