"""The locks of the page: what a request must have before any part of the program sees it.

The page answers this machine and nobody else: it listens on 127.0.0.1 alone, and each request has to pass every lock.
Each stands for itself and would hold alone against what it is there for:

`from_this_machine`   the other end of the connection is on this machine
`named_exactly`       ``Host`` is the address of the page to the letter: a name that somebody let point to 127.0.0.1
                      (DNS rebinding) is not it, though then ``Origin`` is the same as ``Host``
`from_this_page`      ``Origin``, which browsers send with changes and with requests of other websites, is this page
`not_cross_site`      ``Sec-Fetch-Site`` says that the request comes from this page, or was typed in by the user
`has_cookie`          the cookie that was given for the one-time token, which other users of the machine do not have
`has_change_header`   a change has a header that no form of another website can send, with a secret in it
`read_or_change`      GET, HEAD and POST; no WebSocket

The one-time token comes in by `OPENING` alone, which is opened from a file of the user and so from no website.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from secrets import token_urlsafe

__all__ = ["HEADERS", "LOCKS", "OPENING", "Facts", "Lock", "Secrets", "refusal"]

OPENING = "/open"
"""Where the one-time token is handed over."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""What every answer has: no code and no style within the page, nothing from elsewhere, nothing kept by the browser."""


class Secrets:
    """What this run of the page alone knows.

    Parameters
    ----------
    port : int
        Where it listens.
    """

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.origin = f"http://{self.host}"
        self.cookie_name = f"mse-{port}"  # browsers give the cookies of a host to all its ports
        self.cookie = token_urlsafe(32)
        self.change = token_urlsafe(32)
        self._token: str | None = token_urlsafe(32)

    @property
    def token(self) -> str | None:
        """The one-time token; None once it was used."""
        return self._token

    def spend(self, token: str) -> bool:
        """Whether this is the token; it is none from then on."""
        if self._token is None or not hmac.compare_digest(token.encode(), self._token.encode()):
            return False
        self._token = None
        return True


@dataclass(frozen=True, slots=True)
class Facts:
    """What a request says of itself.

    Parameters
    ----------
    kind : str
        ``http`` or ``websocket``.
    method, path : str
        What is wanted.
    peer : str
        The address of the other end.
    headers : mapping of str to tuple of str
        By name in small letters, every value.
    """

    kind: str
    method: str
    path: str
    peer: str
    headers: Mapping[str, tuple[str, ...]]

    def only(self, name: str) -> str | None:
        """The value of a header that stands there once; None where it is not there, or is there twice."""
        values = self.headers.get(name, ())
        return values[0] if len(values) == 1 else None

    @property
    def is_change(self) -> bool:
        """Whether anything may change by it."""
        return self.method not in {"GET", "HEAD"}

    @property
    def is_opening(self) -> bool:
        """Whether it hands the one-time token over."""
        return self.path == OPENING and not self.is_change


Lock = Callable[[Facts, Secrets], bool]
"""Whether a request passes."""


def from_this_machine(facts: Facts, secrets: Secrets) -> bool:
    """The other end is on this machine."""
    del secrets
    return facts.peer == "127.0.0.1"


def named_exactly(facts: Facts, secrets: Secrets) -> bool:
    """``Host`` is there once, and the address of the page."""
    return facts.only("host") == secrets.host


def from_this_page(facts: Facts, secrets: Secrets) -> bool:
    """``Origin`` is this page; only what changes nothing may come without."""
    if "origin" not in facts.headers:
        return not facts.is_change
    return facts.only("origin") == secrets.origin


def not_cross_site(facts: Facts, secrets: Secrets) -> bool:
    """``Sec-Fetch-Site`` names no other site; a file of the user, from which the page is opened, counts as one."""
    del secrets
    if "sec-fetch-site" not in facts.headers or facts.is_opening:
        return True
    allowed = {"same-origin"} if facts.is_change else {"same-origin", "none"}
    return facts.only("sec-fetch-site") in allowed


def has_cookie(facts: Facts, secrets: Secrets) -> bool:
    """The cookie is there; whoever opens the page has none yet."""
    if facts.is_opening:
        return True
    for value in facts.headers.get("cookie", ()):
        try:
            found = SimpleCookie(value).get(secrets.cookie_name)
        except CookieError:
            continue
        if found is not None and hmac.compare_digest(found.value.encode(), secrets.cookie.encode()):
            return True
    return False


def has_change_header(facts: Facts, secrets: Secrets) -> bool:
    """A change has the header with the secret that stands in the page."""
    given = facts.only("x-mse-change")
    return not facts.is_change or (
        given is not None and hmac.compare_digest(given.encode("latin-1", "replace"), secrets.change.encode())
    )


def read_or_change(facts: Facts, secrets: Secrets) -> bool:
    """Nothing but GET, HEAD and POST."""
    del secrets
    return facts.kind == "http" and facts.method in {"GET", "HEAD", "POST"}


LOCKS: tuple[Lock, ...] = (
    from_this_machine,
    named_exactly,
    from_this_page,
    not_cross_site,
    has_cookie,
    has_change_header,
    read_or_change,
)
"""All locks, in the order in which they are tried."""


def refusal(facts: Facts, secrets: Secrets, locks: Iterable[Lock] = LOCKS) -> str | None:
    """The name of the first lock that a request does not pass; None where it passes all.

    Parameters
    ----------
    facts : Facts
        What the request says of itself.
    secrets : Secrets
        What it has to know.
    locks : iterable of Lock
        All of them, but in tests.

    Examples
    --------
    >>> secrets = Secrets(8000)
    >>> headers = {"host": ("127.0.0.1:8000",), "cookie": (f"mse-8000={secrets.cookie}",)}
    >>> refusal(Facts("http", "GET", "/", "127.0.0.1", headers), secrets) is None
    True
    >>> refusal(Facts("http", "GET", "/", "127.0.0.1", headers | {"host": ("evil.example:8000",)}), secrets)
    'named_exactly'
    """
    return next((lock.__name__ for lock in locks if not lock(facts, secrets)), None)
