"""The page of a report in a real browser: Chromium without a window and without a network."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from estimation.report.document import Document, Explorer, Figure, Headline, Paragraph, Part, Place, Section, Table
from estimation.report.page import html_of

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (the extra [test] has it)")

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path: install the browser to run these tests"),
]

NASTY = "</script><script>document.title = 'broken out'</script>"
CURVE = (
    Place("xi = 0.5", "At xi = 0.5: 300 people, 95 % credible interval 250 to 400.", 0.5, 300, 250, 400),
    Place("xi = 1", "At xi = 1: 200 people, 95 % credible interval 180 to 260.", 1, 200, 180, 260),
    Place("xi = 2", "At xi = 2: not estimable: the chains disagree.", 2),
    Place("xi = 4", "At xi = 4: 120 people, 95 % credible interval 110 to no upper limit.", 4, 120, 110, None),
)
MODELS = (
    Place("Graphs", "200 people.", None, 200, 180, 260, "headline"),
    Place("Bound", "at least 150 people.", None, 150, 140, 170, "bound"),
    Place(NASTY, "90,000 people.", None, 90_000, 80_000, 99_000),
    Place("Refused", "not estimable: no overlap."),
    Place("Census", "210 people; published by others.", None, 210, None, None, "published"),
)


def page_of(stamp=""):
    """A page with one curve and one choice of models."""
    blocks = (
        Paragraph("Plain."),
        Explorer("rows", "Choose what to compare", "Shown", "How to read the rows.", MODELS),
        Explorer("curve", f"Move. {NASTY}", "xi", "How to read the curve.", CURVE, start=1),
    )
    headline = Headline("200 people", "180 to 260", ("Read.",))
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="3"><rect width="9" height="3"/></svg>'
    chart = Figure("chart", "A chart.", "A chart in words.", svg, svg, number=1)
    folded = Table("Folded.", ("Name", "Number"), "lr", (("one", "1"),), is_folded=True, number=1)
    part = Part("Details", (Paragraph("Inside."),), is_folded=True)
    first = (Section("First", (Paragraph("Known."),)),)
    made = datetime(2024, 5, 6, tzinfo=UTC)
    return html_of(
        Document(
            "A town", "A year", stamp, headline, chart, first, (Section("All", (*blocks, folded, part)),), "foot", made
        )
    )


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        # Without a sandbox, because tests also run as root in containers; the page is our own file.
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Opened:
    """A page that was opened, and all that it complained of or asked for."""

    def __init__(self, browser, path, **settings):
        self.context = browser.new_context(**settings)
        self.page = self.context.new_page()
        self.said, self.asked = [], []
        self.page.add_init_script(
            "document.addEventListener('securitypolicyviolation', (event) => console.error(event.violatedDirective))"
        )
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.path = path
        self.go()

    def go(self):
        """Open the page, from another one, so that nothing of what was done with it before is left."""
        self.page.goto("about:blank")
        self.said.clear()
        self.asked.clear()
        self.page.goto(self.path.as_uri())
        self.asked[:] = [url for url in self.asked if not url.startswith("data:")]
        self.asked.remove(self.path.as_uri())

    def one(self, selector):
        return self.page.locator(selector)

    def marker(self):
        """Where the ring stands, from the left, and the value it stands at."""
        at = self.one(".marker")
        return float(at.locator(".guide").get_attribute("x1")), float(at.get_attribute("data-value"))


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "report.html"
    file.write_text(page_of(), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def desk(browser, tmp_path_factory):
    """A window of the width of a desk, which takes a second to open."""
    file = tmp_path_factory.mktemp("desk") / "report.html"
    file.write_text(page_of(), encoding="utf-8")
    opened = Opened(browser, file)
    yield opened
    opened.context.close()


@pytest.fixture
def opened(desk):
    """The page, at the width of a desk; whatever a test does with it, nothing may go wrong or be asked for."""
    desk.page.set_viewport_size({"width": 1280, "height": 900})
    desk.go()
    yield desk
    assert desk.said == []
    assert desk.asked == []
    assert desk.page.title() == "A town"


def test_the_slider_moves_the_marker_and_the_words(opened):
    words = opened.one("output")
    assert words.inner_text() == CURVE[1].words
    before, value = opened.marker()
    assert value == 1
    opened.one("input[type=range]").fill("0")
    assert words.inner_text() == CURVE[0].words
    after, value = opened.marker()
    assert (value, after < before) == (0.5, True)


def test_the_slider_is_moved_with_the_keys_of_a_keyboard(opened):
    slider = opened.page.get_by_label("xi", exact=True)
    slider.focus()
    places = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Home", "End", "ArrowLeft"):
        opened.page.keyboard.press(key)
        places.append(opened.marker()[1])
        at = CURVE[int(slider.input_value())]
        assert places[-1] == at.value
        assert opened.one("output").inner_text() == slider.get_attribute("aria-valuetext") == at.words
    assert places == [2, 4, 4, 0.5, 4, 2]


def test_what_has_the_focus_of_the_keyboard_is_seen(opened):
    slider = opened.one("input[type=range]")
    seen = set()
    for _ in range(12):
        opened.page.keyboard.press("Tab")
        seen.add(opened.page.evaluate("document.activeElement.type ?? document.activeElement.tagName"))
        if slider.evaluate("input => input === document.activeElement"):
            break
    assert seen >= {"checkbox", "button", "range"}
    assert slider.evaluate("input => getComputedStyle(input).outlineStyle") == "solid"


def test_a_value_without_a_number_has_no_ring_and_says_why(opened):
    opened.one("input[type=range]").fill("2")
    assert opened.one(".ring").count() == 0
    assert "not estimable: the chains disagree" in opened.one("output").inner_text()
    assert opened.one("polyline.middle").count() == 2


def test_a_model_that_is_unticked_loses_its_row_and_the_axis_fits_the_others(opened):
    rows, widest = opened.one(".row"), opened.one(".axis text").nth(-2)
    assert rows.count() == len(MODELS)
    assert float(widest.text_content().replace(",", "")) > 10_000
    opened.page.get_by_label(NASTY).uncheck()
    assert rows.count() == len(MODELS) - 1
    assert NASTY not in opened.one(".canvas").first.inner_text()
    assert float(widest.text_content().replace(",", "")) < 300
    assert opened.one("[role=status]").inner_text() == "4 of 5 shown, from 200 to 210 people, lower bounds aside."
    opened.page.get_by_label(NASTY).focus()
    opened.page.keyboard.press("Space")
    assert rows.count() == len(MODELS)


def test_nothing_ticked_is_said_and_undone_with_one_button(opened):
    for box in opened.one("input[type=checkbox]").all():
        box.uncheck()
    assert opened.one(".row").count() == opened.one(".axis").count() == 0
    assert "Nothing is chosen" in opened.one("[role=status]").inner_text()
    opened.page.get_by_label("Refused").check()
    assert "none of them says how many there are" in opened.one("[role=status]").inner_text()
    opened.page.get_by_role("button", name="Show all").click()
    assert opened.one(".row").count() == len(MODELS)


def test_the_headline_and_the_kinds_of_number_are_told_apart_without_colour(opened):
    shapes = {
        row.get_attribute("class"): row.locator(".mark").get_attribute("d").count("L")
        for row in opened.one(".row:has(.mark)").all()
    }
    assert opened.one(".row.is-headline").inner_text().startswith("Graphs (carries the headline)")
    assert shapes == {"row is-headline": 3, "row is-bound": 2, "row is-plain": 0, "row is-published": 0}


def test_strata_are_chosen_by_a_group_and_the_total_stays(browser, tmp_path):
    strata = [
        Place(f"{place} {month}", "100 people.", None, 100 + month, 90, 120, group=place, is_open=month < 4)
        for place in ("North", "South")
        for month in range(8)
    ]
    total = Place("All strata together", "1,700 people.", None, 1700, 1600, 1800, "total")
    chooser = Explorer("rows", "Choose", "Shown", "Read.", (*strata, total), choose_by="place")
    headline, first = Headline("1", "1 to 2", ("Read.",)), (Section("First", (Paragraph("Known."),)),)
    figure = Figure("c", "A chart.", "In words.", b"<svg/>", b"<svg/>", number=1)
    made, file = datetime(2024, 5, 6, tzinfo=UTC), tmp_path / "strata.html"
    written = Document("A town", "", "", headline, figure, first, (Section("All", (chooser,)),), "foot", made)
    file.write_text(html_of(written), encoding="utf-8")
    opened = Opened(browser, file, viewport={"width": 360, "height": 740})
    rows, said = opened.one(".row"), opened.one("[role=status]")
    assert rows.count() == 9
    assert said.inner_text() == "9 of 17 shown, from 100 to 103 people, the total aside."
    opened.page.get_by_label("place:").select_option("South")
    labels = [row.get_attribute("data-label") for row in rows.all()]
    assert labels == [f"South {month}" for month in range(8)] + ["All strata together"]
    assert opened.one(".row.is-total .mark").get_attribute("d").count("L") == 3
    opened.page.get_by_role("button", name="Show none").click()
    assert rows.count() == 0
    opened.page.get_by_label("place:").select_option("all")
    assert rows.count() == 17
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 360
    assert opened.said == opened.asked == []
    opened.context.close()


def test_nothing_is_wider_than_a_phone_and_a_turned_phone_is_drawn_anew(browser, path):
    opened = Opened(browser, path, viewport={"width": 360, "height": 740}, has_touch=True)
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 360
    before, _ = opened.marker()
    opened.page.set_viewport_size({"width": 740, "height": 360})
    opened.page.wait_for_function(f"document.querySelector('.guide').getAttribute('x1') > {before} + 50")
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 740
    assert opened.said == opened.asked == []
    opened.context.close()


def test_without_a_script_and_on_paper_the_page_is_as_it_was(browser, path):
    opened = Opened(browser, path, java_script_enabled=False)
    assert [opened.one(".explorer").nth(at).is_visible() for at in (0, 1)] == [False, False]
    assert opened.one("input").count() == 0
    opened.context.close()
    printed = Opened(browser, path)
    assert printed.one(".explorer").first.is_visible()
    printed.page.emulate_media(media="print")
    assert not printed.one(".explorer").first.is_visible()
    printed.context.close()


def test_the_contents_lead_to_a_part_and_stand_beside_the_text_on_a_desk_alone(opened):
    box = opened.one("nav").bounding_box()
    assert box["x"] + box["width"] <= opened.one("h1").bounding_box()["x"]
    opened.page.set_viewport_size({"width": 360, "height": 740})
    opened.page.get_by_role("link", name="Contents").click()
    opened.page.get_by_role("link", name="All").click()
    assert opened.one("#section-1").bounding_box()["y"] < 400


def test_what_is_folded_is_opened_by_the_keyboard_and_by_printing(opened):
    table, part = opened.page.get_by_role("region", name="Folded."), opened.page.get_by_text("Inside.")
    assert not table.is_visible()
    opened.one("#table-1 summary").focus()
    opened.page.keyboard.press("Enter")
    assert table.is_visible()
    assert not part.is_visible()
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert part.is_visible()
    opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not part.is_visible()
    assert table.is_visible()


def test_any_other_script_is_kept_from_running(browser, tmp_path):
    file = tmp_path / "changed.html"
    file.write_text(page_of().replace("</main>", "<script>document.title = 'broken'</script></main>"), encoding="utf-8")
    opened = Opened(browser, file)
    assert opened.page.title() == "A town"
    assert any("script-src" in text for text in opened.said)
    opened.context.close()


def test_the_stamp_of_synthetic_data_is_on_every_picture_that_is_drawn(browser, tmp_path):
    file = tmp_path / "synthetic.html"
    file.write_text(page_of("SYNTHETIC DATA"), encoding="utf-8")
    opened = Opened(browser, file)
    drawn = opened.one(".explorer svg:not(.axis)")
    texts = drawn.evaluate_all("pictures => pictures.map(picture => picture.textContent.includes('SYNTHETIC DATA'))")
    assert len(texts) == 1 + sum(place.median is not None for place in MODELS)
    assert all(texts), json.dumps(texts)
    assert opened.said == []
    opened.context.close()
