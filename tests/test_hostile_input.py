"""Whatever a file or a command line holds, its reader answers or refuses in words: no other error, and no hang.

A short sample runs by default, the same each time; `make check-slow` tries thousands (MSE_HOSTILE sets how many).
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from hostile_input import TOKENS, command_lines, mutated
from hypothesis import HealthCheck, given, settings
from small_study import STUDY, TABLE
from typer.testing import CliRunner

from estimation.capture.datasets import data_folder, load_table
from estimation.capture.readers import read_table
from estimation.claims import read_claims
from estimation.cli import app
from estimation.cli.options import value_of
from estimation.errors import EstimationError, EstimationWarning
from estimation.models.cached_model import results_in
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.classical.two_lists import Chapman
from estimation.models.named_lists import check_named_lists
from estimation.models.registry import make_model, model_class, model_names
from estimation.results.saved import load_result, save_result
from estimation.runs.manifest import read_manifest
from estimation.sensitivity.leave_one_list_out import leave_one_list_out
from estimation.simulation.scenario_file import read_scenario, scenario_path
from estimation.study.record import record_from
from estimation.study.saved_sensitivity import load_sensitivity, save_sensitivity
from estimation.study.study_file import read_study
from estimation.work.cache import Cache

CASES = Path(__file__).parent.parent.parent / "shared" / "cases"
FEW, MANY = 10, int(os.environ.get("MSE_HOSTILE", "3000"))

PERSONS = "id,name,in_police,in_press,in_court\n1,Aa,1,0,1\n2,Bb,0,1,0\n3,Cc,1,1,0\n4,Dd,0,0,1\n5,Ee,1,1,1\n"
YES_NO = '"","A","B","C","Freq"\n"1","Yes","No","No",5\n"2","No","Yes","No",4\n"3","Yes","Yes","Yes",3\n'
HISTORIES = "history;frequency\n100;50\n010;40\n001;60\n110;10\n111;20\n"
LONG = "person,source\np1,police\np1,press\np2,police\np3,court\np3,press\np3,police\n"
CAPTURES = "captures,frequency\n1,120\n2,40\n3,9\n"
CODED = '"","a","b","c","Freq"\n"1","obs","un","un",5\n"2","un","obs","obs",4\n"3","un","un","un",NA\n'
NA = "A,B,C,count\n1,0,N/A,5\n0,1,N/A,6\n1,1,1,3\nTotal,,,14\n"
WIDE = "100,010,001,110,111\n50,40,60,10,20\n"
MARK = "/* two lists */\n10 50;\n01 40;\n11 20;\n"
CLAIMS = (
    "who,when,kind,figure,to,words,citation\n"
    "An office,1989,total,3000,5000,three to five thousand,A book (1990)\n"
    "A press,1999,list,1500,,,A paper\n"
)
RECORD = {
    "schema": 2, "title": "t", "time": "2026-01-01T00:00:00+00:00", "estimation": "0.1.0", "python": "3.11",
    "platform": "Linux", "packages": {"numpy": "2.0"}, "seed": 1, "models": {}, "workers": 1, "seconds": 1.0,
    "inputs": {
        "study": {"file": "inputs/study.toml", "sha256": "0" * 64, "stands_alone": True},
        "table": {"file": "inputs/table.csv", "sha256": "0" * 64, "original": {"name": "x", "sha256": "0" * 64}},
        "claims": {"file": "inputs/claims.csv", "sha256": "0" * 64},
    },
}  # fmt: skip


@contextmanager
def answered_or_refused():
    """What is not refused in words, or warns of anything but the table, fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", EstimationWarning)
        try:
            yield
        except EstimationError as refusal:
            message = str(refusal)
        else:
            message = ""
    assert len(message) < 20_000


def sampled(examples: int, *, seconds: int = 10):
    """So many inputs, each of which may take so many seconds; a few are the same each time."""
    return settings(
        max_examples=examples,
        derandomize=examples == FEW,  # the long run finds other inputs each time
        database=None,
        deadline=timedelta(seconds=seconds),
        suppress_health_check=list(HealthCheck),
    )


