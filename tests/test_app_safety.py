"""What the page does where somebody attacks it, kills it, stops it, or leaves it no room."""

import os
import socket
import time
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (the extra [test] has it)")
pytest.importorskip("estimation.app.serving", reason="uvicorn is not installed (the extra [app] has it)")
from app_server import CHROMIUM, Visitor, are_gone, served  # noqa: E402 - without them there is nothing to serve

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path: install the browser to run these tests"),
]
LOCKED = Path("/sys/kernel")
TABLE = "A,B,C,count\n1,0,0,60\n0,1,0,50\n0,0,1,40\n1,1,0,24\n1,0,1,20\n0,1,1,15\n1,1,1,8\n"
SLOW = """
title = "Slow"
table = "deaths.csv"
seed = 1
headline = "Classes"
[counted]
who = "People"
where = "Here"
when = "Then"
excludes = "Nobody"
[[model]]
label = "Classes"
name = "latent-class"
[model.settings]
effective = 900000
"""


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as started:
        yield started.chromium


@pytest.fixture(scope="module")
def browser(chromium):
    opened = chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("folder")
    folder.joinpath("deaths.csv").write_text(TABLE, encoding="utf-8")
    folder.joinpath("study.toml").write_text(SLOW, encoding="utf-8")
    with served(folder) as server:
        yield server


def test_a_name_rebound_to_this_machine_reads_nothing(chromium, browser, server):
    Visitor(browser, server)  # the token is used, and somebody works here
    rules = "--host-resolver-rules=MAP evil.example 127.0.0.1"
    attacker = chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", rules])
    page = attacker.new_page()
    port = server.address.rpartition(":")[2]
    answer = page.goto(f"http://evil.example:{port}/")
    assert answer.status == 403
    assert "deaths.csv" not in page.content()
    found = page.evaluate("async () => (await fetch('/file')).status")
    assert found == 403
    attacker.close()


def test_a_page_of_another_site_reads_and_changes_nothing_in_the_browser_that_has_the_cookie(browser, server, tmp_path):
    visitor = Visitor(browser, server)
    secret = visitor.page.locator("meta[name=mse-change]").get_attribute("content")
    evil = visitor.context.new_page()
    with socket.socket() as other:  # an address of another port of this machine
        other.bind(("127.0.0.1", 0))
        foreign = f"http://127.0.0.1:{other.getsockname()[1]}/"
    evil.route(foreign, lambda route: route.fulfill(body="<p>other site</p>", content_type="text/html"))
    evil.goto(foreign)
    tried = evil.evaluate(
        """async ([address, secret]) => {
            const found = [];
            for (const [place, options] of [
                ["/", {credentials: "include"}],
                ["/counted", {method: "POST", credentials: "include", body: '[["do","write"]]', mode: "no-cors"}],
                ["/counted", {method: "POST", credentials: "include", headers: {"X-Mse-Change": secret}, body: "[]"}],
            ]) {
                try { const answer = await fetch(address + place, options); found.push([answer.type, answer.status]); }
                catch { found.push("blocked"); }
            }
            const image = new Image();
            found.push(await new Promise((done) => {
                image.onload = () => done("seen"); image.onerror = () => done("blocked");
                image.src = address + "/static/icon.svg";
            }));
            return found;
        }""",
        [server.address, secret],
    )
    assert [tried[0], *tried[2:]] == ["blocked"] * 3
    assert tried[1] in ("blocked", ["opaque", 0])  # whether it was sent or not, its answer is not seen
    assert server.folder.joinpath("study.toml").read_text(encoding="utf-8") == SLOW


def test_it_listens_on_this_machine_alone(server):
    port = int(server.address.rpartition(":")[2])
    own = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line]
    assert [each for each in listening if each.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
    for address in (each for each in own if not each.startswith("127.")):
        with socket.socket() as tried:
            tried.settimeout(1)
            assert tried.connect_ex((address, port)) != 0


def test_a_long_run_is_stopped_within_a_second_and_answers_meanwhile(browser, server):
    visitor = Visitor(browser, server)
    visitor.go("/run")
    visitor.press("Run")
    visitor.page.wait_for_selector("progress")
    time.sleep(1)
    began = time.perf_counter()
    assert visitor.context.request.get(f"{server.address}/", headers={"Origin": server.address}).status == 200
    assert time.perf_counter() - began < 1
    busy = server.workers
    began = time.perf_counter()
    visitor.press("Stop")
    visitor.page.wait_for_selector("text=Stopped.")
    seconds = time.perf_counter() - began
    assert seconds < 1 + 1  # a second of the page, and one of a machine that does other things
    assert not are_gone(busy, 0.1)  # the one that reads goes on
    assert visitor.page.get_by_role("button", name="Run", exact=True).is_visible()


def test_no_room_on_the_disk_is_said_and_killed_it_leaves_no_process_and_no_file(tmp_path, browser):
    folder, temporary = tmp_path / "folder", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "XDG_RUNTIME_DIR": ""}
    with served(folder, environment=environment, largest_file=100_000) as server:
        visitor = Visitor(browser, server)
        page = visitor.page
        given = {"name": "secret.csv", "mimeType": "text/csv", "buffer": b"A,B\n" + b"1,0\n0,1\n1,1\n" * 40_000}
        page.locator("#dropped").set_input_files(given)
        page.wait_for_url("**/file")
        visitor.press("Write it into the folder and the study")
        page.wait_for_selector("#problems")
        assert "secret.csv: File too large" in page.inner_text("#problems")
        assert list(folder.iterdir()) == []
        visitor.go("/file")
        assert "secret.csv" in page.inner_text("main")  # still in memory
        workers = server.workers
        assert len(workers) >= 2
        server.process.kill()
        assert are_gone(workers)
        assert list(folder.iterdir()) == []
        assert [path.name for path in temporary.rglob("*") if path.is_file()] == []
        assert "secret" not in "".join(server.output)


@pytest.fixture(scope="module")
def closing(browser, tmp_path_factory):
    """A server that the last test closes, in a folder that nobody can write to where there is one; and how it began."""
    folder = LOCKED if LOCKED.is_dir() else tmp_path_factory.mktemp("folder")
    with served(folder) as server:
        mode = server.opening.stat().st_mode & 0o777
        yield Visitor(browser, server), mode


@pytest.mark.skipif(not LOCKED.is_dir(), reason="no folder here that nobody can write to")
def test_a_locked_folder_is_said(closing):
    visitor, _ = closing
    visitor.page.locator("#dropped").set_input_files(
        {"name": "deaths.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    visitor.page.wait_for_url("**/file")
    visitor.press("Write it into the folder and the study")
    visitor.page.wait_for_selector("#problems")
    assert "deaths.csv: " in visitor.page.inner_text("#problems")


def test_the_file_that_opens_the_page_is_its_owners_and_goes_with_the_token_and_closed_it_ends(closing):
    visitor, mode = closing
    server = visitor.server
    assert mode == 0o600
    until = time.perf_counter() + 3
    while server.opening.exists() and time.perf_counter() < until:
        time.sleep(0.05)
    assert not server.opening.exists()
    workers = server.workers
    visitor.press("Close mse")
    began = time.perf_counter()
    server.process.wait(timeout=10)
    assert time.perf_counter() - began < 2 + 1  # and a second of a machine that does other things
    assert are_gone(workers)
