"""From a file to a report in a real browser, by mouse and by keyboard, in English and in Persian."""

import hashlib
import json
import time
import tomllib
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (the extra [test] has it)")
pytest.importorskip("estimation.app.serving", reason="uvicorn is not installed (the extra [app] has it)")
from app_server import CHROMIUM, Visitor, served  # noqa: E402 - without them there is nothing to serve
from axe_playwright_python.sync_playwright import Axe  # noqa: E402

import estimation as mse  # noqa: E402

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path: install the browser to run these tests"),
]
KOSOVO = Path(__file__).parent.parent.joinpath("data", "kosovo", "table.csv").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(tmp_path_factory.mktemp("folder")) as server:
        yield server


def leave_only(page, wanted):
    """Untick every model but some."""
    for box in reversed(page.locator("input[name=keep]:checked").all()):
        if not any(word in box.evaluate("box => box.closest('li').innerText") for word in wanted):
            box.uncheck()


def has_no_violation(page):
    """No serious finding of axe, and nothing wider than the page."""
    said = Axe().run(page, options={"resultTypes": ["violations"]}).response  # and not all that is as it should be
    found = [f"{each['id']}: {each['nodes'][0]['html']}" for each in said["violations"]]
    assert found == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def test_from_a_file_to_a_report_by_mouse_and_mse_run_gives_the_same_bytes(browser, server, tmp_path):
    visitor = Visitor(browser, server)
    page = visitor.page
    has_no_violation(page)
    page.locator("#dropped").set_input_files({"name": "deaths.csv", "mimeType": "text/csv", "buffer": KOSOVO.encode()})
    page.wait_for_url("**/file")
    assert "4,400 people on 4 lists" in page.inner_text("main")
    assert list(server.folder.iterdir()) == []  # it is in memory until it is written
    has_no_violation(page)
    visitor.press("Write it into the folder and the study")
    page.wait_for_url("**/table")
    assert server.folder.joinpath("deaths.csv").read_text(encoding="utf-8") == KOSOVO
    assert server.folder.joinpath("deaths.csv").stat().st_mode & 0o777 == 0o600
    has_no_violation(page)
    page.get_by_role("link", name="Next: what is counted").click()
    visitor.press("Write")
    page.wait_for_selector("#problems")
    assert page.locator("#problems a").count() == 5  # each tied to its field
    page.locator("#problems a").first.click()
    assert page.locator(":focus").get_attribute("id") == "title"
    visitor.fill_in(title="Deaths in <b>Kosovo</b>")
    has_no_violation(page)
    visitor.press("Write")
    page.wait_for_url("**/models")
    assert page.locator("input[name=headline]:checked").count() == 0  # nobody chooses it but the user
    leave_only(page, ["decomposable"])
    visitor.press("Write")
    page.wait_for_selector("#problems")
    assert "before any number is seen" in page.inner_text("#problems")
    assert page.locator("input[name=keep]:checked").count() == 1  # what was entered stands there again
    page.get_by_role("radio", name="Decomposable graphs").first.check()
    has_no_violation(page)
    visitor.press("Write")
    page.wait_for_url("**/questions")
    page.get_by_role("checkbox", name="What if one of the lists did not exist?").check()
    has_no_violation(page)
    visitor.press("Write")
    page.wait_for_url("**/run")
    has_no_violation(page)
    page.get_by_role("button", name="Run", exact=True).dblclick()  # begins one run
    page.wait_for_url("**/results*", timeout=120_000)
    assert "Deaths in <b>Kosovo</b>: about 12,600 people (95 % credible interval 9,800 to 16,500)" in page.inner_text(
        "main"
    )
    assert "mse run study.toml --out results" in page.inner_text("main")
    has_no_violation(page)
    mse.run_study(server.folder / "study.toml", tmp_path / "again")
    same = tmp_path.joinpath("again", "results.json").read_bytes()
    assert server.folder.joinpath("results", "results.json").read_bytes() == same
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Report", exact=True).click()
    opened.value.wait_for_load_state()
    assert "12,600" in opened.value.inner_text("body")
    assert visitor.outside == []
    assert [each for each in visitor.complaints if "422" not in each] == []
    assert "deaths" not in "".join(server.output).lower()


def test_a_headline_changed_after_results_is_recorded_and_comments_written_by_hand_stay(browser, server):
    study = server.folder / "study.toml"
    study.write_text(f"# By hand.\n{study.read_text(encoding='utf-8')}\n[own]\nnote = 1  # ours\n", encoding="utf-8")
    visitor = Visitor(browser, server)
    visitor.go("/models")
    page = visitor.page
    page.get_by_text("All other models").click()
    page.get_by_role("checkbox", name="Chao").first.check()
    page.locator("li.card", has=page.locator("input[name=keep]:checked")).last.get_by_role("radio").check()
    visitor.press("Write")
    page.wait_for_url("**/questions")
    text = study.read_text(encoding="utf-8")
    assert text.startswith("# By hand.\n")
    assert "note = 1  # ours" in text
    values = tomllib.loads(text)
    (change,) = values["headline_changed"]
    assert (change["before"], change["after"]) == ("Decomposable graphs", values["headline"])
    assert values["headline"] != "Decomposable graphs"
    visitor.go("/results")
    assert "The study was changed since these results were made." in page.inner_text("main")


