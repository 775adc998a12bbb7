"""The media of a SIP call: G.711 both ways, keys out (RFC 4733), what came in on one time line."""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
from collections import deque
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

RATE = 8000
TICK = 160
"""Samples of one packet: 20 ms."""

Codec = Literal["ulaw", "alaw"]
Samples = npt.NDArray[np.int16]

PAYLOAD: dict[Codec, int] = {"ulaw": 0, "alaw": 8}
KEY_PAYLOAD = 101
KEYS = "0123456789*#"
STRAY = RATE // 4
"""Samples by which a time stamp may leave the clock before it is taken for a new beginning."""
NOTHING = -1
"""A sample of the time in which nothing came: G.711 has no such value."""


def _ulaw() -> Samples:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    size = (((code & 0x0F) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _alaw() -> Samples:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent = (code & 0x70) >> 4
    size = ((code & 0x0F) << 4) + np.where(exponent > 0, 0x108, 8)
    size <<= np.maximum(exponent - 1, 0)
    return np.where(code & 0x80, size, -size).astype(np.int16)


VALUES: dict[Codec, Samples] = {"ulaw": _ulaw(), "alaw": _alaw()}
"""The sample that each byte of G.711 stands for."""


def encode(pcm: Samples, codec: Codec) -> bytes:
    """G.711 bytes nearest to the samples."""
    codes = np.argsort(VALUES[codec], kind="stable")
    values = VALUES[codec][codes].astype(np.int32)
    nearest = np.searchsorted((values[1:] + values[:-1]) / 2, pcm)
    return codes[nearest].astype(np.uint8).tobytes()


class Packet(NamedTuple):
    payload_type: int
    payload: bytes
    marker: bool = False


class Step(NamedTuple):
    """What is sent in one tick; ``since``: ticks since the beginning of the key it belongs to."""

    packets: tuple[Packet, ...]
    since: int = 0


class Media:
    """One call's RTP. Someone calls :meth:`tick` every 20 ms once :attr:`remote` is known."""

    def __init__(self, codec: Codec) -> None:
        self.codec: Codec = codec
        self.remote: tuple[str, int] | None = None
        self._silence = Packet(PAYLOAD[codec], encode(np.zeros(TICK, np.int16), codec))
        self._steps: deque[Step | asyncio.Future[None]] = deque()
        self._sequence = secrets.randbelow(1 << 15)
        self._timestamp = secrets.randbelow(1 << 31)
        self._ssrc = secrets.randbits(32)
        self._socket: socket.socket | None = None
        self._arrived: list[tuple[float, bytes]] = []
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()

    async def open(self) -> int:
        """Bind to a free port of 127.0.0.1 and return it."""
        self._transport = self._socket = socket.socket(type=socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        asyncio.get_running_loop().add_reader(self._socket, self._read)
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def seconds(self) -> float:
        """Since the call was made."""
        return self._clock() - self._began

    def close(self) -> None:
        """Stop; whoever waits for something to be sent waits no longer."""
        if self._socket is not None:
            self._read()
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket = None
        self._transport.close()
        for step in self._steps:
            if isinstance(step, asyncio.Future) and not step.done():
                step.set_result(None)
        self._steps.clear()

    def _read(self) -> None:
        """Take all that has come in: after a standstill that is much, and the end of the call with it."""
        while self._socket is not None:
            try:
                self._received(self._socket.recv(2048))
            except BlockingIOError:
                return

    def _received(self, data: bytes) -> None:
        self._arrived.append((self._clock(), data))

    def tick(self) -> None:
        """Send the packets of the next 20 ms."""
        while self._steps and isinstance(self._steps[0], asyncio.Future):
            sent = self._steps.popleft()
            assert isinstance(sent, asyncio.Future)
            if not sent.done():
                sent.set_result(None)
        step = self._steps.popleft() if self._steps else Step((self._silence,))
        assert isinstance(step, Step)
        for packet in step.packets:
            header = struct.pack(
                "!BBHII",
                0x80,
                packet.payload_type | (0x80 if packet.marker else 0),
                self._sequence & 0xFFFF,
                (self._timestamp - step.since * TICK) & 0xFFFFFFFF,
                self._ssrc,
            )
            self._sequence += 1
            self._transport.sendto(header + packet.payload, self.remote)
        self._timestamp += TICK

    async def press(self, keys: str, *, length: float, gap: float) -> None:
        """Send keys, each ``length`` seconds long with ``gap`` seconds after it; returns when sent."""
        for key in keys:
            ticks = max(1, round(length * 50))
            code = KEYS.index(key)
            for number in range(ticks):
                event = struct.pack("!BBH", code, 10, (number + 1) * TICK)
                self._steps.append(Step((Packet(KEY_PAYLOAD, event, number == 0),), number))
            # Its end is sent three times, against loss.
            end = struct.pack("!BBH", code, 0x80 | 10, ticks * TICK)
            self._steps.append(Step((Packet(KEY_PAYLOAD, end),) * 3, ticks))
            self._steps.extend([Step((self._silence,))] * max(0, round(gap * 50) - 1))
        await self._sent()

    async def speak(self, pcm: Samples) -> None:
        """Send speech, 8 kHz; returns when it is sent, in its own time."""
        pcm = np.append(pcm, np.zeros(-len(pcm) % TICK, np.int16))
        sound = encode(pcm, self.codec)
        for start in range(0, len(sound), TICK):
            self._steps.append(Step((Packet(PAYLOAD[self.codec], sound[start : start + TICK]),)))
        await self._sent()

    async def _sent(self) -> None:
        sent = asyncio.get_running_loop().create_future()
        self._steps.append(sent)
        await sent

    @property
    def heard(self) -> Samples:
        """What came in since the call was made, 8 kHz, and :data:`NOTHING` where nothing came.

        Packets lie where their time stamps say, from where the first one arrived; a stream that
        begins anew, or whose time stamps leave the clock, lies where it arrived, but not before the
        end of the one before: that may have been read late.
        """
        placed: list[tuple[int, bytes]] = []
        self._read()
        source, anchor, first, last, end = -1, 0, 0, 0, 0
        for arrived, data in self._arrived:
            if len(data) <= 12 or data[1] & 0x7F != PAYLOAD[self.codec]:
                continue
            timestamp, ssrc = struct.unpack_from("!II", data, 4)
            by_clock = max(end, round((arrived - self._began) * RATE))
            position = anchor + ((timestamp - first) & 0xFFFFFFFF)
            # One that follows the packet before belongs behind it, however late it was read.
            follows = ssrc == source and timestamp == (last + TICK) & 0xFFFFFFFF
            if not follows and (ssrc != source or abs(position - by_clock) > STRAY):
                source, anchor, first = ssrc, by_clock, timestamp
                position = by_clock
            last = timestamp
            placed.append((position, data[12:]))
            end = max(end, position + len(data) - 12)
        line = np.full(end, NOTHING, np.int16)
        for at, sound in placed:
            line[at : at + len(sound)] = VALUES[self.codec][np.frombuffer(sound, np.uint8)]
        return line
