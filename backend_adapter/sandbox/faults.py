"""Faults on demand: what a utility's system does on its bad days, in the order it was asked for."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
from typing import Literal

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from backend_adapter.sandbox.problems import Problem

Kind = Literal["latency", "error", "timeout_after_work", "reset", "reset_after_work"]


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One fault. ``match`` is an operation id, or a pattern found in e.g. ``POST /v1/requests``.

    ``latency`` waits ``seconds`` before the work; ``error`` answers ``status`` instead of working;
    ``timeout_after_work`` works, then keeps the answer back for ``seconds``; ``reset`` and
    ``reset_after_work`` cut the connection, before or after the work. It strikes ``count`` times
    (``null``: until it is removed). What it holds back when it is removed, goes on at once.
    """

    match: str = ".*"
    kind: Kind
    seconds: float = 30.0
    status: int = 503
    count: int | None = 1
    struck: int = 0

    def __post_init__(self) -> None:
        try:
            re.compile(self.match)
        except re.error:
            raise ValueError("match is no regular expression") from None
        if not 400 <= self.status <= 599:
            raise ValueError("status is not between 400 and 599")
        if not 0 <= self.seconds <= 3600:
            raise ValueError("seconds is not between 0 and 3600")

    def hits(self, operation: str, method: str, path: str) -> bool:
        if self.count is not None and self.struck >= self.count:
            return False
        return self.match == operation or bool(re.search(self.match, f"{method} {path}"))


class Faults:
    """The faults that were asked for; the first one that matches a call strikes it."""

    def __init__(self) -> None:
        self.listed: list[Fault] = []
        self._removed = asyncio.Event()
        """Set when those of now are removed."""

    def clear(self) -> None:
        """Remove all of them, and let go of what they hold back: before the server stops, too."""
        self.listed.clear()
        self._removed.set()
        self._removed = asyncio.Event()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        operation = request.match_info.route.name or ""
        if not request.path.startswith("/v1/"):
            return await handler(request)
        for fault in self.listed:
            if fault.hits(operation, request.method, request.path):
                fault.struck += 1
                return await self._strike(fault, request, handler)
        return await handler(request)

    async def _strike(
        self, fault: Fault, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        removed = self._removed
        if fault.kind == "error":
            return Problem(fault.status, "Injected Fault").response()
        if fault.kind == "reset":
            return _cut(request)
        if fault.kind == "latency":
            await _hold(fault.seconds, removed)
        response = await handler(request)
        if fault.kind == "timeout_after_work":
            await _hold(fault.seconds, removed)
        if fault.kind == "reset_after_work":
            return _cut(request)
        return response


async def _hold(seconds: float, removed: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await removed.wait()


def _cut(request: web.Request) -> web.StreamResponse:
    """Cut the connection with a TCP reset, as a crashing server or an impatient firewall does."""
    if request.transport is not None:
        connection: socket.socket = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
