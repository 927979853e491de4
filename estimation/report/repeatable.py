"""A zip file, as Word documents and workbooks are, with no time in it: the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

__all__ = ["repeatable_zip"]

_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can give a member."""


def repeatable_zip(content: bytes, changes: Mapping[str, Callable[[bytes], bytes]] | None = None) -> bytes:
    """The same zip file without the times of its members.

    Parameters
    ----------
    content : bytes
        A zip file.
    changes : mapping of str to callable, optional
        What members become, by name.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(written, "w") as made:
        for name in given.namelist():
            member = zipfile.ZipInfo(name, _FIRST_TIME)
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            inside = given.read(name)
            made.writestr(member, changes[name](inside) if changes and name in changes else inside)
    return written.getvalue()
