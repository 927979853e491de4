"""What a terminal shows is what was written: no markup, no order to the terminal, names in either direction."""

import io
import os
import subprocess
import sys
import time
import warnings
from contextlib import redirect_stdout

import pytest

from estimation.claims import Claim
from estimation.cli.claimed import print_claims, print_implied
from estimation.cli.output import plain_warnings
from estimation.cli.terminal import print_table, say

MARKUP = [
    "[red]",
    "[/red]",
    "[/p]",
    ":smile:",
    "said [sic] 300 [emphasis added]",
    "[link=x]y[/link]",
    "\\[b]",
    "[@click=x]",
]


def printed(call, *arguments, encoding="utf-8", **options):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    with redirect_stdout(stream):
        call(*arguments, **options)
        stream.flush()
    return stream.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("text", MARKUP)
def test_no_text_in_a_table_is_markup(text):
    output = printed(print_table, text, (f"h {text}", "n"), [(text, "1")])
    assert output.count(text) == 3


def test_a_control_character_is_printed_as_its_code_and_orders_nothing():
    assert printed(say, "a\x1b[31mb\x07\rc\x9b2J\u202ed\ud800") == "a\\x1b[31mb\\x07\\rc\\x9b2J\\u202ed\\ud800\n"
    assert "\x1b" not in printed(print_table, "t", ("h",), [("a\x1b]0;title\x07",)])


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8", "utf-16"])
def test_output_fits_any_encoding(encoding):
    text = "دادگاه é 😀 – lists"
    assert "lists" in printed(say, f"without {text}: 5", encoding=encoding)
    assert "lists" in printed(print_table, text, (text, "n"), [(text, "5")], encoding=encoding)


def test_a_name_from_right_to_left_is_isolated_in_a_sentence_and_beside_other_cells():
    assert printed(say, "without دادگاه: 44") == "without \u2068دادگاه\u2069: 44\n"
    assert "\u2068دادگاه\u2069" in printed(print_table, "t", ("h", "n"), [("دادگاه", "1")])
    wide = "فهرست بیمارستانی که نام آن شصت حرف دارد و در نمودار جا نمی‌گیرد"
    for line in printed(print_table, "t", ("h", "n"), [(f"{wide} {wide}", "1")]).splitlines():
        assert line.count("\u2068") == line.count("\u2069") <= 1
    assert "\u2068" not in printed(say, "without police: 44")
    assert "\u2068" not in printed(say, "without דוח: 44", encoding="cp1255")


def test_five_hundred_claims_take_no_minute_and_say_what_is_left_out():
    lists = [Claim(f"L{i}", "1990", "list", 100 + i, None, "w", "c") for i in range(250)]
    totals = [Claim(f"T{i}", "1990", "total", 10_000 + i, None, "w", "c") for i in range(250)]
    began = time.perf_counter()
    output = printed(print_claims, lists + totals) + printed(print_implied, lists + totals)
    assert time.perf_counter() - began < 20
    assert "10 largest of 250 lists and 6 of 250" in output
    assert "L249" in output
    assert "10,249" in output


def test_an_error_about_a_file_with_a_strange_name_is_one_that_can_be_read(tmp_path):
    name = "a\x1b[31mدادگاه.csv"
    done = subprocess.run(
        [sys.executable, "-m", "estimation.cli", "inspect", str(tmp_path / name)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LANG": "C"},
        check=False,
    )
    assert done.returncode == 2
    assert b"\x1b" not in done.stderr
    assert b"a\\x1b[31m" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.filterwarnings("always")
def test_letters_that_the_font_of_the_charts_lacks_are_named_once(capsys):
    with plain_warnings():
        for glyph in ("Glyph 21517 missing from font(s) DejaVu Sans.", "Glyph 31807 missing from font(s) DejaVu Sans."):
            warnings.warn(glyph, UserWarning, stacklevel=1)
        warnings.warn("another", UserWarning, stacklevel=1)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("a letter that it lacks is drawn as a box")
    assert lines[1] == "note: another"
