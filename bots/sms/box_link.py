"""One connection to bearerbox: acknowledgements both ways, the sorted backlog, an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final
from uuid import UUID

from bots.sms import boxc
from bots.sms.gateway import SendError

LONGEST_SETTLING: Final = 3.0
"""Seconds after which a backlog that doesn't end is handed on as it is."""
_STEPS: Final = 10
"""of the quiet that ends a backlog. They are counted, not measured: while this process stands still
it reads nothing, and that is no quiet."""


class Link:
    """What belongs to a connection and ends with it.

    ``deliver(link, sms)`` gets what arrives: the backlog of the first moments sorted by time, after
    ``settle`` seconds without a further message, and everything later at once.
    """

    def __init__(
        self,
        writer: asyncio.StreamWriter,
        *,
        settle: float,
        deliver: Callable[[Link, boxc.Sms], None],
    ) -> None:
        self.open = True
        self.leaving = asyncio.Event()
        """Set when nothing more is taken from this connection: it is being left or was lost."""
        self._writer = writer
        self._deliver = deliver
        self._asked: dict[UUID, asyncio.Future[int | None]] = {}
        self._ended = asyncio.Event()
        self._mute = False
        self._loop = asyncio.get_running_loop()
        self._step = settle / _STEPS
        self._steps = self._quiet_steps = 0
        self._backlog: list[boxc.Sms] | None = []
        self._settling = self._loop.call_later(self._step, self._settle)

    def write(self, message: boxc.Message) -> None:
        """Queue a frame for sending; nothing happens when the connection is gone."""
        if not self._mute:
            self._writer.write(boxc.encode(message))

    def ack(self, sms: boxc.Sms, nack: boxc.Nack) -> None:
        """Acknowledge ``sms`` where it came from. On a lost connection it will come again anyway."""
        self.write(boxc.Ack(nack, sms.time, sms.id))

    async def ask(self, sms: boxc.Sms, seconds: float) -> int:
        """Send ``sms`` and return bearerbox's :class:`boxc.Nack`.

        Raises a retryable :class:`SendError` when there is no answer within ``seconds``.
        """
        answer: asyncio.Future[int | None] = self._loop.create_future()
        self._asked[sms.id] = answer
        try:
            self.write(sms)
            async with asyncio.timeout(seconds):
                await self._writer.drain()
                nack = await answer
        except TimeoutError:
            raise SendError("no answer from Kannel", retryable=True) from None
        except OSError:
            nack = None
        finally:
            del self._asked[sms.id]
        if nack is None:
            raise SendError("connection to Kannel lost", retryable=True)
        return nack

    def answered(self, ack: boxc.Ack) -> None:
        future = self._asked.get(ack.id)
        if future is not None and not future.done():
            future.set_result(ack.nack)

    def arrived(self, sms: boxc.Sms) -> None:
        """Take a message or report; one that comes while leaving stays bearerbox's."""
        if self.leaving.is_set():
            return
        if self._backlog is None:
            self._deliver(self, sms)
        else:
            self._backlog.append(sms)
            self._quiet_steps = 0

    def _settle(self) -> None:
        self._steps += 1
        self._quiet_steps += 1
        if self._quiet_steps < _STEPS and self._steps * self._step < LONGEST_SETTLING:
            self._settling = self._loop.call_later(self._step, self._settle)
            return
        backlog, self._backlog = self._backlog or [], None
        for sms in sorted(backlog, key=lambda sms: sms.time):
            self._deliver(self, sms)

    def stop_taking(self) -> None:
        self.leaving.set()
        self._settling.cancel()

    async def finish(self, seconds: float) -> None:
        """Wait for the answers to what was sent, then end our side and wait for bearerbox's end.

        Closing at once could reset the connection and destroy acknowledgements on their way.
        """
        self.open = False
        if self._asked:
            await asyncio.wait(list(self._asked.values()), timeout=seconds)
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(seconds):
                await self._writer.drain()
                self._mute = True
                self._writer.write_eof()
                await self._ended.wait()

    def lost(self) -> None:
        """The connection has ended: nothing more can be acknowledged or answered."""
        self.open = False
        self.stop_taking()
        self._mute = True
        self._ended.set()
        for future in self._asked.values():
            if not future.done():
                future.set_result(None)

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
