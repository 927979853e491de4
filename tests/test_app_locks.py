"""The locks of the page: each keeps out what it is there for, also where all others are left open."""

import asyncio
from itertools import product

import pytest

from estimation.app.guard import HEADERS, LOCKS, OPENING, Facts, Secrets, refusal
from estimation.app.package_sentences import ASSUMPTIONS, FAILURES
from estimation.models.registry import MODELS, make_model
from estimation.models.when_it_fails import WHEN_IT_FAILS

web = pytest.importorskip("estimation.app.web", reason="starlette is not installed (the extra [app] has it)")
from estimation.app.desk import Desk  # noqa: E402 - without the extra this module does not load either

SECRETS = Secrets(8765)
GOOD = {
    "host": (SECRETS.host,),
    "origin": (SECRETS.origin,),
    "sec-fetch-site": ("same-origin",),
    "cookie": (f"other=1; mse-8765={SECRETS.cookie}",),
    "x-mse-change": (SECRETS.change,),
}
BY_NAME = {lock.__name__: lock for lock in LOCKS}


def facts(method="POST", peer="127.0.0.1", kind="http", path="/models", **changed):
    """A request that passes, but for what is changed; None takes a header away."""
    headers = {**GOOD, **{name.replace("_", "-"): value for name, value in changed.items()}}
    return Facts(kind, method, path, peer, {name: value for name, value in headers.items() if value is not None})


ATTACKS = {
    "another machine": ("from_this_machine", facts(peer="192.168.1.7")),
    "another machine, IPv6": ("from_this_machine", facts(peer="::1")),
    "rebound name": ("named_exactly", facts(host=("evil.example:8765",), origin=("http://evil.example:8765",))),
    "no host": ("named_exactly", facts(host=None)),
    "two hosts": ("named_exactly", facts(host=(SECRETS.host, "evil.example"))),
    "localhost by name": ("named_exactly", facts(host=("localhost:8765",))),
    "host with a dot": ("named_exactly", facts(host=("127.0.0.1.:8765",))),
    "other port": ("named_exactly", facts(host=("127.0.0.1:8766",))),
    "origin of another site": ("from_this_page", facts(origin=("https://evil.example",))),
    "null origin": ("from_this_page", facts(origin=("null",))),
    "origin of another port": ("from_this_page", facts(origin=("http://127.0.0.1:8766",))),
    "change without origin": ("from_this_page", facts(origin=None)),
    "reading from another site": ("from_this_page", facts("GET", origin=("https://evil.example",))),
    "cross-site": ("not_cross_site", facts(sec_fetch_site=("cross-site",))),
    "same site, other port": ("not_cross_site", facts("GET", origin=None, sec_fetch_site=("same-site",))),
    "change that was typed in": ("not_cross_site", facts(sec_fetch_site=("none",))),
    "no cookie": ("has_cookie", facts(cookie=None)),
    "wrong cookie": ("has_cookie", facts(cookie=("mse-8765=x",))),
    "cookie of another port": ("has_cookie", facts(cookie=(f"mse-8766={SECRETS.cookie}",))),
    "change without header": ("has_change_header", facts(x_mse_change=None)),
    "wrong header": ("has_change_header", facts(x_mse_change=("x",))),
    "header twice": ("has_change_header", facts(x_mse_change=(SECRETS.change, SECRETS.change))),
    "put": ("read_or_change", facts("PUT")),
    "websocket": ("read_or_change", facts("GET", kind="websocket")),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_each_lock_alone_keeps_out_what_it_is_there_for(attack):
    name, request = ATTACKS[attack]
    assert refusal(request, SECRETS, [BY_NAME[name]]) == name
    assert refusal(request, SECRETS) is not None


def test_every_lock_has_an_attack_and_lets_the_page_itself_in():
    assert {name for name, _ in ATTACKS.values()} == set(BY_NAME)
    for method, site in product(("GET", "HEAD"), ("same-origin", "none", None)):
        request = facts(method, origin=None, x_mse_change=None, sec_fetch_site=site and (site,))
        assert refusal(request, SECRETS) is None
    assert refusal(facts(), SECRETS) is None


def test_the_token_opens_once_and_from_a_file_of_the_user():
    secrets = Secrets(9000)
    request = Facts("http", "GET", OPENING, "127.0.0.1", {"host": (secrets.host,), "sec-fetch-site": ("cross-site",)})
    assert refusal(request, secrets) is None
    assert refusal(Facts("http", "POST", OPENING, "127.0.0.1", request.headers), secrets) is not None
    token = secrets.token
    assert not secrets.spend("x" * 43)
    assert secrets.spend(token)
    assert not secrets.spend(token)


def test_secrets_are_long_and_differ_from_run_to_run():
    one, other = Secrets(9000), Secrets(9000)
    found = {one.cookie, one.change, one.token, other.cookie, other.change, other.token}
    assert len(found) == 6
    assert min(map(len, found)) >= 40


def answer_to(app, method="GET", path="/", body=b"", sent=None, **headers):
    """Status, headers and content that an application answers with; `sent` gets its messages as they come."""
    sent = [] if sent is None else sent
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http", "method": method, "path": path.partition("?")[0], "raw_path": path.encode(), "headers": given,
        "query_string": path.partition("?")[2].encode(), "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8765),
        "scheme": "http", "http_version": "1.1",
    }  # fmt: skip
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    found = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.fixture
def app(tmp_path):
    return web.application(Desk(tmp_path), SECRETS, web.Clock())


