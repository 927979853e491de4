"""The public edition, and lists of names to people and their number, driven in a real browser."""

import csv
import json
import tomllib
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (the extra [test] has it)")
pytest.importorskip("estimation.app.serving", reason="uvicorn is not installed (the extra [app] has it)")
from app_server import CHROMIUM, Visitor, served  # noqa: E402 - without them there is nothing to serve

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path: install the browser to run these tests"),
]
DATA = Path(__file__).parent.parent / "data" / "synthetic_prison_killings"
TABLE = "A,B,C,count\n1,0,0,50\n0,1,0,40\n0,0,1,60\n1,1,0,10\n1,0,1,20\n0,1,1,3\n1,1,1,2\n"
STUDY = """title = "Deaths"
table = "deaths.csv"
seed = 1
headline = "Chosen"
[counted]
who = "People"
where = "Here"
when = "Then"
excludes = "Nobody"
[[model]]
label = "Chosen"
name = "log-linear"
"""


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def test_the_export_that_is_safe_to_publish_is_made_shown_and_holds_no_small_count(browser, tmp_path):
    tmp_path.joinpath("deaths.csv").write_text(TABLE, encoding="utf-8")
    tmp_path.joinpath("study.toml").write_text(STUDY, encoding="utf-8")
    with served(tmp_path) as server:
        visitor = Visitor(browser, server)
        page = visitor.page
        visitor.go("/run")
        visitor.press("Run")
        page.wait_for_url("**/results*", timeout=120_000)
        page.locator("#public").fill("few")
        visitor.press("Write the public edition")
        page.wait_for_selector("#problems")
        assert page.locator("#public").input_value() == "few"
        page.locator("#public").fill("5")
        visitor.press("Write the public edition")
        page.wait_for_url("**/results?in=public-5", timeout=120_000)
        main = page.inner_text("main")
        assert "This is a public edition: no group of fewer than 5 people is in it" in main
        assert "mse run study.toml --out public-5 --public 5" in main
        assert visitor.outside == []
    made = tmp_path / "public-5"
    assert not [path for path in made.rglob("*") if path.is_file() and "1,1,1,2" in path.read_text("latin-1")]
    with next(made.joinpath("inputs").glob("*.safe.csv")).open(encoding="utf-8-sig") as file:
        counts = [int(row["count"]) for row in csv.DictReader(file) if (row.get("count") or "").isdigit()]
    assert min(counts, default=5) >= 5
    assert json.loads(made.joinpath("results.json").read_text(encoding="utf-8"))["edition"]["minimum"] == 5


@pytest.mark.slow
def test_from_lists_of_names_by_review_at_the_keyboard_to_people_and_their_number(browser, tmp_path):
    with served(tmp_path) as server:
        visitor = Visitor(browser, server, accept_downloads=True)
        page = visitor.page
        for file in lists_of_some(tmp_path / "given"):
            visitor.go("/")
            page.locator("#dropped").set_input_files(str(file))
            page.wait_for_url("**/file", timeout=60_000)
            assert page.locator("#problems").count() == 0  # a list of names is no bad table
            visitor.press("Put it into the folder")
            page.wait_for_url("**/names")
        for box in page.locator("input[name=file]").all():
            box.check()
        visitor.press("Write it into the study")
        page.wait_for_selector("text=What people should look at", timeout=60_000)
        study = tmp_path / "study.toml"
        study.write_text(study.read_text(encoding="utf-8") + "\n[linkage]\nsweeps = 20\n", encoding="utf-8")
        visitor.press("Link the lists and write the questions")  # before anything is said of a report
        with page.context.expect_page(timeout=300_000) as opened:
            page.get_by_role("link", name="Open the questions").click(timeout=300_000)
        decided = decisions_at_the_keyboard(opened.value, tmp_path / "given" / "decisions.csv")
        page.bring_to_front()
        visitor.go("/")
        page.locator("#dropped").set_input_files(str(decided))
        page.wait_for_url("**/file")
        assert "decisions about pairs of records" in page.inner_text("main")
        visitor.press("Put it into the folder")
        page.wait_for_url("**/names")
        page.locator("input[name=decisions]").check()
        visitor.press("Write it into the study")
        playwright.expect(page.locator("[role=status].notice")).to_contain_text("study.toml")
        assert tomllib.loads(study.read_text(encoding="utf-8"))["linkage"]["decisions"] == ["decisions.csv"]
        to_a_number(visitor)
        assert visitor.outside == []
    found = json.loads(tmp_path.joinpath("results", "results.json").read_text(encoding="utf-8"))
    assert 70 <= found["table"]["n_observed"] <= 90  # 80 people were written down
    names = {cell for file in (tmp_path / "given").glob("synthetic*") for cell in file.read_text("utf-8").split(",")}
    assert not [line for line in server.output if any(name in line for name in names if len(name) > 5)]


def decisions_at_the_keyboard(page, path):
    """Answer every question by its key, save the answers, and leave the page."""
    page.wait_for_load_state()
    page.keyboard.press("s")
    assert "Write who is reviewing" in page.inner_text("#status")
    page.keyboard.type("A. Reader")
    page.keyboard.press("Enter")
    for _ in range(60):
        if page.inner_text("#status").startswith("All "):
            break
        page.keyboard.press("s")
    assert "Answers are lost with this page until they are saved" in page.inner_text("#status")
    with page.expect_download() as download:
        page.keyboard.press("e")
    download.value.save_as(path)
    page.close()
    return path


def to_a_number(visitor):
    """From the lists to a run: what is counted, one model, no further question."""
    page = visitor.page
    page.get_by_role("link", name="Next: what is counted").click()
    visitor.fill_in()
    visitor.press("Write")
    page.wait_for_url("**/models", timeout=60_000)
    for box in reversed(page.locator("input[name=keep]:checked").all()):
        if "log-linear-average" not in box.evaluate("box => box.closest('li').innerText"):
            box.uncheck()
    page.locator("li.card", has=page.locator("input[name=keep]:checked")).first.get_by_role("radio").check()
    visitor.press("Write")
    page.wait_for_url("**/questions")
    visitor.press("Write")
    page.wait_for_url("**/run")
    visitor.press("Run")
    page.wait_for_url("**/results*", timeout=300_000)
    assert "people" in page.inner_text("p.headline")


def lists_of_some(folder):
    """Three of the synthetic lists, with the first 80 people that are on one of them."""
    folder.mkdir()
    names = ("testimony", "leaked_documents", "grave_sites")
    with DATA.joinpath("synthetic_name_truth.csv").open(encoding="utf-8-sig", newline="") as file:
        truth = [(row["list"], int(row["row"]), row["person"]) for row in csv.DictReader(file)]
    some = set(sorted({who for name, _, who in truth if name in names and who}, key=int)[:80])
    for name in names:
        kept = {row for each, row, who in truth if each == name and who in some}
        lines = DATA.joinpath(f"synthetic_names_{name}.csv").read_text(encoding="utf-8-sig").splitlines()
        text = [lines[0], *(line for at, line in enumerate(lines[1:], 2) if at in kept)]
        path = folder / f"synthetic_{name}.csv"
        path.write_text("\n".join(text) + "\n", encoding="utf-8")
        yield path
