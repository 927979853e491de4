"""What a finished study keeps of its inputs, and that no row about one person is among it."""

import gzip
import json
import re
import shutil

import numpy as np
import pytest
from drawn_once import taken_again
from small_study import STUDY, TABLE

from estimation.capture.readers import read_table, read_table_file
from estimation.errors import StudyError
from estimation.files import file_sha256
from estimation.runs.run import run_study
from estimation.runs.verify import verify_study
from estimation.study.record import record_from, stored_inputs

pytestmark = pytest.mark.usefixtures("drawn_once")

NAMES = ("Amina", "Besnik", "Clara")
BOUND = STUDY.split("[[model]]")[0].replace('"Graphs"', '"Bound"') + "[[model]]" + STUDY.split("[[model]]")[1]
"""The small study with its quickest model alone."""


def persons(counts=TABLE):
    """The small table with one row a person, each with a name and an age."""
    lines = ["name,age,in_A,in_B,in_C"]
    for row in counts.splitlines()[1:]:
        *history, count = row.split(",")
        lines += [f"{NAMES[k % 3]} {k},{20 + k % 50},{','.join(history)}" for k in range(int(count))]
    return "\n".join(lines) + "\n"


def write(folder, name, text, study=STUDY):
    folder.mkdir(parents=True, exist_ok=True)
    content = text.encode()
    (folder / name).write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
    (folder / "study.toml").write_text(study.replace('"table.csv"', f'"{name}"').split("[sensitivity]")[0])
    return folder / "study.toml"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A study of persons, run as it is run by default."""
    folder = tmp_path_factory.mktemp("persons")
    with taken_again():
        return run_study(write(folder, "persons.csv", persons()), folder / "out")


@pytest.fixture
def copy(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "elsewhere")


def test_no_file_of_a_study_of_persons_holds_a_person(finished):
    held = [p for p in finished.rglob("*") if p.is_file()]
    assert len(held) > 10
    for path in held:
        content = path.read_bytes()
        if path.suffix == ".npz":
            with np.load(path) as arrays:
                assert all(array.dtype.kind in "if" for array in arrays.values())
        assert not any(name.encode() in content for name in NAMES), path
    assert sorted(p.name for p in (finished / "inputs").iterdir()) == ["persons.counts.csv", "study.toml"]


def test_in_the_place_of_persons_their_counts_are_kept_with_the_checksum_of_the_file(finished):
    kept = finished / "inputs" / "persons.counts.csv"
    original = finished.parent / "persons.csv"
    assert read_table(kept) == read_table(original)
    table = json.loads((finished / "record.json").read_text())["inputs"]["table"]
    assert table == {
        "file": "inputs/persons.counts.csv",
        "sha256": file_sha256(kept),
        "original": {"name": "persons.csv", "sha256": file_sha256(original)},
    }
    assert table["sha256"] == json.loads((finished / "results.json").read_text())["table"]["sha256"]
    assert table["original"]["sha256"] in re.sub("<[^>]*>", "", (finished / "report.html").read_text())


def test_a_study_of_persons_is_verified_strictly_from_its_counts(copy):
    verification = verify_study(copy, strict=True)
    assert verification.same, str(verification)


def test_persons_are_kept_only_when_asked(tmp_path):
    out = run_study(write(tmp_path, "persons.csv", persons(), BOUND), tmp_path / "out", keep_persons=True)
    assert (out / "inputs" / "persons.csv").read_text() == persons()
    assert "original" not in json.loads((out / "record.json").read_text())["inputs"]["table"]
    assert verify_study(out, strict=True).same


def test_what_was_handled_on_reading_persons_is_still_verified(tmp_path):
    rows = [*persons().splitlines(), "Nobody,1,1,0,0"]
    rows = [f"{row},{'in_D' if at == 0 else 0}" for at, row in enumerate(rows)]
    with pytest.warns(UserWarning, match="nobody is on D"):
        out = run_study(write(tmp_path, "persons.csv.gz", "\n".join(rows) + "\n", BOUND), tmp_path / "out")
    (note,) = json.loads((out / "results.json").read_text())["table"]["notes"]
    assert note.startswith("persons.csv.gz: nobody is on D")
    verification = verify_study(out, strict=True)
    assert verification.same, str(verification)


@pytest.mark.parametrize(
    ("text", "only"),
    [
        (TABLE, True),
        (TABLE.replace("A,B,C,count", "in_A,in_B,in_C,n"), True),
        (TABLE + "1,1,1,2\n", False),
        (persons(), False),
        ("A,B\n1,0\n0,1\n1,1\n", False),
        ("in_A,in_B,count,village\n1,0,5,Meja\n0,1,3,Meja\n", False),
        (',A,B,count\n"x",1,0,5\n"y",0,1,3\n', False),
        ("in_A,in_B,count,\n1,0,5,\n0,1,3,\n", True),
    ],
)
@pytest.mark.filterwarnings("ignore::estimation.errors.TableWarning")
def test_only_counts_said_once_and_nothing_else_are_counts_only(tmp_path, text, only):
    (tmp_path / "table.csv").write_text(text)
    read = read_table_file(tmp_path / "table.csv")
    assert read.counts_only is only
    assert read.sha256 == file_sha256(tmp_path / "table.csv")


def test_a_parquet_file_is_never_handed_on_as_it_is(tmp_path):
    import pandas as pd

    frame = pd.DataFrame({"A": [1, 0, 1], "B": [0, 1, 1], "count": [5, 3, 2]}, index=["Amina", "Besnik", "Clara"])
    frame.to_parquet(tmp_path / "table.parquet")
    assert not read_table_file(tmp_path / "table.parquet").counts_only


def test_a_record_is_read_back_as_it_was_and_names_what_is_missing(copy):
    record = record_from(copy)
    assert record.original is not None
    assert record.original.name == "persons.csv"
    assert not record.study_stands_alone
    assert stored_inputs(copy, record)[1].name == "persons.counts.csv"
    for change, said in (
        (lambda held: held.update(time="soon"), "time is 'soon', which is no time"),
        (lambda held: held["inputs"]["table"].update(file="inputs/../../x.csv"), "it must be a file in the folder inp"),
        (lambda held: held["inputs"]["table"]["original"].pop("name"), r"inputs\.table\.original\.name is missing"),
    ):
        held = json.loads((copy / "record.json").read_text())
        change(held)
        (copy / "broken").mkdir(exist_ok=True)
        (copy / "broken" / "record.json").write_text(json.dumps(held))
        with pytest.raises(StudyError, match=said):
            record_from(copy / "broken")
