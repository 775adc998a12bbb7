"""Requests over the WebSocket that brings the events, where Asterisk takes them: 20.14, 21.9, 22.4 on.

The same paths and bodies as over HTTP, in JSON frames, each answered by a ``RESTResponse`` in whatever
order. Asterisk carries them out one after the other in a single thread: only what it does not wait
for belongs here.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import ClientConnectionError, ClientWebSocketResponse

from ivr.asterisk.events import RESTResponse
from ivr.line import LineError


class _Request(msgspec.Struct, tag_field="type", tag="RESTRequest", omit_defaults=True):
    request_id: str
    method: str
    uri: str
    content_type: str = ""
    message_body: str = ""


_ENCODER = msgspec.json.Encoder()


class SocketRequests:
    """The requests of one WebSocket after the other. ``timeout``: seconds for an answer."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._socket: ClientWebSocketResponse | None = None
        self._numbers = itertools.count()
        self._waiting: dict[str, asyncio.Future[RESTResponse]] = {}
        self.are_answered = False
        """Whether this Asterisk takes requests here; older ones pass over them in silence."""

    async def opened(self, socket: ClientWebSocketResponse) -> None:
        """Use ``socket`` from now on, once it has answered a first request."""
        self._socket = socket
        await self._send(_Request("first", "GET", "asterisk/ping"))

    def closed(self) -> None:
        """The WebSocket is gone, and so is what was asked over it."""
        self._socket, self.are_answered = None, False
        for answer in self._waiting.values():
            answer.cancel()

    def answered(self, response: RESTResponse) -> None:
        self.are_answered = True
        answer = self._waiting.get(response.request_id)
        if answer is not None and not answer.done():
            answer.set_result(response)

    async def request(
        self, method: str, uri: str, body: Mapping[str, Any] | None
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises :class:`LineError`."""
        id_ = str(next(self._numbers))
        request = _Request(id_, method, uri)
        if body is not None:
            request.content_type = "application/json"
            request.message_body = _ENCODER.encode(body).decode()
        answer: asyncio.Future[RESTResponse] = asyncio.get_running_loop().create_future()
        self._waiting[id_] = answer
        try:
            async with asyncio.timeout(self._timeout):
                await self._send(request)
                await asyncio.wait([answer])
        except (ClientConnectionError, OSError, TimeoutError) as error:
            raise LineError(f"Asterisk: no answer ({type(error).__name__})") from None
        finally:
            del self._waiting[id_]
        if answer.cancelled():
            raise LineError("Asterisk: the connection was lost")
        response = answer.result()
        return response.status_code, response.message_body.encode()

    async def _send(self, request: _Request) -> None:
        if self._socket is not None:
            await self._socket.send_str(_ENCODER.encode(request).decode())
