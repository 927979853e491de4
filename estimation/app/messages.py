"""What the server and its workers write to each other: a header in JSON and bytes, with their lengths before them."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

if TYPE_CHECKING:  # it loads numpy, which the server does without
    from estimation.results.as_json import Json

__all__ = ["Message", "Plain", "packed", "read_message", "receive"]

Plain: TypeAlias = Any
"""What JSON or TOML holds, of which whoever asked knows the form."""

_LENGTHS = struct.Struct(">II")


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Parameters
    ----------
    header : mapping of str to object
        What is asked or answered, as JSON has it.
    body : bytes
        A file, where one goes with it.
    """

    header: Mapping[str, Json]
    body: bytes = b""


def packed(message: Message) -> bytes:
    """A message as bytes.

    Examples
    --------
    >>> import io
    >>> read_message(io.BytesIO(packed(Message({"what": "read"}, b"A,B"))))
    Message(header={'what': 'read'}, body=b'A,B')
    """
    header = json.dumps(message.header, ensure_ascii=False).encode("utf-8")
    return _LENGTHS.pack(len(header), len(message.body)) + header + message.body


def read_message(stream: BinaryIO) -> Message | None:
    """The next message of a stream; None where it has ended."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header, body = _LENGTHS.unpack(lengths)
    return Message(json.loads(stream.read(header)), stream.read(body))


async def receive(stream: asyncio.StreamReader) -> Message | None:
    """The next message of a stream that others write to; None where it has ended."""
    try:
        header, body = _LENGTHS.unpack(await stream.readexactly(_LENGTHS.size))
        return Message(json.loads(await stream.readexactly(header)), await stream.readexactly(body))
    except asyncio.IncompleteReadError:
        return None
