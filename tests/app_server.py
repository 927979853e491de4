"""The page served for a test: started as a user starts it, opened in Chromium, and ended."""

import re
import resource
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


class Server:
    """`mse app --no-browser` in a folder.

    `opening` is the file that opens it, `output` all that it printed.
    """

    def __init__(self, folder, *, largest_file=None, environment=None):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

        self.folder = Path(folder)
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "estimation.cli", "app", str(folder), "--no-browser"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            preexec_fn=limit if largest_file else None,
        )
        line = self.process.stdout.readline()
        self.seconds_to_start = time.perf_counter() - self.began
        found = re.search(r"(/\S+\.html)", line)
        assert found, line + self.process.stdout.read()
        self.opening = Path(found[1])
        self.address = re.search(r"http://[\d.:]+", self.opening.read_text(encoding="utf-8"))[0]
        self.output = [line]
        self.cookies = []
        self.reading = threading.Thread(target=self._read, daemon=True)
        self.reading.start()

    def _read(self):
        self.output.extend(self.process.stdout)

    @property
    def workers(self):
        """The process ids of all processes that it has started, and those have started."""
        children = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = status.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                children.setdefault(int(fields[1]), []).append(int(status.parent.name))
        found, new = [], [self.process.pid]
        while new:
            new = [child for parent in new for child in children.get(parent, [])]
            found += new
        return found

    def end(self):
        """End it, and give the seconds that it took."""
        if self.process.poll() is None:
            self.process.terminate()
        began = time.perf_counter()
        self.process.wait(timeout=20)
        self.reading.join(timeout=5)
        self.process.stdout.close()
        return time.perf_counter() - began


def are_gone(processes, seconds=5.0):
    """Whether processes end within some seconds."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        if not any(Path(f"/proc/{pid}/stat").exists() and not _is_zombie(pid) for pid in processes):
            return True
        time.sleep(0.02)
    return False


def _is_zombie(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@contextmanager
def served(folder, **settings):
    """A server for as long as it is needed."""
    server = Server(folder, **settings)
    try:
        yield server
    finally:
        server.end()


class Visitor:
    """A window on the page, and all that it complained of or asked for."""

    def __init__(self, browser, server, **settings):
        self.server = server
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        self.context.add_cookies(server.cookies)  # the token is good for one window; others have its cookie
        self.complaints, self.requests = [], []
        self.page = self.window()
        self.page.goto(f"{server.address}/" if server.cookies else server.opening.as_uri())
        self.page.wait_for_url(f"{server.address}/")
        server.cookies = self.context.cookies()

    def window(self):
        """Another tab."""
        page = self.context.new_page()
        page.on("console", self._complaint)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        return page

    def _complaint(self, message):
        if message.type == "error":
            self.complaints.append(f"{message.text} {message.location['url']}")

    @property
    def outside(self):
        """What was asked of anybody else than the page."""
        known = (self.server.address + "/", "file://", "data:", "blob:")
        return [url for url in self.requests if not url.startswith(known)]

    def go(self, place):
        self.page.goto(f"{self.server.address}{place}")

    def press(self, name, page=None):
        (page or self.page).get_by_role("button", name=name, exact=True).click()

    def fill_in(self, **changed):
        """Say what is counted."""
        words = {"title": "Deaths", "counted.who": "People", "counted.where": "Here", "counted.when": "Then"}
        for name, value in {**words, "counted.excludes": "Nobody", **changed}.items():
            self.page.locator(f'[id="{name}"]').fill(value)
