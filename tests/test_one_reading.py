"""What a run does once and no more: reading its table, its checksums, and each answer."""

from collections import Counter

import pytest
from small_study import write_study
from test_record import persons

from estimation.capture import readers
from estimation.capture.table import CaptureTable
from estimation.models import cached_model
from estimation.runs.run import run_study

pytestmark = pytest.mark.usefixtures("drawn_once")


def counting(monkeypatch, owner, name):
    """Count the calls of a function that a module holds."""
    calls, function = [], getattr(owner, name)

    def counted(*arguments, **named):
        result = function(*arguments, **named)  # a call that raises is none
        calls.append(arguments)
        return result

    monkeypatch.setattr(owner, name, counted)
    return calls


def test_a_table_of_persons_is_read_once_in_a_run(tmp_path, monkeypatch):
    read = counting(monkeypatch, readers, "sheet_of")
    run_study(write_study(tmp_path, table=persons()), tmp_path / "out")
    assert [call[0].name for call in read] == ["table.csv"]


def test_a_run_makes_one_checksum_a_table_and_loads_no_baseline(tmp_path, monkeypatch):
    tables, loaded = [], counting(monkeypatch, cached_model, "load_result")
    text = CaptureTable.csv_text.fget
    monkeypatch.setattr(CaptureTable, "csv_text", property(lambda table: tables.append(table) or text(table)))
    figures = (
        "delta = [0.0625, 0.125, 1]",
        "delta = [0.0625, 0.125, 1]\nleave_one_list_out = true\nfigures = [400, 500]",
    )
    run_study(write_study(tmp_path, figures), tmp_path / "out")
    assert max(Counter(map(id, tables)).values()) == 1
    assert len(tables) == 1 + 3  # the table, and without each of its lists
    assert loaded == []  # the value of delta that is the model's own is the baseline, which is at hand
