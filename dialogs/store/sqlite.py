"""State store in one SQLite file: the embedded default, nothing to install.

One thread writes, in transactions that all calls of a moment share; another reads, so that loads
don't wait for a running ``fsync``. Write-ahead log, fully synchronous: what was acknowledged is on
disk. Several processes may have the file open at the same time (``gooya chat`` beside ``gooya
serve``); writers take turns by SQLite's own lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from dialogs.store import sqlite_statements as statements
from dialogs.store.contract import Batch, Commit, Committed, Outbound, Snapshot, Timer
from dialogs.store.sqlite_worker import SqliteWorker

_DAY = 86_400
CLEANUP_SECONDS = 60.0
"""How often expired rows are looked for, by the way of a write."""
CLEANUP_ROWS = 500
"""How many rows of a table one cleanup removes at most, so that no turn waits long for it; when
there are more, the next write goes on."""


class SqliteStore:
    """:class:`~dialogs.store.contract.Store` in the file ``path`` (made when missing, mode 0600).

    To be created inside the event loop that uses it. ``timeout``: seconds to wait for another
    process that writes. ``clock`` tells the time by which rows expire.
    """

    def __init__(
        self, path: Path, *, timeout: float = 5.0, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._timeout = timeout
        self._clock = clock
        self._cleanup_at = 0.0
        # Only a file that nobody has open yet: to close a file gives up all locks that the process
        # has on it, also those of SQLite. What goes wrong here SQLite will say.
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))  # the log gets the same mode
        self._writer = SqliteWorker("state-writer", self._open_to_write, "BEGIN IMMEDIATE")
        self._reader = SqliteWorker("state-reader", self._open_to_read, "BEGIN")

    async def prepare(self) -> None:
        """Make file and tables now. Raises :class:`StoreUnavailable` when that can't be done."""
        await self._writer.submit(statements.create_tables)

    async def load(self, conversation: str, mark: str) -> Snapshot:
        return await self._reader.submit(statements.load, conversation, mark, self._day())

    async def commit(self, commit: Commit) -> Committed:
        self._cleanup_when_due()
        return await self._writer.submit(statements.commit, commit, self._day())

    async def enqueue(self, message: Outbound, *, now: float) -> None:
        await self._writer.submit(statements.enqueue, message, now)

    async def claim_outbound(
        self, channel: str, *, now: float, lease: float, limit: int = 100
    ) -> list[Batch]:
        self._cleanup_when_due()
        return await self._writer.submit(statements.claim_outbound, channel, now, lease, limit)

    async def sent(
        self,
        channel: str,
        to: str,
        ids: tuple[str, ...],
        *,
        now: float,
        receipt: str | None = None,
    ) -> None:
        await self._writer.submit(statements.sent, channel, to, ids, now, receipt, self._day())

    async def receipt(self, channel: str, to: str) -> str:
        return await self._reader.submit(statements.receipt, channel, to, self._day())

    async def put_off(self, channel: str, to: str, *, until: float) -> None:
        await self._writer.submit(statements.put_off, channel, to, until)

    async def outbound_depth(self, channel: str) -> int:
        return await self._reader.submit(statements.outbound_depth, channel)

    async def claim_timers(self, *, now: float, lease: float, limit: int = 100) -> list[Timer]:
        self._cleanup_when_due()
        return await self._writer.submit(statements.claim_timers, now, lease, limit)

    async def hit(
        self, key: str, *, limit: int, window: float, now: float, counts: bool = True
    ) -> bool:
        return await self._writer.submit(
            statements.hit, key, limit, window, now, self._day(), counts
        )

    async def erase(self, conversation: str) -> None:
        await self._writer.submit(statements.erase, conversation)

    async def close(self) -> None:
        """Finish what was asked for, then end both threads. Later calls are refused."""
        await self._reader.close()
        await self._writer.close()  # alone: only the last connection may take the log away

    def _day(self) -> int:
        return int(self._clock() // _DAY)

    def _cleanup_when_due(self) -> None:
        now = self._clock()
        if now < self._cleanup_at:
            return
        self._cleanup_at = now + CLEANUP_SECONDS
        self._writer.submit(statements.forget_expired, self._day(), CLEANUP_ROWS).add_done_callback(
            self._cleaned
        )

    def _cleaned(self, outcome: asyncio.Future[bool]) -> None:
        # When it failed, the write it came with failed too and says so; the next cleanup retries.
        if not outcome.cancelled() and outcome.exception() is None and outcome.result():
            self._cleanup_at = 0.0

    def _open_to_write(self) -> sqlite3.Connection:
        db = self._open()
        try:
            self._use_write_ahead_log(db)
            db.execute("PRAGMA synchronous = FULL")
            # Deleted rows are overwritten where that costs no extra writing.
            db.execute("PRAGMA secure_delete = FAST")
            db.execute("BEGIN IMMEDIATE")
            statements.create_tables(db)
            db.execute("COMMIT")
        except BaseException:
            db.close()
            raise
        return db

    def _use_write_ahead_log(self, db: sqlite3.Connection) -> None:
        give_up = time.monotonic() + self._timeout
        while True:
            try:
                db.execute("PRAGMA journal_mode = WAL")  # nothing to do unless the file is new
                return
            except sqlite3.OperationalError:
                # Two that open a new file at once: SQLite's own waiting leaves this step out.
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.005)

    def _open_to_read(self) -> sqlite3.Connection:
        self._open_to_write().close()  # for the tables: a reader can't make them
        db = self._open()
        db.execute("PRAGMA query_only = ON")
        return db

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=self._timeout, isolation_level=None)
