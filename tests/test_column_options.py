"""What is declared about the columns of a file is declared in the same words at each door of the program."""

import shlex
import tomllib
from dataclasses import fields

import pytest
import typer.main
from small_study import STUDY, TABLE
from typer.testing import CliRunner

from estimation.capture.declared import Declared, option
from estimation.capture.readers import read_table, read_table_file
from estimation.cli import app
from estimation.errors import StudyError, TableError, TableWarning
from estimation.runs.run import run_study
from estimation.runs.verify import verify_study
from estimation.study.columns_in import columns_in
from estimation.study.new_study import write_new_study
from estimation.study.study_file import FILL_IN, read_study

KEYS = [f.name for f in fields(Declared)]
VALUES = {
    **{"merge_repeated": True, "allow_twins": True, "keep_totals": True, "na": 0, "blank": 0},
    **{"separator": "vertical bar", "header": 3, "decimal": ","},
}
SEVERAL = {"lists": ("A", "B, or C"), "ignore": ("a 'b'", 'c "d"'), "drop_lists": ("$x", "y")}


def commands(group, path=()):
    """Every command of `mse` with its parameters."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command.params


READ_A_TABLE = [
    (name, parameters)
    for name, parameters in commands(typer.main.get_command(app))
    if any(parameter.metavar in {"TABLE", "DIR_OR_TABLE", "TABLE|LIST..."} for parameter in parameters)
]


def test_every_command_that_reads_a_table_has_an_option_for_each_thing_that_can_be_declared():
    assert len(READ_A_TABLE) >= 14
    wanted = {f"--{key.replace('_', '-')}" for key in KEYS}
    for name, parameters in READ_A_TABLE:
        assert wanted <= {flag for parameter in parameters for flag in parameter.opts}, name


@pytest.mark.parametrize("key", KEYS)
def test_an_option_is_understood_as_it_is_written_in_a_message(key, monkeypatch):
    value = VALUES.get(key, SEVERAL.get(key, "a name, with a comma" if key != "replicate" else "2"))
    understood = []

    def refuse(table, declared):
        understood.append(declared)
        raise TableError(table, ["not read here"])

    monkeypatch.setattr("estimation.cli.tables.table_of", refuse)
    words = shlex.split(option("command line", key, value))
    CliRunner().invoke(app, ["inspect", "kosovo", *words])
    assert understood == [Declared(**{key: value})]


@pytest.mark.parametrize("key", KEYS)
def test_a_study_key_is_understood_as_it_is_written_in_a_message(key, tmp_path):
    value = VALUES.get(key, SEVERAL.get(key, 'a name "quoted"'))
    line, _, table = option("study", key, value).partition(" under ")
    (tmp_path / "study.toml").write_text(f"{table}\n{line}\n", encoding="utf-8")
    assert columns_in(tmp_path / "study.toml") == Declared(**{key: value})


OTHER = TABLE.replace("count", "girls and boys").replace("C", "C, the third")
COLUMNS = Declared(lists=("A", "B", "C, the third"), count="girls and boys")


def test_a_study_is_run_and_verified_with_what_it_declares(tmp_path):
    (tmp_path / "table.csv").write_text(OTHER.replace("C, the third", '"C, the third"'), encoding="utf-8")
    columns = '[columns]\nlists = ["A", "B", "C, the third"]\ncount = "girls and boys"\n\n[[model]]'
    study = STUDY.split('[[model]]\nlabel = "Graphs"')[0].replace("[[model]]", columns, 1)
    (tmp_path / "study.toml").write_text(study.replace('"Graphs"', '"Bound"'), encoding="utf-8")
    assert read_study(tmp_path / "study.toml").columns == COLUMNS
    out = run_study(tmp_path / "study.toml", tmp_path / "out")
    assert verify_study(out).same


def test_what_is_declared_is_written_into_a_new_study(tmp_path):
    (tmp_path / "table.csv").write_text(OTHER.replace("C, the third", '"C, the third"'), encoding="utf-8")
    written = write_new_study(tmp_path / "table.csv", tmp_path / "study.toml", columns=COLUMNS)
    text = written.read_text(encoding="utf-8").replace(FILL_IN, "Filled in")
    assert tomllib.loads(text)["columns"] == {"lists": list(COLUMNS.lists), "count": COLUMNS.count}
    written.write_text(text, encoding="utf-8")
    assert read_study(written).columns == COLUMNS


def test_a_key_that_declares_nothing_is_refused_with_the_nearest(tmp_path):
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY + '\n[columns]\nlist = ["A", "B"]\n', encoding="utf-8")
    with pytest.raises(StudyError, match=r"\[columns\], key 'list' is unknown; did you mean 'lists'\?"):
        read_study(tmp_path / "study.toml")


def test_a_table_file_says_what_each_column_was_taken_for(tmp_path):
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    with pytest.warns(TableWarning, match="40 people are only on C"):
        read = read_table_file(tmp_path / "table.csv", Declared(drop_lists=("C",)))
    assert read.table == read_table(tmp_path / "table.csv").drop(["C"])
    roles = {column.name: column.role for column in read.columns}
    assert roles == {"A": "list", "B": "list", "C": "dropped list", "count": "count"}
