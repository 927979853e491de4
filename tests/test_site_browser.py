"""The built site in a real browser: every page from a memory stick, each kind over HTTP.  make docs builds it first.

Each page is a test of its own, so that those who run the tests in parallel share the pages.  It is opened once, which
costs more than all that is looked at: from its file, where more is forbidden than over HTTP.
"""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (the extra [test] has it)")
axe = pytest.importorskip("axe_playwright_python.base", reason="axe is not installed (the extra [test] has it)")

SITE = Path(__file__).parent.parent / "out" / "docs"
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path: install the browser to run these tests"),
    pytest.mark.skipif(not (SITE / "index.html").is_file(), reason="the site is not built: make docs builds it"),
]

PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if "_static" not in path.parts)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SERIOUS = {"serious", "critical"}
AXE = axe.AXE_FILE_PATH.read_text(encoding="utf-8")

# A short page of each kind: the style sheet and the scripts are the same for all of a kind, and for the two rules of
# colours axe needs more time than for all others together.
KINDS = ("index", "models/chapman", "search", "notebooks/5_strata", "howto/read-my-file", "coverage-six-lists", "cite")
COLOURS = ("color-contrast", "link-in-text-block")


@dataclass
class Visit:
    """What a page asked for and complained of."""

    outside: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Tab:
    """One tab of the browser, which opens page after page, each with axe in it, and knows what each asked for."""

    def __init__(self, context, base):
        context.add_init_script(AXE)  # given to each page anew it would be compiled anew
        self.page, self.base, self.visit = context.new_page(), base, Visit()
        self.devtools = context.new_cdp_session(self.page)
        self.page.on("request", self.asked)
        self.page.on("response", self.answered)
        self.page.on("requestfailed", self.not_answered)
        self.page.on("pageerror", lambda error: self.visit.errors.append(str(error)))
        self.page.on("console", lambda said: self.visit.errors.append(said.text) if said.type == "error" else None)

    def asked(self, request):
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.visit.outside.append(request.url)

    def answered(self, response):
        if response.status >= 400:
            self.visit.failed.append(f"{response.status} {response.url}")

    def not_answered(self, request):
        if request.failure != "net::ERR_ABORTED":  # an icon that was still on its way when the next page was opened
            self.visit.failed.append(f"{request.failure} {request.url}")

    def resize(self, size):
        """Lay the page out in another size; the window itself, which takes longer to change, stays as it is."""
        self.devtools.send("Emulation.setDeviceMetricsOverride", {**size, "deviceScaleFactor": 1, "mobile": False})

    def open(self, name):
        """The page, when it has all that it asked for and its formulas are drawn."""
        self.visit = Visit()
        self.page.goto(f"{self.base}/{name}", wait_until="load")
        self.page.evaluate("window.MathJax && MathJax.startup ? MathJax.startup.promise : null")
        return self.page


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        # Without a sandbox, because tests also run as root in containers; the pages are our own files.
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def from_files(browser):
    """A tab of a wide window, which opens the files of the site."""
    with browser.new_context(viewport=DESK) as context:
        yield Tab(context, SITE.as_uri())


@pytest.fixture(scope="module")
def over_http(browser):
    """A tab as wide as a phone, which opens the site from a server on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with browser.new_context(viewport=PHONE) as context:
        yield Tab(context, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def in_colours(browser):
    """A tab in light and one in dark colours."""
    contexts = {scheme: browser.new_context(color_scheme=scheme) for scheme in ("light", "dark")}
    yield {scheme: Tab(context, SITE.as_uri()) for scheme, context in contexts.items()}
    for context in contexts.values():
        context.close()


def serious(page, *, colours):
    """What axe finds that keeps somebody out: by the rules of colours, or by all others of WCAG 2.1 A and AA."""
    wcag = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    settings = {
        "runOnly": {"type": "rule", "values": COLOURS} if colours else wcag,
        "rules": {} if colours else {rule: {"enabled": False} for rule in COLOURS},
        "resultTypes": ["violations"],
        "preload": False,  # it would ask for the style sheets again, which a page from a file may not
    }
    found = page.evaluate("settings => axe.run(document, settings)", settings)["violations"]
    return [f"{wrong['id']}: {wrong['nodes'][0]['html'][:160]}" for wrong in found if wrong["impact"] in SERIOUS]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *args):
        pass


class Links(HTMLParser):
    """The links of a page, and the places that a link can lead to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.places = [], {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.places |= {given[name] for name in ("id", "name") if given.get(name)}
        self.links += [given[name] for name in ("href", "src") if given.get(name)]


def test_the_site_has_every_kind_of_page():
    kinds = {"index", "models/latent-class", "reference/study-file", "notebooks/1_quickstart", "gallery", "search"}
    assert kinds <= {name.removesuffix(".html") for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_whole_from_a_memory_stick_keeps_nobody_out_and_is_no_wider_than_a_phone(from_files, name):
    from_files.resize(DESK)
    page = from_files.open(name)
    drawn = "!document.querySelector('.math') || document.querySelector('mjx-container svg') !== null"
    assert page.evaluate(drawn), "a formula is not drawn without a network"
    assert serious(page, colours=False) == []
    from_files.resize(PHONE)
    assert page.evaluate("document.documentElement.clientWidth") == PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert from_files.visit == Visit()


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_page_opens_whole_over_http_on_a_phone(over_http, name):
    page = over_http.open(f"{name}.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert over_http.visit == Visit()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_page_can_be_read_in_its_colours(in_colours, name, scheme):
    page = in_colours[scheme].open(f"{name}.html")
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    assert serious(page, colours=True) == []


def test_every_link_within_the_site_leads_somewhere():
    pages = {name: Links((SITE / name).read_text(encoding="utf-8")) for name in PAGES}
    wrong = []
    for name, page in pages.items():
        for link in set(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or link.startswith("//"):
                continue
            target = (SITE / name).parent / unquote(parts.path) if parts.path else SITE / name
            target = target.resolve()
            if not target.is_file():
                wrong.append(f"{name}: {link}")
            elif target.suffix == ".html" and parts.fragment:
                other = pages.get(target.relative_to(SITE).as_posix())
                if other and unquote(parts.fragment) not in other.places:
                    wrong.append(f"{name}: {link}")
    assert not wrong, "\n".join(sorted(set(wrong))[:40])


def test_search_finds_the_page_of_a_model_from_a_file(browser):
    page = browser.new_page()
    page.goto(f"{(SITE / 'search.html').as_uri()}?q=decomposable")
    playwright.expect(page.locator("#search-results li a").first).to_have_text(re.compile("Decomposable graphs"))
    page.close()


def test_the_text_for_programs_names_every_page_and_has_nothing_binary():
    index = (SITE / "llms.txt").read_text(encoding="utf-8")
    assert not [name for name in PAGES if name != "search.html" and f"({name})" not in index]
    text = (SITE / "llms-full.txt").read_text(encoding="utf-8")
    assert not re.search(r"[A-Za-z0-9+/=]{300}", text)