def test_two_tabs_and_an_edit_by_hand_lose_nothing(browser, server):
    study = server.folder / "study.toml"
    visitor = Visitor(browser, server)
    first, second = visitor.page, visitor.window()
    for page in (first, second):
        page.goto(f"{server.address}/counted")
    first.locator("#title").fill("From the first tab")
    visitor.press("Write", first)
    first.wait_for_url("**/models")
    second.locator("#title").fill("From the second tab")
    visitor.press("Write", second)
    second.wait_for_selector("h1:has-text('changed meanwhile')")
    assert "From the second tab" in second.inner_text("main")
    assert tomllib.loads(study.read_text(encoding="utf-8"))["title"] == "From the first tab"
    study.write_text(study.read_text(encoding="utf-8") + "# and by hand\n", encoding="utf-8")
    button = "Write what I entered into the file as it is now"
    visitor.press(button, second)
    checksum = hashlib.sha256(study.read_bytes()).hexdigest()
    playwright.expect(second.locator("main input[name=checksum]")).to_have_value(checksum)
    visitor.press(button, second)
    second.wait_for_url("**/models")
    text = study.read_text(encoding="utf-8")
    assert tomllib.loads(text)["title"] == "From the second tab"
    assert "# and by hand" in text
    study.write_text("title = \n", encoding="utf-8")
    second.goto(f"{server.address}/counted")
    assert "not TOML" in second.inner_text("main")
    study.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def tools(browser, server):
    """A window on the tools, of the study that the tests above made."""
    return Visitor(browser, server)


def drawn(image):
    """The address of a picture, once the browser has drawn it."""
    until = time.perf_counter() + 30
    while not image.evaluate("image => image.complete && image.naturalWidth > 0"):
        assert time.perf_counter() < until, "the picture is not drawn"
        time.sleep(0.05)
    return image.evaluate("image => image.currentSrc")


def drawn_anew(image, before):
    """The address of a picture, once it is another than before."""
    playwright.expect(image).not_to_have_js_property("currentSrc", before, timeout=30_000)
    return drawn(image)


def test_pairs_stand_with_their_picture_and_what_it_means(tools):
    tools.go("/pairs")
    assert "so not every pair is independent" in tools.page.inner_text("main")
    assert tools.page.locator("main tbody tr").count() == 6
    drawn(tools.page.locator("figure img"))
    has_no_violation(tools.page)


def test_the_profile_of_a_model_is_drawn_anew_while_the_model_is_typed(tools):
    tools.go("/heterogeneity")
    images = tools.page.locator("figure img")
    assert len({drawn(image) for image in images.all()}) == 3
    before = drawn(images.last)
    tools.page.locator("#model").fill("[EXH ABA][OSCE HRW]")
    assert "EXH" in drawn_anew(images.last, before)
    has_no_violation(tools.page)


def test_the_picture_of_a_prior_follows_what_is_typed_and_the_prior_goes_into_the_study(tools):
    tools.go("/prior")
    page, image = tools.page, tools.page.locator("#prior-picture")
    assert image.is_hidden()
    page.locator("#median").fill("8000")
    page.locator("#percentile_90").fill("20000")
    playwright.expect(image).to_be_visible(timeout=30_000)
    before = drawn(image)
    page.locator("#median").fill("9000")
    drawn_anew(image, before)
    tools.press("See the graphs")
    page.wait_for_selector("h2:has-text('The graphs')")
    assert "expected number of people" in page.inner_text("main")
    assert page.locator("#median").input_value() == "9000"
    has_no_violation(page)
    tools.press("Use it in the study")
    page.wait_for_url("**/models")
    assert "log-normal(9000, 20000)" in tools.server.folder.joinpath("study.toml").read_text(encoding="utf-8")


def test_a_plan_says_how_near_it_would_be_and_begins_again_after_an_error(tools):
    tools.go("/plan")
    page = tools.page
    page.locator("#total").fill("")
    tools.press("Simulate")
    page.wait_for_selector("#total-wrong")
    asked = {"total": "500", "name.0": "A", "size.0": "200", "name.1": "B", "size.1": "40 %", "replications": "4"}
    for field, value in asked.items():
        page.locator(f'[id="{field}"]').fill(value)
    page.locator("#model").select_option("chapman")
    tools.press("Simulate")
    page.wait_for_selector("h2:has-text('What the simulation says')", timeout=60_000)
    for image in page.locator("figure img").all():
        drawn(image)
    has_no_violation(page)


