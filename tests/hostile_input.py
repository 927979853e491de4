"""Hostile input: valid files with bytes flipped, cut, repeated and put in, and command lines of the same kind.

Each strategy begins with something valid, so that a mutation reaches what lies behind the first check.
"""

from __future__ import annotations

from hypothesis import strategies as st

TOKENS = (
    *("=cmd|' /C calc'!A0", "+1", "-1", "@x", "1e308", "-1e308", "1e20", "1e16", "1e-320", "nan", "NaN", "inf", "-inf"),
    *("²", "१२३", "۱۲۳", "１", "½", "\u202e", "\u200f", "\u200b", "\u2028", "\x00", "\x1b[31m", "\r", "\ufeff", "é"),
    *("9" * 4400, "0x" + "f" * 5000, "9" * 19, str(2**63), str(2**53 + 1), "-0", "0.5", "1.0", "1e0", "True", "yes"),
    *(
        "[",
        "[" * 3000,
        "]",
        "{",
        '"',
        "'",
        '"""',
        "''",
        "#",
        "\\",
        "\\u0000",
        "\n",
        "\n\n",
        "\t",
        ",",
        ";",
        "|",
        "=",
        ".",
    ),
    *("N/A", "NA", "unknown", "in_", "count", "id", "n", "freq", "replicate", "A", "[model]", "[[model]]", "lists"),
    *("1979-05-27", "07:32:00", "2024-13-45", "1979-05-27T00:32:00-07:00", "true", "null", "../../x", "/", "[/red]"),
    *("[bold]", "A" * 600, "\ud83d", "😀", "Müller", "محلی", "sep=;", "PK\x03\x04", "PAR1", "\x1f\x8b", "BZh9"),
)
"""What breaks readers: formulas, digits that are none, numbers without end, marks that cannot be seen."""

_STEPS = st.tuples(
    st.sampled_from(["flip", "cut", "repeat", "put", "replace", "end"]),
    st.floats(0, 1),
    st.integers(0, 40),
    st.integers(0, 255),
    st.sampled_from(TOKENS),
)


def mutated(*seeds: bytes) -> st.SearchStrategy[bytes]:
    """One of some valid files, changed in one to six places."""
    return st.builds(_changed, st.sampled_from(seeds), st.lists(_STEPS, min_size=1, max_size=6))


def _changed(content: bytes, steps: list[tuple[str, float, int, int, str]]) -> bytes:
    for kind, share, length, byte, token in steps:
        at = int(share * len(content))
        text = token.encode("utf-8", errors="surrogatepass")
        if kind == "flip" and at < len(content):
            content = content[:at] + bytes([content[at] ^ (byte or 1)]) + content[at + 1 :]
        elif kind == "cut":
            content = content[:at] + content[at + length :]
        elif kind == "repeat":
            content = content[: at + length] + content[at:]
        elif kind == "put":
            content = content[:at] + text + content[at:]
        elif kind == "replace":
            content = content[:at] + text + content[at + length :]
        elif kind == "end":
            content = content[:at]
    return content


def command_lines(*seeds: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """One of some valid command lines, with arguments replaced, dropped, repeated and put in; its command is left."""
    change = st.tuples(
        st.sampled_from(["replace", "drop", "repeat", "put", "join"]), st.floats(0, 0.999), st.sampled_from(TOKENS)
    )
    return st.builds(_reworded, st.sampled_from(seeds), st.lists(change, min_size=1, max_size=3))


def _reworded(seed: tuple[str, ...], changes: list[tuple[str, float, str]]) -> list[str]:
    words = list(seed)
    for kind, share, given in changes:
        token = given.replace("\x00", "?").encode("utf-8", "replace").decode()  # no program is started with these
        at = 1 + int(share * (len(words) - 1)) if len(words) > 1 else 1
        if kind == "replace":
            words[at : at + 1] = [token]
        elif kind == "drop":
            del words[at : at + 1]
        elif kind == "repeat":
            words[at:at] = words[at : at + 1]
        elif kind == "put":
            words[at:at] = [token]
        elif kind == "join" and at < len(words):
            words[at] += token
    return words
