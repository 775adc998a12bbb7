"""Callers for the bench: one kind measures by the kernel's clock, the other one only makes load."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from typing import ClassVar

from tests.servers.rtp import KEY_PAYLOAD, PAYLOAD, TICK, Codec, Media
from tests.servers.sip_caller import Call, SipCaller

SLOTS = 10
"""Groups of calls that send one after the other within 20 ms: real phones don't beat together."""
SO_TIMESTAMPNS = 35
"""Linux (``asm-generic/socket.h``): with each packet comes when the kernel had it, as a timespec."""
TIMESPEC = struct.Struct("@ll")


class Wire(asyncio.DatagramTransport):
    """A bare UDP socket of 127.0.0.1. ``key_ended``: POSIX time just before the last key's end."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.key_ended = 0.0
        self._last_key = b""

    def sendto(self, data: bytes, addr: object = None) -> None:
        if data[1] & 0x7F == KEY_PAYLOAD and data[13] & 0x80 and data[4:8] != self._last_key:
            self._last_key = data[4:8]
            self.key_ended = time.time()
        self.socket.sendto(data, addr)

    def close(self) -> None:
        self.socket.close()


class Deaf(Media):
    """Sends keys and no silence; what comes in is left to the kernel, which drops it."""

    shared: ClassVar[Wire | None] = None

    async def open(self) -> int:
        if Deaf.shared is None:
            Deaf.shared = Wire()
            Deaf.shared.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self._transport = Deaf.shared
        return Deaf.shared.port

    def tick(self) -> None:
        if self._steps:
            super().tick()
        else:
            self._timestamp += TICK

    def close(self) -> None:
        """The others still talk."""


class Ear(Media):
    """Notes when prompts begin: packets with the payload ``marker``, which every lead-in begins with."""

    def __init__(self, codec: Codec, marker: bytes) -> None:
        super().__init__(codec)
        self._marker = marker
        self._wire = Wire()
        self._news = asyncio.Event()
        self._began_at = 0.0

    async def open(self) -> int:
        self._transport = self._wire
        self._wire.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        asyncio.get_running_loop().add_reader(self._wire.socket, self._readable)
        return self._wire.port

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._wire.socket)
        super().close()

    def _readable(self) -> None:
        while True:
            try:
                data, ancillary, _, _ = self._wire.socket.recvmsg(2048, 64)
            except BlockingIOError:
                return
            if data[12:] == self._marker and data[1] & 0x7F == PAYLOAD[self.codec]:
                seconds, nanoseconds = TIMESPEC.unpack(ancillary[0][2])
                self._began_at = seconds + nanoseconds / 1e9
                self._news.set()

    async def prompt_after(self, at: float, seconds: float) -> float:
        """POSIX time at which the first prompt after ``at`` began; TimeoutError when too late."""
        async with asyncio.timeout(seconds):
            while self._began_at <= at:
                self._news.clear()
                await self._news.wait()
        return self._began_at

    async def turn(self, key: str, seconds: float) -> float:
        """Seconds from the end of a key to the first packet of the next prompt; TimeoutError if none."""
        await self.press(key, length=0.08, gap=0)
        return await self.prompt_after(self._wire.key_ended, seconds) - self._wire.key_ended


class Callers(SipCaller):
    """Callers with such media; ``made``: their calls, oldest first."""

    @property
    def made(self) -> list[Call]:
        return list(self._calls.values())

    async def ring(self, dialed: str, number: str, media: Media) -> Call:
        """Call ``dialed``; raises ``Refused``."""
        call = Call(self, dialed, number, media.codec)
        call.media = media
        self._calls[call.id] = call
        await call.connect()
        return call

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            for slot in range(SLOTS):
                due += 0.02 / SLOTS
                await asyncio.sleep(max(0.0, due - loop.time()))
                for call in tuple(self.talking)[slot::SLOTS]:
                    call.media.tick()
