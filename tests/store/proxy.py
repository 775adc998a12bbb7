"""A TCP proxy that counts round trips and can swallow answers."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType


class Proxy:
    """``async with Proxy(port) as proxy: … proxy.port …`` in front of 127.0.0.1:``port``.

    ``round_trips`` counts how often the talk turned from answers to questions: whatever is asked in
    one go before the answers come is one. With ``swallow`` the next answer is received and thrown
    away and the connection is cut: what was asked has taken effect, but nobody hears of it.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._server: asyncio.Server
        self._tasks: set[asyncio.Task[None]] = set()
        self._clients: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.round_trips = 0
        self.connections = 0
        self.swallow = False
        self._asking = False

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for writer in self._clients:
            writer.transport.abort()  # its task reads the end and comes to its own
        await asyncio.gather(*self._tasks)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._clients.add(writer)
        self.connections += 1
        ahead, back = await asyncio.open_connection("127.0.0.1", self._target)
        answers = asyncio.create_task(self._answers(ahead, writer))
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(1 << 20):
                if not self._asking:
                    self.round_trips += 1
                    self._asking = True
                back.write(data)
        back.transport.abort()
        await answers
        for end in (back, writer):
            end.transport.abort()
            with contextlib.suppress(ConnectionError):
                await end.wait_closed()
        self._clients.discard(writer)
        self._tasks.discard(task)

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(1 << 20):
                self._asking = False
                if self.swallow:
                    self.swallow = False
                    break
                writer.write(data)
        writer.transport.abort()
