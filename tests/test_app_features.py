"""What the page in a browser does beside models: files, plans by simulation, counts at events, help, seeds."""

import asyncio

import pytest

pytest.importorskip("starlette", reason="starlette is not installed (the extra [app] has it)")
from app_driver import BY_PLACE, text_of
from app_features import DOCS, feature, page_of_features, page_of_kosovo

from estimation.app.desk import Taken


@pytest.fixture
def page(tmp_path):
    return page_of_kosovo(tmp_path)


def read(page, text, name="table.csv"):
    page.desk.take(Taken(name, text if isinstance(text, bytes) else text.encode()))
    return page.see("/file")


@feature("Import", "Comma, semicolon, tab or space between columns", "recognised, and five more; changeable")
@pytest.mark.parametrize(("mark", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), (" ", "blank")])
def test_each_separator_is_recognised_and_can_be_chosen(page, mark, name):
    rows = [["A", "B", "count"], ["1", "0", "54"], ["0", "1", "30"], ["1", "1", "12"]]
    html = text_of(read(page, "\n".join(mark.join(row) for row in rows)))
    assert "96 people on 2 lists" in html
    assert f"as it was found: {name}" in html
    page.press("/file", "look", {"separator": "vertical bar"})
    assert "no line has a vertical bar" in text_of(page.see("/file"))
    page.press("/file", "look", {"separator": name})
    assert "96 people on 2 lists" in text_of(page.see("/file"))


@feature(
    "Import", "With or without a header", "recognised; changeable, in any row; one that could be either is asked about"
)
def test_a_table_without_a_header_is_not_read_as_one_with(page):
    with_header = text_of(read(page, "A,B,count\n1,0,54\n0,1,30\n1,1,12\n"))
    assert "96 people on 2 lists" in with_header
    assert "this reads like a row of cells and not like headings" in text_of(read(page, "1,0,54\n0,1,30\n1,1,12\n"))
    page.press("/file", "look", {"no_headings": "yes"})
    assert "96 people on 2 lists" in text_of(page.see("/file"))
    assert "line 1 of two, of" not in text_of(read(page, "line 1 of two, of\nmine\nA,B,count\n1,0,54\n0,1,42\n"))
    page.press("/file", "look", {"header": "۳"})
    assert "96 people on 2 lists" in text_of(page.see("/file"))


@feature(
    "Import",
    "Counts or a row for each person, guessed",
    "recognised by the form, never by the size of numbers; changeable",
)
def test_counts_that_are_all_one_are_not_taken_for_persons(page):
    assert "The rows are counts per history" in text_of(read(page, "A,B,count\n1,0,1\n0,1,1\n1,1,1\n"))
    people = text_of(read(page, "id,A,B\n1,1,0\n2,0,1\n3,1,1\n4,1,1\n"))
    assert "4 people on 2 lists, in 3 capture histories" in people
    assert "A row may be one person" in people
    assert "One list only, of 40 people." in text_of(read(page, "A,count\n1,40\n"))


def test_a_file_that_cannot_be_opened_as_it_was_guessed_can_be_read_in_another_way(page):
    html = read(page, "نام;B;count\n1;0;54\n0;1;42\n".encode("cp1256"))
    assert "which is not UTF-8" in text_of(html)
    assert 'id="encoding"' in html
    page.press("/file", "look", {"encoding": "cp1256"})
    assert "96 people on 2 lists" in text_of(page.see("/file"))
    page.press("/file", "look", {"encoding": "cp1256", "role.0": "ignore"})
    page.press("/file", "look", {"encoding": "cp1256", "header": "9"})
    assert page.desk.draft.declared["ignore"] == ["نام"]


def test_every_guess_stands_in_the_study_as_it_was_changed(page):
    read(page, "made;by\nA;B;count\n1;0;5,0\n0;1;3,0\n1;1;8,0\n", "other.csv")
    changed = {"separator": "semicolon", "header": "2", "decimal": ",", "keep_totals": "yes"}
    assert page.press("/file", "write", changed) == "/table"
    written = page.desk.study.get("columns")
    assert dict(written) == {"separator": "semicolon", "decimal": ",", "keep_totals": True, "header": 2}
    page.desk.draft = None  # as after a new start
    html = page.see("/file")
    assert 'value="semicolon" selected' in html
    assert 'name="header" value="2"' in html


