"""Bytes become text: by the mark they begin with, as UTF-8, or by the encoding that the owner names."""

from __future__ import annotations

import codecs

from estimation.capture.declared import Door, option
from estimation.errors import TableError
from estimation.toml_file import nearest

__all__ = ["text_of"]

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_KNOWN = ["utf-8", "utf-16-le", "utf-16-be", "latin-1", "cp1250", "cp1251", "cp1252", "cp1254", "cp1256", "mac-roman"]
_NO_FILE = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"}
"""Encodings of host names and of Python's own literals."""
_LINE_ENDS = {"\x85": "NEL (U+0085)", "\u2028": "the line separator U+2028"}


def text_of(data: bytes, source: str, *, encoding: str | None = None, door: Door = "python") -> tuple[str, list[str]]:
    r"""The text, without byte order marks, and what its owner should know of how it was read.

    Raises
    ------
    TableError
        When it is not text in UTF-8 and does not say what it is, or not text in the encoding that was named.

    Examples
    --------
    >>> text_of("A,B\n1,0\n".encode("utf-16"), "deaths.csv")
    ('A,B\n1,0\n', ['the text is in UTF-16 by its byte order mark'])
    """
    notes: list[str] = []
    codec = None if encoding is None else _codec(encoding, source)
    for mark, name, words in _MARKS:
        if data.startswith(mark):
            if words != "UTF-8":
                notes.append(f"the text is in {words} by its byte order mark")
            if codec is not None and not codec.startswith(name[:6].rstrip("-")):
                notes.append(f"encoding {encoding} was not used: the text is in {words} by its byte order mark")
            codec = name
            break
    if codec is None or codec == "utf-8":
        codec = codec or "utf-8"
        _refuse_zero_bytes(data, source, door)
    text = _decoded(data, source, codec, named=encoding, door=door)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise TableError(source, [f"line {line} holds a zero character: this is not a text file; save it as CSV"])
    if encoding is not None and codec != "utf-8" and not data.isascii() and _is_utf8(data):
        notes.append(f"the text was read as {encoding}, as named, and is valid UTF-8, too; look at the headings")
    return _without_marks(text, notes), notes


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _codec(encoding: str, source: str) -> str:
    """The name by which Python knows an encoding of text."""
    try:
        b"  ".decode(encoding, errors="replace")  # which refuses what is known and no text, such as zip
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if not name or name in _NO_FILE:
        message = f"there is no encoding {encoding[:40]!r}; {nearest(encoding[:40], _KNOWN)}"
        raise TableError(source, [message])
    return name


def _decoded(data: bytes, source: str, codec: str, *, named: str | None, door: Door) -> str:
    """The text, or the byte and line at which it is none."""
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        at = f"byte {error.start} (line {line}) is 0x{data[error.start]:02x}" if error.start < len(data) else "the end"
        if named is not None:
            other = f"; name another, such as {option(door, 'encoding', 'cp1252')}"
            message = f"{at}, which is not {named}{other}"
        elif codec == "utf-8":
            message = (
                f"{at}, which is not UTF-8; save the file as UTF-8 (in Excel: 'CSV UTF-8'), or name its encoding, such "
                f"as {option(door, 'encoding', 'cp1252')} (Western Windows), {option(door, 'encoding', 'cp1256')} "
                f"(Arabic and Persian Windows) or {option(door, 'encoding', 'latin-1')}"
            )
        else:
            message = f"{at}, which is not {codec}, as its byte order mark says it is; save the file as UTF-8"
        raise TableError(source, [message]) from None


def _refuse_zero_bytes(data: bytes, source: str, door: Door) -> None:
    """Name UTF-16 without a mark, and whatever else holds zero bytes."""
    zero = data.find(0)
    if zero < 0:
        return
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    for few, many, name in ((even, odd, "utf-16-le"), (odd, even, "utf-16-be")):
        if many * 4 > len(head) and few * 20 <= many:
            message = (
                "the text looks like UTF-16 without a byte order mark; "
                f"save it as UTF-8, or say so with {option(door, 'encoding', name)}"
            )
            raise TableError(source, [message])
    line = data[:zero].count(b"\n") + 1
    raise TableError(source, [f"byte {zero} (line {line}) is zero: this is not a text file; save it as CSV"])


def _without_marks(text: str, notes: list[str]) -> str:
    """The text without byte order marks inside it, and with ends of lines that an editor shows."""
    text = text.removeprefix("\ufeff")
    if "\ufeff" in text:
        line = text.count("\n", 0, text.index("\ufeff")) + 1
        notes.append(
            f"a byte order mark inside the text (line {line}) was left out; were two files put one after the other?"
        )
        text = text.replace("\ufeff", "")
    if "\n" not in text and "\r" not in text:
        for end, words in _LINE_ENDS.items():
            if end in text:
                notes.append(f"the lines end with {words}")
                return text.replace(end, "\n")
    return text