def hammer(read: Callable[[bytes], object], *seeds: bytes, examples: int) -> None:
    """Hand mutations of valid files to a reader."""

    @sampled(examples)
    @given(mutated(*seeds))
    def try_one(content):
        with answered_or_refused():
            read(content)

    try_one()


few_or_many = pytest.mark.parametrize("examples", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])


@pytest.fixture(scope="module")
def workbook():
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (line.split(",") for line in TABLE.splitlines()):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    from io import BytesIO

    written = BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.fixture(scope="module")
def parquet():
    import pyarrow as pa
    from pyarrow import parquet as pq

    written = pa.BufferOutputStream()
    columns = {"A": [1, 0, 1], "B": [0, 1, 1], "count": [5, 4, 3], "note": ["x", None, "y"]}
    pq.write_table(pa.table(columns), written)
    return written.getvalue().to_pybytes()


@few_or_many
@pytest.mark.parametrize(
    ("name", "seeds"),
    [
        ("table.csv", [TABLE, PERSONS, YES_NO, HISTORIES]),
        ("table.csv", [LONG, CAPTURES, CODED, NA, WIDE]),
        ("table.inp", [MARK]),
    ],
)
def test_tables_as_text(name, seeds, examples):
    hammer(lambda content: read_table(content, name=name), *(seed.encode() for seed in seeds), examples=examples)


@few_or_many
def test_tables_as_people_keep_them(examples):
    if not CASES.is_dir():
        pytest.skip("the tables as people keep them are not beside this checkout (../shared/cases)")
    seeds = [path.read_bytes() for path in sorted(CASES.rglob("*.csv")) if path.stat().st_size < 5000]
    hammer(lambda content: read_table(content, name="table.csv"), *seeds, examples=examples)


@few_or_many
@pytest.mark.parametrize("case", ["workbook", "parquet"])
def test_tables_as_packed_files(case, request, examples):
    name = {"workbook": "table.xlsx", "parquet": "table.parquet"}[case]
    hammer(lambda content: read_table(content, name=name), request.getfixturevalue(case), examples=examples)


@few_or_many
def test_study_files(tmp_path, examples):
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    more = 'linkage_error = { false_match = [0.1], missed_match = [0.1] }\n[register]\nat_most = 900\nsource = "town"\n'
    with_all = STUDY.replace("seed = 7", 'seed = 7\nclaims = "claims.csv"') + more
    path = tmp_path / "study.toml"

    def read(content):
        path.write_bytes(content)
        read_study(path)

    hammer(read, STUDY.encode(), with_all.encode(), examples=examples)


@few_or_many
def test_scenario_files(tmp_path, examples):
    path = tmp_path / "scenario.toml"

    def read(content):
        path.write_bytes(content)
        read_scenario(path)

    names = ("dependent_pair", "two_hidden_classes", "zero_capture_group")
    hammer(read, *(scenario_path(name).read_bytes() for name in names), examples=examples)


@few_or_many
def test_claims(tmp_path, examples):
    path = tmp_path / "claims.csv"

    def read(content):
        path.write_bytes(content)
        read_claims(path)

    hammer(read, CLAIMS.encode(), (data_folder() / "iran-1988" / "claims.csv").read_bytes(), examples=examples)


@few_or_many
def test_records_and_checksums(tmp_path, examples):
    def read(content):
        for name, reader in (("record.json", record_from), ("SHA256SUMS", read_manifest)):
            (tmp_path / name).write_bytes(content)
            with answered_or_refused():
                reader(tmp_path)

    sums = "".join(f"{'0' * 64}  {name}\n" for name in ("record.json", "inputs/table.csv", "report.html"))
    hammer(read, json.dumps(RECORD).encode(), json.dumps(RECORD, indent=2).encode(), sums.encode(), examples=examples)


