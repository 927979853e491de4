"""The built site in a real browser: every page, from a memory stick and over HTTP.  make docs builds it first.

One visit of each page collects everything that is asked here, so that all of it takes a minute or two.
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
PHONE = 390
SERIOUS = {"serious", "critical"}
AXE = axe.AXE_FILE_PATH.read_text(encoding="utf-8")

# A page of each kind: colours are those of one style sheet, and contrast takes axe ten times as long as all the rest.
KINDS = ("index", "models/chapman", "search", "notebooks/1_quickstart", "howto/read-my-file", "coverage", "cite")


@dataclass
class Visit:
    """What a page asked for and complained of, and what was found on it."""

    outside: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    serious: list[str] = field(default_factory=list)
    width: int = 0
    without_formula: int = 0


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        # Without a sandbox, because tests also run as root in containers; the pages are our own files.
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def watched(page, base, visits):
    """A page whose requests and complaints go to the visit that is going on."""

    def asked(request):
        if not request.url.startswith((base, "data:", "blob:")):
            visits[-1].outside.append(request.url)

    def answered(response):
        if response.status >= 400:
            visits[-1].failed.append(f"{response.status} {response.url}")

    def failed(request):
        if request.failure != "net::ERR_ABORTED":  # an icon that was still on its way when the next page was opened
            visits[-1].failed.append(f"{request.failure} {request.url}")

    page.on("request", asked)
    page.on("response", answered)
    page.on("requestfailed", failed)
    page.on("pageerror", lambda error: visits[-1].errors.append(str(error)))
    page.on("console", lambda said: visits[-1].errors.append(said.text) if said.type == "error" else None)
    return page


def serious(page, rules):
    """What axe finds on a page that keeps somebody out, by the rules of WCAG 2.1 A and AA."""
    page.evaluate(AXE)
    settings = {
        "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
        "rules": rules,
        "resultTypes": ["violations"],
        "preload": False,  # it would ask for the style sheets again, which a page from a file may not
    }
    found = page.evaluate("settings => axe.run(document, settings)", settings)["violations"]
    return [f"{wrong['id']}: {wrong['nodes'][0]['html'][:160]}" for wrong in found if wrong["impact"] in SERIOUS]


@pytest.fixture(scope="module")
def from_files(browser):
    """Each page opened from its file: what it asked for, what axe says of it, and how wide it is on a phone."""
    visits, found = [Visit()], {}
    page = watched(browser.new_page(viewport={"width": 1280, "height": 900}), SITE.as_uri(), visits)
    for name in PAGES:
        visits.append(Visit())
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto((SITE / name).as_uri(), wait_until="load")
        page.evaluate("window.MathJax && MathJax.startup ? MathJax.startup.promise : null")
        visit = found[name] = visits[-1]
        visit.without_formula = page.evaluate(
            "document.querySelectorAll('.math').length && !document.querySelector('mjx-container svg') ? 1 : 0"
        )
        visit.serious = serious(page, {"color-contrast": {"enabled": False}})
        page.set_viewport_size({"width": PHONE, "height": 844})
        visit.width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    return found


@pytest.fixture(scope="module")
def over_http(browser):
    """Each page opened from a server on this machine."""
    handler = functools.partial(Quiet, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}/"
    visits, found = [Visit()], {}
    page = watched(browser.new_page(), base, visits)
    for name in PAGES:
        visits.append(Visit())
        page.goto(base + name, wait_until="load")
        found[name] = visits[-1]
    page.close()
    server.shutdown()
    server.server_close()
    return found


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


def those_with(found, what):
    return {name: getattr(visit, what) for name, visit in found.items() if getattr(visit, what)}


def test_the_site_has_every_kind_of_page():
    kinds = {"index", "models/latent-class", "reference/study-file", "notebooks/1_quickstart", "gallery", "search"}
    assert kinds <= {name.removesuffix(".html") for name in PAGES}


def test_no_page_asks_for_anything_outside(from_files, over_http):
    assert not those_with(from_files, "outside")
    assert not those_with(over_http, "outside")


def test_no_request_fails(from_files, over_http):
    assert not those_with(from_files, "failed")
    assert not those_with(over_http, "failed")


def test_no_page_complains(from_files, over_http):
    assert not those_with(from_files, "errors")
    assert not those_with(over_http, "errors")


def test_formulas_are_drawn_without_a_network(from_files):
    assert not those_with(from_files, "without_formula")


def test_no_page_keeps_anybody_out(from_files):
    assert not those_with(from_files, "serious")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_kind_of_page_can_be_read_in_its_colours(browser, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    faint = {}
    for name in KINDS:
        page.goto((SITE / f"{name}.html").as_uri(), wait_until="load")
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        faint[name] = serious(page, {})
    context.close()
    assert not {name: found for name, found in faint.items() if found}


def test_no_page_is_wider_than_a_phone(from_files):
    assert not {name: visit.width for name, visit in from_files.items() if visit.width > PHONE}


def test_every_link_within_the_site_leads_somewhere():
    pages = {name: Links((SITE / name).read_text(encoding="utf-8")) for name in PAGES}
    wrong = []
    for name, page in pages.items():
        for link in page.links:
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
