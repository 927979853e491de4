"""Requests become what pages are visit, and answers of pages become responses; starlette is imported here alone.

A change comes with the secret header, and with the checksum of the study file that the page was made from.  Where the
file is another by now, changed by hand or in another tab, nothing is written: a page says so, and what was entered can
be applied to the file as it is now, or dropped.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as StarletteMessage

from estimation.app.desk import Desk, Taken
from estimation.app.guard import HEADERS, LOCKS, OPENING, Facts, Lock, Secrets, refusal
from estimation.app.package_refusals import ON_DISK
from estimation.app.pages import Answer, Form, Go, Page, View, Visit
from estimation.app.rendering import rendered
from estimation.app.steps import PAGES as STEPS
from estimation.app.steps.running import RESULTS
from estimation.app.tools import PAGES as TOOLS
from estimation.app.warm import Refused
from estimation.app.words import language_names, words_of
from estimation.text.words import Words

__all__ = ["LARGEST", "Clock", "application"]

LARGEST = 50_000_000
"""Bytes of the largest file, and of the largest form, that the page takes."""

_STATIC = Path(__file__).parent / "static"
_KINDS = {"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml"}


class Clock:
    """When the page was last alive in a browser, and whether somebody closed it."""

    def __init__(self) -> None:
        self.heard = monotonic()
        self.closed = False

    def hear(self) -> None:
        """A request came in."""
        self.heard = monotonic()


class _Guarded:
    """Lets a request in that passes the locks; gives every answer its headers."""

    def __init__(self, app: ASGIApp, secrets: Secrets, locks: Sequence[Lock], clock: Clock) -> None:
        self.app, self.secrets, self.locks, self.clock = app, secrets, locks, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        lock = refusal(_facts_of(scope), self.secrets, self.locks)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if lock is not None:
            words = b"This page answers only the browser window that it was opened in.\n"
            refused = Response(words, 403, {**HEADERS, "X-Refused": lock}, "text/plain")
            await refused(scope, receive, send)
            return
        self.clock.hear()
        await self.app(scope, receive, _with_headers(send))


def _with_headers(send: Send) -> Send:
    async def sending(message: StarletteMessage) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            own = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            message["headers"] = [*message["headers"], *((name, value) for name, value in own if name not in there)]
        await send(message)

    return sending


def _facts_of(scope: Scope) -> Facts:
    headers: dict[str, tuple[str, ...]] = {}
    for name, value in scope.get("headers", ()):
        key = name.decode("latin-1").lower()
        headers[key] = (*headers.get(key, ()), value.decode("latin-1"))
    peer = (scope.get("client") or ("",))[0]
    return Facts(scope["type"], scope.get("method", "GET"), scope["path"], peer, headers)


class _Site:
    """The pages of one desk."""

    def __init__(self, desk: Desk, secrets: Secrets, clock: Clock, pages: Sequence[Page]) -> None:
        self.desk, self.secrets, self.clock, self.pages = desk, secrets, clock, pages
        self.notice = ""

    def words(self, request: Request) -> Words:
        """The language that was chosen, or the first that the browser asks for."""
        chosen = request.cookies.get(f"{self.secrets.cookie_name}-language", "")
        wanted = [part.split(";")[0].strip()[:2] for part in request.headers.get("accept-language", "").split(",")]
        return words_of(next((code for code in (chosen, *wanted) if code in language_names()), "en"))

    def page(self, request: Request, words: Words, view: View, place: str = "/") -> Response:
        """A page, with what stands on all of them."""
        study = self.desk.study
        notice, self.notice = self.notice, ""
        values = {
            "place": place,
            "pages": self.pages,
            "folder": self.desk.folder.name or str(self.desk.folder),
            "study_name": self.desk.study_name,
            "study": study,
            "desk": self.desk,
            "change": self.secrets.change,
            "notice": notice,
            "problems": [*view.problems],
            "done": _done(self.desk),
        }
        html = rendered(view.template, words, {**values, **view.values})
        return Response(html, view.status, media_type="text/html; charset=utf-8")

    async def respond(self, request: Request, page: Page, visit: Visit, answer: Answer) -> Response:
        """An answer as a response."""
        if isinstance(answer, View):
            return self.page(request, visit.words, answer, page.place)
        if isinstance(answer, Go):
            self.notice = answer.notice
            return Response(None, 204, {"X-Mse-Go": answer.place})
        headers = {"Content-Security-Policy": answer.policy} if answer.policy else {}
        if answer.name:
            plain = answer.name.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_")
            headers["Content-Disposition"] = f'attachment; filename="{plain}"'
        return Response(answer.content, 200, headers, answer.kind)

    async def show(self, request: Request, page: Page) -> Response:
        """What a page shows."""
        visit = Visit(self.words(request), Form(tuple(request.query_params.multi_items())), rest=_rest(request))
        return await self._answered(request, page, visit, page.show(self.desk, visit))

    async def change(self, request: Request, page: Page) -> Response:
        """What a button does."""
        words = self.words(request)
        body = await _body(request)
        if body is None:
            return self.page(request, words, _too_large(words), page.place)
        query = Form(tuple(request.query_params.multi_items()))
        visit = Visit(words, query, Form(_fields(body)), _rest(request))
        wanted = visit.form.one("do")
        if wanted not in page.changes:
            return self.page(request, words, View("problem", problems=[("", "There is no such button.")], status=404))
        if wanted in page.writes and visit.form.one("checksum") != self.desk.study.checksum:
            entered = [(k, v) for k, v in visit.form.pairs if k != "checksum"]
            return self.page(request, words, View("conflict", {"entered": entered}, status=409), page.place)
        return await self._answered(request, page, visit, page.changes[wanted](self.desk, visit))

    async def _answered(self, request: Request, page: Page, visit: Visit, answer: Awaitable[Answer]) -> Response:
        """The response, or why there is none, in words."""
        try:
            found = await answer
        except Refused as refused:
            file = Path(refused.where)  # a table or a study file, or what the program calls itself
            problems = [("", each) for each in refused.problems]
            found = View("problem", {"about": file.name if file.suffix else ""}, problems=problems, status=422)
        except OSError as error:
            where = Path(str(error.filename)).name if error.filename else self.desk.folder.name
            if (words := ON_DISK.get(error.errno or 0)) is None:
                found = View("problem", problems=[("", f"{where}: {error.strerror or error}")], status=507)
            else:
                found = View("problem", {"about": where}, problems=[("", words)], status=507)
        return await self.respond(request, page, visit, found)

    async def opening(self, request: Request) -> Response:
        """The one-time token is handed over, and the cookie given."""
        if not self.secrets.spend(request.query_params.get("token", "")):
            words = "This address was used already. Start mse app again, or go on in the window that it opened.\n"
            return Response(words, 403, media_type="text/plain")
        html = '<!doctype html><html lang="en"><meta charset="utf-8"><title>mse</title>'
        # A browser sends a strict cookie only with what this page itself asks for, and so it goes on from here.
        html += '<meta http-equiv="refresh" content="0;url=/"><p><a href="/">mse app</a></p></html>'
        response = Response(html, media_type="text/html; charset=utf-8")
        response.set_cookie(self.secrets.cookie_name, self.secrets.cookie, httponly=True, samesite="strict", path="/")
        return response

    async def icon(self, request: Request) -> Response:
        """The icon, where a browser asks for it on its own: a report that is opened names none."""
        del request
        return Response((_STATIC / "icon.svg").read_bytes(), media_type=_KINDS["icon.svg"])

    async def static(self, request: Request) -> Response:
        """The stylesheet, the script, the icon."""
        name = request.path_params["name"]
        if name not in _KINDS:
            return Response(None, 404)
        return Response((_STATIC / name).read_bytes(), media_type=_KINDS[name])

    async def language(self, request: Request) -> Response:
        """Another language is chosen."""
        fields = Form(_fields(await _body(request) or b""))
        response = Response(None, 204, {"X-Mse-Go": fields.one("back") or "/"})
        if fields.one("code") in language_names():
            name = f"{self.secrets.cookie_name}-language"
            response.set_cookie(name, fields.one("code"), httponly=True, samesite="strict", path="/")
        return response

    async def take(self, request: Request) -> Response:
        """A file that was dropped; it stays in memory."""
        words = self.words(request)
        content = await _body(request)
        if content is None:
            return self.page(request, words, _too_large(words))
        name = unquote(request.headers.get("x-file-name", "table.csv")).replace("\\", "/").rpartition("/")[2]
        self.desk.take(Taken(name or "table.csv", content))
        return Response(None, 204, {"X-Mse-Go": "/file"})

    async def alive(self, request: Request) -> Response:
        """The page is still open."""
        del request
        return Response(json.dumps({"checksum": self.desk.study.checksum}), media_type="application/json")

    async def fault(self, request: Request, error: Exception) -> Response:
        """A fault of the program: where it happened, and no word of the data."""
        here = Path(__file__).parent.parent
        frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(here)]
        places = ", ".join(f"{Path(f.filename).relative_to(here)}:{f.lineno}" for f in reversed(frames[-4:]))
        words, mistakes = self.words(request), await self._mistakes()
        if mistakes:
            problems = [
                words.plain("The study file has mistakes, and this page cannot make sense of it. Mend them by hand:"),
                *mistakes,
                f"If none of them is the reason, this is a fault of the program: {type(error).__name__} at {places}",
            ]
        else:
            problems = [f"This is a fault of the program and not of your input: {type(error).__name__} at {places}"]
        status = 422 if mistakes else 500
        return self.page(request, words, View("problem", problems=[("", each) for each in problems], status=status))

    async def _mistakes(self) -> list[str]:
        """What is wrong in the study file, such as a text where a number belongs."""
        study = self.desk.study
        if not study.is_there or study.problem:
            return []
        given = {"study": str(study.path), "out": str(self.desk.folder / RESULTS)}
        try:
            return [str(each) for each in await self.desk.reader.ask("check", given)]
        except Refused:
            return []

    async def close(self, request: Request) -> Response:
        """Somebody closes the application."""
        self.clock.closed = True
        return self.page(request, self.words(request), View("closed"))


def _done(desk: Desk) -> Mapping[str, bool]:
    """Which steps have been done, for the list of pages."""
    study = desk.study
    return {
        "/": study.is_there,
        "/file": desk.table is not None or study.get("lists") is not None,
        "/counted": all(_filled(study.get("counted", key)) for key in ("who", "where", "when", "excludes")),
        "/models": bool(study.models) and _filled(study.get("headline")),
        "/results": (desk.folder / "results" / "results.json").is_file(),
    }


def _filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not value.startswith("FILL IN")


def _too_large(words: Words) -> View:
    sentence = "This is more than 50 MB. Save the table as counts per history, or put the file into the folder."
    return View("problem", problems=[("", words.plain(sentence))], status=413)


def _rest(request: Request) -> str:
    return str(request.path_params.get("rest", ""))


async def _body(request: Request) -> bytes | None:
    """What was sent, in memory and in no file; None where it is too large."""
    length = request.headers.get("content-length", "0")
    too_large = not length.isdigit() or int(length) > LARGEST
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if too_large or size > LARGEST:
            too_large = True
            parts.clear()
            if size > 2 * LARGEST:
                break
            continue  # a browser shows the answer only once it has sent everything
        parts.append(part)
    return None if too_large else b"".join(parts)


def _fields(body: bytes) -> tuple[tuple[str, str], ...]:
    """The fields of a form, as the script sends them: pairs in JSON."""
    try:
        found = json.loads(body)
    except ValueError:
        return ()
    pairs = found if isinstance(found, list) else []
    return tuple((str(each[0]), str(each[1])) for each in pairs if isinstance(each, list) and len(each) == 2)


def application(
    desk: Desk,
    secrets: Secrets,
    clock: Clock,
    *,
    pages: Iterable[Page] = (*STEPS, *TOOLS),
    locks: Sequence[Lock] = LOCKS,
) -> ASGIApp:
    """The page as an ASGI application behind its locks.

    Parameters
    ----------
    desk : Desk
        The folder.
    secrets : Secrets
        What a request has to know.
    clock : Clock
        Told of every request.
    pages : iterable of Page
        The pages.
    locks : sequence of Lock
        All of them, but in tests.
    """
    every = tuple(pages)
    site = _Site(desk, secrets, clock, every)
    routes = [
        Route(OPENING, site.opening),
        Route("/static/{name}", site.static),
        Route("/favicon.ico", site.icon),
        Route("/language", site.language, methods=["POST"]),
        Route("/take", site.take, methods=["POST"]),
        Route("/alive", site.alive, methods=["POST"]),
        Route("/close", site.close, methods=["POST"]),
        *(_route(site, page) for page in every),
    ]
    return _Guarded(Starlette(routes=routes, exception_handlers={Exception: site.fault}), secrets, locks, clock)


def _route(site: _Site, page: Page) -> Route:
    async def endpoint(request: Request) -> Response:
        return await (site.change(request, page) if request.method == "POST" else site.show(request, page))

    return Route(page.place.replace("*", "{rest:path}"), endpoint, methods=["GET", "POST"])