@feature(
    "Import", "The rows of the file are seen", "the first cells of each column, with what it was taken for and why"
)
def test_what_each_column_was_taken_for_is_seen_and_can_be_changed(page):
    html = read(page, "police,press,count\n1,0,54\n0,1,30\n1,1,12\n")
    assert "What each column was taken for" in html
    assert html.count('<select name="role.') == 3


@feature("Help", "A text at 20 controls", "at every setting, from its docstring")
def test_every_setting_of_every_model_has_its_help(page):
    given = {"path": str(page.desk.folder / "kosovo.csv"), "study": str(page.desk.folder / "study.toml")}
    about = asyncio.run(page.desk.reader.ask("models", given))
    without = [(m["name"], s["name"]) for m in about["models"] for s in m["settings"] if not s["help"]]
    assert without == []


@feature(
    "Power",
    "N, list sizes, people alike or different by the odds ratio of the 90th percentile, number of simulations",
    "the same for any model, and one more list",
)
def test_a_plan_says_how_near_estimates_are_and_what_one_more_list_buys(page):
    page.press("/plan", "begin", {
        "total": "1000", "name.0": "A", "size.0": "300", "name.1": "B", "size.1": "30%", "name.2": "C", "size.2": "200",
        "added.name": "D", "added.size": "300", "model": "log-linear", "heterogeneity": "2", "near": "10",
        "replications": "8", "seed": "1",
    })  # fmt: skip
    html = text_of(page.see("/plan"))
    assert "estimates within 10%" in html
    assert "one more list, D, of 300" in html
    assert "people who differ (odds ratio 2)" in html


@feature(
    "Power",
    "Histogram with the truth; plot of capture probabilities",
    "the same, stamped as synthetic, with the band that counts as near",
)
def test_a_plan_is_drawn(page):
    page.press("/plan", "begin", {
        "total": "500", "name.0": "A", "size.0": "200", "name.1": "B", "size.1": "200", "model": "log-linear",
        "heterogeneity": "3", "near": "20", "replications": "4", "seed": "1",
    })  # fmt: skip
    assert page.see("/plan/file/estimates.svg") != page.see("/plan/file/people.svg")


@feature("Power", "After an error the button is dead", "no: what is wrong stands at its field, and the button works")
def test_after_an_error_a_plan_can_be_begun(page):
    fields = {
        "total": "",
        "name.0": "A",
        "size.0": "9",
        "model": "chao",
        "heterogeneity": "1",
        "near": "10",
        "replications": "2",
        "seed": "1",
    }
    assert "Give a number above 0." in page.press("/plan", "begin", fields)
    page.press("/plan", "begin", {**fields, "total": "100"})
    assert "there is 1 list" in text_of(page.see("/plan"))
    again = {**fields, "total": "100", "size.0": "40", "name.1": "B", "size.1": "50"}
    page.press("/plan", "begin", again)
    assert page.desk.plan.answer is not None


@feature(
    "Conversion",
    "2 to 10 events, counts by what earlier events recorded, to histories; download",
    "the same, also from a spreadsheet, and the table goes on into the study",
)
def test_counts_at_events_become_histories(page):
    fields = {"names": "A, B", "0.all": "10", "1.all": "8", "1.0": "3"}
    assert "15 people on 2 lists" in text_of(page.press("/events", "convert", fields))
    assert page.press("/events", "look", {"csv": "A,B,count\n1,0,7"}) == "/file"


@feature("Conversion", "Histories with fewer than nobody are warned of", "each is named, with the event and the number")
def test_a_negative_history_is_named(page):
    html = text_of(page.press("/events", "convert", {"names": "A, B", "0.all": "2", "1.all": "8", "1.0": "3"}))
    assert "B: 3 people are said to have been recorded before by A and by no other event, and only 2 were" in html


@feature("All pages", "No seed: no number comes twice", "every number has a seed, which is in the study")
def test_the_same_page_gives_the_same_bytes(page):
    assert page.see("/picture/heterogeneity") == page.see("/picture/heterogeneity")
    assert page.desk.study.get("seed") == 1


def test_the_page_of_features_is_made_from_these_tests():
    assert DOCS.read_text(encoding="utf-8") == page_of_features()


def test_every_tool_is_in_the_list_of_pages():
    assert {place for place, page in BY_PLACE.items() if page.group == "tools"} >= {
        "/pairs", "/heterogeneity", "/prior", "/plan", "/events"
    }  # fmt: skip