def test_counts_at_events_are_typed_and_go_on_as_a_table(tools):
    tools.go("/events")
    page = tools.page
    page.locator("#names").fill("police, press")
    tools.press("Show the form")
    page.wait_for_url("**/events?names=*")
    for field, people in {"0.all": "120", "1.all": "53", "1.0": "213"}.items():
        page.locator(f'[id="{field}"]').fill(people)
    tools.press("Make the table")
    page.wait_for_selector("#problems")
    assert page.locator('[id="1.0"]').input_value() == "213"  # what was entered stands there again
    page.locator('[id="1.0"]').fill("13")
    tools.press("Make the table")
    page.wait_for_selector("h2:has-text('The table')")
    has_no_violation(page)
    tools.press("Go on with this table")
    page.wait_for_url("**/file")
    assert "160 people on 2 lists" in page.inner_text("main")
    assert tools.outside == []
    assert [each for each in tools.complaints if "422" not in each] == []


def test_the_same_file_twice_names_that_are_code_and_fifty_megabytes(browser, server):
    visitor = Visitor(browser, server)
    page = visitor.page
    evil = '<img src=x onerror="document.title=1">'
    table = f"{json.dumps(evil)[1:-1].replace(chr(92), '')},B,count\n1,0,5\n0,1,6\n1,1,4\n".replace('"', "'")
    for _ in range(2):
        visitor.go("/")
        given = {"name": "evil.csv", "mimeType": "text/csv", "buffer": table.encode()}
        page.locator("#dropped").set_input_files(given)
        page.wait_for_url("**/file")
        assert page.locator("main img").count() == 0
        assert "onerror" in page.inner_text("main")
    visitor.press("Write it into the folder and the study")
    page.wait_for_url("**/table")
    visitor.go("/")
    page.locator("#dropped").set_input_files({**given, "buffer": b"A,B\n1,0\n0,1\n1,1\n"})
    page.wait_for_url("**/file")
    visitor.press("Write it into the folder and the study")
    page.wait_for_selector("#problems")
    assert "there is a file of this name" in page.inner_text("#problems")
    assert server.folder.joinpath("evil.csv").read_text(encoding="utf-8") == table
    visitor.go("/")
    page.evaluate(
        "() => { const file = new File([new Uint8Array(50000001)], 'large.csv');"
        " const given = new DataTransfer(); given.items.add(file);"
        " document.dispatchEvent(new DragEvent('drop', {dataTransfer: given, cancelable: true})); }"
    )
    page.wait_for_selector("#problems")
    assert "more than 50 MB" in page.inner_text("#problems")
    assert visitor.outside == []


def test_from_a_table_to_a_report_by_keyboard_in_persian(browser, tmp_path):
    tmp_path.joinpath("deaths.csv").write_text(
        KOSOVO.replace("EXH", "دادگاه").replace("ABA", "روزنامه"), encoding="utf-8"
    )
    with served(tmp_path) as server:
        visitor = Visitor(browser, server, locale="fa-IR", viewport={"width": 390, "height": 800})
        page = visitor.page
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert "Skip" not in page.inner_text("body")
        tab_to(page, lambda at: "deaths.csv" in (at["label"] or ""), "Enter")
        page.wait_for_url("**/file")
        assert page.locator("th bdi", has_text="دادگاه").count() == 1
        has_no_violation(page)
        tab_to(page, lambda at: at["value"] == "write", "Enter")
        page.wait_for_url("**/table")
        has_no_violation(page)
        tab_to(page, lambda at: at["href"] == "/counted" and "main" in at["style"], "Enter")
        page.wait_for_url("**/counted")
        for name in ("title", "counted.who", "counted.where", "counted.when", "counted.excludes"):
            tab_to(page, lambda at, name=name: at["id"] == name)
            page.keyboard.type("کوزوو")
        tab_to(page, lambda at: at["value"] == "write", "Enter")
        page.wait_for_url("**/models")
        tab_to(page, lambda at: at["name"] == "headline")  # the first of the group; arrows go through it
        card = "document.activeElement.closest('li').innerText"
        for _ in range(10):
            if "decomposable" in page.evaluate(card):
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        assert "decomposable" in page.evaluate(card)
        has_no_violation(page)
        for box in reversed(page.locator("input[name=keep]:checked").all()):
            if "decomposable" not in box.evaluate("box => box.closest('li').innerText"):
                box.focus()
                page.keyboard.press("Space")
        tab_to(page, lambda at: at["value"] == "write", "Enter")
        page.wait_for_url("**/questions")
        has_no_violation(page)
        tab_to(page, lambda at: at["value"] == "write", "Enter")
        page.wait_for_url("**/run")
        tab_to(page, lambda at: at["value"] == "run", "Enter")
        page.wait_for_url("**/results*", timeout=120_000)
        headline = page.locator("p.headline")
        assert "۱۲٬۶۰۰" in headline.inner_text()
        assert headline.locator("bdi", has_text="کوزوو").count() == 1
        has_no_violation(page)
        assert visitor.outside == []


def tab_to(page, wanted, key=None):
    """Press Tab until the element that is wanted has the focus, and then a key."""
    look = (
        "() => { const at = document.activeElement; return {id: at.id, name: at.name || '', value: at.value || '',"
        " href: at.getAttribute('href'), label: at.getAttribute('aria-label'), style: at.className}; }"
    )
    for _ in range(200):
        if wanted(page.evaluate(look)):
            if key:
                page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    raise AssertionError("the Tab key does not lead there")