OWN = {"host": SECRETS.host, "cookie": f"mse-8765={SECRETS.cookie}"}
CHANGE = OWN | {"origin": SECRETS.origin, "x_mse_change": SECRETS.change}


def test_every_answer_has_the_headers_and_a_page_has_no_code_and_no_style_in_it(app):
    for path, headers in [("/", OWN), ("/static/app.css", OWN), ("/", {}), ("/nothing", OWN), ("/results/file/x", OWN)]:
        _, found, content = answer_to(app, path=path, **headers)
        assert {name.lower(): value for name, value in HEADERS.items()}.items() <= found.items()
        assert b"<style" not in content
        assert b" style=" not in content
        assert b" onclick" not in content
        assert b"server" not in found
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")


def test_a_refused_request_reaches_no_page_and_learns_nothing(app, tmp_path):
    tmp_path.joinpath("secret-name.csv").write_text("A,B\n1,0\n", encoding="utf-8")
    assert b"secret-name.csv" in answer_to(app, **OWN)[2]
    for headers in ({}, {**OWN, "host": "evil.example:8765"}, {**OWN, "origin": "https://evil.example"}):
        status, _, content = answer_to(app, **headers)
        assert (status, b"secret" in content) == (403, False)


def test_the_cookie_is_strict_and_not_for_scripts(tmp_path):
    secrets = Secrets(8765)
    app = web.application(Desk(tmp_path), secrets, web.Clock())
    token = secrets.token
    status, found, _ = answer_to(app, path=f"/open?token={token}", host=secrets.host)
    assert status == 200
    assert found["set-cookie"] == f"mse-8765={secrets.cookie}; HttpOnly; Path=/; SameSite=strict"
    assert answer_to(app, path=f"/open?token={token}", host=secrets.host)[0] == 403


def test_a_file_over_50_mb_is_refused_in_words_and_a_smaller_one_is_in_memory_alone(app, tmp_path):
    status, _, content = answer_to(app, "POST", "/take", b"x" * (web.LARGEST + 1), x_file_name="big.csv", **CHANGE)
    assert status == 413
    assert b"50 MB" in content
    status, found, _ = answer_to(app, "POST", "/take", b"A,B\n1,0\n", x_file_name="..%2Fdeaths.csv", **CHANGE)
    assert (status, found["x-mse-go"]) == (204, "/file")
    assert list(tmp_path.iterdir()) == []


def test_what_the_package_says_is_what_the_page_translates():
    first = {make_model(name, {}).assumptions[0] for name in MODELS}
    assert set(ASSUMPTIONS) == first
    assert set(FAILURES) == set(WHEN_IT_FAILS.values())
