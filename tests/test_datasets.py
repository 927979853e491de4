"""The packaged tables: every one pinned, with its source, and the merged ones truly merged."""

import hashlib
import re
from pathlib import Path

import pytest

from estimation.capture.datasets import load_table, table_names, table_path
from estimation.capture.readers import read_table
from estimation.capture.table import CaptureTable
from estimation.errors import TableError

DATA = Path(__file__).parent.parent / "data"

# People, and the first 16 digits of the checksum of table.csv.
PINNED = {
    "australia": (414, "0c29c6a1c18a4004"),
    "brighton": (856, "ba90bb6b27c13d16"),
    "congenital_anomaly": (537, "e9d098c16fc94083"),
    "diabetes": (2069, "164710e56b14bf00"),
    "gaza": (29271, "9f35ffe97cf46b28"),
    "hepatitis_a": (271, "78ca12bacaf0171a"),
    "hiv": (1896, "34c68f3fa00eb202"),
    "khartoum_all": (2664, "799be3d289150617"),
    "kosovo": (4400, "5b59f9be7bb6c64d"),
    "lesbian": (2185, "b2ccd0177fcc5e0a"),
    "netherlands": (8234, "a34685400be90153"),
    "netherlands_five_lists": (8234, "9adb426c430c19a9"),
    "new_orleans_185": (185, "6eef83af684bb09a"),
    "new_orleans_186": (186, "90b38f024673e379"),
    "new_orleans_five_lists": (185, "54491db01af7fcae"),
    "palembang": (123, "034b756040dad379"),
    "peru": (24692, "2e52a5267866f959"),
    "peru_not_determined": (3399, "3280cd9f9770728a"),
    "peru_other": (486, "a5672b7d7c2da77c"),
    "peru_shining_path": (9243, "db9b7b8ed1c987f5"),
    "peru_six_sources": (24692, "9ad7b23e5deeff5f"),
    "peru_state": (11564, "9bc8f80abddf52a3"),
    "spina_bifida_621": (621, "f9c01f4dfd4feb3a"),
    "spina_bifida_626": (626, "585ebf92a1eebd75"),
    "synthetic_artificial_3": (96, "756a1cba94b0e089"),
    "synthetic_five_lists": (758, "63f1b7541bf87cc3"),
    "synthetic_prison_killings": (1277, "afa75b2308cad9b7"),
    "uk": (2744, "984ee864b6e17876"),
    "uk_five_lists": (2744, "674b7744b02d8b0f"),
    "western_us": (345, "e29f35472b4aecc3"),
}