@few_or_many
@pytest.mark.parametrize("kind", ["result", "sensitivity"])
def test_saved_answers_are_read_or_refused_and_a_damaged_part_is_made_again(tmp_path, kind, examples):
    table = load_table("kosovo")
    if kind == "result":
        save_result(ChaoLowerBound().fit(table, rng=1), tmp_path / "saved")
        load, cache = load_result, results_in(tmp_path)
    else:
        model = Chapman(lists=("ABA", "HRW"))
        save_sensitivity(leave_one_list_out(table, model=model, rng=1), tmp_path / "saved")
        load, cache = load_sensitivity, Cache(tmp_path, save_sensitivity, load_sensitivity)
    path = tmp_path / "saved.json"

    def read(content):
        path.write_bytes(content)
        cache.get("saved")  # whatever is in it, a part that cannot be read is none
        load(tmp_path / "saved")

    hammer(read, path.read_bytes(), examples=examples)


@few_or_many
def test_every_setting_of_every_model_takes_a_value_or_refuses_it_in_words(examples):
    table = load_table("palembang")
    tokens = TOKENS[::5] if examples == FEW else TOKENS
    for name in model_names():
        for field in fields(model_class(name)):
            for token in tokens:
                with answered_or_refused():
                    check_named_lists(make_model(name, {field.name: value_of(token)}), table)


COMMANDS = (
    ("inspect", "table.csv", "--lists", "A,B,C", "--count", "count"),
    ("inspect", "persons.csv", "--id", "id", "--ignore", "name"),
    ("estimate", "table.csv", "--model", "chao", "--json", "--seed", "3"),
    (
        "estimate",
        "table.csv",
        "--model",
        "chapman",
        "--set",
        "lists=A,B",
        "--register",
        "900",
        "--register-source",
        "x",
    ),
    ("estimate", "table.csv", "--model", "log-linear", "--set", "model=[A B][C]"),
    ("estimate", "table.csv", "--model", "nhoi", "--set", "xi=1", "--set", "prior_count=1"),
    ("estimate", "table.csv", "--model", "decomposable", "--set", "delta=0.5", "--set", "prior_on_n=flat"),
    ("estimate", "table.csv", "--model", "heterogeneity", "--set", "model=Mth-Chao"),
    ("estimate", "table.csv", "--model", "sample-coverage", "--drop-lists", "C"),
    ("sensitivity", "leave-one-list-out", "table.csv", "--model", "chao", "--json"),
    ("sensitivity", "merge-two-lists", "table.csv", "--model", "chao"),
    ("sensitivity", "odds-ratio", "table.csv", "--pair", "A,B", "--values", "0.5,1,2"),
    ("sensitivity", "vary-setting", "table.csv", "--model", "decomposable", "--vary", "delta", "--values", "0.5,1"),
    ("sensitivity", "linkage-error", "table.csv", "--model", "chao", "--false-match", "0.1", "--missed-match", "0.1"),
    ("sensitivity", "tipping", "table.csv", "--figure", "900", "--model", "chao", "--among", "A,B"),
    ("export", "table.csv", "safe.csv", "--minimum", "5", "--rule", "merge", "--force"),
    ("claims", "claims.csv"),
    ("new", "table.csv", "--out", "made.toml", "--force"),
    ("simulate", "independent", "--out", "drawn", "--seed", "3", "--force"),
    ("simulate", "scenario.toml", "--out", "drawn", "--force"),
    ("design", "--list", "A=300", "--list", "B=200", "--total", "900", "--model", "chapman", "--replications", "2"),
    ("verify", "."),
    ("diff", ".", "."),
    ("sign", ".", "--key", "table.csv"),
    ("models",),
    ("tables",),
)


@few_or_many
def test_command_lines_end_with_0_2_or_3(tmp_path, monkeypatch, examples):
    for name, text in (("table.csv", TABLE), ("persons.csv", PERSONS), ("claims.csv", CLAIMS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "scenario.toml").write_bytes(scenario_path("dependent_pair").read_bytes())
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    @sampled(examples, seconds=300)  # the default set of models takes many
    @given(command_lines(*COMMANDS))
    def try_one(words):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", EstimationWarning)
            done = runner.invoke(app, words)
        assert done.exit_code in {0, 2, 3}, (words, done.exit_code, done.output[-2000:])
        assert "Traceback" not in done.output

    try_one()
