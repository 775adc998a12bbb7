"""Frames of the protocol between Kannel's bearerbox and its boxes, as values.

A frame is a 4-byte big-endian length and a body: a 4-byte message type and its fields in fixed order.
INTEGER is signed 32 bits with -1 for "undefined"; OCTSTR is a 4-byte length (-1: none) and bytes; UUID
is an OCTSTR of 36 characters. The order of the fields is that of Kannel 1.4.5's message declarations.
"""

from __future__ import annotations

import asyncio
import enum
import struct
import uuid
from collections.abc import Callable
from typing import Any, Final

import msgspec

MAX_FRAME: Final = 1 << 20
"""Bytes of the longest body that is read. The longest real one (255 joined parts) has some 36 kB."""

UNDEFINED: Final = -1


class FrameError(ValueError):
    """Bytes that are no frame of the protocol. The text says where, never what they contain."""


class Nack(enum.IntEnum):
    """What an acknowledgement says of the message."""

    SUCCESS = 0
    FAILED = 1
    FAILED_FOR_NOW = 2
    BUFFERED = 3


class Command(enum.IntEnum):
    SHUTDOWN = 0
    SUSPEND = 1
    RESUME = 2
    IDENTIFY = 3
    RESTART = 4


class SmsType(enum.IntEnum):
    """``MO`` and ``REPORT_MO`` come to us, the others go to bearerbox."""

    MO = 0
    MT_REPLY = 1
    MT_PUSH = 2
    REPORT_MO = 3
    REPORT_MT = 4


class Coding(enum.IntEnum):
    GSM7 = 0
    BINARY = 1
    UCS2 = 2


class Heartbeat(msgspec.Struct, frozen=True):
    load: int = 0


class Admin(msgspec.Struct, frozen=True):
    command: int
    boxc_id: bytes | None = None


class Sms(msgspec.Struct, frozen=True, kw_only=True):
    """A message or a delivery report, fields in wire order. ``time`` is in Unix seconds."""

    sender: bytes | None = None
    receiver: bytes | None = None
    udhdata: bytes | None = None
    msgdata: bytes | None = None
    time: int = UNDEFINED
    smsc_id: bytes | None = None
    smsc_number: bytes | None = None
    foreign_id: bytes | None = None
    service: bytes | None = None
    account: bytes | None = None
    id: uuid.UUID
    sms_type: int = UNDEFINED
    mclass: int = UNDEFINED
    mwi: int = UNDEFINED
    coding: int = UNDEFINED
    compress: int = UNDEFINED
    validity: int = UNDEFINED
    deferred: int = UNDEFINED
    dlr_mask: int = UNDEFINED
    dlr_url: bytes | None = None
    pid: int = UNDEFINED
    alt_dcs: int = UNDEFINED
    rpi: int = UNDEFINED
    charset: bytes | None = None
    boxc_id: bytes | None = None
    binfo: bytes | None = None
    msg_left: int = UNDEFINED
    priority: int = UNDEFINED
    resend_try: int = UNDEFINED
    resend_time: int = UNDEFINED
    meta_data: bytes | None = None


class Ack(msgspec.Struct, frozen=True):
    nack: int
    time: int
    id: uuid.UUID


Message = Heartbeat | Admin | Sms | Ack

_TYPES: Final[dict[int, type[Message]]] = {0: Heartbeat, 1: Admin, 2: Sms, 3: Ack}
_NUMBERS: Final = {kind: number for number, kind in _TYPES.items()}
_INT = struct.Struct(">i")


def encode(message: Message) -> bytes:
    """The frame of ``message`` with its length in front."""
    body = bytearray(_INT.pack(_NUMBERS[type(message)]))
    for value in msgspec.structs.astuple(message):
        if value is None:
            body += _INT.pack(-1)
        elif isinstance(value, int):
            body += _INT.pack(value)
        else:
            octets = str(value).encode() if isinstance(value, uuid.UUID) else value
            body += _INT.pack(len(octets)) + octets
    return _INT.pack(len(body)) + bytes(body)


def decode(body: bytes) -> Message | None:
    """The message of a frame's ``body``; ``None`` for a type that this protocol version lacks.

    Raises :class:`FrameError`.
    """
    reader = _Reader(body)
    number = reader.integer()
    kind = _TYPES.get(number)
    if kind is None:
        return None
    message = kind(**{name: read(reader) for name, read in _FIELDS[kind]})
    if reader.left:
        raise FrameError(f"{reader.left} bytes after the last field of a {kind.__name__}")
    return message


async def read_body(reader: asyncio.StreamReader) -> bytes:
    """The body of the next frame.

    Raises :class:`FrameError` for an impossible length (nothing after it can be understood),
    :class:`asyncio.IncompleteReadError` at the end of the stream.
    """
    (length,) = _INT.unpack(await reader.readexactly(4))
    if not 4 <= length <= MAX_FRAME:
        raise FrameError(f"a frame of {length} bytes")
    return await reader.readexactly(length)


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._body) - self._at

    def _take(self, size: int) -> bytes:
        if size > self.left:
            raise FrameError(f"a field of {size} bytes where {self.left} are left")
        self._at += size
        return self._body[self._at - size : self._at]

    def integer(self) -> int:
        value: int = _INT.unpack(self._take(4))[0]
        return value

    def octets(self) -> bytes | None:
        size = self.integer()
        if size < -1:
            raise FrameError(f"a field of {size} bytes")
        return None if size == -1 else self._take(size)

    def uuid(self) -> uuid.UUID:
        try:
            return uuid.UUID((self.octets() or b"").decode("ascii"))
        except ValueError:
            raise FrameError("an id that is not a UUID") from None


def _field_readers(kind: type[Message]) -> list[tuple[str, Callable[[_Reader], Any]]]:
    by_type: dict[Any, Callable[[_Reader], Any]] = {int: _Reader.integer, uuid.UUID: _Reader.uuid}
    return [
        (field.name, by_type.get(field.type, _Reader.octets))
        for field in msgspec.structs.fields(kind)
    ]


_FIELDS: Final = {kind: _field_readers(kind) for kind in _NUMBERS}
