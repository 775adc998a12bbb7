"""The transcript: what was said, written in batches beside the conversation, never in its way.

:class:`TranscriptWriter` takes lines without waiting and loses none to a short outage; beyond its
bound it drops the oldest and counts them: a transcript is worth less than the service.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections import deque
from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec
import sqlalchemy as sa

from gooya.database import models
from gooya.database.engine import Database, DatabaseUnavailable

logger = logging.getLogger(__name__)

BATCH = 200
INTERVAL = 0.5
"""Seconds a line waits for others."""
OUTAGE_PAUSE = 2.0
"""Seconds between attempts while the database is away."""
BOUND = 50_000
"""Entries kept in memory: some 20 MB of SMS, minutes of full load."""

Direction = Literal["in", "out"]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One message, in or out. ``segments`` is what it cost (0 where that means nothing)."""

    conversation: str
    channel: str
    direction: Direction
    message_id: str
    text: str
    segments: int
    at: dt.datetime


class _Delivery(msgspec.Struct, frozen=True):
    message_id: str
    status: str


_Entry: TypeAlias = Line | _Delivery


class TranscriptWriter:
    """Takes lines and delivery reports of one process; call from its event loop."""

    def __init__(self, database: Database, *, bound: int = BOUND, batch: int = BATCH) -> None:
        self._database = database
        self._batch = batch
        self._bound = bound
        self._entries: deque[_Entry] = deque()
        self._writing: list[_Entry] = []
        """What a transaction under way holds; what it couldn't write goes back."""
        self._idle = asyncio.Event()
        self._idle.set()
        self._full = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self.dropped = 0
        """Entries lost: beyond the bound in an outage, or refused by the database."""

    @property
    def waiting(self) -> int:
        """Entries not yet written, for metrics."""
        return len(self._entries) + len(self._writing)

    def write(self, line: Line) -> None:
        """Add a line; returns at once."""
        self._add(line)

    def delivery(self, message_id: str, status: str) -> None:
        """Note what the gateway says of an outbound message; a final status stays."""
        self._add(_Delivery(message_id, status))

    async def forget(self, conversation: str) -> None:
        """Drop the lines of a conversation that are not yet written. What was being written already is
        stored when this returns, for whoever erases that."""
        for entries in (self._entries, self._writing):
            left = [e for e in entries if getattr(e, "conversation", "") != conversation]
            entries.clear()
            entries.extend(left)
        await self._idle.wait()

    async def close(self) -> None:
        """Write what waits, in one attempt; what can't be written is counted as dropped."""
        self._closing.set()
        self._full.set()
        if self._worker is not None:
            await self._worker

    def _add(self, entry: _Entry) -> None:
        if self._closing.is_set():
            raise RuntimeError("closed")
        self._entries.append(entry)
        self._trim()
        if len(self._entries) >= self._batch:
            self._full.set()
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())

    def _trim(self) -> None:
        while len(self._entries) > self._bound:
            self._entries.popleft()
            self.dropped += 1

    async def _work(self) -> None:
        """Runs while there is something to write."""
        waiting_for, pause = self._full, INTERVAL
        try:
            while self._entries:
                with contextlib.suppress(TimeoutError):
                    if not self._closing.is_set():
                        async with asyncio.timeout(pause):
                            await waiting_for.wait()
                if await self._flush():
                    waiting_for, pause = self._full, INTERVAL
                    if len(self._entries) < self._batch:
                        self._full.clear()
                elif self._closing.is_set():
                    self._give_up()
                else:
                    # more lines are no reason to try sooner
                    waiting_for, pause = self._closing, OUTAGE_PAUSE
        finally:
            self._worker = None

    def _give_up(self) -> None:
        self.dropped += len(self._entries)
        logger.error("transcript lost at shutdown", extra={"entries": len(self._entries)})
        self._entries.clear()

    async def _flush(self) -> bool:
        """Write one batch; False when the database is away (the batch waits on)."""
        count = min(self._batch, len(self._entries))
        self._writing = [self._entries.popleft() for _ in range(count)]
        self._idle.clear()
        try:
            return await self._write()
        finally:
            self._idle.set()

    async def _write(self) -> bool:
        try:
            await self._store(self._writing)
        except DatabaseUnavailable as error:
            self._put_back()
            logger.warning(
                "transcript waits for the database",
                extra={"entries": len(self._entries), "error": str(error)},
            )
            return False
        except Exception as error:
            logger.error("transcript refused", extra={"error": type(error).__name__})
            return await self._store_singly()
        self._writing = []
        return True

    async def _store_singly(self) -> bool:
        while self._writing:
            entry = self._writing[0]
            try:
                await self._store([entry])
            except DatabaseUnavailable:
                self._put_back()
                return False
            except Exception:
                self.dropped += 1
            if self._writing and self._writing[0] is entry:  # nobody forgot it meanwhile
                del self._writing[0]
        return True

    def _put_back(self) -> None:
        self._entries.extendleft(reversed(self._writing))
        self._writing = []
        self._trim()

    async def _store(self, batch: Sequence[_Entry]) -> None:
        lines = [msgspec.structs.asdict(e) for e in batch if isinstance(e, Line)]
        # reports after lines: a message is recorded before it is sent, so before its report
        reports = [
            {"reported": e.message_id, "status": e.status}
            for e in batch
            if isinstance(e, _Delivery)
        ]
        t = models.transcript.c
        async with self._database.write() as connection:
            if lines:
                await connection.execute(sa.insert(models.transcript), lines)
            if reports:
                await connection.execute(
                    sa.update(models.transcript)
                    .where(
                        t.message_id == sa.bindparam("reported"),
                        t.direction == "out",
                        # not IN: an expanding list can't be used with many parameter sets
                        sa.or_(
                            t.delivery.is_(None),
                            t.delivery == "accepted",
                            t.delivery == "buffered",
                        ),
                    )
                    .values(delivery=sa.bindparam("status")),
                    reports,
                )