def readme_rows() -> dict[str, list[str]]:
    """The cells of the table in data/README.md, by dataset."""
    lines = (DATA / "README.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return {row[0]: row for row in rows if len(row) == 7}


def test_every_table_is_pinned():
    assert set(table_names()) == set(PINNED)
    assert table_names() == tuple(sorted(table_names()))


@pytest.mark.parametrize("name", PINNED)
class TestEachTable:
    def test_people_and_checksum_have_not_changed(self, name):
        people, checksum = PINNED[name]
        assert load_table(name).n_observed == people
        assert hashlib.sha256(table_path(name).read_bytes()).hexdigest().startswith(checksum)

    def test_the_checksum_of_the_file_is_the_one_that_results_carry(self, name):
        assert hashlib.sha256(table_path(name).read_bytes()).hexdigest() == load_table(name).sha256

    def test_the_readme_agrees_with_the_file(self, name):
        content = table_path(name).read_bytes()
        _, _, lists, people, checksum, size, published = readme_rows()[name]
        table = load_table(name)
        assert tuple(lists.split()) == table.lists
        assert people == f"{table.n_observed:,}"
        assert checksum == hashlib.sha256(content).hexdigest()
        assert size == str(len(content))
        assert published in {"yes", "no"}

    def test_its_source_is_told(self, name):
        said = (table_path(name).parent / "SOURCE.md").read_text(encoding="utf-8")
        for heading in ("Source", "Counted", "Lists", "Period", "Version", "Not to be used for"):
            assert f"**{heading}.**" in said
        table = load_table(name)
        assert f"{table.n_observed:,} people" in said
        assert re.findall(r"^- `(.+?)`: \S", said, flags=re.MULTILINE) == list(table.lists)


def test_the_readme_names_no_table_that_is_not_there():
    assert set(readme_rows()) == set(PINNED)


@pytest.mark.parametrize(
    ("merged", "full", "lists", "into"),
    [
        ("uk_five_lists", "uk", ["PF", "NCA"], "PFNCA"),
        ("netherlands_five_lists", "netherlands", ["I", "O"], "IO"),
        ("new_orleans_five_lists", "new_orleans_185", ["B", "E", "F", "G"], "BEFG"),
    ],
)
def test_merged_versions_are_the_merge_of_the_full_table(merged, full, lists, into):
    assert load_table(merged) == load_table(full).merge(lists, into=into)


def test_peru_is_the_sum_of_its_four_tables():
    parts = [load_table(f"peru_{who}") for who in ("state", "shining_path", "other", "not_determined")]
    total = load_table("peru")
    for history in range(1, 8):
        assert total.cells()[history] == sum(part.cells()[history] for part in parts)


def test_the_two_new_orleans_versions_differ_by_one_person_on_c_and_d():
    fewer, more = load_table("new_orleans_185"), load_table("new_orleans_186")
    difference = more.cells() - fewer.cells()
    assert difference.sum() == 1
    assert difference[0b1100] == 1


def test_list_sizes_published_beside_the_histories_are_met():
    assert load_table("diabetes").list_sizes.tolist() == [1754, 452, 1135, 173]
    assert load_table("hepatitis_a").list_sizes.tolist() == [135, 122, 126]
    assert load_table("congenital_anomaly").list_sizes.tolist() == [183, 215, 36, 263, 252]


def test_kosovo_by_its_published_histories():
    histories = {
        **{"1000": 1131, "0100": 845, "0010": 936, "0001": 306, "1100": 177, "1010": 228, "1001": 106, "0110": 217},
        **{"0101": 31, "0011": 123, "1110": 181, "1101": 18, "1011": 42, "0111": 32, "1111": 27},
    }
    assert load_table("kosovo") == CaptureTable.from_histories(["EXH", "ABA", "OSCE", "HRW"], histories)
    assert load_table("kosovo").frequencies.tolist() == [3218, 882, 273, 27]


def test_invented_data_is_called_synthetic():
    for name in table_names():
        invented = "invented" in (table_path(name).parent / "SOURCE.md").read_text(encoding="utf-8")
        assert invented == name.startswith("synthetic_")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("Kosovo", "kosovo"),
        ("kosova", "kosovo"),
        ("artificial_3", "synthetic_artificial_3"),
        ("UK-five-lists", "uk_five_lists"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(name, nearest):
    with pytest.raises(TableError, match=f"there is no table '{name}'; did you mean '{nearest}'"):
        load_table(name)


def test_a_name_like_no_other_is_answered_with_all():
    with pytest.raises(TableError, match="there is no table 'xyzzy'; there are australia, brighton"):
        table_path("xyzzy")


def test_a_name_is_not_a_path():
    with pytest.raises(TableError, match="there is no table"):
        load_table("../data/kosovo")


def test_tables_are_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_table("kosovo").n_observed == 4400


@pytest.mark.parametrize(
    ("name", "labels", "missing"),
    [("sex_and_age", ["sex", "age"], {"sex": 56, "age": 960}), ("month", ["month"], {"month": 142})],
)
def test_the_people_of_gaza_by_labels_are_those_of_the_table(name, labels, missing):
    by_label = read_table(DATA / "gaza" / f"{name}.csv", strata=labels)
    assert by_label.margin() == load_table("gaza")
    assert {label: by_label.n_missing(label) for label in labels} == missing
    said = (DATA / "gaza" / "SOURCE.md").read_text(encoding="utf-8")
    assert f"`{name}.csv`" in said


def test_peru_s_six_sources_are_another_coding_of_the_same_people():
    six, three = load_table("peru_six_sources"), load_table("peru")
    assert six.n_observed == three.n_observed
    assert six.list_sizes[0] == three.list_sizes[0] == 18397
    ombudsman = six.merge(["COMISEDH", "CNDDHH", "CEDAP", "CICR"], into="ODH")
    assert ombudsman.cells().tolist() != three.cells().tolist()


@pytest.mark.parametrize(
    ("name", "file", "labels"),
    [
        ("brighton", "sex_and_age", ["sex", "age"]),
        ("spina_bifida_621", "groups", ["group"]),
        ("peru", "people", ["agent", "situation", "sex", "age_group", "year", "stratum"]),
    ],
)
def test_the_people_by_labels_are_those_of_the_table(name, file, labels):
    by_label = read_table(DATA / name / f"{file}.csv", strata=labels)
    assert by_label.margin() == load_table(name)
    assert f"`{file}.csv`" in (DATA / name / "SOURCE.md").read_text(encoding="utf-8")


def test_kosovo_by_region_is_another_version_of_4401_people():
    regions = read_table(DATA / "kosovo" / "regions.csv", strata=["region"])
    tables = regions.by(["region"]).tables
    assert {region: table.n_observed for (region,), table in tables.items()} == {
        "East": 1244,
        "North": 1268,
        "South": 679,
        "West": 1210,
    }
    assert (regions.margin().counts - load_table("kosovo").counts).tolist()[:5] == [-3, 7, -1, 0, -2]
