"""A linkage on disk: read back as it was, whole or not there, in the place of nothing else, and without a name."""

import csv
import json

import numpy as np
import pytest

from estimation.errors import LinkageError, OutputError, TableError
from estimation.linkage.draws import LinkageDraws, LinkedList, RecordPlace
from estimation.linkage.fitted_errors import FittedErrors
from estimation.linkage.linked_tables import linked_tables, read_linked_tables
from estimation.linkage.point_clustering import numbered
from estimation.linkage.saved import check_linkage_folder, read_linkage, save_linkage
from estimation.linkage.saved_arrays import arrays_of, label_values, persons_and_places
from estimation.results.diagnostics import Check, Diagnostics


def draws_of(n_records=24, n_draws=15, seed=1):
    rng = np.random.default_rng(seed)
    places = ["north", "=SUM(A1)", "ساری", ""]
    records = tuple(
        RecordPlace(at * 3 // n_records, at % 8 + 2, "deaths", {"place": str(rng.choice(places))})
        for at in range(n_records)
    )
    persons = [[numbered(rng.integers(n_records, size=n_records)) for _ in range(n_draws)] for _ in range(2)]
    return LinkageDraws(
        ("police", "count", "press"),
        records,
        np.array(persons, dtype=np.int32),
        {"press": 7},
        ("Candidates were loose.",),
        (LinkedList("police", "police.xlsx", "0" * 64, 8, {"given": "First"}, {"unnamed": 3}),),
        Diagnostics((Check("R-hat of people", float("inf"), 1.05, False, "Chains agree."),)),
        FittedErrors(("police",), ("given",), (((0.1, 0.3),),), ((0.0, 0.5, 0.3, 0.2),), (0.1,), (0.02,)),
        {"seed": "1", "sweeps": 200},
    )


def test_what_is_written_is_read_back(tmp_path):
    draws = draws_of()
    read = read_linkage(save_linkage(draws, tmp_path / "linked"))
    assert np.array_equal(read.persons, draws.persons)
    assert (read.lists, read.records, read.notes, read.files) == (draws.lists, draws.records, draws.notes, draws.files)
    assert (read.errors, read.settings, read.n_unlinkable) == (draws.errors, draws.settings, draws.n_unlinkable)
    assert read.tables == draws.tables
    assert read.diagnostics == draws.diagnostics


def test_the_same_draws_are_the_same_bytes(tmp_path):
    one, other = (save_linkage(draws_of(), tmp_path / name) for name in ("one", "other"))
    names = sorted(path.name for path in one.iterdir())
    assert names == ["clusters.csv", "draws.npz", "linkage.json", "tables.csv"]
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


def test_every_record_has_one_line_of_the_clusters_and_the_summary_has_the_people(tmp_path):
    draws = draws_of()
    folder = save_linkage(draws, tmp_path / "linked")
    with (folder / "clusters.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(draws.records)
    assert list(rows[0]) == ["list", "row", "person", "probability", "sheet"]
    assert {(row["list"], int(row["row"])) for row in rows} == {(draws.lists[r.list], r.row) for r in draws.records}
    found = json.loads((folder / "linkage.json").read_text(encoding="utf-8"))
    assert found["people"] == {
        "median": draws.people.median,
        "lower": draws.people.lower,
        "upper": draws.people.upper,
        "level": 0.95,
    }
    assert found["records"] == 24
    assert found["not_linked"] == {"press": 7}
    assert set(found["duplicates"]) == set(draws.lists)


def test_the_tables_of_all_draws_are_read_back_with_their_labels():
    draws = draws_of()
    for by in ((), ("place",)):
        tables = linked_tables(draws, by)
        read = read_linked_tables(tables.csv_text, "tables.csv")
        assert read.csv_text == tables.csv_text
        assert read.tables == draws.tables
        assert read.n_people.tolist() == draws.n_people.tolist()
        assert read.labels == by
    with pytest.raises(LinkageError, match="not the tables of a linkage"):
        read_linked_tables(tables.csv_text.replace("[[1, ", "[[99, "), "tables.csv")
    with pytest.raises(TableError, match="no record has a label 'month'"):
        linked_tables(draws, ["month"])


def test_one_of_the_tables_is_read_as_any_table_is(tmp_path):
    import estimation as mse

    draws = draws_of()
    folder = save_linkage(draws, tmp_path / "linked")
    tables = linked_tables(draws)
    assert mse.read_table(folder / "tables.csv", replicate="3") == tables.distinct[2]


def test_the_central_draw_has_the_median_number_of_people_and_is_nearest_the_mean():
    tables = linked_tables(draws_of(n_draws=40))
    median = np.quantile(tables.n_people, 0.5, method="inverted_cdf")
    assert tables.central_table.n_observed == median
    cells = np.array([table.cells() for table in tables.tables])
    apart = np.abs(cells - cells.mean(axis=0)).sum(axis=1)
    own = np.abs(tables.central_table.cells() - cells.mean(axis=0)).sum()
    assert own == pytest.approx(apart[tables.n_people == median].min())


def test_nothing_is_written_where_something_is(tmp_path):
    draws = draws_of(n_draws=2)
    folder = save_linkage(draws, tmp_path / "linked")
    with pytest.raises(OutputError, match="there is a linkage already"):
        save_linkage(draws, folder)
    save_linkage(draws_of(n_draws=3), folder, force=True)
    assert read_linkage(folder).persons.shape[1] == 3
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"the folder holds notes\.txt, which no linkage made"):
        save_linkage(draws, folder, force=True)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="this is a file"):
        check_linkage_folder(tmp_path / "file")
    with pytest.raises(OutputError, match=r"a\.csv: what is read lies in this folder"):
        check_linkage_folder(tmp_path, inputs=[tmp_path / "a.csv"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "linked"]


def test_a_write_that_fails_leaves_nothing_behind_and_the_older_linkage_whole(tmp_path, monkeypatch):
    folder = save_linkage(draws_of(n_draws=2), tmp_path / "linked")

    def stopped(draws):
        raise KeyboardInterrupt

    monkeypatch.setattr("estimation.linkage.saved.arrays_of", stopped)
    with pytest.raises(KeyboardInterrupt):
        save_linkage(draws_of(n_draws=3), folder, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["linked"]
    assert read_linkage(folder).persons.shape[1] == 2


@pytest.mark.parametrize("name", ["clusters.csv", "draws.npz", "tables.csv"])
def test_a_folder_that_was_changed_is_refused(tmp_path, name):
    folder = save_linkage(draws_of(n_draws=2), tmp_path / "linked")
    with (folder / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(LinkageError, match=f"{name}: changed since it was written, or gone"):
        read_linkage(folder)


def test_another_folder_is_no_linkage(tmp_path):
    with pytest.raises(LinkageError, match=r"there is no linkage\.json and draws\.npz here; name the folder"):
        read_linkage(tmp_path)
    with pytest.raises(LinkageError, match="there is no such folder"):
        read_linkage(tmp_path / "nowhere")
    folder = save_linkage(draws_of(n_draws=2), tmp_path / "linked")
    (folder / "linkage.json").write_text("{}", encoding="utf-8")
    with pytest.raises(LinkageError, match="not what mse link wrote, or not whole"):
        read_linkage(folder)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("notes", [], "changed since it was written"),
        ("lists", ["police"], "changed since it was written"),
        ("sha256", {}, "changed since it was written"),
        ("schema_version", 99, "a later version of the program wrote it"),
        ("schema_version", 1, "an earlier version of the program wrote it"),
        ("schema_version", "x", "not what mse link wrote"),
    ],
)
def test_an_edited_description_is_refused_in_words(tmp_path, key, value, words):
    folder = save_linkage(draws_of(n_draws=2), tmp_path / "linked")
    described = json.loads((folder / "linkage.json").read_text(encoding="utf-8"))
    (folder / "linkage.json").write_text(json.dumps({**described, key: value}), encoding="utf-8")
    with pytest.raises(LinkageError, match=words):
        read_linkage(folder)


def test_arrays_that_do_not_go_with_the_lists_are_refused():
    draws = draws_of(n_draws=2)
    fitting = {"n_lists": 3, "labels": label_values(draws), "sheets": ["deaths"], "releases": [""]}
    content = arrays_of(draws)
    persons, places = persons_and_places(content, **fitting)
    assert np.array_equal(persons, draws.persons)
    assert places == draws.records
    others = [{"n_lists": 2}, {"labels": {"place": []}}, {"labels": {"a": [], "b": []}}, {"sheets": []}]
    for other in others:
        with pytest.raises(ValueError, match=r"a record is on none|not the arrays of a linkage"):
            persons_and_places(content, **fitting | other)
    for damaged in (b"", b"PK", content[:-200], b"\x00" * 300):
        with pytest.raises(ValueError, match=r"arrays of a linkage|pickle|allow_pickle"):
            persons_and_places(damaged, **fitting)


def test_a_full_disk_is_said_of_the_folder_that_was_named(tmp_path, monkeypatch):
    def full(place, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match=r"No space left on device: .*linked"):
        save_linkage(draws_of(n_draws=2), tmp_path / "linked")
    assert not list(tmp_path.iterdir())
