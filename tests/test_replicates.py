"""Imputed replicates are one table's: read whole and known for what they are, or refused with the file's name."""

import hashlib
from pathlib import Path

import pandas as pd
import pytest
from small_grid import write_replicates

from estimation.capture.declared import Declared
from estimation.errors import TableError
from estimation.strata.replicate_manifest import read_replicate_manifest
from estimation.strata.replicates import read_replicates

COLOMBIA = sorted(
    Path(__file__).parent.parent.parent.joinpath("shared", "data").glob("colombia_recruitment_R?.parquet")
)


@pytest.fixture
def folder(tmp_path):
    return write_replicates(tmp_path / "replicates")


def sums(folder, algorithm="sha256"):
    digest = lambda path: hashlib.new(algorithm, path.read_bytes()).hexdigest()  # noqa: E731
    return "".join(f"{digest(path)}  {path.name}\n" for path in sorted(folder.glob("*.csv")))


def test_flags_of_imputed_values_and_the_number_of_the_replicate_are_no_lists(folder):
    found = read_replicates(folder, strata=["town"])
    assert found.lists == ("A", "B", "C")
    assert [each.name for each in found.replicates] == ["R1", "R2"]
    assert [label.name for label in found.replicates[0].table.labels] == ["town"]


def test_a_file_with_several_replicates_gives_each_of_them(folder, tmp_path):
    parts = [pd.read_csv(path) for path in sorted(folder.glob("*.csv"))]
    pd.concat(parts).to_parquet(tmp_path / "both.parquet", index=False)
    together = read_replicates([tmp_path / "both.parquet"], strata=["town"])
    apart = read_replicates(folder, strata=["town"])
    assert [(each.name, each.table) for each in together.replicates] == [
        (each.name, each.table) for each in apart.replicates
    ]


def test_lists_in_another_order_are_the_same_table(folder):
    first = read_replicates(folder, strata=["town"]).replicates[1].table
    second = folder / "synthetic-R2.csv"
    frame = pd.read_csv(second)
    frame[["in_C", "in_A", "in_B", "town", "replica"]].to_csv(second, index=False)
    assert read_replicates(folder, strata=["town"]).replicates[1].table == first


def test_replicates_with_different_lists_are_refused_with_both_files_and_the_lists(folder):
    second = folder / "synthetic-R2.csv"
    pd.read_csv(second).rename(columns={"in_C": "in_D"}).to_csv(second, index=False)
    with pytest.raises(
        TableError, match=r"R1\.csv and synthetic-R2\.csv have different lists: .*R2\.csv lacks C and"
    ) as e:
        read_replicates(folder, strata=["town"])
    assert "synthetic-R1.csv lacks D" in str(e.value)


def test_a_replicate_without_the_label_is_refused_with_its_name(folder):
    second = folder / "synthetic-R2.csv"
    pd.read_csv(second).drop(columns="town").to_csv(second, index=False)
    with pytest.raises(TableError, match=r"R2\.csv: there is no column 'town' to take as a label"):
        read_replicates(folder, strata=["town"])


def test_a_list_that_is_empty_in_one_replicate_is_a_list_of_all(folder):
    second = folder / "synthetic-R2.csv"
    frame = pd.read_csv(second)
    frame = frame[frame[["in_A", "in_B"]].any(axis=1)].assign(in_C=0)
    frame.to_csv(second, index=False)
    found = read_replicates(folder, strata=["town"])
    assert found.lists == ("A", "B", "C")
    assert found.replicates[1].table.lists == ("A", "B")
    assert any("from" in note and "people" in note for note in found.notes)


def test_two_files_of_one_replicate_are_refused(folder):
    (folder / "again.csv").write_bytes((folder / "synthetic-R2.csv").read_bytes())
    with pytest.raises(TableError, match=r"again\.csv and synthetic-R2\.csv are both replicate R2|R2\.csv and again"):
        read_replicates(folder, strata=["town"])


def test_a_parquet_file_that_is_cut_short_is_refused_with_its_name(folder, tmp_path):
    whole = pd.read_csv(folder / "synthetic-R1.csv")
    whole.to_parquet(tmp_path / "R1.parquet")
    (tmp_path / "R2.parquet").write_bytes((tmp_path / "R1.parquet").read_bytes()[:-100])
    with pytest.raises(TableError, match=r"R2\.parquet: this is not a whole Parquet file"):
        read_replicates([tmp_path / "R1.parquet", tmp_path / "R2.parquet"], strata=["town"])


def test_a_manifest_beside_the_files_is_used_and_one_changed_byte_is_refused(folder):
    assert any("not authenticated" in note for note in read_replicates(folder, strata=["town"]).notes)
    (folder / "SHA256SUMS").write_text(sums(folder))
    assert not read_replicates(folder, strata=["town"]).notes
    second = folder / "synthetic-R2.csv"
    second.write_text(second.read_text()[:-1])
    with pytest.raises(TableError, match=r"synthetic-R2\.csv has the SHA-256 .* damaged or cut short"):
        read_replicates(folder, strata=["town"])


def test_a_file_that_the_manifest_does_not_name_and_one_that_is_gone_are_refused(folder):
    (folder / "SHA256SUMS").write_text(sums(folder))
    (folder / "synthetic-R2.csv").rename(folder / "synthetic-R3.csv")
    with pytest.raises(TableError) as refused:
        read_replicates(folder, strata=["town"])
    assert "synthetic-R3.csv is not in SHA256SUMS" in str(refused.value)
    assert "synthetic-R2.csv: it is in SHA256SUMS" in str(refused.value)


def test_the_published_form_of_sha1_by_what_happened_and_replicate_is_read(folder, tmp_path):
    lines = ["violacion,replica,hash"]
    for path in sorted(folder.glob("*.csv")):
        lines.append(f"synthetic,{path.stem[-2:]},{hashlib.sha1(path.read_bytes()).hexdigest()}")
    published = tmp_path / "hashes.csv"
    published.write_text("\n".join(lines))
    notes = read_replicates(folder, strata=["town"], manifest=published).notes
    assert any("SHA-1" in note for note in notes)
    published.write_text(published.read_text().replace("R1", "R7"))
    with pytest.raises(TableError, match=r"synthetic-R1\.csv is not in hashes\.csv"):
        read_replicates(folder, strata=["town"], manifest=published)


@pytest.mark.parametrize(("text", "problem"), [("", "names no file"), ("abc R1.csv", "line 1 is not a checksum")])
def test_a_manifest_that_is_none_is_refused(tmp_path, text, problem):
    (tmp_path / "sums").write_text(text)
    with pytest.raises(TableError, match=problem):
        read_replicate_manifest(tmp_path / "sums")


def test_no_folder_no_file_and_nothing_in_it_are_refused(tmp_path):
    for given, problem in (
        (tmp_path / "no", "there is no file"),
        ([], "no file is named"),
        (tmp_path, "no replicate is"),
    ):
        with pytest.raises(TableError, match=problem):
            read_replicates(given, strata=["town"])


@pytest.mark.skipif(len(COLOMBIA) < 2, reason="the published replicates are not here")
def test_published_replicates_of_34_lists_are_read_with_nothing_declared():
    found = read_replicates(COLOMBIA, strata=["yy_hecho"], columns=Declared())
    assert len(found.lists) == 34
    assert [each.table.n_observed for each in found.replicates] == [19_226, 19_226]
