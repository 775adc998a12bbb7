"""What the simulators of the demo page have in common: devices that a page follows, and their HTTP.

Every change of a device takes the next number of one sequence. A reader who knows the last number it
saw gets the rest, in order: the base of the page's reconnecting stream.
"""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp import web

from bots.sms.addresses import normalise_mobile, replyable

HEARTBEAT_SECONDS = 15.0
"""A comment is written this often, so that proxies keep a silent stream open and a gone page is noticed."""


class Event(msgspec.Struct, frozen=True):
    """A change that a screen shows; ``data`` is JSON."""

    seq: int
    kind: str
    data: dict[str, Any]


class Device(ABC):
    """What somebody holds in their hand."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()

    @abstractmethod
    def events(self) -> Iterable[Event]:
        """All that is kept, in any order."""

    def wake(self) -> None:
        """Tell the readers of a change."""
        self.changed.set()
        self.changed = asyncio.Event()


D = TypeVar("D", bound=Device)


class Devices(Generic[D]):
    """At most ``limit`` devices by their number; the longest unused one makes room."""

    def __init__(self, make: Callable[[], D], limit: int) -> None:
        self._make = make
        self._limit = limit
        self._devices: OrderedDict[str, D] = OrderedDict()
        self.closed = False

    def device(self, number: str) -> D:
        device = self._devices.get(number)
        if device is None:
            device = self._devices[number] = self._make()
            if self.closed:
                device.changed.set()
            if len(self._devices) > self._limit:
                # Its readers are not woken: they come back by themselves at their next heartbeat.
                # Waking them would let too many open streams evict one another in a circle.
                self._devices.popitem(last=False)
        self._devices.move_to_end(number)
        return device

    def since(self, number: str, seq: int) -> list[Event]:
        """Events of the device after ``seq``, oldest first."""
        new = [event for event in self.device(number).events() if event.seq > seq]
        return sorted(new, key=lambda event: event.seq)

    def changed(self, number: str) -> asyncio.Event:
        """Set at the device's next change. Take it before reading, so that no change falls between."""
        return self.device(number).changed

    def close(self) -> None:
        """Wake every reader for good; ``closed`` tells them to leave."""
        self.closed = True
        for device in self._devices.values():
            device.changed.set()


async def stream(request: web.Request, devices: Devices[Any], number: str) -> web.StreamResponse:
    """The events of a device as Server-Sent Events, going on after ``Last-Event-ID`` or ``after``."""
    last = cursor(request.headers.get("Last-Event-ID") or request.query.get("after", "0"))
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):  # the page went away
        await response.write(b"retry: 1000\n\n")
        while not devices.closed:
            changed = devices.changed(number)
            for event in devices.since(number, last):
                await response.write(_sse(event))
                last = event.seq
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await changed.wait()
            except TimeoutError:
                await response.write(b": still here\n\n")
    return response


async def body_of(request: web.Request, limit: int) -> bytes:
    """The body; 413 when it has more than ``limit`` bytes."""
    too_long = refusal(web.HTTPRequestEntityTooLarge, "body too long", limit)
    if (request.content_length or 0) > limit:
        raise too_long
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise too_long
    return bytes(body)


def mobile(raw: str) -> str:
    """E.164; 400 for what is no Iranian mobile number."""
    number = normalise_mobile(raw)
    if not replyable(number):
        raise refusal(web.HTTPBadRequest, "not an Iranian mobile number")
    return number


def cursor(raw: str) -> int:
    """The number of an event; 400 for what is none."""
    # isascii first: isdecimal alone takes digits of every script.
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= 16):
        raise refusal(web.HTTPBadRequest, "not an event id")
    return int(raw)


def refusal(
    kind: type[web.HTTPBadRequest] | type[web.HTTPNotFound] | type[web.HTTPRequestEntityTooLarge],
    why: str,
    limit: int = 0,
) -> web.HTTPException:
    text = msgspec.json.encode({"error": why}).decode()
    if issubclass(kind, web.HTTPRequestEntityTooLarge):
        return kind(limit, limit + 1, text=text, content_type="application/json")
    return kind(text=text, content_type="application/json")


def as_json(value: object, *, status: int = 200) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(value),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _sse(event: Event) -> bytes:
    # JSON holds no raw line break, so that one data line is always enough.
    data = msgspec.json.encode(event.data)
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (event.seq, event.kind.encode(), data)
