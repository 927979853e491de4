"""The server outlives what browsers do to it."""

import os
import signal
import socket
import struct
import sys
from urllib.parse import urlsplit

import pytest

serving = pytest.importorskip("estimation.app.serving", reason="starlette and uvicorn are not installed (extra [app])")


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
def test_a_browser_that_goes_away_in_the_middle_of_an_answer_does_not_end_the_server(tmp_path):
    """A command lets a closed pipe end it, as `mse tables | head` must; a server may not, with a socket."""
    seen = []

    def tell(file, address):
        where = urlsplit(address)
        for _ in range(3):
            with socket.create_connection((where.hostname, where.port)) as browser:
                browser.sendall(b"GET /style.css HTTP/1.1\r\nHost: " + where.netloc.encode() + b"\r\n\r\n" * 2)
                browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset, not closed
        seen.append(signal.getsignal(signal.SIGPIPE))
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    asked = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
    try:
        with pytest.raises(KeyboardInterrupt):
            serving.serve(tmp_path, "study.toml", tell=tell, browser=False)
        assert signal.getsignal(signal.SIGPIPE) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGPIPE, before)
        signal.signal(signal.SIGINT, asked)
    assert seen == [signal.SIG_IGN]
